"""What the one writer does, told as the nurse sees it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.catalog.models import Item
from inventory.stock import errors, ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.requests import ReceiptLine, StockLine, Want, WasteReason
from inventory.web.words import day_words
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    opened_vial,
    place,
    received,
    used,
)

pytestmark = pytest.mark.django_db

HALF = Decimal("0.5")


def receive(*lines: ReceiptLine) -> ledger.Receipt:
    return ledger.receive(
        by=dana(), location=place(), lines=lines, happened_at=NOW, now=NOW, reference="INV-1"
    )


def waste(*lines: StockLine) -> Movement:
    return ledger.waste(
        by=mara(),
        location=place(),
        lines=lines,
        reason=WasteReason.BROKEN,
        happened_at=NOW,
        now=NOW,
    )


def transfer(*lines: StockLine, source: str = "room-1", destination: str = "room-2") -> Movement:
    return ledger.transfer(
        by=mara(),
        source=place(source),
        destination=place(destination),
        lines=lines,
        happened_at=NOW,
        now=NOW,
    )


def count(*lines: StockLine) -> ledger.Count:
    return ledger.count(
        by=mara(), location=place(), lines=lines, reason="shelf check", happened_at=NOW, now=NOW
    )


def reverse(movement: Movement, *, supplies_wasted: bool = False) -> Movement:
    return ledger.reverse(
        movement,
        by=dana(),
        reason="a slip",
        happened_at=NOW,
        now=NOW,
        supplies_wasted=supplies_wasted,
    )


@pytest.fixture(autouse=True)
def _the_ledger_holds(db: None) -> Iterator[None]:
    """Whatever a story does, at its end every holding is the sum of its entries."""
    yield
    assert check_ledger().differences == []


class TestReceiving:
    def test_a_lot_number_has_one_spelling(self) -> None:
        received(lidocaine(), 20, " ab  12 ")
        received(lidocaine(), 40, "AB 12")
        assert Holding.objects.get().quantity == 60
        assert Lot.objects.get().number == "AB 12"

    def test_a_known_lot_with_another_expiry_date_is_refused(self) -> None:
        received(lidocaine(), 20, "A1", date(2027, 1, 31))
        with pytest.raises(errors.LotExpiryDiffers, match="known to expire on Jan 31, 2027"):
            received(lidocaine(), 20, "A1", date(2027, 2, 28))

    def test_a_refused_line_leaves_nothing_of_the_others(self) -> None:
        received(lidocaine(), 20, "A1", date(2027, 1, 31))
        with pytest.raises(errors.LotExpiryDiffers):
            receive(
                ReceiptLine(needle(), Decimal(100), "N1", date(2029, 1, 1)),
                ReceiptLine(lidocaine(), Decimal(20), "A1", date(2027, 2, 28)),
            )
        assert on_hand(needle()) == 0

    @pytest.mark.parametrize("expires_on", [TODAY - timedelta(days=1), TODAY + timedelta(days=9)])
    def test_an_expired_or_short_dated_lot_is_taken_in_with_a_warning(
        self, expires_on: date
    ) -> None:
        (line,) = receive(ReceiptLine(lidocaine(), Decimal(20), "A1", expires_on)).lines
        assert day_words(expires_on) in line.warnings[0]

    def test_a_fresh_lot_comes_without_a_warning(self) -> None:
        (line,) = receive(ReceiptLine(lidocaine(), Decimal(20), "A1", date(2028, 1, 1))).lines
        assert line.warnings == ()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"quantity": Decimal(0)}, "lines.0.quantity"),
            ({"quantity": Decimal(-20)}, "lines.0.quantity"),
            ({"quantity": Decimal(30)}, "lines.0.quantity"),
            ({"lot": "  "}, "lines.0.lot"),
            ({"expires_on": None}, "lines.0.expires_on"),
            ({"unit_cost": Decimal(-1)}, "lines.0.unit_cost"),
        ],
    )
    def test_it_names_the_part_that_cannot_be_received(
        self, changes: dict[str, object], field: str
    ) -> None:
        facts = {"quantity": Decimal(20), "lot": "A1", "expires_on": date(2027, 1, 31)}
        with pytest.raises(errors.InvalidLine) as refusal:
            receive(ReceiptLine(lidocaine(), **facts | changes))  # type: ignore[arg-type]
        assert refusal.value.field == field

    def test_gauze_needs_no_lot(self) -> None:
        assert received(gauze(), 200).lot.number == ""

    def test_a_lot_keeps_the_time_of_its_first_receipt(self) -> None:
        received(lidocaine(), 20, at=NOW)
        received(lidocaine(), 20, at=NOW - timedelta(days=3))
        received(lidocaine(), 20, at=NOW + timedelta(days=3))
        assert Lot.objects.get().received_at == NOW - timedelta(days=3)


class TestUsing:
    def test_a_multi_dose_vial_is_opened_once_and_shared_by_the_next_procedure(self) -> None:
        received(lidocaine(), 40)
        first = used(Want(lidocaine(), Decimal(4)))
        second = used(Want(lidocaine(), Decimal(3)))
        assert [line.taken[0].opened for line in (*first.lines, *second.lines)] == [True, False]
        assert opened_vial(lidocaine()).quantity == 13
        assert Holding.objects.sealed().get().quantity == 20

    def test_a_single_dose_vial_leaves_whole_with_its_remainder_discarded(self) -> None:
        received(kenalog(), 5)
        (line,) = used(Want(kenalog(), HALF)).lines
        assert (line.discarded, on_hand(kenalog())) == (HALF, 4)
        assert Entry.objects.get(kind="waste").quantity == -HALF

    def test_the_beyond_use_date_is_28_days_after_opening(self) -> None:
        received(lidocaine(), 20, expires_on=date(2028, 1, 31))
        used(Want(lidocaine(), Decimal(1)), at=NOW.replace(month=3, day=15))
        assert opened_vial(lidocaine()).beyond_use_on == date(2026, 4, 12)

    def test_the_makers_date_ends_an_opened_vial_sooner(self) -> None:
        received(lidocaine(), 20, expires_on=date(2026, 2, 28))
        used(Want(lidocaine(), Decimal(1)), at=NOW.replace(month=2, day=10))
        assert opened_vial(lidocaine()).beyond_use_on == date(2026, 2, 28)

    def test_a_vial_opened_on_the_first_of_february_of_a_leap_year(self) -> None:
        received(lidocaine(), 20, expires_on=date(2029, 1, 31))
        used(Want(lidocaine(), Decimal(1)), at=NOW.replace(year=2028, month=2, day=1))
        assert opened_vial(lidocaine()).beyond_use_on == date(2028, 2, 29)

    def test_the_label_may_say_other_than_28_days(self) -> None:
        received(lidocaine(beyond_use_days=14), 20)
        used(Want(lidocaine(), Decimal(1)))
        assert opened_vial(lidocaine()).beyond_use_on == TODAY + timedelta(days=14)

    def test_the_clock_starts_on_the_clinics_day_not_on_that_of_london(self) -> None:
        received(lidocaine(), 20)
        late_evening_in_chicago = NOW.replace(day=24, hour=4)
        used(Want(lidocaine(), Decimal(1)), at=late_evening_in_chicago)
        assert opened_vial(lidocaine()).beyond_use_on == TODAY + timedelta(days=28)

    def test_all_or_nothing(self) -> None:
        received(lidocaine(), 20)
        with pytest.raises(errors.NotEnoughStock):
            used(Want(lidocaine(), Decimal(4)), Want(needle(), Decimal(1)))
        assert on_hand(lidocaine()) == 20
        assert not Movement.objects.filter(kind="use").exists()

    def test_a_shortage_says_how_much_there_is_and_where_else(self) -> None:
        received(lidocaine(), 20)
        received(lidocaine(), 60, where="storeroom")
        with pytest.raises(errors.NotEnoughStock) as refusal:
            used(Want(lidocaine(), Decimal(25)))
        (shortage,) = refusal.value.shortages
        assert (shortage.wanted, shortage.available) == (25, 20)
        assert shortage.elsewhere == ((place("storeroom"), 60),)
        assert "25 mL wanted, 20 mL here; 60 mL in Storeroom." in str(refusal.value)

    def test_stock_that_must_not_be_used_is_not_offered_elsewhere(self) -> None:
        received(lidocaine(), 60, "OLD", date(2026, 11, 1), where="storeroom")
        with pytest.raises(errors.NotEnoughStock) as refusal:
            used(Want(lidocaine(), Decimal(25)))
        assert refusal.value.shortages[0].elsewhere == ()

    def test_an_expired_lot_is_never_taken(self) -> None:
        received(lidocaine(), 20, "OLD", TODAY - timedelta(days=1))
        with pytest.raises(errors.NotEnoughStock):
            used(Want(lidocaine(), Decimal(1)))

    def test_the_expiry_day_itself_is_still_usable(self) -> None:
        received(lidocaine(), 20, "LAST", TODAY)
        assert used(Want(lidocaine(), Decimal(1))).lines[0].taken[0].holding.lot.number == "LAST"

    def test_a_chosen_lot_that_must_not_be_used_is_refused_by_name(self) -> None:
        old = received(lidocaine(), 20, "OLD", TODAY - timedelta(days=1)).lot
        with pytest.raises(
            errors.LotNotUsable, match="lot OLD, cannot be used: expired Nov 22, 2026"
        ):
            used(Want(lidocaine(), Decimal(1), lot=old))

    def test_what_is_not_tracked_by_lot_is_refused_by_its_item_alone(self) -> None:
        lot = received(gauze(), 100, "").lot
        recall = Lot.Status.RECALLED
        ledger.set_lot_status(lot, by=dana(), status=recall, reason="Notice", now=NOW)
        with pytest.raises(errors.LotNotUsable, match=r"^Gauze 2 × 2 in cannot be used"):
            used(Want(gauze(), Decimal(1), lot=lot))

    def test_with_a_reason_the_record_tells_the_truth(self) -> None:
        old = received(lidocaine(), 20, "OLD", TODAY - timedelta(days=1)).lot
        use = used(Want(lidocaine(), Decimal(1), lot=old, unusable_reason="noticed too late"))
        assert use.lines[0].unusable_lot == old

    def test_a_reason_for_a_good_lot_flags_nobody(self) -> None:
        good = received(lidocaine(), 20).lot
        use = used(Want(lidocaine(), Decimal(1), lot=good, unusable_reason="never mind"))
        assert use.lines[0].unusable_lot is None

    def test_a_vial_past_its_beyond_use_date_is_left_alone(self) -> None:
        received(lidocaine(), 40)
        used(Want(lidocaine(), Decimal(1)), at=NOW - timedelta(days=40))
        (line,) = used(Want(lidocaine(), Decimal(1))).lines
        assert line.taken[0].opened

    def test_a_vial_in_another_room_is_refused_by_name(self) -> None:
        elsewhere = received(lidocaine(), 20, where="room-2")
        with pytest.raises(errors.HoldingElsewhere, match="is in Room 2, not in Room 1"):
            used(Want(lidocaine(), Decimal(1), holding=elsewhere))

    def test_a_recalled_lot_is_never_taken(self) -> None:
        lot = received(lidocaine(), 20).lot
        ledger.set_lot_status(lot, by=dana(), status=Lot.Status.RECALLED, reason="FDA", now=NOW)
        with pytest.raises(errors.NotEnoughStock):
            used(Want(lidocaine(), Decimal(1)))

    def test_half_a_needle_is_refused(self) -> None:
        received(needle(), 100)
        with pytest.raises(errors.InvalidLine, match="counted in whole pieces"):
            used(Want(needle(), HALF))

    def test_a_procedure_may_take_nothing(self) -> None:
        assert used().movement.entries.count() == 0


class TestWasting:
    def test_a_broken_vial_leaves_the_shelf(self) -> None:
        lot = received(lidocaine(), 40).lot
        waste(StockLine(lidocaine(), Decimal(20), lot=lot))
        assert on_hand(lidocaine()) == 20

    def test_what_is_left_in_an_opened_vial_can_be_discarded_in_part(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        waste(StockLine(lidocaine(), HALF, holding=opened_vial(lidocaine())))
        assert opened_vial(lidocaine()).quantity == Decimal("15.5")

    def test_half_a_sealed_vial_is_refused(self) -> None:
        lot = received(lidocaine(), 40).lot
        with pytest.raises(errors.InvalidLine, match="whole containers of 20 mL"):
            waste(StockLine(lidocaine(), Decimal(10), lot=lot))

    def test_more_than_there_is_is_refused_though_the_lines_come_one_by_one(self) -> None:
        lot = received(lidocaine(), 40).lot
        line = StockLine(lidocaine(), Decimal(40), lot=lot)
        with pytest.raises(errors.NotEnoughStock, match="40 mL wanted, 0 mL here"):
            waste(line, line)

    def test_expired_stock_can_be_wasted(self) -> None:
        lot = received(lidocaine(), 20, expires_on=date(2020, 1, 1)).lot
        waste(StockLine(lidocaine(), Decimal(20), lot=lot))
        assert on_hand(lidocaine()) == 0


class TestMoving:
    def test_without_a_lot_the_sooner_expiry_is_moved(self) -> None:
        received(lidocaine(), 20, "LATE", date(2028, 1, 31))
        received(lidocaine(), 20, "SOON", date(2026, 12, 31))
        transfer(StockLine(lidocaine(), Decimal(20)))
        moved = Holding.objects.on_hand().get(location=place("room-2"))
        assert moved.lot.number == "SOON"

    def test_an_opened_vial_moves_as_itself_and_keeps_its_number(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        vial = opened_vial(lidocaine())
        transfer(StockLine(lidocaine(), holding=vial))
        moved = opened_vial(lidocaine())
        assert (moved.pk, moved.location, moved.quantity) == (vial.pk, place("room-2"), 16)

    def test_part_of_an_opened_vial_cannot_move(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        with pytest.raises(errors.InvalidLine, match="all that is left in it"):
            transfer(StockLine(lidocaine(), Decimal(1), holding=opened_vial(lidocaine())))

    def test_a_quarantined_lot_can_be_moved_when_it_is_named(self) -> None:
        lot = received(lidocaine(), 20).lot
        ledger.set_lot_status(lot, by=dana(), status=Lot.Status.QUARANTINED, reason="?", now=NOW)
        with pytest.raises(errors.NotEnoughStock):
            transfer(StockLine(lidocaine(), Decimal(20)))
        transfer(StockLine(lidocaine(), Decimal(20), lot=lot))
        assert Holding.objects.on_hand().get().location == place("room-2")

    def test_the_first_receipt_decides_ties_wherever_the_lot_went(self) -> None:
        received(lidocaine(), 40, "FIRST", at=NOW - timedelta(days=9))
        received(lidocaine(), 40, "SECOND", where="room-2", at=NOW - timedelta(days=5))
        transfer(StockLine(lidocaine(), Decimal(20)))
        use = used(Want(lidocaine(), Decimal(1)), where="room-2")
        assert use.lines[0].taken[0].holding.lot.number == "FIRST"

    def test_moving_to_the_same_place_is_refused(self) -> None:
        with pytest.raises(errors.InvalidLine, match="in Room 1 already"):
            transfer(destination="room-1")


class TestCounting:
    def test_the_shelf_is_right_and_the_difference_is_an_entry(self) -> None:
        lot = received(needle(), 100).lot
        (line,) = count(StockLine(needle(), Decimal(97), lot=lot)).lines
        assert (line.expected, line.counted, line.variance) == (100, 97, -3)
        assert Entry.objects.get(kind="count").quantity == -3

    def test_a_count_that_agrees_moves_nothing(self) -> None:
        lot = received(needle(), 100).lot
        counted = count(StockLine(needle(), Decimal(100), lot=lot))
        assert counted.movement.entries.count() == 0

    def test_a_lot_that_nobody_had_recorded_here_can_be_found(self) -> None:
        lot = received(needle(), 100, where="storeroom").lot
        count(StockLine(needle(), Decimal(5), lot=lot))
        assert on_hand(needle()) == 105

    def test_an_opened_vial_is_counted_by_what_is_left(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        count(StockLine(lidocaine(), Decimal("15.2"), holding=opened_vial(lidocaine())))
        assert opened_vial(lidocaine()).quantity == Decimal("15.2")

    def test_a_vial_cannot_hold_more_than_a_little_overfill(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        vial = opened_vial(lidocaine())
        count(StockLine(lidocaine(), Decimal(22), holding=vial))
        with pytest.raises(errors.InvalidLine, match="a little overfill"):
            count(StockLine(lidocaine(), Decimal("22.001"), holding=vial))

    def test_what_moved_since_it_was_counted_stays_moved(self) -> None:
        sealed = received(needle(), 100)
        used(Want(needle(), Decimal(3)))
        count(StockLine(needle(), Decimal(98), holding=sealed, expected=Decimal(100)))
        assert on_hand(needle()) == 95

    def test_a_count_that_found_less_than_has_left_since_is_refused(self) -> None:
        sealed = received(needle(), 100)
        used(Want(needle(), Decimal(3)))
        with pytest.raises(errors.MovedSinceCounted, match="2 were counted, but 3 have left since"):
            count(StockLine(needle(), Decimal(2), holding=sealed, expected=Decimal(100)))
        assert on_hand(needle()) == 97

    def test_the_same_holding_twice_in_a_count_is_refused(self) -> None:
        lot = received(needle(), 100).lot
        line = StockLine(needle(), Decimal(97), lot=lot)
        with pytest.raises(errors.InvalidLine, match="counted twice"):
            count(line, line)


class TestReversing:
    def test_everything_goes_back_where_it_came_from(self) -> None:
        received(lidocaine(), 40)
        received(kenalog(), 5)
        use = used(Want(lidocaine(), Decimal(4)), Want(kenalog(), HALF))
        reverse(use.movement)
        assert (on_hand(lidocaine()), on_hand(kenalog())) == (40, 5)
        assert not Holding.objects.opened().on_hand().exists()

    def test_a_movement_is_reversed_at_most_once(self) -> None:
        received(lidocaine(), 40)
        use = used(Want(lidocaine(), Decimal(4)))
        reverse(use.movement)
        with pytest.raises(errors.AlreadyReversed):
            reverse(use.movement)
        assert on_hand(lidocaine()) == 40

    def test_a_reversal_is_not_reversed_again(self) -> None:
        received(lidocaine(), 40)
        contrary = reverse(used(Want(lidocaine(), Decimal(4))).movement)
        with pytest.raises(errors.CannotReverse):
            reverse(contrary)

    def test_a_vial_that_another_procedure_drew_from_stays_opened(self) -> None:
        received(lidocaine(), 20)
        use = used(Want(lidocaine(), Decimal(4)))
        used(Want(lidocaine(), Decimal(3)))
        reverse(use.movement)
        assert opened_vial(lidocaine()).quantity == 17

    def test_a_vial_that_another_procedure_drew_from_stays_opened_even_if_that_was_voided(
        self,
    ) -> None:
        received(lidocaine(), 20)
        first, second = used(Want(lidocaine(), Decimal(4))), used(Want(lidocaine(), Decimal(3)))
        reverse(second.movement)
        reverse(first.movement)
        assert opened_vial(lidocaine()).quantity == 20

    def test_a_vial_that_was_counted_stays_opened_even_if_the_count_agreed(self) -> None:
        received(lidocaine(), 20)
        use = used(Want(lidocaine(), Decimal(4)))
        count(StockLine(lidocaine(), Decimal(16), holding=opened_vial(lidocaine())))
        reverse(use.movement)
        assert opened_vial(lidocaine()).quantity == 20

    def test_an_empty_vial_that_was_counted_as_empty_is_gone(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        last = used(Want(lidocaine(), Decimal(16)))
        vial = last.lines[0].taken[0].holding
        count(StockLine(lidocaine(), Decimal(0), holding=vial))
        reverse(last.movement)
        assert on_hand(lidocaine()) == 0
        assert sum(e.quantity for e in Entry.objects.filter(kind="waste")) == -16

    def test_a_vial_that_moved_takes_its_part_back_where_it_is_now(self) -> None:
        received(lidocaine(), 20)
        use = used(Want(lidocaine(), Decimal(4)))
        transfer(StockLine(lidocaine(), holding=opened_vial(lidocaine())))
        reverse(use.movement)
        vial = opened_vial(lidocaine())
        assert (vial.location, vial.quantity) == (place("room-2"), 20)

    def test_a_vial_that_is_gone_turns_it_into_waste(self) -> None:
        received(lidocaine(), 20)
        use = used(Want(lidocaine(), Decimal(4)))
        waste(StockLine(lidocaine(), Decimal(16), holding=opened_vial(lidocaine())))
        reverse(use.movement)
        assert on_hand(lidocaine()) == 0
        assert sum(e.quantity for e in Entry.objects.filter(kind="waste")) == -20
        assert sum(e.quantity for e in Entry.objects.filter(kind="use")) == 0

    def test_a_spill_before_the_use_that_emptied_a_vial_does_not_bar_it(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        waste(StockLine(lidocaine(), Decimal(6), holding=opened_vial(lidocaine())))
        last = used(Want(lidocaine(), Decimal(10)))
        reverse(last.movement)
        assert opened_vial(lidocaine()).quantity == 10

    def test_a_vial_without_room_turns_it_into_waste(self) -> None:
        received(lidocaine(), 20)
        use = used(Want(lidocaine(), Decimal(4)))
        count(StockLine(lidocaine(), Decimal(20), holding=opened_vial(lidocaine())))
        reverse(use.movement)
        assert opened_vial(lidocaine()).quantity == 20

    def test_supplies_that_were_used_up_stay_gone_as_waste(self) -> None:
        received(lidocaine(), 20)
        received(kenalog(), 5)
        use = used(Want(lidocaine(), Decimal(4)), Want(kenalog(), HALF))
        reverse(use.movement, supplies_wasted=True)
        assert (on_hand(lidocaine()), on_hand(kenalog())) == (16, 4)
        assert sum(e.quantity for e in Entry.objects.filter(kind="waste")) == -5

    def test_one_of_two_vials_stays_opened_when_only_it_was_touched(self) -> None:
        received(lidocaine(), 60)
        use = used(Want(lidocaine(), Decimal(25)))
        used(Want(lidocaine(), Decimal(1)))
        reverse(use.movement)
        assert opened_vial(lidocaine()).quantity == 19
        assert Holding.objects.sealed().get().quantity == 40

    def test_a_receipt_of_which_some_was_used_cannot_be_reversed(self) -> None:
        receipt = receive(ReceiptLine(needle(), Decimal(100), "N1", date(2029, 1, 1)))
        used(Want(needle(), Decimal(1)))
        with pytest.raises(errors.CannotReverse, match="only 99 each"):
            reverse(receipt.movement)

    def test_a_transfer_goes_back(self) -> None:
        received(needle(), 100)
        reverse(transfer(StockLine(needle(), Decimal(40))))
        assert Holding.objects.on_hand().get().location == place("room-1")

    def test_a_moved_vial_goes_back(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        reverse(transfer(StockLine(lidocaine(), holding=opened_vial(lidocaine()))))
        assert opened_vial(lidocaine()).location == place("room-1")

    def test_a_moved_vial_that_was_drawn_from_since_stays(self) -> None:
        received(lidocaine(), 20)
        used(Want(lidocaine(), Decimal(4)))
        moved = transfer(StockLine(lidocaine(), holding=opened_vial(lidocaine())))
        used(Want(lidocaine(), Decimal(1)), where="room-2")
        with pytest.raises(errors.CannotReverse):
            reverse(moved)

    def test_wasted_by_mistake_comes_back(self) -> None:
        lot = received(lidocaine(), 40).lot
        reverse(waste(StockLine(lidocaine(), Decimal(20), lot=lot)))
        assert on_hand(lidocaine()) == 40

    def test_a_count_is_taken_back(self) -> None:
        lot = received(needle(), 100).lot
        reverse(count(StockLine(needle(), Decimal(97), lot=lot)).movement)
        assert on_hand(needle()) == 100


# What a lot cost


def at_cost(item: Item, cost: str | None, lot: str = "K1") -> ReceiptLine:
    unit_cost = None if cost is None else Decimal(cost)
    return ReceiptLine(item, Decimal(2), lot, date(2027, 12, 31) if lot else None, unit_cost)


def undo(receipt: ledger.Receipt) -> None:
    ledger.reverse(receipt.movement, by=dana(), reason="A slip", happened_at=NOW, now=NOW)


@pytest.mark.parametrize("cost", ["11", None])
def test_a_lot_costs_what_it_came_at_first(cost: str | None) -> None:
    receive(at_cost(kenalog(), "14"))
    receive(at_cost(kenalog(), cost))

    assert Lot.objects.get().unit_cost == 14


def test_a_lot_whose_receipt_was_undone_costs_what_the_next_says() -> None:
    undo(receive(at_cost(kenalog(), "140")))
    receive(at_cost(kenalog(), "14"), at_cost(kenalog(), "15"))

    assert Lot.objects.get().unit_cost == 14


def test_a_lot_of_which_one_receipt_was_undone_keeps_what_the_other_said() -> None:
    receive(at_cost(kenalog(), "14"))
    undo(receive(at_cost(kenalog(), "140")))
    receive(at_cost(kenalog(), "15"))

    assert Lot.objects.get().unit_cost == 14


def test_what_is_not_kept_by_lot_costs_what_it_came_at_last() -> None:
    receive(at_cost(gauze(), "0.11", lot=""))
    receive(at_cost(gauze(), "0.22", lot=""))
    receive(at_cost(gauze(), None, lot=""))

    assert Lot.objects.get().unit_cost == Decimal("0.22")
