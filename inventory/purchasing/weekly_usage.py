"""What each item needed week by week, read from the ledger and from files of the time before.

One query for the ledger, one for past use and one for what was taken back later, however many items
and entries there are; and more for the items that may have been out of stock.
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
    open_weekdays,
)
from inventory.purchasing.sums import ENTRIES, PAST_USE, THOUSANDTHS, summed, units
from inventory.purchasing.taken_back import TakenBack, read_taken_back
from inventory.purchasing.weeks import days_of, monday_of, week_of
from inventory.stock.models import Entry, Holding

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
# There are far fewer movements than entries.
DAYS_AT_WORK = """
SELECT DISTINCT {week} AS week, {weekday} AS weekday
FROM inventory_movement WHERE kind = 'use' AND {where}
"""

# The fewest weeks that have all of the last 90 days in them, and one that is over before.
QUARTER_WEEKS = 14


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

    def without(self, other: "WeekOfUse") -> "WeekOfUse":
        """Return what is left of this without the other."""
        return _week_of_use(one - less for one, less in zip(self, other, strict=True))


NO_USE = WeekOfUse()
# There are hundreds of thousands of rows; this is what `WeekOfUse._make` does, without a frame.
_week_of_use = partial(tuple.__new__, WeekOfUse)


@dataclass
class ItemUse:
    """The weeks of one item by their numbers, and the days on which the clinic is open, of
    `days_open` in a week, and there was none of it."""

    weeks: dict[int, WeekOfUse] = field(default_factory=dict)
    days_out: frozenset[date] = frozenset()
    days_open: int = WEEK_DAYS

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
            in_stock_all_week(amount, self._days_out_in(week), self.days_open)
            for week, amount in enumerate(weeks, until - len(weeks))
        )
        return tuple(amount for amount in in_stock if amount is not None)

    def _days_out_in(self, week: int) -> int:
        return len(self.days_out.intersection(days_of(week)))


def read_weekly_use(
    today: date,
    places: Collection[int] = (),
    items: Collection[int] | None = None,
    weeks: int = MOST_WEEKS,
) -> dict[int, ItemUse]:
    """Return the use of so many weeks and of this week, by item id; an item to which nothing
    happened is not in it.

    `places` are the ids of locations, all of them if none is given.
    """
    first = week_of(today) - weeks
    found: dict[int, ItemUse] = defaultdict(ItemUse)
    for sql, moment in ((LEDGER, ENTRIES), (PAST, PAST_USE)):
        for row in summed(sql, moment, monday_of(first), today, places, items):
            weeks_of_item, week, each = found[row[0]].weeks, row[1], _week_of_use(row[2:])
            before = weeks_of_item.get(week)
            weeks_of_item[week] = before.and_also(each) if before else each
    for back in read_taken_back(monday_of(first), places, items):
        _count_when_used(found[back.item].weeks, back, first, today)
    _find_days_out(found, first, today, places, items)
    return dict(found)


def _count_when_used(weeks: dict[int, WeekOfUse], back: TakenBack, first: int, today: date) -> None:
    """Let what was taken back count in the week of its use. The stock changed when it was noted."""
    noted, used = min(week_of(back.noted_on), week_of(today)), week_of(back.used_on)
    each = _as_of_use(back)
    weeks[noted] = weeks.get(noted, NO_USE).without(each)
    if used >= first:
        weeks[used] = weeks.get(used, NO_USE).and_also(each)


def _as_of_use(back: TakenBack) -> WeekOfUse:
    if back.kind == Entry.Kind.WASTE:
        return WeekOfUse(wasted=-back.quantity)
    gives_back = 1 if back.quantity > 0 else -1
    return WeekOfUse(used=-back.quantity, uses=-gives_back, squared=-gives_back * back.quantity**2)


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
    weekdays = open_weekdays(_days_at_work(today))
    for item, use in doubtful.items():
        if changes[item]:
            out = _days_out(changes[item], on_hand.get(item, 0), today)
            use.days_out = frozenset(day for day in out if day.weekday() in weekdays)
            use.days_open = len(weekdays)


def _days_at_work(today: date) -> list[date]:
    """Return the days of the last quarter on which anything was used in the clinic."""
    since = monday_of(week_of(today) - QUARTER_WEEKS)
    days = summed(DAYS_AT_WORK, ENTRIES, since, today, (), None)
    return [monday_of(week) + timedelta(days=weekday) for week, weekday in days]


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
