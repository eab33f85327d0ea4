"""Throwing an opened vial away with one press on the board."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.accounts.models import User
from inventory.stock import ledger
from inventory.stock.discards import seen
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.requests import StockLine, Want
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    lidocaine,
    mara,
    on_hand,
    opened_vial,
    place,
    priya,
    received,
    signed_in,
    used,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

BOARD = "/stock/opened/"


@pytest.fixture
def vial() -> Holding:
    """16 mL of lidocaine, opened by Mara this morning."""
    received(lidocaine(), 20)
    used(Want(lidocaine(), Decimal(4)))
    return opened_vial(lidocaine())


def pressed(vial: Holding, who: User | None = None, query: str = "", **changes: str) -> Any:
    """Press as on a page that shows the vial as it was fetched."""
    fields = {"submission_key": str(uuid4()), "seen": seen(vial, TODAY), "reason": "contaminated"}
    browser = signed_in(who or mara())
    return browser.post(f"{BOARD}{vial.pk}/discard/{query}", fields | changes, follow=True)


def wasted() -> list[Movement]:
    return list(Movement.objects.filter(kind=Movement.Kind.WASTE))


def test_one_press_discards_what_is_left_and_keeps_why_and_who(vial: Holding) -> None:
    answer = pressed(vial)
    assert (
        "Discarded: Lidocaine 1% 20 mL multi-dose vial, lot A1, 16 mL, contaminated." in answer.text
    )
    [movement] = wasted()
    entry = movement.entries.get()
    assert (movement.by, movement.reason, entry.quantity) == (mara(), "contaminated", -16)
    assert on_hand(lidocaine()) == 0
    assert "No vial is open." in answer.text


def test_one_goes_back_to_the_board_as_one_had_asked_for_it(vial: Holding) -> None:
    answer = pressed(vial, query="?location=room-1")
    assert answer.redirect_chain == [(f"{BOARD}?location=room-1", 302)]


def test_a_vial_past_its_date_is_discarded_for_that(vial: Holding) -> None:
    Holding.objects.filter(pk=vial.pk).update(beyond_use_on=TODAY - timedelta(days=1))
    vial.refresh_from_db()
    page = signed_in(mara()).get(BOARD).text
    assert 'name="reason" value="beyond_use"' in page
    pressed(vial, reason="beyond_use")
    assert wasted()[0].reason == "beyond_use"


def test_the_second_press_of_the_same_button_discards_nothing_more(vial: Holding) -> None:
    key = str(uuid4())
    first, second = (pressed(vial, submission_key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(wasted()) == 1


def test_who_presses_after_another_nurse_hears_that_it_is_gone(vial: Holding) -> None:
    pressed(vial)
    answer = pressed(vial, who=dana())
    assert "none of it is left in Room 1; somebody was faster" in answer.text
    assert len(wasted()) == 1


def test_a_vial_that_was_drawn_from_meanwhile_stays(vial: Holding) -> None:
    used(Want(lidocaine(), Decimal(2)))
    answer = pressed(vial)
    assert "now 14 mL in Room 1, and it may be used" in answer.text
    assert (wasted(), on_hand(lidocaine())) == ([], 14)


def test_a_vial_that_went_to_another_room_meanwhile_stays(vial: Holding) -> None:
    line = StockLine(vial.lot.item, holding=vial)
    ledger.transfer(
        by=dana(),
        source=place(),
        destination=place("room-2"),
        lines=[line],
        happened_at=NOW,
        now=NOW,
    )
    assert "now 16 mL in Room 2" in pressed(vial).text
    assert wasted() == []


def test_a_lot_recalled_meanwhile_is_looked_at_again(vial: Holding) -> None:
    recalled = Lot.Status.RECALLED
    ledger.set_lot_status(vial.lot, by=dana(), status=recalled, reason="Notice", now=NOW)
    vial.lot.status = Lot.Status.AVAILABLE
    assert "now 16 mL in Room 1, recalled" in pressed(vial).text
    assert wasted() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "Say why the vial is discarded."),
        ({"reason": "stolen"}, "Expected one of the reasons of the page, but got “stolen”."),
        ({"reason": "broken\0"}, "Expected one of the reasons of the page"),
        ({"seen": ""}, "Expected the page to say what it shows of the vial."),
        ({"seen": "x" * 10_000}, "at most 200 characters"),
        ({"seen": "<script>"}, "something has changed since you looked"),
        ({"submission_key": ""}, "Fill this in."),
        ({"submission_key": "k" * 500}, "at most 64 characters"),
    ],
)
def test_nonsense_moves_nothing_and_is_answered(
    vial: Holding, changes: dict[str, Any], sentence: str
) -> None:
    assert sentence in pressed(vial, **changes).text
    assert wasted() == []


@pytest.mark.parametrize("who", [priya, vic])
def test_those_who_do_not_handle_stock_discard_nothing(vial: Holding, who: Any) -> None:
    assert pressed(vial, who=who()).status_code == 403
    assert wasted() == []


def test_sealed_stock_is_no_opened_vial(vial: Holding) -> None:
    sealed = received(lidocaine(), 20, "B2")
    assert pressed(sealed).status_code == 404
    assert on_hand(lidocaine()) == 36


def test_a_vial_that_never_was_is_not_found(vial: Holding) -> None:
    assert pressed(Holding(pk=10**18, lot=vial.lot, location=place())).status_code == 404
