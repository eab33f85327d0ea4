"""Each thing that happens to stock is one sentence, as a colleague would say it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from inventory.catalog.models import Item, Location, Supplier
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import ProcedureWanted, amend, void
from inventory.stock import history, ledger
from inventory.stock.history import Happening, History, Subject
from inventory.stock.models import Holding, Lot, Movement
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
    procedure_type,
    received,
    used,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

SOONER = NOW - timedelta(hours=1)
CARPAL_TUNNEL = "carpal-tunnel", "Carpal tunnel"


def newest(subject: Subject) -> Happening:
    return History(subject)[0:1][0]


def said_of(item: Item) -> str:
    """What the newest row of an item's history says."""
    return newest(history.of_item(item)).sentence


def said_by_mara() -> str:
    return newest(history.of_person(mara())).sentence


def wanted(*lines: LineWanted, at: datetime = NOW) -> ProcedureWanted:
    return ProcedureWanted(procedure_type(*CARPAL_TUNNEL), place(), at, lines=lines)


def put(item: Item, quantity: str) -> LineWanted:
    return LineWanted(item, Decimal(quantity))


def of(holding: Holding, quantity: str | int) -> StockLine:
    return StockLine(holding.lot.item, Decimal(quantity), holding=holding)


def discard(*lines: StockLine, reason: WasteReason = WasteReason.BROKEN) -> Movement:
    return ledger.waste(
        by=mara(), location=place(), lines=lines, reason=reason, happened_at=NOW, now=NOW
    )


def move(*lines: StockLine, reason: str = "") -> Movement:
    return ledger.transfer(
        by=mara(),
        source=place(),
        destination=place("room-2"),
        lines=lines,
        reason=reason,
        happened_at=NOW,
        now=NOW,
    )


def count(*lines: StockLine, reason: str = "Weekly count") -> Movement:
    counted = ledger.count(
        by=mara(), location=place(), lines=lines, reason=reason, happened_at=NOW, now=NOW
    )
    return counted.movement


def set_status(lot: Lot, status: Lot.Status, reason: str, at: datetime) -> None:
    ledger.set_lot_status(lot, by=dana(), status=status, reason=reason, now=at)


def reverse(movement: Movement, reason: str = "Wrong room") -> Movement:
    return ledger.reverse(movement, by=dana(), reason=reason, happened_at=NOW, now=NOW)


def take_in(*lines: ReceiptLine) -> Movement:
    supplier = Supplier.objects.create(code="acme", name="Acme Medical")
    return ledger.receive(
        by=mara(),
        location=place("storeroom"),
        lines=lines,
        supplier=supplier,
        reference="D-1",
        happened_at=NOW,
        now=NOW,
    ).movement


# Receive


def test_what_came_says_how_much_into_where_from_whom_and_with_which_document() -> None:
    take_in(ReceiptLine(lidocaine(), Decimal(100), "AB44", date(2027, 12, 31)))
    assert said_of(lidocaine()) == (
        "Mara Ortiz received 5 vials (100 mL) of Lidocaine 1% 20 mL, lot AB44, into Storeroom,"
        " from Acme Medical, document D-1"
    )


def test_what_has_no_lots_says_none() -> None:
    received(gauze(), 200)
    assert said_of(gauze()) == "Dana Lindqvist received 200 × Gauze 2 × 2 in into Room 1"


def test_a_delivery_of_many_supplies_names_the_drugs_first() -> None:
    day = date(2027, 12, 31)
    take_in(
        ReceiptLine(needle(), Decimal(50), "N1", day),
        ReceiptLine(lidocaine(), Decimal(40), "L1", day),
    )
    assert said_by_mara() == (
        "Mara Ortiz received 2 supplies into Storeroom, from Acme Medical, document D-1:"
        " 2 vials (40 mL) of Lidocaine 1%, 50 × Needle 25G 1½ in"
    )


