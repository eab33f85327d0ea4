"""What each item needed week by week, read from the ledger and from files of the time before.

One query for the ledger and one for past use, however many items and entries there are; and one
more for the items that may have been out of stock.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.db.models import Sum

from inventory.purchasing.planning.demand import (
    MOST_WEEKS,
    NOTHING,
    WEEK_DAYS,
    Demand,
    in_stock_all_week,
)
from inventory.purchasing.sums import ENTRIES, PAST_USE, THOUSANDTHS, summed, units
from inventory.purchasing.weeks import days_of, monday_of, week_of
from inventory.stock.models import Holding

# Each row: net use and waste, uses less those undone, the sum of their squares, by how much the
# stock changed, and all that left it. Sums are cast for PostgreSQL, where those of whole numbers
# are none; squares of what a slip may enter are too large for one.
LEDGER = """
SELECT item_id, {week} AS week,
  CAST(-SUM(CASE WHEN kind = 'use' THEN quantity ELSE 0 END) AS bigint),
  CAST(-SUM(CASE WHEN kind = 'waste' THEN quantity ELSE 0 END) AS bigint),
  SUM(CASE WHEN kind <> 'use' THEN 0 WHEN quantity < 0 THEN 1 ELSE -1 END),
  SUM(CASE WHEN kind <> 'use' THEN 0 WHEN quantity < 0 THEN CAST(quantity AS numeric) * quantity
      ELSE -CAST(quantity AS numeric) * quantity END),
  CAST(SUM(quantity) AS bigint),
  CAST(-SUM(CASE WHEN quantity < 0 THEN quantity ELSE 0 END) AS bigint)
FROM inventory_entry WHERE kind <> 'open' AND {where}
GROUP BY item_id, week
"""
PAST = """
SELECT item_id, {week} AS week, CAST(SUM(quantity) AS bigint), CAST(SUM(discarded) AS bigint),
  COUNT(*), SUM(CAST(quantity AS numeric) * quantity), 0, 0
FROM inventory_pastuse WHERE {where}
GROUP BY item_id, week
"""
DAYS = """
SELECT item_id, {week} AS week, {weekday} AS weekday, SUM(quantity)
FROM inventory_entry WHERE kind <> 'open' AND {where}
GROUP BY item_id, week, weekday
"""


class WeekOfUse(NamedTuple):
    """One week of an item in thousandths of its unit: net use and waste, the number of uses and
    the sum of their squares, by how much the stock changed, and all that left it."""

    used: int = 0
    wasted: int = 0
    uses: int = 0
    squared: int | Decimal = 0
    change: int = 0
    left: int = 0

    def and_also(self, other: "WeekOfUse") -> "WeekOfUse":
        """Return the sums of both."""
        return _week_of_use(one + more for one, more in zip(self, other, strict=True))


NO_USE = WeekOfUse()
# There are hundreds of thousands of rows; this is what `WeekOfUse._make` does, without a frame.
_week_of_use = partial(tuple.__new__, WeekOfUse)


@dataclass
class ItemUse:
    """The weeks of one item by their numbers, and the days on which there was none of it."""

    weeks: dict[int, WeekOfUse] = field(default_factory=dict)
    days_out: frozenset[date] = frozenset()

    def demand(
        self, until: int, weekdays: tuple[Decimal, ...], *, whole_containers: bool
    ) -> Demand:
        """Return what was needed in the full year of weeks before week `until`, oldest first, and
        on which days of the week.

        Of containers for one dose what was thrown away with the rest was needed as well. Weeks
        before the first use do not count, nor those without any stock.
        """
        year = [self.weeks.get(week, NO_USE) for week in range(until - MOST_WEEKS, until)]
        needed = [each.used + each.wasted if whole_containers else each.used for each in year]
        used = sum([each.used for each in year])
        share = Decimal(sum(needed)) / used if used > 0 else NOTHING
        return Demand(
            weeks=self._in_stock(needed, until),
            uses=max(sum([each.uses for each in year]), 0),
            used=units(used) * share,
            used_squared=units(units(sum([each.squared for each in year]))) * share**2,
            weekdays=weekdays,
        )

    def _in_stock(self, needed: Sequence[int], until: int) -> tuple[Decimal, ...]:
        """Return what each week since the first use needed, had there been stock all week."""
        first = next((place for place, amount in enumerate(needed) if amount > 0), len(needed))
        weeks = [units(amount) if amount > 0 else NOTHING for amount in needed[first:]]
        if not self.days_out:
            return tuple(weeks)
        in_stock = (
            in_stock_all_week(amount, self._days_in_stock(week))
            for week, amount in enumerate(weeks, until - len(weeks))
        )
        return tuple(amount for amount in in_stock if amount is not None)

    def _days_in_stock(self, week: int) -> int:
        return WEEK_DAYS - len(self.days_out.intersection(days_of(week)))


def read_weekly_use(
    today: date,
    places: Collection[int] = (),
    items: Collection[int] | None = None,
    weeks: int = MOST_WEEKS,
) -> dict[int, ItemUse]:
    """Return the use of so many weeks and of this week, by item id; what nobody used is not in it.

    `places` are the ids of locations, all of them if none is given.
    """
    first = week_of(today) - weeks
    found: dict[int, ItemUse] = defaultdict(ItemUse)
    for sql, moment in ((LEDGER, ENTRIES), (PAST, PAST_USE)):
        for row in summed(sql, moment, monday_of(first), today, places, items):
            weeks_of_item, week, each = found[row[0]].weeks, row[1], _week_of_use(row[2:])
            before = weeks_of_item.get(week)
            weeks_of_item[week] = before.and_also(each) if before else each
    _find_days_out(found, first, today, places, items)
    return dict(found)


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
    changes: dict[int, dict[date, int]] = {item: {} for item in doubtful}
    for item, week, weekday, change in summed(
        DAYS, ENTRIES, monday_of(first), today, places, sorted(doubtful)
    ):
        changes[item][monday_of(week) + timedelta(days=weekday)] = int(change)
    for item, use in doubtful.items():
        if changes[item]:
            use.days_out = _days_out(changes[item], on_hand.get(item, 0), today)


def _may_have_run_out(use: ItemUse, on_hand: int, first: int, last: int) -> bool:
    """Say whether the stock of some week could have been gone before something came."""
    balance = on_hand
    for week in range(last, first - 1, -1):
        if balance <= 0:
            return True
        each = use.weeks.get(week)
        if each is not None:
            balance -= each.change
            if balance <= each.left:
                return True
    return False


def _days_out(changes: Mapping[date, int], on_hand: int, today: date) -> frozenset[date]:
    """Return the days that began without any stock, and on which nothing came or went.

    Who took something had it, in whatever order things were entered. What there was before the
    first change, nobody knows.
    """
    balance = on_hand
    out = []
    day, first = today, min(changes)
    while day >= first:
        begun_with = balance - changes.get(day, 0)
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
