"""What suppliers delivered, and what became of their prices."""

from datetime import timedelta
from decimal import Decimal

import pytest

from inventory.catalog.models import Item, Supplier
from inventory.stock import ledger
from inventory.stock.models import Movement
from inventory.stock.requests import ReceiptLine
from tests.clinic import NOW, TODAY, dana, kenalog, needle, place
from tests.purchasing.shop import northgate
from tests.reports.story import ask

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


def test_a_supplier_is_told_by_what_came_and_whose_prices_rose() -> None:
    delivered("A", (kenalog(), "10", "12"), (needle(), "100", "0.11"), days_ago=30)
    delivered("B", (kenalog(), "10", "13.50"), (needle(), "100", "0.10"), days_ago=10)
    slip = delivered("C", (kenalog(), "10", "99"), days_ago=5)
    ledger.reverse(slip, by=dana(), reason="Twice", happened_at=NOW, now=NOW)
    (row,) = ask("deliveries").rows

    assert (row.name, row.deliveries, row.lines, row.items) == ("Northgate Medical Supply", 2, 4, 2)
    assert (row.value, row.dearer, row.cheaper) == (Decimal(276), 1, 1)


def test_an_item_is_told_by_its_first_and_last_price() -> None:
    delivered("A", (kenalog(), "10", "12"), days_ago=30)
    delivered("B", (kenalog(), "10", None), days_ago=20)
    delivered("C", (kenalog(), "10", "13.50"), days_ago=10)
    answer = ask("deliveries", "item")
    (row,) = answer.rows

    assert (row.quantity, row.value) == (Decimal(30), Decimal(255))
    assert (row.prices.first, row.prices.last, row.prices.change) == (
        Decimal(12),
        Decimal("13.5"),
        Decimal("12.5"),
    )
    assert "1 lot has no price and counts as nothing." in answer.notes
