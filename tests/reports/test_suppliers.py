"""What was ordered from suppliers, what they delivered, and what became of their prices."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.catalog.models import Item, Supplier
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import record
from inventory.purchasing.orders.words import Confirmed
from inventory.reports.suppliers import DUE, SPEND
from inventory.stock import ledger
from inventory.stock.models import Movement
from inventory.stock.requests import ReceiptLine
from tests.clinic import NOW, TODAY, dana, gauze, kenalog, lidocaine, needle, place, priya
from tests.purchasing.orders import desk
from tests.purchasing.shop import northgate
from tests.reports.story import ask

DAY = timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def delivered(
    lot: str,
    *wanted: tuple[Item, str, str | None],
    days_ago: int,
    supplier: Supplier | None = None,
) -> Movement:
    """Take a delivery in: an item, how much of it, and what one unit cost."""
    at = NOW - timedelta(days=days_ago)
    expires = TODAY + timedelta(days=300)
    lines = [
        ReceiptLine(item, Decimal(quantity), lot, expires, cost and Decimal(cost))  # type: ignore[arg-type]
        for item, quantity, cost in wanted
    ]
    return ledger.receive(
        by=dana(),
        location=place(),
        lines=lines,
        supplier=supplier or northgate(),
        happened_at=at,
        now=at,
    ).movement


def test_what_came_without_an_order_is_counted_and_what_was_reversed_is_not() -> None:
    delivered("A", (kenalog(), "10", "12"), (needle(), "100", "0.11"), days_ago=30)
    slip = delivered("B", (kenalog(), "10", "99"), days_ago=5)
    ledger.reverse(slip, by=dana(), reason="Twice", happened_at=NOW, now=NOW)
    answer = ask("suppliers")
    (row,) = answer.rows

    assert (row.name, row.deliveries, row.without_order) == ("Northgate Medical Supply", 1, 1)
    assert (row.value, row.performance.orders) == (Decimal(131), 0)
    assert answer.picture is SPEND


def test_an_item_is_told_by_its_first_and_last_price() -> None:
    delivered("A", (kenalog(), "10", "12"), days_ago=30)
    delivered("B", (kenalog(), "10", None), days_ago=20)
    delivered("C", (kenalog(), "10", "13.50"), days_ago=10)
    answer = ask("suppliers", "price")
    (row,) = answer.rows

    assert (row.quantity, row.value) == (Decimal(30), Decimal(255))
    assert (row.prices.first, row.prices.last, row.prices.change) == (
        Decimal(12),
        Decimal("13.5"),
        Decimal("12.5"),
    )
    assert "1 lot has no price and counts as nothing." in answer.notes


def test_an_order_is_told_by_what_came_of_it_and_when() -> None:
    """300 needles at $0.11, promised in 3 days: 200 come on the fourth, dearer; 50 more do not."""
    order = desk.sent(3, at=NOW - 10 * DAY)
    desk.came(order, 200, unit_price="0.121", days=-6)
    desk.came(order, 50, days=-5)
    desk.undo_last()
    answer = ask("suppliers")
    (row,) = answer.rows
    found = row.performance

    assert (found.orders, found.in_part, found.promised_days, found.real_days) == (1, 1, 3, 4)
    assert (found.on_time, found.filled, found.price_change) == (0, Decimal("66.7"), 10)
    assert (row.deliveries, row.without_order, row.value) == (1, 0, Decimal("24.20"))
    assert answer.picture is DUE


def test_the_day_that_was_confirmed_is_the_one_that_counts() -> None:
    order = desk.sent(3, at=NOW - 10 * DAY)
    desk.came(order, 300, days=-6)
    late = ask("suppliers").rows[0].performance.on_time
    order.lines.update(confirmed_on=TODAY - 6 * DAY)

    assert (late, ask("suppliers").rows[0].performance.on_time) == (0, 100)


def test_an_order_that_was_sent_before_is_not_told_and_what_came_of_it_is() -> None:
    desk.came(desk.sent(3, at=NOW - 30 * DAY), 300, days=-6)
    (row,) = ask("suppliers", since=TODAY - 10 * DAY).rows

    assert (row.performance.orders, row.deliveries, row.without_order) == (0, 1, 0)


@pytest.mark.parametrize("by", ["supplier", "orders", "item", "price"])
def test_it_is_as_many_queries_however_much_was_ordered(by: str) -> None:
    counted = []
    for item in (needle(), gauze(), lidocaine()):
        order = desk.sent(2, desk.offer(item), at=NOW - 5 * DAY)
        desk.came(order, 200, item, days=-2)
        delivered("A", (item, "20", "1"), days_ago=1, supplier=northgate(item.sku, item.name))
        with CaptureQueriesContext(connection) as queries:
            ask("suppliers", by)
        counted.append(len(queries))

    assert counted == [counted[0]] * 3
    assert counted[0] <= 6


def test_what_was_needed_by_a_day_is_due_on_it_though_another_line_was_confirmed() -> None:
    order = desk.approved(1, desk.offer(needle()), desk.offer(gauze()))
    PurchaseOrder.objects.filter(pk=order.pk).update(needed_by=TODAY - 5 * DAY)
    sent_at = NOW - 10 * DAY
    order = record.mark_sent(order, seen=order.version, by=priya(), now=sent_at)
    said = {1: Confirmed(on=TODAY - DAY)}
    record.confirm(order, said, seen=order.version, by=priya(), now=sent_at)
    desk.came(order, 100, gauze(), days=-6)

    assert {row.name: row.late for row in ask("suppliers", "item").rows}[gauze().name] == 0


def test_an_order_that_is_closed_short_before_its_day_was_not_late() -> None:
    day = NOW - 20 * DAY
    order = desk.sent(1, desk.offer(lead_time_days=14), at=day)
    record.close_short(order, reason="Twice", seen=order.version, by=dana(), now=day)
    answer = ask("suppliers")
    (row,) = answer.rows

    assert (row.performance.closed, row.due, row.performance.on_time) == (1, 0, None)
    assert any("closed short before its day was over" in note for note in answer.notes)


def test_a_day_that_was_confirmed_for_one_line_is_not_that_of_another() -> None:
    order = desk.sent(1, desk.offer(needle()), desk.offer(gauze()), at=NOW - 10 * DAY)
    said = {1: Confirmed(on=TODAY - DAY)}
    record.confirm(order, said, seen=order.version, by=priya(), now=NOW - 9 * DAY)
    for item in (needle(), gauze()):
        desk.came(order, 100, item, days=-4)

    assert {row.name: row.late for row in ask("suppliers", "item").rows} == {
        needle().name: 0,
        gauze().name: 1,
    }


def test_what_came_of_an_order_cost_what_was_paid_though_its_lot_cost_something_else() -> None:
    order = desk.sent(3)
    desk.came(order, 100, unit_price="0.11", days=-1)
    desk.came(order, 200, unit_price="0.15")
    (row,) = ask("suppliers", "price").rows

    assert row.value == Decimal("41.00")
    assert (row.prices.first, row.prices.last) == (Decimal("0.11"), Decimal("0.15"))
