"""What stock is worth at cost: what expires, what of it will not be used, what was thrown away.

Money is exact until it is shown. A lot without a known cost is worth nothing here, and counted.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from django.db.models import Q, Sum

from inventory.catalog.models import Item
from inventory.purchasing.planning.expiry import unused_by_lot
from inventory.purchasing.usage_book import daily_usage_by_item
from inventory.reports.periods import months_after
from inventory.stock.models import Entry, Holding, Movement
from inventory.stock.usable import usable_until
from inventory.web.days import midnight

ZERO = Decimal(0)
CENT = Decimal("0.01")
MONTHS_AHEAD = 6
LEFT_OVER = Q(item__container__in=Item.SINGLE_DOSE) & (
    Q(movement__kind=Movement.Kind.USE)
    | Q(movement__reverses__kind=Movement.Kind.USE, quantity__gt=0)
)


@dataclass(frozen=True)
class Perishing:
    """Usable stock with an expiry date. `lost` of it will not be used by then."""

    item_id: int
    lot_id: int
    expires_on: date
    last_day: date
    quantity: Decimal
    unit_cost: Decimal | None
    lost: Decimal = ZERO

    @property
    def value(self) -> Decimal:
        return self.quantity * (self.unit_cost or ZERO)

    @property
    def lost_value(self) -> Decimal:
        return self.lost * (self.unit_cost or ZERO)


@dataclass(frozen=True)
class Worth:
    """A sum of perishing stock, to the cent."""

    lots: int
    unpriced: int
    value: Decimal
    lost: Decimal


@dataclass(frozen=True)
class Month:
    """What expires in one month, named by its first day."""

    first_day: date
    last_day: date
    worth: Worth


@dataclass(frozen=True)
class Wasted:
    """What was thrown away; `left_over` of it in single-dose containers after their one use."""

    total: Decimal
    left_over: Decimal


def perishing(today: date, until: date) -> list[Perishing]:
    """Return the usable stock that expires by that day, with what of it will be lost."""
    by_item: dict[int, list[Perishing]] = defaultdict(list)
    for stock in _usable_with_expiry(today):
        by_item[stock.item_id].append(stock)
    items = list(Item.objects.filter(pk__in=by_item))
    usage = daily_usage_by_item(items, today)
    return [
        stock
        for item, stocks in by_item.items()
        for stock in _with_losses(stocks, usage.get(item, ZERO), today)
        if stock.expires_on <= until
    ]


def worth(stocks: Iterable[Perishing]) -> Worth:
    """Add up stock, to the cent."""
    stocks = list(stocks)
    return Worth(
        lots=len({stock.lot_id for stock in stocks}),
        unpriced=len({stock.lot_id for stock in stocks if stock.unit_cost is None}),
        value=_cents(sum((stock.value for stock in stocks), ZERO)),
        lost=_cents(sum((stock.lost_value for stock in stocks), ZERO)),
    )


def by_month(
    stocks: Iterable[Perishing], today: date, months_ahead: int = MONTHS_AHEAD
) -> list[Month]:
    """Return what expires in this month and those after it, so many, empty months too."""
    found: dict[date, list[Perishing]] = defaultdict(list)
    for stock in stocks:
        found[stock.expires_on.replace(day=1)].append(stock)
    firsts = [months_after(today, months) for months in range(months_ahead + 1)]
    return [
        Month(first, following - timedelta(days=1), worth(found[first]))
        for first, following in pairwise(firsts)
    ]


def wasted(since: date, until: date) -> Wasted:
    """Return what was thrown away on the days from `since` to `until`, both included, at cost."""
    entries = Entry.objects.filter(
        kind=Entry.Kind.WASTE,
        happened_at__gte=midnight(since),
        happened_at__lt=midnight(until + timedelta(days=1)),
    )
    rows = (
        entries.order_by()
        .values_list("holding__lot", "holding__lot__unit_cost")
        .annotate(total=Sum("quantity"), left_over=Sum("quantity", filter=LEFT_OVER))
    )
    total = left_over = ZERO
    for _, unit_cost, quantity, of_it_left_over in rows:
        total -= quantity * (unit_cost or ZERO)
        left_over -= (of_it_left_over or ZERO) * (unit_cost or ZERO)
    return Wasted(_cents(total), _cents(left_over))


def _usable_with_expiry(today: date) -> list[Perishing]:
    holdings = Holding.objects.on_hand().usable_on(today).filter(lot__expires_on__isnull=False)
    rows = holdings.order_by("pk").values_list(
        "lot__item", "lot", "lot__expires_on", "beyond_use_on", "quantity", "lot__unit_cost"
    )
    return [
        Perishing(item, lot, day, usable_until(day, beyond_use_on) or day, quantity, unit_cost)
        for item, lot, day, beyond_use_on, quantity, unit_cost in rows
        if day is not None
    ]


def _with_losses(stocks: list[Perishing], daily: Decimal, today: date) -> Iterable[Perishing]:
    """Of two lots with the same last day the first to expire by its label is used first."""
    stocks = sorted(stocks, key=lambda stock: (stock.last_day, stock.expires_on, stock.lot_id))
    lots = [(stock.last_day, stock.quantity) for stock in stocks]
    for stock, lost in zip(stocks, unused_by_lot(lots, daily, today), strict=True):
        yield replace(stock, lost=lost)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
