"""What each item needed week by week, read from the ledger and from files of the time before.

One query for the ledger and one for past use, however many items and entries there are; and one
more for the items that may have been out of stock.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from inventory.purchasing.planning.demand import (
    MOST_WEEKS,
    NOTHING,
    WEEK_DAYS,
    Demand,
    in_stock_all_week,
)
from inventory.purchasing.weeks import days_of, runs, week_of, week_sql
from inventory.stock.models import Entry, Holding
from inventory.web.days import midnight

THOUSANDTHS = 3

LEDGER = """
SELECT item_id, {week} AS week,
  -SUM(CASE WHEN kind = 'use' THEN quantity ELSE 0 END),
  -SUM(CASE WHEN kind = 'waste' THEN quantity ELSE 0 END),
  SUM(CASE WHEN kind <> 'use' THEN 0 WHEN quantity < 0 THEN 1 ELSE -1 END),
  SUM(CASE WHEN kind <> 'use' THEN 0 WHEN quantity < 0 THEN quantity * quantity
      ELSE -quantity * quantity END),
  SUM(quantity),
  -SUM(CASE WHEN quantity < 0 THEN quantity ELSE 0 END)
FROM inventory_entry WHERE happened_at >= %s AND kind <> 'open' {narrowed}
GROUP BY item_id, week
"""
PAST = """
SELECT item_id, {week} AS week, SUM(quantity), SUM(discarded), COUNT(*), SUM(quantity * quantity),
  0, 0
