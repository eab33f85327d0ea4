"""Adding items and their codes, and changing them: what holds, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Item, ItemCode
from inventory.catalog.register import (
    CodeFacts,
    NotAccepted,
    Signature,
    Taken,
    add_code,
    add_item,
    add_offer,
    change_item,
)
from inventory.catalog.register.common import insert
from tests import clinic
from tests.catalog import facts
from tests.catalog.facts import gtin, lidocaine, needle, what_was_wrong

pytestmark = pytest.mark.django_db


def test_a_drug_is_added_with_its_codes() -> None:
    tray = CodeFacts(kind="ndc", value="23155-940-41", level="inner", quantity=Decimal(500))

    item = add_item(lidocaine(hcpcs="j2003", billing_unit="1 mg"), [gtin(), tray])

    assert item.hcpcs == "J2003"
    assert list(item.codes.order_by("kind").values_list("kind", "normalized", "quantity")) == [
        ("gtin", "00323155940312", Decimal(20)),
        ("ndc", "2315594041", Decimal(500)),
    ]


def test_beyond_use_days_that_nobody_named_stay_open() -> None:
    assert add_item(lidocaine()).beyond_use_days is None


def test_names_are_tidied() -> None:
    assert add_item(needle(name="  Needle\t25G \n 1½ in ")).name == "Needle 25G 1½ in"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"sku": "Lido 1%"},
            "sku",
            "with single hyphens between them, as in lido-1-20, but got “Lido 1%”.",
        ),
        ({"sku": "-"}, "sku", "Expected lower-case letters and digits"),
        ({"name": " "}, "name", "Expected a text, but got nothing."),
        ({"name": "N" * 201}, "name", "Expected at most 200 characters, but got 201."),
        ({"name": "a\x00b"}, "name", "it holds a character that cannot be shown"),
        ({"name": "a\ud800b"}, "name", "it holds a character that cannot be shown"),
        ({"kind": "vial"}, "kind", "Expected one of needle, syringe, local_anesthetic"),
        ({"unit": "ml"}, "unit", "Expected one of each, mL, unit, but got “ml”."),
        ({"storage": "cellar"}, "storage", "Expected one of room, room_dark, fridge, freezer"),
        ({"container_volume": None}, "container_volume", "Expected how many mL one container"),
        ({"container_volume": Decimal(0)}, "container_volume", "above 0, but got 0"),
        ({"container_volume": Decimal("NaN")}, "container_volume", "Expected an amount up to"),
        ({"container_volume": Decimal("1E+99")}, "container_volume", "Expected an amount up to"),
        ({"container": "none"}, "container_volume", "Without a container leave its volume empty."),
        ({"strength": Decimal("0.0001")}, "strength", "at most 3 decimals, but got 0.0001"),
        ({"hcpcs": "33"}, "hcpcs", "a letter and four digits, as in J3301, but got “33”"),
        ({"billing_unit": "ten mg"}, "billing_unit", "as in 10 mg, but got “ten mg”"),
        ({"billing_unit": "0 mg"}, "billing_unit", "Expected an amount in mg, mL or units"),
        ({"beyond_use_days": 0}, "beyond_use_days", "from 1 to 3,650, but got 0"),
        (
            {"container": "single_dose_vial", "beyond_use_days": 28},
            "beyond_use_days",
            "Only a multi-dose vial has beyond-use days.",
        ),
        (
            {"reorder_point": Decimal(10), "par_level": Decimal(9)},
            "par_level",
            "The par level cannot be below the reorder point.",
        ),
        ({"reorder_point": Decimal(-1)}, "reorder_point", "of 0 or more, but got -1"),
    ],
)
def test_it_refuses_an_item_that_cannot_be(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(NotAccepted) as refusal:
        add_item(lidocaine(**changes))

    assert sentence in what_was_wrong(refusal.value)[field]
    assert not Item.objects.exists()


def test_it_names_every_field_that_is_wrong_at_once() -> None:
    with pytest.raises(NotAccepted) as refusal:
        add_item(needle(sku="A", kind="?", par_level=Decimal("0.5")))

    assert set(what_was_wrong(refusal.value)) == {"sku", "kind", "par_level"}


def test_pieces_are_ordered_whole() -> None:
    with pytest.raises(NotAccepted, match=r"a whole number of pieces, but got 2\.5"):
        add_item(needle(reorder_point=Decimal("2.5")))


def test_a_sku_is_given_once() -> None:
    add_item(lidocaine())

    with pytest.raises(Taken, match=r"The SKU lido-1-20 is taken by Lidocaine 1%") as refusal:
        add_item(needle(sku="lido-1-20"))

    assert refusal.value.field == "sku"


def test_somebody_else_may_have_been_faster_with_a_name() -> None:
    add_item(lidocaine())
    faster = Taken("sku", "The SKU lido-1-20 is taken.")

    with pytest.raises(Taken, match=r"The SKU lido-1-20 is taken\."):
        insert(Item(sku="lido-1-20", name="Another", kind="needle"), faster)

    assert Item.objects.get().name.startswith("Lidocaine")


@pytest.mark.parametrize("kind", ["gtin", "upc"])
def test_a_code_stands_for_one_item_as_gtin_or_as_upc(kind: str) -> None:
    add_item(lidocaine(), [gtin("0316714140018")])

    with pytest.raises(Taken, match=r"GTIN 0316714140018 already belongs to Lidocaine") as refusal:
        add_code(add_item(needle()), CodeFacts(kind=kind, value="316714140018"))

    assert refusal.value.field == "value"


def test_an_item_with_a_taken_code_is_not_added_either() -> None:
    add_item(lidocaine(), [gtin()])

    with pytest.raises(Taken) as refusal:
        add_item(needle(), [gtin("96385074"), gtin()])

    assert refusal.value.field == "codes.1.value"
    assert not Item.objects.filter(sku="needle-25g-15").exists()


def test_nobody_guesses_what_a_box_holds() -> None:
    item = add_item(lidocaine(), [gtin(level="inner")])

    assert item.codes.get().quantity is None


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"kind": "qr"}, "kind", "Expected one of gtin, ndc, ref, hibc, upc, but got “qr”."),
        ({"level": "box"}, "level", "Expected one of each, inner, case, but got “box”."),
        ({"value": "1"}, "value", "Expected a GTIN of 8, 12, 13 or 14 digits"),
        (
            {"quantity": Decimal(30)},
            "quantity",
            "Expected whole containers, a multiple of 20 mL, but got 30 mL.",
        ),
    ],
)
def test_it_refuses_a_code_that_cannot_be(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    item = add_item(lidocaine())

    with pytest.raises(NotAccepted) as refusal:
        add_code(item, replace(gtin(), **changes))

    assert sentence in what_was_wrong(refusal.value)[field]
    assert not ItemCode.objects.exists()


def test_an_item_is_changed_but_keeps_its_sku() -> None:
    item = add_item(lidocaine())

    change_item(item, lidocaine(sku="other", name="Lidocaine, plain", par_level=Decimal(100)))

    item.refresh_from_db()
    assert (item.sku, item.name, item.par_level) == ("lido-1-20", "Lidocaine, plain", 100)


def signed(day: int) -> Signature:
    """Dana's, on a day of November."""
    return Signature(clinic.dana(), date(2026, 11, day))


