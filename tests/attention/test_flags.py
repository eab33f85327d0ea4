"""The flags of a clinic, read from its database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.attention.flags import (
    collapsed,
    flags_for_items,
    flags_of_item,
    open_flags,
    pressing,
    varied,
)
from inventory.attention.rules import Kind
from inventory.attention.sentences import Flag
from inventory.catalog.models import LocationLevel, Supplier, SupplierOffer
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import void
from inventory.stock import ledger
from inventory.stock.models import Lot
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    logged,
    needle,
    place,
    received,
    used,
)
from tests.purchasing.orders.desk import came, offer, sent

pytestmark = pytest.mark.django_db


def kinds(flags: list[Flag]) -> list[Kind]:
    return [flag.kind for flag in flags]


def recall(lot: Lot) -> None:
    ledger.set_lot_status(lot, by=dana(), status=Lot.Status.RECALLED, reason="Notice", now=NOW)


def test_an_empty_clinic_needs_nobody() -> None:
    assert open_flags(TODAY) == []


def test_a_full_shelf_needs_nobody() -> None:
    received(needle(reorder_point=100), 500)
    assert open_flags(TODAY) == []


def test_the_last_needle_leaves_the_clinic_out_of_needles() -> None:
    received(needle(), 1)
    used(Want(needle(), Decimal(1)))
    assert kinds(open_flags(TODAY)) == [Kind.OUT]


def test_an_item_out_of_use_is_not_missed() -> None:
    item = needle(reorder_point=100)
    item.is_active = False
    item.save()
    assert open_flags(TODAY) == []


def test_stock_of_an_item_out_of_use_expires_all_the_same() -> None:
    item = needle()
    received(item, 5, expires_on=TODAY - timedelta(days=1))
    item.is_active = False
    item.save()
    assert kinds(open_flags(TODAY)) == [Kind.EXPIRED]


def test_a_room_below_its_own_level_is_restocked_from_the_storeroom() -> None:
    received(needle(), 500, where="storeroom")
    LocationLevel.objects.create(
        item=needle(), location=place("room-1"), reorder_point=10, par_level=50
    )
    (flag,) = open_flags(TODAY)
    assert flag.detail == "None usable in Room 1, reorder point 10; 500 in Storeroom."


def test_usage_and_lead_time_say_what_runs_out_before_a_delivery() -> None:
    received(needle(), 100, at=NOW - timedelta(days=40))
    used(Want(needle(), Decimal(90)), at=NOW - timedelta(days=30))
    harbor = Supplier.objects.create(code="harbor", name="Harbor")
    SupplierOffer.objects.create(
        supplier=harbor, item=needle(), pack_quantity=100, pack_price=11, lead_time_days=14
    )
    assert kinds(open_flags(TODAY)) == [Kind.STOCKOUT_BEFORE_DELIVERY]


def test_a_supplier_who_takes_longer_than_the_offer_says_is_reckoned_with() -> None:
    three_days = offer(lead_time_days=3)
    for _ in range(3):
        came(sent(1, three_days, at=NOW - timedelta(days=60)), 100, days=-46)
    used(Want(needle(), Decimal(240)), where="storeroom", at=NOW - timedelta(days=30))

    (flag,) = open_flags(TODAY)

    assert flag.kind == Kind.STOCKOUT_BEFORE_DELIVERY
    assert "delivery takes 14 days" in flag.detail


def test_a_recalled_lot_is_flagged_in_each_place_that_holds_it() -> None:
    received(lidocaine(), 40, where="room-1")
    recall(received(lidocaine(), 40, where="storeroom").lot)
    flags = [flag for flag in open_flags(TODAY) if flag.kind == Kind.RECALLED]
    assert [str(flag.location) for flag in flags] == ["Room 1", "Storeroom"]


def test_an_opened_vial_is_flagged_after_its_beyond_use_date() -> None:
    received(lidocaine(), 40)
    used(Want(lidocaine(), Decimal(4)))
    at_28_days, after = TODAY + timedelta(days=28), TODAY + timedelta(days=29)
    assert (kinds(open_flags(at_28_days)), kinds(open_flags(after))) == ([], [Kind.BEYOND_USE])


def unusable_use() -> Procedure:
    expired = received(kenalog(), 2, expires_on=TODAY - timedelta(days=1))
    line = LineWanted(kenalog(), Decimal(1), lot=expired.lot, unusable_reason="The only one left")
    return logged(line).procedure


def test_use_of_an_expired_lot_waits_for_a_manager() -> None:
    unusable_use()
    assert Kind.UNUSABLE_USED in kinds(open_flags(TODAY))


def test_use_of_an_expired_lot_that_was_voided_needs_nobody() -> None:
    voided = unusable_use()
    supplies = Procedure.Supplies.RETURNED
    void(voided, by=dana(), reason="Wrong patient", supplies=supplies, now=NOW)
    assert Kind.UNUSABLE_USED not in kinds(open_flags(TODAY))


# Of one place


def test_a_place_hears_of_what_is_expired_there_and_not_elsewhere() -> None:
    received(needle(), 5, where="room-1", expires_on=TODAY - timedelta(days=1))
    received(needle(), 5, lot="B2", where="room-2", expires_on=TODAY - timedelta(days=1))
    flags = [flag for flag in open_flags(TODAY, place("room-1")) if flag.kind == Kind.EXPIRED]
    assert [str(flag.lot) for flag in flags] == ["A1"]


def test_a_place_hears_of_items_that_were_ever_held_there() -> None:
    received(needle(), 1, where="room-1")
    used(Want(needle(), Decimal(1)), where="room-1")
    assert kinds(open_flags(TODAY, place("room-1"))) == [Kind.OUT]


def test_a_place_does_not_hear_of_items_that_it_never_held() -> None:
    received(needle(), 1, where="room-1")
    used(Want(needle(), Decimal(1)), where="room-1")
    assert open_flags(TODAY, place("room-2")) == []


# Of some items


def test_after_a_procedure_only_what_it_used_is_told() -> None:
    received(needle(reorder_point=10), 8)
    received(gauze(reorder_point=10), 8)
    flags = flags_for_items(TODAY, [needle().pk], place("room-1"))
    assert [(flag.kind, flag.item) for flag in flags] == [(Kind.LOW, needle())]


def test_after_a_procedure_an_expiry_that_was_there_before_is_not_told() -> None:
    received(needle(), 8, expires_on=TODAY + timedelta(days=5))
    assert flags_for_items(TODAY, [needle().pk], place("room-1")) == []


def test_an_items_own_flags_leave_out_the_others() -> None:
    received(needle(), 8, expires_on=TODAY + timedelta(days=5))
    received(gauze(reorder_point=10), 8)
    assert kinds(flags_of_item(TODAY, needle())) == [Kind.EXPIRING]


# For people


def test_an_items_flags_of_too_little_are_told_as_the_most_urgent_one() -> None:
    received(needle(reorder_point=100), 50, where="storeroom")
    LocationLevel.objects.create(
        item=needle(), location=place("room-1"), reorder_point=10, par_level=50
    )
    assert (len(open_flags(TODAY)), len(collapsed(open_flags(TODAY)))) == (2, 1)


def test_somebody_in_a_room_is_told_what_she_can_bring_there_herself() -> None:
    received(needle(reorder_point=100), 50, where="storeroom")
    room = place("room-1")
    LocationLevel.objects.create(item=needle(), location=room, reorder_point=10, par_level=50)
    (flag,) = collapsed(open_flags(TODAY), room)
    assert flag.action_label == "Transfer"


def test_what_is_only_good_to_know_can_wait() -> None:
    received(needle(), 5, expires_on=TODAY + timedelta(days=80))
    assert (kinds(open_flags(TODAY)), pressing(open_flags(TODAY))) == ([Kind.EXPIRING], [])


def test_many_expired_lots_do_not_hide_a_recall() -> None:
    for number in range(5):
        received(needle(), 5, lot=f"E{number}", expires_on=TODAY - timedelta(days=9))
    recall(received(gauze(), 5).lot)
    told = kinds(varied(open_flags(TODAY)))
    assert (told.count(Kind.EXPIRED), told.count(Kind.RECALLED)) == (3, 1)


# What it costs


def queries() -> int:
    with CaptureQueriesContext(
        connection,
    ) as counted:
        open_flags(TODAY, place("room-1"))
    return len(counted)


def test_a_fuller_clinic_costs_no_more_queries() -> None:
    received(needle(reorder_point=100), 5, expires_on=TODAY + timedelta(days=5))
    used(Want(needle(), Decimal(1)))
    few = queries()
    for number in range(9):
        received(kenalog(), 3, lot=f"K{number}", expires_on=TODAY - timedelta(days=number))
        received(lidocaine(), 40, lot=f"L{number}", where=f"room-{number + 1}")
    used(Want(lidocaine(), Decimal(4)))
    assert queries() == few