def test_an_item_is_told_its_own_part_of_a_delivery_alone() -> None:
    day = date(2027, 12, 31)
    take_in(
        ReceiptLine(needle(), Decimal(50), "N1", day),
        ReceiptLine(lidocaine(), Decimal(40), "L1", day),
    )
    assert said_of(needle()) == (
        "Mara Ortiz received 50 × Needle 25G 1½ in, lot N1, into Storeroom, from Acme Medical,"
        " document D-1"
    )


def test_two_lots_of_an_item_are_told_apart() -> None:
    day = date(2027, 12, 31)
    take_in(
        ReceiptLine(lidocaine(), Decimal(20), "L1", day),
        ReceiptLine(lidocaine(), Decimal(60), "L2", day),
    )
    assert "1 vial of lot L1 and 3 vials of lot L2, into Storeroom" in said_of(lidocaine())


# Use


def test_a_use_from_an_open_vial_says_how_much_for_what_and_where() -> None:
    received(lidocaine(), 40, lot="AB44", at=SOONER)
    used(Want(lidocaine(), Decimal(2)), at=SOONER)
    logged(put(lidocaine(), "4"))
    assert said_of(lidocaine()) == (
        "Mara Ortiz used 4 mL of Lidocaine 1% 20 mL, lot AB44, for Trigger point, 1 or 2, in Room 1"
    )


def test_a_use_that_opens_a_vial_says_until_when_the_vial_may_be_used() -> None:
    lidocaine(beyond_use_days=28)
    received(lidocaine(), 40, at=SOONER)
    logged(put(lidocaine(), "4"))
    assert said_of(lidocaine()).endswith(", in Room 1, opening a vial (use by Dec 21)")


def test_a_beyond_use_date_in_another_year_says_which() -> None:
    lidocaine(beyond_use_days=60)
    received(lidocaine(), 40, at=SOONER)
    logged(put(lidocaine(), "4"))
    assert said_of(lidocaine()).endswith("(use by Jan 22, 2027)")


def test_a_single_dose_says_what_was_discarded() -> None:
    received(kenalog(), 3, at=SOONER)
    logged(put(kenalog(), "0.5"))
    assert said_of(kenalog()) == (
        "Mara Ortiz used 0.5 mL of Kenalog-40 1 mL, lot A1, for Trigger point, 1 or 2, in Room 1,"
        " and discarded 0.5 mL"
    )


def test_where_patients_are_treated_no_vial_stays_to_be_used_by_a_day() -> None:
    place()
    Location.objects.update(treatment_area=True)
    lidocaine(beyond_use_days=28)
    received(lidocaine(), 40, at=SOONER)
    used(Want(lidocaine(), Decimal(4)))
    assert said_of(lidocaine()).endswith(", in Room 1, opening a vial, and discarded 16 mL")


def test_a_whole_procedure_names_a_few_of_its_supplies() -> None:
    for item, quantity in ((needle(), 50), (kenalog(), 3), (lidocaine(), 40), (gauze(), 9)):
        received(item, quantity, at=SOONER)
    logged(put(needle(), "1"), put(gauze(), "2"), put(lidocaine(), "4"), put(kenalog(), "0.5"))
    assert said_by_mara() == (
        "Mara Ortiz used 4 supplies for Trigger point, 1 or 2, in Room 1: 4 mL of Lidocaine 1%,"
        " 0.5 mL of Kenalog-40, 1 × Needle 25G 1½ in, 2 × Gauze;"
        " and discarded 0.5 mL of Kenalog-40"
    )


def test_supplies_beyond_the_fifth_are_counted_and_not_named() -> None:
    lines = []
    for number in range(7):
        item = Item.objects.create(sku=f"item-{number}", name=f"Thing {number}", lot_tracked=False)
        received(item, 5, at=SOONER)
        lines.append(put(item, "1"))
    logged(*lines)
    assert said_by_mara().endswith(
        ": 1 × Thing 0, 1 × Thing 1, 1 × Thing 2, 1 × Thing 3 and 3 others"
    )


