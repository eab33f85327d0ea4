"""Everything that the outlook of one item shows: a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from inventory.catalog.models import Item, SupplierOffer
from inventory.purchasing.orders.open import expected_arrivals
from inventory.purchasing.outlook.drawing import Drawing, drawing
from inventory.purchasing.outlook.projection import Projection, Stored, project
from inventory.purchasing.planning.expiry import unused_by_lot
from inventory.purchasing.reorder import ReorderRow, row_of
from inventory.purchasing.weekly_usage import ItemUse, read_weekly_use
from inventory.purchasing.weeks import monday_of, week_of
from inventory.stock.models import Holding
from inventory.stock.usable import usable_until

PAST_WEEKS = 13
LEAST_DAYS = 90
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
    drawing: Drawing


def outlook_of(item: Item, today: date) -> Outlook:
    """Return the outlook of an item; what should be ordered today counts as ordered."""
    row = row_of(item, today)
    use = read_weekly_use(today, items=[item.pk]).get(item.pk, ItemUse())
    lots = _lots(item, row, today)
    stored = [Stored(lot.holding.quantity, lot.last_day, str(lot.holding.lot)) for lot in lots]
    arrivals = [
        (day or today, Stored(quantity, None, "on order"))
        for day, quantity in expected_arrivals(today).get(item.pk, ())
    ]
    lead_time = row.lead_time_days or 0
    if row.is_due and row.packs:
        arrives = today + timedelta(days=lead_time)
        arrivals.append((arrives, Stored(row.suggested_quantity, None, "if ordered today")))
    days = max(LEAST_DAYS, 2 * lead_time)
    projection = project(stored, arrivals, row.daily_usage, row.reorder_point, today, days)
    picture = drawing(_past(use, row.on_hand, today), projection, row.reorder_point, today)
    offers = item.offers.filter(is_active=True, supplier__is_active=True)
    return Outlook(row, lots, list(offers.select_related("supplier")), projection, picture)


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
