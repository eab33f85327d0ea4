"""Setting up the clinic."""

from typing import Any

import pytest

from inventory.catalog.models import Site
from tests.api.clinic import (
    GLOVE,
    KENALOG,
    LIDOCAINE,
    NEEDLE,
    TRIGGER_POINTS,
    Machine,
    set_up,
)


@pytest.fixture
def clinic(mary: Machine) -> Machine:
    """Set up for one test alone: the others set up their own."""
    set_up(mary)
    return mary


def test_an_item_is_answered_as_it_is_kept(mary: Machine) -> None:
    said = {
        **KENALOG,
        "container_volume": 1,
        "strength": "40.0",
        "reorder_point": "0",
        "par_level": 12.5,
        "codes": [
            {"kind": "ndc", "value": "0003-0293-05"},
            {"kind": "gtin", "value": "00300030293053", "level": "inner", "quantity": "25"},
        ],
    }

    added = mary.post("/items", said)

    assert added.status == 201
    assert added.body == {
        "sku": "kenalog-40-1",
        "name": "Kenalog-40 1 mL",
        "kind": "corticosteroid",
        "unit": "mL",
        "container": "single_dose_vial",
        "container_volume": "1",
        "beyond_use_days": None,
        "strength": "40",
        "hcpcs": "J3301",
        "billing_unit": "10 mg",
        "lot_tracked": True,
        "reorder_point": "0",
        "par_level": "12.5",
        "codes": [
            {"kind": "gtin", "value": "00300030293053", "level": "inner", "quantity": "25"},
            {"kind": "ndc", "value": "0003-0293-05", "level": "each", "quantity": "1"},
        ],
    }
    assert mary.get("/items/kenalog-40-1").body == added.body
    assert mary.get("/items").body == {"items": [added.body], "next": None}


def test_what_was_not_said_of_an_item_is_null(mary: Machine) -> None:
    added = mary.done("/items", GLOVE)

    assert added["lot_tracked"] is False
    assert {name for name, value in added.items() if value is None} == {
        "container_volume",
        "beyond_use_days",
        "strength",
        "hcpcs",
        "billing_unit",
        "reorder_point",
        "par_level",
    }


def test_a_supplier_and_its_offer(mary: Machine) -> None:
    mary.done("/items", LIDOCAINE)

    supplier = mary.post("/suppliers", {"code": "mckesson", "name": "McKesson"})
    offer = mary.post(
        "/offers",
        {
            "supplier": "mckesson",
            "item": "lido-1-20",
            "order_code": "L-1",
            "pack_quantity": "500",
            "pack_price": 75.50,
            "lead_time_days": 2,
        },
    )

    assert (supplier.status, offer.status) == (201, 201)
    assert supplier.body == {"code": "mckesson", "name": "McKesson", "email": None}
    offer.body.pop("id")
    assert offer.body == {
        "supplier": "mckesson",
        "item": "lido-1-20",
        "order_code": "L-1",
        "pack_quantity": "500",
        "pack_price": "75.5",
        "lead_time_days": 2,
        "minimum_packs": 1,
        "preferred": True,
    }
    assert len(mary.get("/offers").body["items"]) == 1
    assert mary.get("/suppliers").body["items"] == [supplier.body]


def test_a_location_is_at_a_site(mary: Machine) -> None:
    added = mary.post("/locations", {"code": "cart-1", "name": "Cart", "treatment_area": True})

    assert added.status == 201
    assert added.body == {
        "code": "cart-1",
        "name": "Cart",
        "site": "main",
        "treatment_area": True,
    }
    assert mary.get("/locations").body["items"] == [added.body]


def test_a_site_may_be_called_by_its_name(mary: Machine) -> None:
    north = {"code": "cart-1", "name": "Cart 1", "site": "North Clinic"}

    added = mary.post("/locations", north)
    by_code = mary.done("/locations", {"code": "cart-2", "name": "Cart 2", "site": "north-clinic"})

    assert (added.status, added.body["site"]) == (201, "north-clinic")
    assert by_code["site"] == "north-clinic"
    assert Site.objects.get(code="north-clinic").name == "North Clinic"