def test_a_procedure_without_supplies_is_told_too() -> None:
    logged()
    assert said_by_mara() == "Mara Ortiz used no supplies for Trigger point, 1 or 2"


def test_the_sealed_stock_is_told_that_a_vial_of_it_was_opened() -> None:
    sealed = received(lidocaine(), 40, at=SOONER)
    logged(put(lidocaine(), "4"))
    row = newest(history.of_holding(sealed))
    assert row.quantity == -20
    assert row.sentence == (
        "Mara Ortiz opened a vial of Lidocaine 1% 20 mL, lot A1, for Trigger point, 1 or 2,"
        " in Room 1"
    )


def test_a_vials_own_history_begins_with_its_opening() -> None:
    received(lidocaine(), 40, at=SOONER)
    logged(put(lidocaine(), "4"))
    rows = History(history.of_holding(opened_vial(lidocaine())))[:]
    assert [row.quantity for row in rows] == [16]


# Open


def test_a_vial_that_is_opened_by_itself_says_until_when_it_may_be_used() -> None:
    lidocaine(beyond_use_days=28)
    sealed = received(lidocaine(), 40)
    line = StockLine(lidocaine(), holding=sealed)
    ledger.open_vial(by=mara(), location=place(), line=line, happened_at=NOW, now=NOW)
    assert said_of(lidocaine()) == (
        "Mara Ortiz opened a vial of Lidocaine 1% 20 mL, lot A1, in Room 1 (use by Dec 21)"
    )


# Discard


def test_sealed_vials_are_discarded_with_a_reason() -> None:
    shelf = received(kenalog(), 3)
    discard(of(shelf, 2))
    assert said_of(kenalog()) == (
        "Mara Ortiz discarded 2 vials of Kenalog-40 1 mL, lot A1, in Room 1: broken"
    )


def test_what_is_discarded_of_an_open_vial_says_so() -> None:
    received(lidocaine(), 20, at=SOONER)
    used(Want(lidocaine(), Decimal(4)), at=SOONER)
    discard(of(opened_vial(lidocaine()), 16), reason=WasteReason.BEYOND_USE)
    assert said_of(lidocaine()) == (
        "Mara Ortiz discarded 16 mL of Lidocaine 1% 20 mL, lot A1, from the open vial in Room 1:"
        " past beyond-use"
    )


def test_many_supplies_are_discarded_for_one_reason() -> None:
    discard(of(received(kenalog(), 3), 3), of(received(needle(), 5), 2), reason=WasteReason.EXPIRED)
    assert said_by_mara() == (
        "Mara Ortiz discarded 2 supplies in Room 1 (expired):"
        " 3 vials of Kenalog-40, 2 × Needle 25G 1½ in"
    )


# Move


def test_a_move_says_from_where_to_where_and_changes_nothing_in_all() -> None:
    move(of(received(lidocaine(), 60), 40), reason="Restock")
    row = newest(history.of_item(lidocaine()))
    assert (row.sentence, row.quantity) == (
        "Mara Ortiz moved 2 vials of Lidocaine 1% 20 mL, lot A1, from Room 1 to Room 2: Restock",
        0,
    )


@pytest.mark.parametrize(("code", "change"), [("room-1", -3), ("room-2", 3)])
def test_both_ends_of_a_move_say_the_same_and_change_by_their_own(code: str, change: int) -> None:
    move(of(received(needle(), 5), 3))
    row = newest(history.of_location(place(code)))
    assert (row.sentence, row.quantity) == (
        "Mara Ortiz moved 3 × Needle 25G 1½ in, lot A1, from Room 1 to Room 2",
        change,
    )


def test_an_open_vial_moves_with_what_is_in_it() -> None:
    received(lidocaine(), 20, at=SOONER)
    used(Want(lidocaine(), Decimal(4)), at=SOONER)
    move(of(opened_vial(lidocaine()), 16))
    assert said_of(lidocaine()) == (
        "Mara Ortiz moved the open vial of Lidocaine 1% 20 mL, lot A1, with 16 mL in it"
        " from Room 1 to Room 2"
    )


