"""Holding a lot, and releasing it."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.accounts.models import User
from inventory.stock import ledger
from inventory.stock.errors import LotNotUsable, NotEnoughStock
from inventory.stock.lot_register import may_set
from inventory.stock.models import Lot
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
    dana,
    lidocaine,
    mara,
    needle,
    otto,
    priya,
    received,
    signed_in,
    used,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

AVAILABLE, HELD, RECALLED = Lot.Status.AVAILABLE, Lot.Status.QUARANTINED, Lot.Status.RECALLED


def lot_that_is(status: Lot.Status) -> Lot:
    lot = received(needle(), 5).lot
    if status != AVAILABLE:
        ledger.set_lot_status(lot, by=dana(), status=status, reason="Notice", now=NOW)
    return lot


def send(lot: Lot, status: str, who: User, reason: str = "The carton came wet", **form: str) -> Any:
    fields = {"status": status, "reason": reason, "submission_key": str(uuid4())}
    return signed_in(who).post(f"/stock/lots/{lot.pk}/status/", fields | form, follow=True)


def shown(lot: Lot, who: User) -> str:
    return signed_in(who).get(f"/stock/lots/{lot.pk}/").text


def status_of(lot: Lot) -> str:
    lot.refresh_from_db()
    return lot.status


def test_a_nurse_puts_a_lot_in_quarantine_and_says_why() -> None:
    lot = lot_that_is(AVAILABLE)
    answer = send(lot, HELD, mara())
    change = lot.status_changes.get()
    assert (status_of(lot), change.by, change.reason) == (HELD, mara(), "The carton came wet")
    assert "Lot A1 is quarantined now." in answer.text


def test_nobody_uses_what_is_held() -> None:
    lot = lot_that_is(AVAILABLE)
    send(lot, HELD, mara())
    with pytest.raises((LotNotUsable, NotEnoughStock)):
        used(Want(needle(), Decimal(1)))


def test_a_manager_releases_it_and_says_why() -> None:
    lot = lot_that_is(HELD)
    send(lot, AVAILABLE, dana(), reason="The maker says it is sound")
    used(Want(needle(), Decimal(1)))
    newest = lot.status_changes.latest("pk")
    assert (newest.status, newest.reason) == (AVAILABLE, "The maker says it is sound")


@pytest.mark.parametrize(
    ("status", "wanted", "sentence"),
    [
        (HELD, AVAILABLE, "Only a manager may recall or release a lot"),
        (AVAILABLE, RECALLED, "Only a manager may recall or release a lot"),
        (RECALLED, AVAILABLE, "Only a manager may recall or release a lot"),
        (RECALLED, HELD, "Only a manager may change what is recalled."),
    ],
)
def test_a_nurse_does_no_more_than_hold(status: Lot.Status, wanted: str, sentence: str) -> None:
    lot = lot_that_is(status)
    answer = send(lot, wanted, mara())
    assert (answer.status_code, sentence in answer.text, status_of(lot)) == (403, True, status)


@pytest.mark.parametrize("who", [priya, vic, otto])
def test_others_do_not_hold(who: Any) -> None:
    lot = lot_that_is(AVAILABLE)
    assert (send(lot, HELD, who()).status_code, status_of(lot)) == (403, AVAILABLE)


@pytest.mark.parametrize("reason", ["", "   ", "a\0b"])
def test_a_hold_without_a_reason_is_asked_again(reason: str) -> None:
    lot = lot_that_is(AVAILABLE)
    answer = send(lot, HELD, mara(), reason=reason)
    assert (answer.status_code, status_of(lot)) == (422, AVAILABLE)


@pytest.mark.parametrize("status", ["", "gone", "a\0b"])
def test_a_status_that_there_is_not_is_refused(status: str) -> None:
    lot = lot_that_is(AVAILABLE)
    answer = send(lot, status, mara())
    assert (answer.status_code, status_of(lot)) == (422, AVAILABLE)


def test_pressing_twice_holds_it_once() -> None:
    lot = lot_that_is(AVAILABLE)
    for _ in range(2):
        answer = send(lot, HELD, mara(), submission_key="one")
    assert (answer.status_code, lot.status_changes.count()) == (200, 1)


def test_a_nurse_finds_the_hold_on_the_page_of_the_lot() -> None:
    page = shown(lot_that_is(AVAILABLE), mara())
    assert ("Put in quarantine" in page, '<select name="status"' in page) == (True, False)


def test_a_nurse_is_offered_nothing_for_what_is_held_already() -> None:
    assert "Put in quarantine" not in shown(lot_that_is(HELD), mara())


def test_who_only_looks_is_offered_nothing() -> None:
    assert "Put in quarantine" not in shown(lot_that_is(AVAILABLE), vic())


def test_a_manager_chooses_the_status() -> None:
    assert '<select name="status"' in shown(lot_that_is(HELD), dana())


def test_the_page_of_a_holding_leads_to_the_hold() -> None:
    shelf = received(lidocaine(), 20)
    page = signed_in(mara()).get(f"/stock/holdings/{shelf.pk}/").text
    assert f"/stock/lots/{shelf.lot_id}/#status" in page


def test_a_hold_by_one_who_saw_it_available_does_not_lift_a_recall() -> None:
    lot = lot_that_is(AVAILABLE)
    form = {"status": HELD, "reason": "Wet", "submission_key": "one"}
    client = signed_in(mara())
    ledger.set_lot_status(lot, by=dana(), status=RECALLED, reason="Notice", now=NOW)
    answer = client.post(f"/stock/lots/{lot.pk}/status/", form)
    assert (answer.status_code, status_of(lot)) == (403, RECALLED)


@pytest.mark.parametrize(
    ("roles", "status", "wanted", "may"),
    [
        ({"nurse"}, AVAILABLE, HELD, True),
        ({"nurse"}, HELD, HELD, True),
        ({"nurse"}, RECALLED, HELD, False),
        ({"nurse"}, HELD, AVAILABLE, False),
        ({"nurse", "manager"}, RECALLED, AVAILABLE, True),
    ],
)
def test_the_rule(roles: set[str], status: str, wanted: str, may: bool) -> None:
    assert may_set(roles, status, wanted) is may