def levels_of(item: Item) -> tuple[object, object, str]:
    item.refresh_from_db()
    return item.levels_set_on, item.levels_set_by, item.levels_reason


def test_levels_by_hand_keep_who_set_them_and_when_until_they_change_or_go() -> None:
    by_hand = lidocaine(reorder_point=Decimal(40), levels_reason="For clinic days")
    item = add_item(by_hand, signed=signed(3))

    change_item(item, replace(by_hand, name="Lidocaine", levels_reason="As ever"), signed=signed(4))
    assert levels_of(item) == (date(2026, 11, 3), clinic.dana(), "As ever")
    change_item(item, replace(by_hand, reorder_point=Decimal(60)), signed=signed(5))
    assert levels_of(item) == (date(2026, 11, 5), clinic.dana(), "For clinic days")
    change_item(item, replace(by_hand, reorder_point=None), signed=signed(6))
    assert levels_of(item) == (None, None, "")


def test_an_item_without_levels_is_not_signed() -> None:
    assert levels_of(add_item(lidocaine(), signed=signed(3))) == (None, None, "")


@pytest.mark.parametrize("percent", ["49.9", "100", "-1", "99.9999"])
def test_a_service_level_is_from_half_to_nearly_all(percent: str) -> None:
    with pytest.raises(NotAccepted) as refusal:
        add_item(lidocaine(service_level=Decimal(percent)))

    assert set(what_was_wrong(refusal.value)) == {"service_level"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "unit"}, "unit"),
        ({"container": "ampule"}, "container"),
        ({"container_volume": Decimal(10)}, "container_volume"),
        ({"lot_tracked": False}, "lot_tracked"),
    ],
)
def test_what_lots_were_counted_by_does_not_change_any_more(
    changes: dict[str, Any], field: str
) -> None:
    item = add_item(lidocaine())
    clinic.received(item, 40)

    with pytest.raises(NotAccepted, match=r"cannot change any more: there are lots of") as refusal:
        change_item(item, lidocaine(**changes))

    assert set(what_was_wrong(refusal.value)) == {field}


def test_before_the_first_lot_the_container_may_change() -> None:
    item = add_item(lidocaine())

    assert change_item(item, lidocaine(container_volume=Decimal(50))).container_volume == 50


def test_a_new_volume_has_to_fit_the_packs_that_are_sold() -> None:
    item = add_item(lidocaine())
    add_offer(facts.northgate(), item, facts.offer())

    with pytest.raises(NotAccepted, match=r"a multiple of 30 mL, but got 500 mL") as refusal:
        change_item(item, lidocaine(container_volume=Decimal(30)))

    assert set(what_was_wrong(refusal.value)) == {"container_volume"}