# Count


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (
            40,
            "counted 2 vials of Lidocaine 1% 20 mL, lot A1, in Room 1, 1 vial fewer than expected",
        ),
        (80, "counted 4 vials of Lidocaine 1% 20 mL, lot A1, in Room 1, 1 vial more than expected"),
    ],
)
def test_a_count_says_what_was_found_and_how_much_was_expected(counted: int, said: str) -> None:
    count(of(received(lidocaine(), 60), counted))
    assert said_of(lidocaine()) == f"Mara Ortiz {said}: Weekly count"


@pytest.mark.parametrize(
    ("counted", "said"),
    [("15.5", "0.5 mL less than expected"), ("16.5", "0.5 mL more than expected")],
)
def test_an_open_vial_is_counted_in_its_unit(counted: str, said: str) -> None:
    received(lidocaine(), 20, at=SOONER)
    used(Want(lidocaine(), Decimal(4)), at=SOONER)
    count(of(opened_vial(lidocaine()), counted))
    assert said_of(lidocaine()) == (
        f"Mara Ortiz counted {counted} mL in the open vial of Lidocaine 1% 20 mL, lot A1,"
        f" in Room 1, {said}: Weekly count"
    )


def test_an_open_vial_that_holds_what_it_should_is_as_expected() -> None:
    received(lidocaine(), 20, at=SOONER)
    used(Want(lidocaine(), Decimal(4)), at=SOONER)
    count(of(opened_vial(lidocaine()), 16))
    assert ", in Room 1, as much as expected: Weekly count" in said_of(lidocaine())


def test_a_count_without_a_difference_is_told_to_who_counted() -> None:
    count(of(received(needle(), 5), 5))
    assert said_by_mara() == (
        "Mara Ortiz counted stock, and all of it was as expected: Weekly count"
    )


def test_many_supplies_counted_say_what_each_lacks() -> None:
    count(of(received(needle(), 5), 4), of(received(kenalog(), 3), 5))
    assert said_by_mara() == (
        "Mara Ortiz counted 2 supplies in Room 1 (Weekly count):"
        " 1 fewer of Needle 25G 1½ in, 2 vials more of Kenalog-40"
    )


def test_two_lots_of_an_item_counted_say_what_each_lacks() -> None:
    count(of(received(needle(), 5, lot="N1"), 4), of(received(needle(), 5, lot="N2"), 7))
    assert said_of(needle()) == (
        "Mara Ortiz counted Needle 25G 1½ in in Room 1 (Weekly count):"
        " 1 fewer of lot N1, 2 more of lot N2"
    )


def test_a_count_says_what_was_there_then_and_not_what_is_there_now() -> None:
    shelf = received(needle(), 5, at=SOONER)
    counted = count(of(shelf, 4))
    used(Want(needle(), Decimal(3)), at=NOW + timedelta(minutes=1))
    said = [row.sentence for row in History(history.of_item(needle())) if row.movement == counted]
    assert "counted 4 × Needle 25G 1½ in" in said[0]


# Return


def test_what_goes_back_to_the_supplier_says_to_whom_under_which_number_and_why() -> None:
    shelf = received(kenalog(), 3)
    ledger.return_to_supplier(
        by=mara(),
        location=place(),
        lines=[of(shelf, 2)],
        supplier=Supplier.objects.create(code="acme", name="Acme Medical"),
        reference="RMA-7",
        reason="Short-dated",
        happened_at=NOW,
        now=NOW,
    )
    assert said_of(kenalog()) == (
        "Mara Ortiz returned 2 vials of Kenalog-40 1 mL, lot A1, from Room 1 to Acme Medical,"
        " document RMA-7: Short-dated"
    )


# Undo


