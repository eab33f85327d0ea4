"""Net use and waste, read from the ledger's entries."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.catalog.models import Item
from inventory.purchasing import usage_book
from inventory.purchasing.usage import NO_RECENT_USE, Usage, read_recent_use
from inventory.purchasing.usage_book import daily_usage_by_item, known_by_item
from inventory.stock import ledger
from inventory.stock.models import Entry, Holding, Movement
from inventory.stock.requests import StockLine, Want, WasteReason
from tests.clinic import dana, mara
from tests.purchasing.shop import TODAY, ago, kenalog, needle, receive, storeroom, use

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    usage_book.forget()
    yield
    usage_book.forget()


def quarter(item: Item, *places: int) -> Usage:
    return read_recent_use(TODAY, places).get(item.pk, NO_RECENT_USE).quarter


def used(item: Item) -> Decimal:
    return quarter(item).used


# What counts


def test_it_adds_up_what_was_used() -> None:
    item = needle()
    receive(item, 100)
    use(item, 3, days_ago=20)
    use(item, 2, days_ago=1)

    assert used(item) == 5


def test_receiving_and_opening_and_moving_is_no_use() -> None:
    item = needle()
    receive(item, 100, days_ago=5)
    ledger.transfer(
        by=mara(),
        source=storeroom(),
        destination=storeroom("room-1", "Room 1"),
        lines=[StockLine(item, Decimal(40))],
        happened_at=ago(4),
        now=ago(4),
    )

    assert read_recent_use(TODAY) == {}


def test_a_voided_use_is_no_use() -> None:
    item = needle()
    receive(item, 100)
    movement = use(item, 3, days_ago=2)
    ledger.reverse(movement, by=dana(), reason="Wrong patient", happened_at=ago(1), now=ago(1))

    assert used(item) == 0


def voided(movement: Movement, days_ago: int) -> None:
    when = ago(days_ago)
    ledger.reverse(movement, by=dana(), reason="A slip", happened_at=when, now=when)


def used_daily(item: Item) -> None:
    """Use one each day for twenty weeks."""
    receive(item, 10_000, days_ago=150)
    for days in range(1, 141):
        use(item, 1, days_ago=days)


def test_a_slip_that_is_voided_in_a_later_week_was_no_use_in_either() -> None:
    with_slip, without = needle(), needle("needle-27g")
    used_daily(with_slip)
    used_daily(without)
    voided(use(with_slip, 500, days_ago=30), days_ago=20)

    known = known_by_item([with_slip, without], TODAY)

    assert known[with_slip.pk].demand == known[without.pk].demand
    assert known[with_slip.pk].recent == known[without.pk].recent


def test_what_is_logged_again_a_week_later_counts_as_it_was_logged_again() -> None:
    with_slip, without = needle(), needle("needle-27g")
    used_daily(with_slip)
    used_daily(without)
    voided(use(with_slip, 100, days_ago=30), days_ago=20)
    use(with_slip, 10, days_ago=30)
    use(without, 10, days_ago=30)

    known = known_by_item([with_slip, without], TODAY)

    assert known[with_slip.pk].demand == known[without.pk].demand
    assert max(known[with_slip.pk].demand.weeks) == 17


@pytest.mark.parametrize("noticed", [80, 360])
def test_a_slip_that_was_voided_lately_but_is_long_ago_takes_nothing_off(noticed: int) -> None:
    item = needle()
    receive(item, 10_000, days_ago=600)
    voided(use(item, 500, days_ago=noticed + 14), days_ago=noticed)
    use(item, 7, days_ago=10)

    (known,) = known_by_item([item], TODAY).values()

    assert known.recent.quarter.used == 7
    assert known.recent.weekdays[ago(10).weekday()] == 7
    assert known.demand.used == 7
    assert (known.demand.uses, known.demand.used_squared) == (1, 49)


def test_a_slip_that_was_voided_was_not_the_first_use() -> None:
    with_slip, without = needle(), needle("needle-27g")
    for item in (with_slip, without):
        receive(item, 1000)
        use(item, 40, days_ago=9)
    voided(use(with_slip, 5, days_ago=80), days_ago=79)

    daily = daily_usage_by_item([with_slip, without], TODAY)

    assert daily[with_slip.pk] == daily[without.pk] == Decimal(40) / 30


def test_a_slip_voided_in_another_room_is_taken_off_that_room_alone() -> None:
    item, room = needle(), storeroom("room-1", "Room 1")
    receive(item, 100)
    receive(item, 100, location=room)
    use(item, 2)
    voided(use(item, 40, days_ago=30, location=room), days_ago=20)

    assert quarter(item, storeroom().pk).used == 2
    assert known_by_item([item], TODAY, (room.pk,))[item.pk].demand.used == 0


def test_what_is_left_of_a_single_dose_vial_is_waste() -> None:
    item = kenalog()
    receive(item, 10)
    use(item, "0.5")

    assert quarter(item) == Usage(Decimal("0.5"), Decimal("0.5"))


def test_what_was_discarded_of_a_single_dose_vial_has_to_be_replaced_too() -> None:
    item = kenalog()
    receive(item, 10)
    use(item, "0.5", days_ago=10)

    assert daily_usage_by_item([item], TODAY) == {item.pk: Decimal(1) / 30}


def test_what_broke_says_nothing_of_the_need() -> None:
    item = needle()
    lot = receive(item, 100)
    use(item, 3, days_ago=10)
    ledger.waste(
        by=mara(),
        location=storeroom(),
        lines=[StockLine(item, Decimal(60), lot=lot)],
        reason=WasteReason.BROKEN,
        happened_at=ago(2),
        now=ago(2),
    )

    assert daily_usage_by_item([item], TODAY) == {item.pk: Decimal("0.1")}


def test_use_somewhere_else_is_left_out_when_a_place_is_named() -> None:
    item, room = needle(), storeroom("room-1", "Room 1")
    receive(item, 100)
    receive(item, 100, location=room)
    use(item, 3)
    use(item, 2, location=room)

    assert quarter(item, room.pk) == Usage(Decimal(2), Decimal(0))


def test_an_item_first_used_before_the_window_is_spread_over_all_of_it() -> None:
    item = needle()
    receive(item, 500, days_ago=200)
    use(item, 5, days_ago=150)
    use(item, 180, days_ago=5)

    assert daily_usage_by_item([item], TODAY) == {item.pk: 2}


# Days


def at(clock: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(clock))


def use_at(clock: str) -> Item:
    item = needle()
    receive(item, 100)
    ledger.use(
        by=mara(),
        location=storeroom(),
        wants=[Want(item, Decimal(4))],
        happened_at=at(clock),
        now=at("2026-11-22T23:59:59"),
    )
    return item


@pytest.mark.parametrize(
    ("clock", "in_month", "in_quarter"),
    [
        ("2026-08-24T23:59:59", False, False),
        ("2026-08-25T00:00:00", False, True),
        ("2026-10-23T23:59:59", False, True),
        ("2026-10-24T00:00:00", True, True),
        ("2026-11-22T23:59:59", True, True),
    ],
)
def test_a_day_goes_from_midnight_to_midnight_in_the_clinic(
    clock: str, in_month: bool, in_quarter: bool
) -> None:
    item = use_at(clock)

    recent = read_recent_use(TODAY).get(item.pk, NO_RECENT_USE)

    assert (recent.month.used, recent.quarter.used) == (4 * in_month, 4 * in_quarter)


@pytest.mark.parametrize(
    ("clock", "weekday"),
    [
        ("2026-11-16T00:00:00", 0),
        ("2026-11-18T23:59:59", 2),
        ("2026-11-22T12:00:00", 6),
        # The day on which clocks are put back has an hour more, which is still Sunday's.
        ("2026-11-01T23:59:59", 6),
        ("2026-11-02T00:00:00", 0),
        ("2026-09-30T12:00:00", 2),
    ],
)
def test_use_is_told_apart_by_the_day_of_the_week(clock: str, weekday: int) -> None:
    item = use_at(clock)

    weekdays = known_by_item([item], TODAY)[item.pk].recent.weekdays

    assert [day for day, amount in enumerate(weekdays) if amount] == [weekday]


# What is remembered


def many() -> list[Item]:
    """More items than are read by themselves; the first of them is in stock."""
    items = [needle(f"needle-{number}") for number in range(usage_book.FEW_ITEMS + 1)]
    receive(items[0], 100)
    return items


def known_use(items: list[Item]) -> Decimal:
    return known_by_item(items, TODAY)[items[0].pk].recent.quarter.used


def test_three_queries_read_the_usage_of_all_items() -> None:
    for item in many()[1:6]:
        receive(item, 100)
        use(item, 3)

    with CaptureQueriesContext(connection) as queries:
        read_recent_use(TODAY)

    assert len(queries) == 3


def test_nothing_is_remembered_of_a_transaction_that_may_be_rolled_back() -> None:
    items = many()
    use(items[0], 3)
    known_use(items)

    assert not usage_book._pages


@pytest.mark.django_db(transaction=True)
def test_only_what_moved_is_read_again() -> None:
    items = many()
    use(items[0], 3)
    known_use(items)
    (before,) = usage_book._pages.values()
    with CaptureQueriesContext(connection) as queries:
        known_use(items)
    use(items[0], 4)
    after = known_use(items)
    (page,) = usage_book._pages.values()

    assert (len(queries), after) == (2, 7)
    assert [pk for pk, known in page.known.items() if known is not before.known[pk]] == [
        (items[0].pk, False)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_movement_that_appears_below_the_newest_is_not_overlooked() -> None:
    """PostgreSQL hands out ids before it commits: the slower transaction has the lower one."""
    items = many()
    newest = use(items[0], 3)
    Movement.objects.create(
        pk=newest.pk + 2, kind="count", by=mara(), happened_at=ago(0), recorded_at=ago(0)
    )
    known_use(items)
    late = Movement.objects.create(
        pk=newest.pk + 1, kind="use", by=mara(), happened_at=ago(1), recorded_at=ago(1)
    )
    Entry.objects.create(
        movement=late,
        holding=Holding.objects.get(),
        location=storeroom(),
        item=items[0],
        kind=Entry.Kind.USE,
        quantity=-5,
        happened_at=ago(1),
    )

    assert known_use(items) == 8


# Days without stock


def test_days_on_which_there_was_none_are_no_days_of_little_use() -> None:
    item = needle()
    receive(item, 10, days_ago=88)
    use(item, 10, days_ago=80)
    receive(item, 500, "B2", days_ago=50)
    use(item, 50, days_ago=10)

    known = known_by_item([item], TODAY)[item.pk]

    assert known.days_out == {TODAY - timedelta(days=days) for days in range(51, 80)}
    assert known.daily == Decimal(60) / (80 - 29)


def test_a_slip_of_millions_is_still_summed() -> None:
    item = needle()
    receive(item, 9_000_000)
    use(item, 5_000_000, days_ago=10)

    (known,) = known_by_item([item], TODAY).values()

    assert known.demand.used == 5_000_000
    assert known.demand.use_size == 5_000_000


def test_an_item_that_never_ran_out_has_no_days_without_it() -> None:
    item = needle()
    receive(item, 100, days_ago=88)
    use(item, 10, days_ago=80)

    assert known_by_item([item], TODAY)[item.pk].days_out == frozenset()


def test_a_closed_weekend_without_stock_is_no_reason_to_order_more() -> None:
    plenty, scarce = needle(), needle("needle-27g")
    receive(plenty, 10_000, days_ago=150)
    for monday in range(20 * 7 - 1, 0, -7):
        receive(scarce, 50, f"B{monday}", days_ago=monday - 1)
        for day in range(5):
            use(plenty, 10, days_ago=monday - 1 - day)
            use(scarce, 10, days_ago=monday - 1 - day)

    known = known_by_item([plenty, scarce], TODAY)

    assert known[scarce.pk].demand.weeks == known[plenty.pk].demand.weeks
    assert known[scarce.pk].daily == known[plenty.pk].daily
    assert known[scarce.pk].days_out == frozenset()
