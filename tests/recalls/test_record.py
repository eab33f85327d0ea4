"""Answering a recall: everything that the notice means is held in one step, and accounted for."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.accounts.models import User
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import void
from inventory.recalls import record
from inventory.recalls.record import Ending
from inventory.recalls.response import recalls_of_lots, response_of
from inventory.recalls.search import Query, search
from inventory.stock import errors, ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Holding, Lot, LotStatusChange
from inventory.stock.requests import ReceiptLine, StockLine, Want, WasteReason
from tests.clinic import (
    NOW,
    dana,
    gauze,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    opened_vial,
    place,
    priya,
    received,
    used,
)
from tests.purchasing.shop import northgate
from tests.recalls.notices import (
    CARTON_GTIN,
    CARTON_NDC,
    balanced,
    coded,
    recalled,
    status_of,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _the_ledger_holds(db: None) -> Iterator[None]:
    yield
    assert check_ledger().differences == []


def arrives(lot: str, by: User | None = None) -> ledger.ReceivedLine:
    """One vial of lidocaine comes three days later."""
    line = ReceiptLine(lidocaine(), Decimal(20), lot, date(2027, 12, 31))
    receipt = ledger.receive(
        by=by or priya(), location=place(), lines=[line], happened_at=LATER, now=LATER
    )
    return receipt.lines[0]


class TestSearching:
    @pytest.mark.parametrize("code", [CARTON_NDC, "00409427601", CARTON_GTIN])
    def test_a_code_at_any_packaging_level_leads_to_the_item(self, code: str) -> None:
        coded(lidocaine(), "ndc", CARTON_NDC, "case", 500)
        coded(lidocaine(), "gtin", CARTON_GTIN, "inner", 100)
        received(lidocaine(), 40)
        found = search(Query(("A1",), code))
        assert [each.item for each in found.items] == [lidocaine()]
        assert [each.lot.number for each in found.lots] == ["A1"]

    def test_every_item_that_carries_the_code_is_shown(self) -> None:
        coded(lidocaine(), "ref", "10-44")
        coded(needle(), "hibc", "1044", quantity=1)
        found = search(Query(("A1",), "1044"))
        assert {each.item for each in found.items} == {lidocaine(), needle()}

    def test_the_same_makers_other_size_is_offered_and_not_meant(self) -> None:
        coded(lidocaine(), "ndc", CARTON_NDC)
        coded(kenalog(), "ndc", "0409-4276-02", quantity=1)
        received(kenalog(), 3, "A1")
        found = search(Query(("A1",), CARTON_NDC))
        assert [each.item for each in found.relatives] == [kenalog()]
        assert found.lots == []

    def test_a_lot_that_is_used_up_is_found_too(self) -> None:
        received(kenalog(), 1, "GONE")
        logged(LineWanted(kenalog(), Decimal(1)))
        (lot,) = search(Query(("GONE",), items=(kenalog(),))).lots
        assert (lot.on_hand, lot.procedures) == (0, 1)

    def test_a_lot_of_another_item_is_not_meant(self) -> None:
        received(kenalog(), 3, "A1")
        assert search(Query(("A1",), items=(lidocaine(),))).lots == []

    def test_a_number_that_reads_alike_is_offered_apart(self) -> None:
        received(lidocaine(), 20, "AB10")
        received(lidocaine(), 20, "AB-1O")
        found = search(Query(("AB10",), items=(lidocaine(),)))
        assert [each.lot.number for each in found.lots] == ["AB10"]
        assert [each.lot.number for each in found.alike] == ["AB-1O"]


class TestHolding:
    def test_dana_holds_every_lot_that_begins_alike_in_one_step(self) -> None:
        lots = [received(lidocaine(), 20, number).lot for number in ("AB1", "AB2", "C3")]
        recall = recalled("AB*")
        assert [status_of(lot) for lot in lots] == ["recalled", "recalled", "available"]
        assert [held.on_hand for held in recall.held_lots.all()] == [20, 20]
        balanced(recall)

    def test_all_lots_are_those_without_a_number_too(self) -> None:
        lot = received(gauze(), 100).lot
        balanced(recalled(items=[gauze()]))
        assert status_of(lot) == "recalled"

    def test_an_opened_vial_is_held_with_its_lot(self) -> None:
        received(lidocaine(), 40)
        used(Want(lidocaine(), Decimal(4)))
        vial = opened_vial(lidocaine())
        (balance,) = balanced(recalled("A1")).balances
        assert balance.totals.on_hand == 36
        with pytest.raises(errors.LotNotUsable, match="recalled"):
            used(Want(lidocaine(), Decimal(1), holding=vial))

    def test_a_moment_later_nobody_can_draw_from_it(self) -> None:
        received(lidocaine(), 40)
        received(lidocaine(), 40, where="room-2")
        used(Want(lidocaine(), Decimal(4)))
        recalled("A1")
        for room in ("room-1", "room-2"):
            with pytest.raises(errors.NotEnoughStock):
                used(Want(lidocaine(), Decimal(1)), where=room)
        # Nor is it moved to where somebody would look for some, but by its name.
        with pytest.raises(errors.NotEnoughStock):
            ledger.transfer(
                by=mara(),
                source=place(),
                destination=place("room-3"),
                lines=[StockLine(lidocaine(), Decimal(20))],
                happened_at=NOW,
                now=NOW,
            )

    def test_it_says_who_held_it_and_why(self) -> None:
        lot = received(lidocaine(), 40).lot
        recalled("A1")
        change = LotStatusChange.objects.get(lot=lot)
        assert (change.by, change.reason) == (dana(), "Recall Z-1234: particles found")

    def test_while_it_is_checked_a_lot_is_quarantined(self) -> None:
        lot = received(lidocaine(), 40).lot
        recalled("A1", status=Lot.Status.QUARANTINED)
        assert status_of(lot) == "quarantined"

    def test_what_is_recalled_already_is_not_held_more_loosely(self) -> None:
        lot = received(lidocaine(), 40).lot
        recalled("A1")
        recall = recalled("A1", status=Lot.Status.QUARANTINED)
        assert (status_of(lot), recall.held_lots.get().lot) == ("recalled", lot)

    def test_a_number_that_reads_alike_is_held_when_it_is_ticked_and_only_then(self) -> None:
        ticked = received(lidocaine(), 20, "AB-10").lot
        left = received(lidocaine(), 20, "AB 10").lot
        recall = recalled("AB10", alike=[ticked])
        assert [status_of(ticked), status_of(left)] == ["recalled", "available"]
        assert recall.held_lots.get().by_likeness

    def test_stock_that_is_not_tracked_by_lot_is_no_none_found(self) -> None:
        lot = received(gauze(), 100, "").lot
        said = recalled("G7", items=[gauze()]).notes.get().text
        assert status_of(lot) == "available"
        assert said == (
            "None held. Searched Gauze 2 × 2 in; G7. Not tracked by lot, and not held: 100 of"
            " Gauze 2 × 2 in."
        )

    def test_a_tick_cannot_hold_a_lot_that_reads_otherwise(self) -> None:
        other = received(kenalog(), 3, "K9").lot
        recall = recalled("AB10", alike=[other])
        assert (status_of(other), recall.held_lots.count()) == ("available", 0)

    def test_the_log_begins_with_what_was_held(self) -> None:
        received(lidocaine(), 20, "AB1")
        note = recalled("AB*").notes.get()
        assert (note.by, note.text) == (
            dana(),
            "Recalled 1 lot (AB1). Searched Lidocaine 1% 20 mL multi-dose vial; AB*.",
        )


class TestNoneFound:
    def test_none_found_is_recorded_with_who_when_and_what_was_searched(self) -> None:
        received(lidocaine(), 40, "A1")
        recall = recalled("B7", "C*")
        note = recall.notes.get()
        assert (note.by, note.at) == (dana(), NOW)
        assert note.text == ("None found. Searched Lidocaine 1% 20 mL multi-dose vial; B7, C*.")
        assert balanced(recall).balances == []

    def test_a_code_that_nobody_carries_is_an_answer_too(self) -> None:
        received(lidocaine(), 40, "A1")
        recall = recalled("A1", code="9999-9999-99")
        assert recall.notes.get().text == (
            "None found. Searched 9999-9999-99: no item of this clinic; A1."
        )
        assert status_of(Lot.objects.get()) == "available"


class TestTheTrace:
    def test_it_accounts_for_everything_that_came(self) -> None:
        shelf = received(kenalog(), 10, "K1")
        received(kenalog(), 4, "K1", where="room-2")
        given = logged(LineWanted(kenalog(), Decimal("0.5"))).procedure
        broken = StockLine(kenalog(), Decimal(2), holding=shelf)
        facts: dict[str, Any] = {"by": mara(), "location": place(), "happened_at": NOW, "now": NOW}
        ledger.waste(lines=[broken], reason=WasteReason.BROKEN, **facts)
        recall = recalled("K1", items=[kenalog()])
        sent = StockLine(kenalog(), Decimal(3), holding=shelf)
        ledger.return_to_supplier(lines=[sent], supplier=northgate(), reference="RA-7", **facts)
        ledger.count(
            lines=[StockLine(kenalog(), Decimal(3), holding=shelf)], reason="Count", **facts
        )

        response = balanced(recall)

        (balance,) = response.balances
        totals = balance.totals
        assert (totals.received, totals.on_hand, totals.used) == (14, 7, Decimal("0.5"))
        assert (totals.wasted, totals.returned, totals.counted) == (Decimal("2.5"), 3, -1)
        assert [each.procedure for each in response.given] == [given]
        assert [each.passage.quantity for each in response.receipts] == [10, 4]
        assert sorted((each.passage.quantity, each.returned) for each in response.disposals) == [
            (Decimal("0.5"), False),
            (2, False),
            (3, True),
        ]

    def test_a_voided_procedure_did_not_use_it(self) -> None:
        received(kenalog(), 10, "K1")
        procedure = logged(LineWanted(kenalog(), Decimal(1))).procedure
        supplies = Procedure.Supplies.RETURNED
        void(procedure, by=dana(), reason="Not done", supplies=supplies, now=NOW)
        assert balanced(recalled("K1", items=[kenalog()])).given == []

    def test_a_vial_that_moved_is_told_with_where_it_is_now(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        line = StockLine(lidocaine(), holding=opened_vial(lidocaine()))
        ledger.transfer(
            by=mara(),
            source=place(),
            destination=place("room-2"),
            lines=[line],
            happened_at=NOW,
            now=NOW,
        )
        (left,) = balanced(recalled("A1")).holdings
        assert (left.location.code, left.quantity) == ("room-2", 16)

    def test_what_somebody_meddled_with_does_not_balance(self) -> None:
        held = received(lidocaine(), 40)
        recall = recalled("A1")
        Holding.objects.filter(pk=held.pk).update(quantity=Decimal(20))
        response = response_of(recall)
        assert (response.balanced, response.balances[0].totals.unexplained) == (False, 20)
        Holding.objects.filter(pk=held.pk).update(quantity=Decimal(40))

    def test_more_lots_and_procedures_cost_no_more_queries(
        self, django_assert_max_num_queries: Any
    ) -> None:
        received(kenalog(), 5, "K1")
        logged(LineWanted(kenalog(), Decimal(1)))
        one = recalled("K1", items=[kenalog()])
        with django_assert_max_num_queries(20) as few:
            response_of(one)
        for number in range(6):
            received(needle(), 5, f"N{number}")
            logged(LineWanted(needle(), Decimal(1)))
        more = recalled(items=[needle()])
        with django_assert_max_num_queries(len(few)):
            response_of(more)


class TestLaterArrivals:
    @pytest.mark.parametrize(("patterns", "number"), [(("A1",), "A1"), (("A*",), "A9"), ((), "X")])
    def test_a_lot_that_matches_is_held_as_it_arrives(
        self, patterns: tuple[str, ...], number: str
    ) -> None:
        recall = recalled(*patterns)
        line = arrives(number)
        assert status_of(line.lot) == "recalled"
        assert line.lot.status == "recalled"
        (warning,) = line.warnings
        assert warning == (
            f"Lot {number} is recalled (Recall Z-1234: particles found): it cannot be used."
            " Set it aside."
        )
        assert [each.lot for each in balanced(recall).balances] == [line.lot]

    def test_nobody_can_use_what_has_just_arrived(self) -> None:
        recalled("A1")
        arrives("A1")
        with pytest.raises(errors.NotEnoughStock):
            used(Want(lidocaine(), Decimal(1)), at=LATER)

    def test_whoever_received_it_is_named_with_the_reason(self) -> None:
        recalled("A1")
        change = LotStatusChange.objects.get(lot=arrives("A1", by=priya()).lot)
        assert (change.by, change.changed_at) == (priya(), LATER)
        assert change.reason == "Recall Z-1234: particles found"

    def test_the_log_tells_of_it(self) -> None:
        recall = recalled("A1")
        arrives("A1")
        last = balanced(recall).log[-1]
        assert (last.by, last.text) == (
            priya(),
            "Lidocaine 1% 20 mL multi-dose vial, lot A1 arrived and was held at once.",
        )

    def test_two_lines_of_one_lot_are_held_once(self) -> None:
        recalled("A1")
        line = ReceiptLine(lidocaine(), Decimal(20), "A1", date(2027, 12, 31))
        facts: dict[str, Any] = {
            "by": priya(),
            "location": place(),
            "happened_at": LATER,
            "now": LATER,
        }
        receipt = ledger.receive(lines=[line, line], **facts)
        assert {each.lot.status for each in receipt.lines} == {"recalled"}
        assert LotStatusChange.objects.count() == 1

    def test_a_lot_that_is_not_meant_arrives_as_ever(self) -> None:
        recalled("A1")
        line = arrives("B1")
        assert (status_of(line.lot), line.warnings) == ("available", ())

    def test_another_items_lot_of_that_number_arrives_as_ever(self) -> None:
        recalled("A1")
        assert received(kenalog(), 3, "A1").lot.status == "available"

    def test_a_lot_that_reads_alike_arrives_with_a_warning(self) -> None:
        recalled("AB10")
        line = arrives("AB-1O")
        assert status_of(line.lot) == "available"
        assert "reads like AB10, which is recalled" in line.warnings[0]

    def test_more_of_a_lot_that_is_held_comes_with_a_warning(self) -> None:
        lot = received(lidocaine(), 20, "A1").lot
        ledger.set_lot_status(lot, by=dana(), status=Lot.Status.QUARANTINED, reason="wet", now=NOW)
        assert arrives("A1").warnings == (
            "Lot A1 is quarantined: it cannot be used. Set it aside.",
        )

    def test_the_stricter_of_two_recalls_counts(self) -> None:
        first = recalled("A1")
        second = recalled("A*", status=Lot.Status.QUARANTINED)
        lot = arrives("A1").lot
        assert status_of(lot) == "recalled"
        for recall in (first, second):
            assert [each.lot for each in balanced(recall).balances] == [lot]

    def test_a_receipt_asks_for_holds_once(self) -> None:
        recalled("Z*")
        with CaptureQueriesContext(connection) as asked:
            arrives("A1")
        assert sum("inventory_lothold" in query["sql"] for query in asked) == 1


class TestClosing:
    def test_it_says_who_closed_it_when_and_how_it_ended(self) -> None:
        received(lidocaine(), 40)
        recall = record.close_recall(recalled("A1"), Ending("All returned"), by=dana(), now=LATER)
        assert (recall.closed_by, recall.closed_at, recall.outcome) == (
            dana(),
            LATER,
            "All returned",
        )
        assert recall.notes.last().text == "Closed: All returned"  # type: ignore[union-attr]

    def test_it_is_closed_once(self) -> None:
        recall = recalled("A1")
        record.close_recall(recall, Ending("None found"), by=dana(), now=LATER)
        with pytest.raises(record.AlreadyClosed, match="closed by Dana Lindqvist: None found"):
            record.close_recall(recall, Ending("Something else"), by=dana(), now=LATER)
        recall.refresh_from_db()
        assert recall.outcome == "None found"

    def test_a_closed_recall_goes_on_watching_deliveries(self) -> None:
        recall = recalled("A1")
        record.close_recall(recall, Ending("None found"), by=dana(), now=NOW)
        assert status_of(arrives("A1").lot) == "recalled"

    def test_until_somebody_says_that_it_need_not(self) -> None:
        recall = recalled("A1")
        record.close_recall(recall, Ending("Done", keep_watching=False), by=dana(), now=NOW)
        assert status_of(arrives("A1").lot) == "available"

    def test_what_is_held_stays_held(self) -> None:
        lot = received(lidocaine(), 40).lot
        record.close_recall(recalled("A1"), Ending("Set aside"), by=dana(), now=NOW)
        assert status_of(lot) == "recalled"

    def test_what_was_only_quarantined_may_be_released(self) -> None:
        lot = received(lidocaine(), 40).lot
        recall = recalled("A1", status=Lot.Status.QUARANTINED)
        record.close_recall(recall, Ending("Not ours", release=True), by=dana(), now=NOW)
        assert status_of(lot) == "available"
        assert status_of(arrives("A1").lot) == "available"
        balanced(recall)

    def test_what_was_in_quarantine_for_another_reason_stays_there(self) -> None:
        lot = received(lidocaine(), 40).lot
        ledger.set_lot_status(lot, by=dana(), status=Lot.Status.QUARANTINED, reason="wet", now=NOW)
        recall = recalled("A1", status=Lot.Status.QUARANTINED)
        record.close_recall(recall, Ending("Not ours", release=True), by=dana(), now=NOW)
        assert status_of(lot) == "quarantined"

    def test_what_another_open_recall_holds_stays_held(self) -> None:
        lot = received(lidocaine(), 40).lot
        recall = recalled("A1", status=Lot.Status.QUARANTINED)
        recalled("A*", status=Lot.Status.QUARANTINED)
        record.close_recall(recall, Ending("Not ours", release=True), by=dana(), now=NOW)
        assert status_of(lot) == "quarantined"

    def test_what_a_closed_recall_kept_held_stays_held(self) -> None:
        lot = received(lidocaine(), 40).lot
        ours = recalled("A1", status=Lot.Status.QUARANTINED)
        other = recalled("A*", status=Lot.Status.QUARANTINED)
        came = arrives("A2").lot
        record.close_recall(other, Ending("Set aside"), by=dana(), now=LATER)
        record.close_recall(ours, Ending("Not ours", release=True), by=dana(), now=LATER)
        assert (status_of(lot), status_of(came)) == ("quarantined", "quarantined")

    def test_what_a_closed_recall_let_go_is_held_by_the_next_alone(self) -> None:
        lot = received(lidocaine(), 40).lot
        before = recalled("A1", status=Lot.Status.QUARANTINED)
        record.close_recall(before, Ending("Not ours", release=True), by=dana(), now=NOW)
        recall = recalled("A1", status=Lot.Status.QUARANTINED)
        record.close_recall(recall, Ending("Not ours", release=True), by=dana(), now=LATER)
        assert status_of(lot) == "available"

    def test_a_recalled_lot_is_not_released_by_closing(self) -> None:
        lot = received(lidocaine(), 40).lot
        record.close_recall(recalled("A1"), Ending("Not ours", release=True), by=dana(), now=NOW)
        assert status_of(lot) == "recalled"


def test_a_lot_leads_to_the_newest_recall_that_it_belongs_to() -> None:
    lot = received(lidocaine(), 40).lot
    recalled("A1")
    newest = recalled("A*")
    came = arrives("A7").lot
    other = arrives("B1").lot
    assert recalls_of_lots([lot.pk, came.pk, other.pk]) == {
        lot.pk: newest.pk,
        came.pk: newest.pk,
    }