FROM inventory_pastuse WHERE used_at >= %s {narrowed}
GROUP BY item_id, week
"""


@dataclass(frozen=True)
class WeekOfUse:
    """One week of an item in thousandths of its unit: net use and waste, the number of uses and
    the sum of their squares, by how much the stock changed, and all that left it."""

    used: int = 0
    wasted: int = 0
    uses: int = 0
    squared: int = 0
    change: int = 0
    left: int = 0

    def __add__(self, other: "WeekOfUse") -> "WeekOfUse":
        return WeekOfUse(
            self.used + other.used,
            self.wasted + other.wasted,
            self.uses + other.uses,
            self.squared + other.squared,
            self.change + other.change,
            self.left + other.left,
        )


@dataclass
class ItemUse:
    """The weeks of one item by their numbers, and the days on which there was none of it."""

    weeks: dict[int, WeekOfUse] = field(default_factory=dict)
    days_out: frozenset[date] = frozenset()

    def demand(self, until: int, *, whole_containers: bool) -> Demand:
        """Return what was needed in the full year of weeks before week `until`, oldest first.

        Of containers for one dose what was thrown away with the rest was needed as well. Weeks
        before the first use do not count, nor those without any stock.
        """
        needed = {
            week: each.used + (each.wasted if whole_containers else 0)
            for week, each in self.weeks.items()
            if until - MOST_WEEKS <= week < until
        }
        first = min((week for week, amount in needed.items() if amount > 0), default=until)
        weeks = [
            in_stock_all_week(_units(max(needed.get(week, 0), 0)), self._days_in_stock(week))
            for week in range(first, until)
        ]
        used = sum(self.weeks[week].used for week in needed)
        share = Decimal(sum(needed.values())) / used if used > 0 else NOTHING
        return Demand(
            weeks=tuple(week for week in weeks if week is not None),
            uses=max(sum(self.weeks[week].uses for week in needed), 0),
            used=_units(used) * share,
            used_squared=_units(_units(sum(self.weeks[week].squared for week in needed)))
            * share**2,
        )

    def _days_in_stock(self, week: int) -> int:
        if not self.days_out:
            return WEEK_DAYS
        return WEEK_DAYS - len(self.days_out.intersection(days_of(week)))


def read_weekly_use(
    today: date, places: Collection[int] = (), items: Collection[int] | None = None
) -> dict[int, ItemUse]:
    """Return the use of the last year and of this week, by item id; what nobody used is not in it.

    `places` are the ids of locations, all of them if none is given.
    """
    last = week_of(today)
    first = last - MOST_WEEKS
    found: dict[int, ItemUse] = defaultdict(ItemUse)
    for sql, moment in ((LEDGER, "happened_at"), (PAST, "used_at")):
        for item, week, *numbers in _rows(sql, moment, first, last, places, items):
            weeks = found[item].weeks
            weeks[week] = weeks.get(week, WeekOfUse()) + WeekOfUse(*map(int, numbers))
    _find_days_out(found, first, today, places, items)
    return dict(found)


def _rows(
    sql: str,
    moment: str,
    first: int,
    last: int,
    places: Collection[int],
    items: Collection[int] | None,
) -> list[tuple[int, ...]]:
    weeks = runs(first, last)
    narrowed, params = "", [midnight(days_of(first)[0])]
    for column, ids in (("location_id", places or None), ("item_id", items)):
        if ids is not None:
            narrowed += f" AND {column} IN ({', '.join(str(int(each)) for each in ids) or 'NULL'})"
    query = sql.format(week=week_sql(moment, connection.vendor, weeks), narrowed=narrowed)
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def _find_days_out(
    found: Mapping[int, ItemUse],
    first: int,
    today: date,
    places: Collection[int],
    items: Collection[int] | None,
) -> None:
    """Set the days without stock of the items that were used and may have run out."""
    on_hand = _on_hand(places, items)
    doubtful = {
        item: use
        for item, use in found.items()
        if any(week.used > 0 for week in use.weeks.values())
        and _may_have_run_out(use, on_hand.get(item, 0), first, week_of(today))
    }
    if not doubtful:
        return
    since = days_of(first)[0]
    changes: dict[int, dict[date, list[int]]] = {item: defaultdict(list) for item in doubtful}
    entries = Entry.objects.filter(item__in=doubtful, happened_at__gte=midnight(since))
    if places:
        entries = entries.filter(location__in=places)
    rows = entries.exclude(kind=Entry.Kind.OPEN).order_by("happened_at", "pk")
    for item, moment, quantity in rows.values_list("item", "happened_at", "quantity"):
        changes[item][timezone.localdate(moment)].append(int(quantity.scaleb(THOUSANDTHS)))
    for item, use in doubtful.items():
        if not changes[item]:
            continue
        # Nobody knows what there was before the first thing that was entered.
        since = min(changes[item])
        use.days_out = _days_out(changes[item], on_hand.get(item, 0), since, today)


def _may_have_run_out(use: ItemUse, on_hand: int, first: int, last: int) -> bool:
    """Say whether the stock of some week could have been gone before something came."""
    balance = on_hand
    for week in range(last, first - 1, -1):
        each = use.weeks.get(week)
        if balance <= 0:
            return True
        if each:
            balance -= each.change
            if balance <= each.left:
                return True
    return False


def _days_out(
    changes: Mapping[date, list[int]], on_hand: int, since: date, today: date
) -> frozenset[date]:
    """Return the days that began without any stock, and on which nothing came or went.

    Who took something had it, in whatever order things were entered.
    """
    balance = on_hand
    out = []
    day = today
    while day >= since:
        begun_with = balance - sum(changes.get(day, ()))
        if begun_with <= 0 and day not in changes:
            out.append(day)
        balance = begun_with
        day -= timedelta(days=1)
    return frozenset(out)


def _on_hand(places: Collection[int], items: Collection[int] | None) -> dict[int, int]:
    holdings = Holding.objects.on_hand()
    if items is not None:
        holdings = holdings.filter(lot__item__in=items)
    if places:
        holdings = holdings.filter(location__in=places)
    sums = holdings.order_by().values_list("lot__item").annotate(total=Sum("quantity"))
    return {item: int(total.scaleb(THOUSANDTHS)) for item, total in sums}


def _units(thousandths: int | Decimal) -> Decimal:
    return Decimal(thousandths).scaleb(-THOUSANDTHS)