def test_a_receipt_that_is_undone_is_taken_off_again() -> None:
    received(needle(), 5, at=SOONER)
    reverse(Movement.objects.latest("pk"))
    assert said_of(needle()) == (
        "Dana Lindqvist undid the receipt of 09:15: 5 × Needle 25G 1½ in, lot A1,"
        " taken off again in Room 1. Reason: Wrong room"
    )


def test_another_persons_mistake_says_whose_and_when() -> None:
    shelf = received(kenalog(), 3)
    discard(of(shelf, 2))
    reverse(Movement.objects.latest("pk"), reason="Not broken")
    assert said_of(kenalog()) == (
        "Dana Lindqvist undid the discarding of 10:15 by Mara Ortiz:"
        " 2 vials of Kenalog-40 1 mL, lot A1, put back in Room 1. Reason: Not broken"
    )


def test_what_was_undone_on_another_day_says_which() -> None:
    received(needle(), 5, at=NOW - timedelta(days=3))
    reverse(Movement.objects.latest("pk"))
    assert "undid the receipt of Nov 20, 10:15:" in said_of(needle())


def test_a_move_that_is_undone_goes_back_the_way_it_came() -> None:
    reverse(move(of(received(needle(), 5), 3)))
    assert "3 × Needle 25G 1½ in, lot A1, moved back from Room 2 to Room 1." in said_of(needle())


def test_an_opening_that_is_undone_seals_the_vial_again() -> None:
    sealed = received(lidocaine(), 20)
    line = StockLine(lidocaine(), holding=sealed)
    ledger.open_vial(by=mara(), location=place(), line=line, happened_at=NOW, now=NOW)
    reverse(Movement.objects.latest("pk"))
    assert said_of(lidocaine()) == (
        "Dana Lindqvist undid the opening of 10:15 by Mara Ortiz:"
        " a vial of Lidocaine 1% 20 mL, lot A1, sealed again. Reason: Wrong room"
    )


def test_a_count_that_is_undone_puts_back_what_it_took() -> None:
    reverse(count(of(received(needle(), 5), 4)))
    assert "undid the count of 10:15 by Mara Ortiz: 1 × Needle" in said_of(needle())


def test_what_was_undone_says_by_whom_and_when() -> None:
    received(needle(), 5, at=SOONER)
    reverse(Movement.objects.latest("pk"))
    rows = History(history.of_item(needle()))[:]
    assert [row.undone for row in rows] == ["", "undone by Dana Lindqvist, 10:15"]


# Void and amend


def voided(procedure: Procedure, supplies: Procedure.Supplies) -> None:
    void(procedure, by=mara(), reason="Logged twice", supplies=supplies, now=NOW)


def test_a_voided_procedure_says_what_went_back_into_the_vial() -> None:
    received(lidocaine(), 20, at=SOONER)
    used(Want(lidocaine(), Decimal(2)), at=SOONER)
    voided(logged(put(lidocaine(), "4")).procedure, Procedure.Supplies.RETURNED)
    assert said_of(lidocaine()) == (
        "Mara Ortiz voided the procedure of 10:15, Trigger point, 1 or 2:"
        " 4 mL of Lidocaine 1% 20 mL, lot A1, put back into the open vial. Reason: Logged twice"
    )


def test_a_voided_procedure_seals_the_vial_that_it_opened() -> None:
    received(lidocaine(), 20, at=SOONER)
    voided(logged(put(lidocaine(), "4")).procedure, Procedure.Supplies.RETURNED)
    assert ": 4 mL of Lidocaine 1% 20 mL, lot A1, put back and a vial sealed again." in said_of(
        lidocaine()
    )


def test_a_voided_single_dose_goes_back_whole() -> None:
    received(kenalog(), 3, at=SOONER)
    voided(logged(put(kenalog(), "0.5")).procedure, Procedure.Supplies.RETURNED)
    assert ": 1 vial of Kenalog-40 1 mL, lot A1, put back." in said_of(kenalog())


