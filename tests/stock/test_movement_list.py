"""The ledger as people read it, and putting a movement right."""

from decimal import Decimal
from uuid import uuid4

import pytest

from inventory.accounts.models import User
from inventory.procedures.kits import LineWanted
from inventory.stock.models import Movement
from inventory.stock.requests import Want
from tests.clinic import (
    dana,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    on_hand,
    received,
    signed_in,
    used,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def movements(query: str = "") -> str:
    answer = signed_in(vic()).get(f"/stock/movements/{query}")
    assert answer.status_code == 200
    return answer.text


def newest() -> Movement:
    return Movement.objects.latest("pk")


def reverse(movement: Movement, who: User, key: str = "", reason: str = "Wrong room") -> int:
    form = {"reason": reason, "submission_key": key or str(uuid4())}
    return signed_in(who).post(f"/stock/movements/{movement.pk}/reverse/", form).status_code


def test_the_newest_entry_comes_first() -> None:
    received(lidocaine(), 40, lot="OLD")
    received(lidocaine(), 40, lot="NEW")
    shown = movements()
    assert shown.index(">NEW<") < shown.index(">OLD<")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=waste", {"K1"}),
        ("?kind=receipt", {"K1", "N1"}),
        ("?item=needle-25g-15", {"N1"}),
        ("?lot=k", {"K1"}),
        ("?location=room-2", {"N1"}),
        ("?by=dana", {"K1", "N1"}),
        ("?by=vic", set()),
        ("?since=2026-11-24", set()),
        ("?until=2026-11-23", {"K1", "N1"}),
    ],
)
def test_the_ledger_narrows(query: str, found: set[str]) -> None:
    received(kenalog(), 3, lot="K1")
    received(needle(), 3, lot="N1", where="room-2")
    used(Want(kenalog(), Decimal("0.5")))
    shown = movements(query)
    assert {lot for lot in ("K1", "N1") if f">{lot}<" in shown} == found


@pytest.mark.parametrize("query", ["?since=never", "?by=%00", "?item=x&location=y", "?page=999"])
def test_an_odd_address_is_answered(query: str) -> None:
    received(needle(), 3)
    assert "Movements" in movements(query)


def test_a_movement_shows_every_entry() -> None:
    received(kenalog(), 3)
    used(Want(kenalog(), Decimal("0.5")))
    shown = signed_in(vic()).get(f"/stock/movements/{newest().pk}/").text
    assert (shown.count("-0.5"), "Wasted" in shown) == (2, True)


def test_a_manager_reverses_a_movement_and_the_stock_is_back() -> None:
    received(needle(), 3)
    assert (reverse(newest(), dana()), on_hand(needle())) == (302, Decimal(0))


def test_pressing_twice_reverses_once() -> None:
    received(needle(), 3)
    receipt, key = newest(), str(uuid4())
    answers = [reverse(receipt, dana(), key) for _ in range(2)]
    assert (answers, Movement.objects.count()) == ([302, 302], 2)


def test_a_movement_is_reversed_at_most_once() -> None:
    received(needle(), 3)
    receipt = newest()
    reverse(receipt, dana())
    assert (reverse(receipt, dana()), Movement.objects.count()) == (409, 2)


def test_what_was_used_since_cannot_be_unreceived() -> None:
    received(needle(), 3)
    receipt = newest()
    used(Want(needle(), Decimal(1)))
    assert (reverse(receipt, dana()), on_hand(needle())) == (409, Decimal(2))


def test_a_procedures_movement_is_voided_with_the_procedure() -> None:
    received(needle(), 3)
    logged(LineWanted(needle(), Decimal(1)))
    reverse(newest(), dana())
    assert on_hand(needle()) == Decimal(2)


def test_a_reversal_needs_a_reason() -> None:
    received(needle(), 3)
    assert (reverse(newest(), dana(), reason=" "), on_hand(needle())) == (409, Decimal(3))


@pytest.mark.parametrize("who", [mara, vic])
def test_only_managers_reverse(who: object) -> None:
    received(needle(), 3)
    assert reverse(newest(), who()) == 403  # type: ignore[operator]


def test_a_movement_that_is_not_there_is_not_found() -> None:
    assert signed_in(dana()).get("/stock/movements/999/").status_code == 404
