"""Net use and waste, read from the ledger's entries."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.catalog.models import Item
from inventory.purchasing import usage
from inventory.purchasing.usage import Usage, daily_usage_by_item, usage_by_item, usage_of_last
from inventory.stock import ledger
from inventory.stock.models import Entry, Holding, Movement
from inventory.stock.requests import StockLine, Want, WasteReason
from tests.clinic import dana, mara
from tests.purchasing.shop import TODAY, ago, kenalog, needle, receive, storeroom, use

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    usage._remembered.cache_clear()
    yield
    usage._remembered.cache_clear()


def used(item: Item, since: date = TODAY - timedelta(days=89), until: date = TODAY) -> Decimal:
    return usage_by_item(since, until).get(item.pk, Usage()).used


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

    assert usage_by_item(ago(10).date(), TODAY) == {}


def test_a_voided_use_is_no_use() -> None:
    item = needle()
    receive(item, 100)
    movement = use(item, 3, days_ago=2)
    ledger.reverse(movement, by=dana(), reason="Wrong patient", happened_at=ago(1), now=ago(1))

    assert used(item) == 0


def test_what_is_left_of_a_single_dose_vial_is_waste() -> None:
    item = kenalog()
    receive(item, 10)
    use(item, "0.5")

    assert usage_by_item(ago(30).date(), TODAY) == {item.pk: Usage(Decimal("0.5"), Decimal("0.5"))}


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

    assert usage_by_item(ago(30).date(), TODAY, room) == {item.pk: Usage(Decimal(2), Decimal(0))}


def test_an_item_first_used_before_the_window_is_spread_over_all_of_it() -> None:
    item = needle()
    receive(item, 500, days_ago=200)
    use(item, 5, days_ago=150)
    use(item, 180, days_ago=5)

    assert daily_usage_by_item([item], TODAY) == {item.pk: 2}


# Days


def at(clock: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(clock))


@pytest.mark.parametrize(
    ("clock", "counted"),
    [
        ("2026-11-19T23:59:59", False),
        ("2026-11-20T00:00:00", True),
        ("2026-11-21T23:59:59", True),
        ("2026-11-22T00:00:00", False),
    ],
)
def test_a_day_goes_from_midnight_to_midnight_in_the_clinic(clock: str, counted: bool) -> None:
    item = needle()
    receive(item, 100)
    ledger.use(
        by=mara(),
        location=storeroom(),
        wants=[Want(item, Decimal(4))],
        happened_at=at(clock),
        now=at(clock),
    )

    assert used(item, date(2026, 11, 20), date(2026, 11, 21)) == (4 if counted else 0)


def test_the_last_thirty_days_end_with_today() -> None:
    item = needle()
    receive(item, 100)
    use(item, 1, days_ago=30)
    use(item, 2, days_ago=29)
    use(item, 4, days_ago=0)

    assert usage_of_last(30, TODAY)[item.pk].used == 6


# What is remembered


def test_one_query_reads_the_usage_of_all_items() -> None:
    for number in range(5):
        item = needle(f"needle-{number}")
        receive(item, 100)
        use(item, 3)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        usage_of_last(90, TODAY)

    assert len(queries) == 1


def test_nothing_is_remembered_of_a_transaction_that_may_be_rolled_back() -> None:
    item = needle()
    receive(item, 100)
    use(item, 3)
    usage_of_last(90, TODAY)

    assert usage._remembered.cache_info().currsize == 0


@pytest.mark.django_db(transaction=True)
def test_the_sums_are_remembered_until_the_ledger_grows() -> None:
    item = needle()
    receive(item, 100)
    use(item, 3)
    usage_of_last(90, TODAY)
    usage_of_last(90, TODAY)
    before = usage._remembered.cache_info()
    use(item, 4)

    assert (before.hits, before.misses) == (1, 1)
    assert usage_of_last(90, TODAY)[item.pk].used == 7


@pytest.mark.django_db(transaction=True)
def test_a_movement_that_appears_below_the_newest_is_not_overlooked() -> None:
    """PostgreSQL hands out ids before it commits: the slower transaction has the lower one."""
    item = needle()
    receive(item, 100)
    newest = use(item, 3)
    Movement.objects.create(
        pk=newest.pk + 2, kind="count", by=mara(), happened_at=ago(0), recorded_at=ago(0)
    )
    usage_of_last(90, TODAY)
    late = Movement.objects.create(
        pk=newest.pk + 1, kind="use", by=mara(), happened_at=ago(1), recorded_at=ago(1)
    )
    Entry.objects.create(
        movement=late,
        holding=Holding.objects.get(),
        location=storeroom(),
        item=item,
        kind=Entry.Kind.USE,
        quantity=-5,
        happened_at=ago(1),
    )

    assert usage_of_last(90, TODAY)[item.pk].used == 8