def test_supplies_that_were_gone_are_counted_as_wasted() -> None:
    received(needle(), 5, at=SOONER)
    voided(logged(put(needle(), "2")).procedure, Procedure.Supplies.WASTED)
    assert ": 2 × Needle 25G 1½ in, lot A1, counted as wasted." in said_of(needle())


def test_a_voided_procedure_of_many_supplies_counts_them() -> None:
    received(needle(), 5, at=SOONER)
    received(kenalog(), 5, at=SOONER)
    voided(logged(put(needle(), "2"), put(kenalog(), "1")).procedure, Procedure.Supplies.RETURNED)
    assert ": 2 supplies put back. Reason: Logged twice" in said_by_mara()


def test_a_voided_procedure_without_supplies_puts_nothing_back() -> None:
    voided(logged().procedure, Procedure.Supplies.RETURNED)
    assert ": there was nothing to put back. Reason: Logged twice" in said_by_mara()


def test_what_was_voided_says_so() -> None:
    received(needle(), 5, at=SOONER)
    voided(logged(put(needle(), "2")).procedure, Procedure.Supplies.RETURNED)
    undone = [row.undone for row in History(history.of_item(needle()))]
    assert "voided by Mara Ortiz, 10:15" in undone


def test_an_amended_procedure_is_told_as_one_that_was_logged_again() -> None:
    received(needle(), 9, at=SOONER - timedelta(hours=1))
    first = logged(put(needle(), "5"), at=SOONER).procedure
    amend(first, wanted(put(needle(), "2")), by=mara(), reason="Two, not five", now=NOW)
    again, amended, wrong = History(history.of_item(needle()))[0:3]
    assert again.sentence == (
        "Mara Ortiz used 2 × Needle 25G 1½ in, lot A1, for Carpal tunnel in Room 1,"
        " amending the one of 09:15"
    )
    assert amended.sentence == (
        "Mara Ortiz amended the procedure of 09:15, Trigger point, 1 or 2:"
        " 5 × Needle 25G 1½ in, lot A1, put back. Reason: Two, not five"
    )
    assert wrong.undone == "amended by Mara Ortiz, 10:15"


# Hold, recall, release


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Lot.Status.QUARANTINED, "put lot A1 of Lidocaine 1% 20 mL in quarantine: Wet carton"),
        (Lot.Status.RECALLED, "recalled lot A1 of Lidocaine 1% 20 mL: Wet carton"),
        (Lot.Status.AVAILABLE, "released lot A1 of Lidocaine 1% 20 mL: Wet carton"),
    ],
)
def test_a_lots_status_is_part_of_its_history(status: Lot.Status, said: str) -> None:
    lot = received(lidocaine(), 40).lot
    set_status(lot, status, "Wet carton", NOW)
    rows = History(history.of_lot(lot))[:]
    assert f"Dana Lindqvist {said}" in [row.sentence for row in rows]


def test_a_lot_that_a_recall_was_waiting_for_is_not_said_to_be_recalled_by_who_received_it() -> (
    None
):
    ledger.hold_arrivals(
        [lidocaine()], ["A1"], by=dana(), status=Lot.Status.RECALLED, reason="Notice", now=SOONER
    )
    take_in(ReceiptLine(lidocaine(), Decimal(20), "A1", date(2027, 12, 31)))
    said = [row.sentence for row in History(history.of_person(mara()))]
    assert (
        "Mara Ortiz received lot A1 of Lidocaine 1% 20 mL, which was recalled on arrival: Notice"
        in said
    )


def test_a_vial_is_told_of_its_lots_status_since_it_was_opened() -> None:
    shelf = received(lidocaine(), 40, at=SOONER)
    set_status(shelf.lot, Lot.Status.AVAILABLE, "Too early", SOONER)
    used(Want(lidocaine(), Decimal(4)))
    set_status(shelf.lot, Lot.Status.RECALLED, "Notice", NOW + timedelta(hours=1))
    said = " ".join(row.sentence for row in History(history.of_holding(opened_vial(lidocaine()))))
    assert ("Too early" in said, "Notice" in said) == (False, True)
