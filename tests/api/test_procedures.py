"""Logging procedures, and reading them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.clinic import NEEDLE, Machine, day, delivery, lot, machine, procedure

NEEDLES = {"item": "needle-25", "quantity": "1"}


def test_a_procedure_says_when_where_and_who(clinic: Machine, nora: Machine) -> None:
    body = procedure(
        performed_at=f"{day(-3)}T10:15:00-06:00",
        muscles=0,
        sites=0,
        provider="Dr. Reyes",
        encounter_ref="E-10492",
    )

    logged = nora.done("/procedures", body)

    assert logged["lines"] == []
    assert logged["status"] == "logged"
    assert (logged["type"], logged["location"]) == ("tpi-1-2", "room-1")
    assert logged["performed_at"] == f"{day(-3)}T10:15:00-06:00"
    assert (logged["muscles"], logged["sites"]) == (0, 0)
    assert (logged["provider"], logged["encounter_ref"]) == ("Dr. Reyes", "E-10492")
    assert logged["logged_by"] == "nora"


def test_the_vial_that_the_nurse_picks_is_taken(clinic: Machine, nora: Machine) -> None:
    early, late = lot("needle-25", "EARLY", "5", day(9)), lot("needle-25", "LATE", "5", day(99))
    received = nora.done("/receipts", delivery(early, late))
    holding = received["lines"][1]["holding"]

    by_lot = nora.done("/procedures", procedure({**NEEDLES, "lot": "late"}))
    by_holding = nora.done("/procedures", procedure({**NEEDLES, "holding": holding}))

    assert by_lot["lines"][0]["taken"][0]["lot"] == "LATE"
    assert by_holding["lines"][0]["taken"][0]["holding"] == holding


@pytest.mark.parametrize(
    ("more", "field"),
    [({"item": "lido-1-20"}, "lines.0.holding"), ({"lot": "N2"}, "lines.0.lot")],
)
def test_a_holding_is_of_its_item_and_lot(
    clinic: Machine, nora: Machine, more: dict[str, str], field: str
) -> None:
    received = nora.done(
        "/receipts", delivery(lot("needle-25", "N1", "5"), lot("needle-25", "N2", "5"))
    )
    line = {**NEEDLES, "holding": received["lines"][0]["holding"], **more}

    assert nora.post("/procedures", procedure(line)).fields == [field]


def test_the_shortage_of_a_chosen_lot_is_that_of_the_lot(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "2"), lot("needle-25", "N2", "9")))

    refusal = nora.post("/procedures", procedure({**NEEDLES, "quantity": "3", "lot": "N1"}))

    assert refusal.status == 409
    assert refusal.body["shortages"][0]["available"] == "2"


def test_a_procedure_that_leaves_little_says_so(clinic: Machine, nora: Machine) -> None:
    clinic.done("/items", {**NEEDLE, "sku": "rare", "reorder_point": "5"})
    nora.done("/receipts", delivery(lot("rare", "R1", "6")))

    logged = nora.done("/procedures", procedure({"item": "rare", "quantity": "2"}))

    [flag] = logged["flags"]
    assert (flag["kind"], flag["item"]) == ("low", "rare")
    assert flag["message"]


@pytest.mark.parametrize("role", ["viewer", "purchaser"])
def test_those_who_do_not_treat_read_no_encounter(
    clinic: Machine, nora: Machine, role: str
) -> None:
    logged = nora.done("/procedures", {**procedure(), "encounter_ref": "E-10492"})
    reader = machine("reader", role)

    [listed] = reader.get("/procedures").body["items"]
    alone = reader.get(f"/procedures/{logged['id']}").body

    assert (listed["encounter_ref"], alone["encounter_ref"]) == (None, None)
    assert nora.get(f"/procedures/{logged['id']}").body["encounter_ref"] == "E-10492"


def test_a_procedure_that_is_not_there_cannot_be_voided(nora: Machine) -> None:
    void = {"reason": "a slip", "supplies": "returned"}

    assert nora.post("/procedures/1/void", void).status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"supplies": "returned"}, "reason"),
        ({"reason": " ", "supplies": "returned"}, "reason"),
        ({"reason": "a slip"}, "supplies"),
        ({"reason": "a slip", "supplies": "lost"}, "supplies"),
    ],
)
def test_a_void_says_why_and_what_became_of_the_supplies(
    clinic: Machine, nora: Machine, body: Any, field: str
) -> None:
    logged = nora.done("/procedures", procedure())

    assert nora.post(f"/procedures/{logged['id']}/void", body).fields == [field]


def queries_of(call: Callable[[], object]) -> int:
    context: AbstractContextManager[CaptureQueriesContext] = CaptureQueriesContext(connection)
    with context as captured:
        call()
    return len(captured)


def test_more_lines_need_no_more_queries(clinic: Machine, nora: Machine) -> None:
    skus = [f"needle-{number}" for number in range(8)]
    for sku in skus:
        clinic.done("/items", {**NEEDLE, "sku": sku})
        clinic.done("/receipts", delivery(lot(sku, "N1", "50")))
    lines = [{"item": sku, "quantity": "1", "lot": "N1"} for sku in skus]

    nora.done("/procedures", procedure())

    one = queries_of(lambda: nora.done("/procedures", procedure(*lines[:1])))
    many = queries_of(lambda: nora.done("/procedures", procedure(*lines)))

    assert many == one


@pytest.mark.parametrize(
    "path", ["/procedures", "/movements", "/stock", "/lots", "/items", "/procedure-types"]
)
def test_longer_lists_need_no_more_queries(clinic: Machine, nora: Machine, path: str) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "9"), lot("lido-1-20", "A1", "20")))
    use = procedure(NEEDLES, {"item": "lido-1-20", "quantity": "1"})
    nora.done("/procedures", use)
    few = queries_of(lambda: nora.get(path))

    for sku in ("a", "b", "c"):
        clinic.done("/items", {**NEEDLE, "sku": sku})
        clinic.done("/receipts", delivery(lot(sku, "N1", "9")))
        kit = [{"item": sku, "quantity": "1", "per": "site", "substitutes": ["needle-25"]}]
        clinic.done("/procedure-types", {"code": sku, "name": sku, "kit": kit})
        nora.done("/procedures", use)

    assert queries_of(lambda: nora.get(path)) <= few + 1
