"""The lots, and the story of one: where it is, who had it, and what may be done with it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.accounts.models import User
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import void
from inventory.stock import ledger
from inventory.stock.models import Lot
from inventory.stock.requests import StockLine, WasteReason
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    place,
    priya,
    received,
    signed_in,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def lots(query: str = "") -> str:
    return signed_in(vic()).get(f"/stock/lots/{query}").text


def lot_page(lot: Lot, who: User | None = None) -> str:
    answer = signed_in(who or vic()).get(f"/stock/lots/{lot.pk}/")
    assert answer.status_code == 200
    return answer.text


def test_the_lots_on_the_shelf_are_listed_the_first_to_expire_first() -> None:
    received(lidocaine(), 40, lot="LATE", expires_on=date(2028, 2, 29))
    received(lidocaine(), 40, lot="SOON", expires_on=date(2027, 1, 31))
    shown = lots()
    assert shown.index("SOON") < shown.index("LATE")


def test_a_lot_that_is_used_up_is_listed_on_request() -> None:
    received(needle(), 1, lot="GONE")
    logged(LineWanted(needle(), Decimal(1)))
    assert ("GONE" in lots(), "GONE" in lots("?show=all")) == (False, True)


def test_lots_are_found_by_the_month_they_expire_in() -> None:
    received(lidocaine(), 40, lot="JAN", expires_on=date(2027, 1, 31))
    received(lidocaine(), 40, lot="FEB", expires_on=date(2027, 2, 1))
    shown = lots("?expires_from=2027-01-01&expires_to=2027-01-31")
    assert ("JAN" in shown, "FEB" in shown) == (True, False)


@pytest.mark.parametrize("query", ["?expires_from=yesterday", "?expires_to=99999-01-01", "?q=%00"])
def test_an_odd_address_is_answered(query: str) -> None:
    assert signed_in(vic()).get(f"/stock/lots/{query}").status_code == 200


def test_a_lots_page_balances_what_came_with_what_became_of_it() -> None:
    shelf = received(kenalog(), 10)
    logged(LineWanted(kenalog(), Decimal("0.5")))
    broken = StockLine(kenalog(), Decimal(2), holding=shelf)
    ledger.waste(
        by=mara(),
        location=place(),
        lines=[broken],
        reason=WasteReason.BROKEN,
        happened_at=NOW,
        now=NOW,
    )
    assert "10 received = 7 on hand + 0.5 used + 2.5 wasted + 0 returned − 0 counted" in lot_page(
        shelf.lot
    )


def test_what_a_count_did_not_find_is_counted_away() -> None:
    shelf = received(kenalog(), 10)
    found = StockLine(kenalog(), Decimal(8), holding=shelf)
    ledger.count(
        by=mara(), location=place(), lines=[found], reason="Count", happened_at=NOW, now=NOW
    )
    assert "10 received = 8 on hand" in lot_page(shelf.lot)
    assert "+ 2 counted away" in lot_page(shelf.lot)


def test_a_lots_page_names_the_procedures_that_it_went_into() -> None:
    shelf = received(kenalog(), 10)
    procedure = logged(LineWanted(kenalog(), Decimal(1))).procedure
    shown = lot_page(shelf.lot)
    assert ("Used in 1 procedure" in shown, f"/procedures/{procedure.pk}/" in shown) == (True, True)


def test_a_voided_procedure_did_not_use_the_lot() -> None:
    shelf = received(kenalog(), 10)
    procedure = logged(LineWanted(kenalog(), Decimal(1))).procedure
    supplies = Procedure.Supplies.RETURNED
    void(procedure, by=dana(), reason="Not done", supplies=supplies, now=NOW)
    assert "Used in 0 procedures" in lot_page(shelf.lot)


def test_a_lots_page_costs_no_more_queries_with_more_procedures(
    django_assert_max_num_queries: object,
) -> None:
    shelf = received(kenalog(), 30)
    for _ in range(12):
        logged(LineWanted(kenalog(), Decimal(1)))
    client = signed_in(vic())
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        client.get(f"/stock/lots/{shelf.lot_id}/")


def test_no_encounter_is_shown_to_those_who_do_not_treat() -> None:
    shelf = received(kenalog(), 10)
    procedure = logged(LineWanted(kenalog(), Decimal(1))).procedure
    Procedure.objects.filter(pk=procedure.pk).update(encounter_ref="E-10492")
    assert "E-10492" not in lot_page(shelf.lot)


# Hold, recall, release


def test_a_manager_recalls_a_lot_and_says_why() -> None:
    lot = received(lidocaine(), 40).lot
    form = {"status": "recalled", "reason": "Notice of Nov 20", "submission_key": "one"}
    answer = signed_in(dana()).post(f"/stock/lots/{lot.pk}/status/", form, follow=True)
    lot.refresh_from_db()
    assert (lot.status, "Notice of Nov 20" in answer.text) == ("recalled", True)


def test_a_recalled_lot_is_not_offered_as_available_by_default() -> None:
    lot = received(lidocaine(), 40).lot
    ledger.set_lot_status(lot, by=dana(), status=Lot.Status.RECALLED, reason="Notice", now=NOW)
    page = signed_in(dana()).get(f"/stock/lots/{lot.pk}/").text
    assert '<option value="recalled" selected>' in page


def test_a_manager_who_presses_twice_recalls_it_once() -> None:
    lot = received(lidocaine(), 40).lot
    form = {"status": "recalled", "reason": "Notice of Nov 20", "submission_key": "one"}
    client = signed_in(dana())
    answers = [client.post(f"/stock/lots/{lot.pk}/status/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert lot.status_changes.count() == 1


@pytest.mark.parametrize("who", [priya, vic])
def test_others_may_not(who: object) -> None:
    lot = received(lidocaine(), 40).lot
    form = {"status": "recalled", "reason": "Because"}
    answer = signed_in(who()).post(f"/stock/lots/{lot.pk}/status/", form)  # type: ignore[operator]
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "form", [{}, {"status": "recalled"}, {"status": "gone", "reason": "x"}, {"reason": "a\0b"}]
)
def test_a_recall_without_status_or_reason_is_asked_again(form: dict[str, str]) -> None:
    lot = received(lidocaine(), 40).lot
    answer = signed_in(dana()).post(f"/stock/lots/{lot.pk}/status/", form)
    lot.refresh_from_db()
    assert (answer.status_code, lot.status) == (422, "available")


def test_an_expired_lot_says_so() -> None:
    shelf = received(lidocaine(), 40, expires_on=TODAY - timedelta(days=1))
    assert 'class="pill pill-bad">expired' in lot_page(shelf.lot)
