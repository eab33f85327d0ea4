"""Everything that the outlook of one item shows: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from inventory.catalog.models import Item
from inventory.purchasing.lead_times import LeadTime, learned_lead_time
from inventory.purchasing.models import OrderLine
from inventory.purchasing.offers import Offer, offers_by_item, why_best
from inventory.purchasing.orders.delivered import lead_times_by_item
from inventory.purchasing.orders.open import expected_arrivals
from inventory.purchasing.outlook.drawing import NARROW, WIDE, Drawing, drawing
from inventory.purchasing.outlook.projection import Projection, Stored, project
from inventory.purchasing.planning.demand import WEEK_DAYS
from inventory.purchasing.planning.expiry import unused_by_lot
from inventory.purchasing.reorder import row_of
from inventory.purchasing.reorder_row import ReorderRow
from inventory.purchasing.sums import units
from inventory.purchasing.weekly_usage import ItemUse, read_weekly_use
from inventory.purchasing.weeks import monday_of, week_of
from inventory.stock.costs import cost_of
from inventory.stock.models import Holding
from inventory.stock.usable import usable_until

PAST_WEEKS = 13
LEAST_DAYS = 90
# A picture of years says nothing of weeks.
MOST_DAYS = 365
UNIT_PRICE = Decimal("0.0001")


@dataclass(frozen=True)
class LotLine:
    """One usable holding, and how much of it will expire unused, at what cost."""

    holding: Holding
    last_day: date | None
    unused: Decimal

    @property
    def cost(self) -> Decimal | None:
        return cost_of(self.unused, self.holding.lot.unit_cost)


@dataclass(frozen=True)
class Seller:
    """An offer of the item, what a unit of it costs, and how long it takes.

    `learned` is what orders that came have taught; `best` says why it is the one to take.
    """

    offer: Offer
    learned: LeadTime | None
    best: str = ""

    @property
    def days(self) -> int:
        """The lead time that is reckoned with."""
        return self.learned.days if self.learned else self.offer.lead_time_days

    @property
    def unit_price(self) -> Decimal:
        price: Decimal = self.offer.pack_price / self.offer.pack_quantity
        return price.quantize(UNIT_PRICE)


@dataclass(frozen=True)
class WeekLine:
    """A week of the picture: what was used in it, of containers for one dose with what was
    discarded (None: it is to come), and what is left at its end."""

    ends_on: date
    used: Decimal | None
    left: Decimal


@dataclass(frozen=True)
class Outlook:
    """What the page of one item shows."""

    row: ReorderRow
    lots: Sequence[LotLine]
    offers: Sequence[Seller]
    projection: Projection
    drawings: Sequence[tuple[str, Drawing]]
    undated: Decimal
    open_lines: Sequence[OrderLine]
    weeks: Sequence[WeekLine]

    @property
    def best(self) -> Seller | None:
        """The offer to take, which says why."""
        return next((seller for seller in self.offers if seller.best), None)


def outlook_of(item: Item, today: date) -> Outlook:
    """Return the outlook of an item; what should be ordered today counts as ordered.

    What is on order, but nobody knows for when, is `undated`: no day is made up for it.
    """
    row = row_of(item, today)
    use = read_weekly_use(today, items=[item.pk]).get(item.pk, ItemUse())
    lots = _lots(item, row, today)
    stored = _stored(lots)
    expected = expected_arrivals(item, today)
    arrivals = [
        (each.day, Stored(each.quantity, None, each.order)) for each in expected if each.day
    ]
    lead_time = row.lead_time_days or 0
    if row.is_due and row.packs:
        arrives = today + timedelta(days=lead_time)
        arrivals.append((arrives, Stored(row.suggested_quantity, None, "if ordered today")))
    days = min(MOST_DAYS, max(LEAST_DAYS, 2 * lead_time))
    projection = project(stored, arrivals, row.daily_usage, row.reorder_point, today, days)
    past = _past(use, row.on_hand, today)
    weeks = _weeks(item, use, today)
    pictures = [
        (name, drawing(past, projection, row.reorder_point, today, size, weeks))
        for name, size in (("wide", WIDE), ("narrow", NARROW))
    ]
    undated = sum((each.quantity for each in expected if each.day is None), Decimal(0))
    return Outlook(
        row=row,
        lots=lots,
        offers=_sellers(item, row),
        projection=projection,
        drawings=pictures,
        undated=undated,
        open_lines=_open_lines(item),
        weeks=_table(past, weeks, projection),
    )


def _sellers(item: Item, row: ReorderRow) -> list[Seller]:
    offers = offers_by_item([item.pk]).get(item.pk, ())
    observed = lead_times_by_item({offer.supplier_id for offer in offers})
    learned = {
        offer.pk: learned_lead_time(observed, offer.supplier_id, item.pk) for offer in offers
    }
    days = {offer.pk: Seller(offer, learned[offer.pk]).days for offer in offers}
    return [
        Seller(
            offer,
            learned[offer.pk],
            why_best(offer, offers, row.need, lambda each: days[each.pk])
            if offer == row.offer
            else "",
        )
        for offer in offers
    ]


def _stored(lots: Iterable[LotLine]) -> list[Stored]:
    """Return the lots as the clinic holds them, wherever they are: they fall away together."""
    held: dict[tuple[str, date | None], Decimal] = defaultdict(Decimal)
    for line in lots:
        held[str(line.holding.lot), line.last_day] += line.holding.quantity
    return [Stored(quantity, last_day, name) for (name, last_day), quantity in held.items()]


def _table(
    past: Sequence[tuple[date, Decimal]],
    weeks: Sequence[tuple[date, Decimal]],
    projection: Projection,
) -> list[WeekLine]:
    """Return what the picture shows, week by week."""
    used = dict(weeks)
    # The last of the past points is now, in the middle of a week.
    before = [
        WeekLine(day, used.get(day - timedelta(days=WEEK_DAYS - 1), Decimal(0)), left)
        for day, left in past[:-1]
    ]
    ends = [
        WeekLine(day, None, left) for day, left in projection.days if day.isoweekday() == WEEK_DAYS
    ]
    return before + ends


def _open_lines(item: Item) -> list[OrderLine]:
    """Return the lines of orders by which it is on order, `open` being what is still to come."""
    lines = OrderLine.objects.on_order().filter(item=item).with_due()
    return list(lines.select_related("order__supplier").order_by("order__sent_at", "pk"))


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
            balance -= units(use.weeks[week].change)
        points.append((monday_of(week) - timedelta(days=1), max(balance, Decimal(0))))
    return points[::-1]


def _weeks(item: Item, use: ItemUse, today: date) -> list[tuple[date, Decimal]]:
    """Return the first days of the weeks before this one, and what was used in each.

    Of containers for one dose with what was discarded of them: both left the shelf.
    """
    this = week_of(today)
    used = {
        week: each.used + each.wasted if item.is_single_dose else each.used
        for week, each in use.weeks.items()
        if this - PAST_WEEKS <= week < this
    }
    return [(monday_of(week), units(max(amount, 0))) for week, amount in sorted(used.items())]