def test_a_procedure_type_has_a_kit(mary: Machine) -> None:
    for item in (LIDOCAINE, KENALOG, NEEDLE):
        mary.done("/items", item)
    first, *others = TRIGGER_POINTS["kit"]
    kit = [{**first, "substitutes": ["kenalog-40-1"]}, *others]

    added = mary.post("/procedure-types", {**TRIGGER_POINTS, "kit": kit})

    assert added.status == 201
    assert added.body["cpt"] == "20552"
    assert added.body["kit"][0] == {
        "item": "lido-1-20",
        "quantity": "1",
        "per": "site",
        "optional": False,
        "substitutes": ["kenalog-40-1"],
    }
    assert [line["optional"] for line in added.body["kit"]] == [False, False, True]
    assert mary.get("/procedure-types").body["items"] == [added.body]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/items", LIDOCAINE),
        ("/locations", {"code": "room-1", "name": "Another"}),
        ("/procedure-types", {"code": "tpi-1-2", "name": "Another", "kit": []}),
    ],
)
def test_a_name_that_is_taken_is_refused(clinic: Machine, path: str, body: Any) -> None:
    refusal = clinic.post(path, body)

    assert (refusal.status, refusal.headers["Content-Type"]) == (409, "application/problem+json")


def test_a_supplier_code_is_taken_once(mary: Machine) -> None:
    mary.done("/suppliers", {"code": "mckesson", "name": "McKesson"})

    assert mary.post("/suppliers", {"code": "mckesson", "name": "Else"}).status == 409


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/items", {**NEEDLE, "sku": "Needle 25"}, "sku"),
        ("/items", {**NEEDLE, "kind": "spoon"}, "kind"),
        ("/items", {**NEEDLE, "unit": "box"}, "unit"),
        ("/items", {**NEEDLE, "container_volume": "20"}, "container_volume"),
        ("/items", {**LIDOCAINE, "container_volume": None}, "container_volume"),
        ("/items", {**LIDOCAINE, "container_volume": 0.0001}, "container_volume"),
        ("/items", {**NEEDLE, "beyond_use_days": 28}, "beyond_use_days"),
        ("/items", {**LIDOCAINE, "beyond_use_days": 0}, "beyond_use_days"),
        ("/items", {**LIDOCAINE, "beyond_use_days": 10**12}, "beyond_use_days"),
        ("/items", {**NEEDLE, "lot_tracked": "no"}, "lot_tracked"),
        ("/items", {**NEEDLE, "hcpcs": "x"}, "hcpcs"),
        ("/items", {**NEEDLE, "reorder_point": "10", "par_level": "5"}, "par_level"),
        ("/items", {**NEEDLE, "codes": [{"kind": "gtin", "value": "1"}]}, "codes.0.value"),
        ("/items", {**NEEDLE, "codes": [{"kind": "ean", "value": "1"}]}, "codes.0.kind"),
        ("/items", {"sku": "a"}, "name"),
        ("/locations", {"code": "room 1", "name": "Room"}, "code"),
        ("/locations", {"code": "room-1", "name": "Room", "site": "!"}, "site"),
        ("/suppliers", {"code": "s", "name": "S", "email": "nowhere"}, "email"),
        ("/procedure-types", {"code": "a", "name": "A"}, "kit"),
        (
            "/procedure-types",
            {
                "code": "a",
                "name": "A",
                "kit": [{"item": "none-such", "quantity": "1", "per": "site"}],
            },
            "kit.0.item",
        ),
        (
            "/offers",
            {
                "supplier": "none-such",
                "item": "needle-25",
                "pack_quantity": "1",
                "pack_price": "1",
                "lead_time_days": 1,
            },
            "supplier",
        ),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(
    mary: Machine, path: str, body: Any, field: str
) -> None:
    refusal = mary.post(path, body)

    assert refusal.status == 422, refusal.body
    assert field in refusal.fields


def test_an_item_with_a_wrong_code_is_not_kept(mary: Machine) -> None:
    mary.post("/items", {**NEEDLE, "codes": [{"kind": "gtin", "value": "1"}]})

    assert mary.get("/items/needle-25").status == 404
