"""Everything that the outlook of one item shows: a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from inventory.catalog.models import Item, SupplierOffer
from inventory.purchasing.orders.open import expected_arrivals
from inventory.purchasing.outlook.drawing import NARROW, WIDE, Drawing, drawing
from inventory.purchasing.outlook.projection import Projection, Stored, project
from inventory.purchasing.planning.expiry import unused_by_lot
from inventory.purchasing.reorder import ReorderRow, row_of
from inventory.purchasing.weekly_usage import ItemUse, read_weekly_use
from inventory.purchasing.weeks import monday_of, week_of
from inventory.stock.models import Holding
from inventory.stock.usable import usable_until

PAST_WEEKS = 13
LEAST_DAYS = 90
# A picture of years says nothing of weeks.
MOST_DAYS = 365
THOUSANDTHS = 3


@dataclass(frozen=True)
class LotLine:
    """One usable holding, and how much of it will expire unused, at what cost."""

    holding: Holding
    last_day: date | None
    unused: Decimal

    @property
    def cost(self) -> Decimal | None:
        cost = self.holding.lot.unit_cost
        return None if cost is None else self.unused * cost


@dataclass(frozen=True)
class Outlook:
    """What the page of one item shows."""

    row: ReorderRow
    lots: Sequence[LotLine]
    offers: Sequence[SupplierOffer]
    projection: Projection
    drawings: Sequence[tuple[str, Drawing]]
    undated: Decimal


def outlook_of(item: Item, today: date) -> Outlook:
    """Return the outlook of an item; what should be ordered today counts as ordered.

    What is on order, but nobody knows for when, is `undated`: no day is made up for it.
    """
    row = row_of(item, today)
    use = read_weekly_use(today, items=[item.pk]).get(item.pk, ItemUse())
    lots = _lots(item, row, today)
    stored = [Stored(lot.holding.quantity, lot.last_day, str(lot.holding.lot)) for lot in lots]
    expected = expected_arrivals(today).get(item.pk, ())
    arrivals = [(day, Stored(quantity, None, "on order")) for day, quantity in expected if day]
    lead_time = row.lead_time_days or 0
    if row.is_due and row.packs:
        arrives = today + timedelta(days=lead_time)
        arrivals.append((arrives, Stored(row.suggested_quantity, None, "if ordered today")))
    days = min(MOST_DAYS, max(LEAST_DAYS, 2 * lead_time))
    projection = project(stored, arrivals, row.daily_usage, row.reorder_point, today, days)
    past = _past(use, row.on_hand, today)
    pictures = [
        (name, drawing(past, projection, row.reorder_point, today, size))
        for name, size in (("wide", WIDE), ("narrow", NARROW))
    ]
    offers = item.offers.filter(is_active=True, supplier__is_active=True)
    undated = sum((quantity for day, quantity in expected if day is None), Decimal(0))
    sellers = list(offers.select_related("supplier"))
    return Outlook(row, lots, sellers, projection, pictures, undated)


def _lots(item: Item, row: ReorderRow, today: date) -> list[LotLine]:
    holdings = Holding.objects.on_hand().usable_on(today).filter(lot__item=item)
    rows = [
        (holding, usable_until(holding.lot.expires_on, holding.beyond_use_on))
        for holding in holdings.with_lot().order_by("lot__expires_on", "pk")
    ]
    perishable = [(last_day, holding.quantity) for holding, last_day in rows]
    unused = unused_by_lot(perishable, row.daily_usage, today)
    lines = [LotLine(*each, lost) for each, lost in zip(rows, unused, strict=True)]
    return sorted(lines, key=lambda line: line.last_day or date.max)


def _past(use: ItemUse, on_hand: Decimal, today: date) -> list[tuple[date, Decimal]]:
    """Return what was on hand at the ends of the weeks before this one, and is now."""
    points = [(today, on_hand)]
    balance = on_hand
    for week in range(week_of(today), week_of(today) - PAST_WEEKS, -1):
        if week in use.weeks:
            balance -= Decimal(use.weeks[week].change).scaleb(-THOUSANDTHS)
        points.append((monday_of(week) - timedelta(days=1), max(balance, Decimal(0))))
    return points[::-1]
