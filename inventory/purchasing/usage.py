"""What the clinic used and wasted lately: the ledger's entries, and what files say of the time
before.

What a file says (`PastUse`) moved no stock, but it was needed all the same. Days are the clinic's
own, from midnight to midnight in its time zone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from inventory.catalog.models import Item
from inventory.purchasing.planning.demand import WEEK_DAYS
from inventory.purchasing.planning.ordering import USAGE_DAYS
from inventory.purchasing.sums import ENTRIES, PAST_USE, summed, units
from inventory.purchasing.taken_back import TakenBack, read_taken_back
from inventory.purchasing.weeks import moment_sql
from inventory.stock.models import Entry, PastUse
from inventory.web.days import midnight

NOTHING = Decimal(0)
MONTH_DAYS = 30

# An entry that takes something away is negative; what a file says is not. Each row ends with net
# use and waste of the quarter, and those of the month, in thousandths.
LEDGER = """
SELECT item_id, {{weekday}} AS weekday,
  -SUM(CASE WHEN kind = 'use' THEN quantity ELSE 0 END),
  -SUM(CASE WHEN kind = 'waste' THEN quantity ELSE 0 END),
  -SUM(CASE WHEN kind = 'use' AND happened_at >= {month} THEN quantity ELSE 0 END),
  -SUM(CASE WHEN kind = 'waste' AND happened_at >= {month} THEN quantity ELSE 0 END)
FROM inventory_entry WHERE kind IN ('use', 'waste') AND {{where}}
GROUP BY item_id, weekday
"""
PAST = """
SELECT item_id, {{weekday}} AS weekday, SUM(quantity), SUM(discarded),
  SUM(CASE WHEN used_at >= {month} THEN quantity ELSE 0 END),
  SUM(CASE WHEN used_at >= {month} THEN discarded ELSE 0 END)
FROM inventory_pastuse WHERE {{where}}
GROUP BY item_id, weekday
"""


class Used(Protocol):
    """What has to be known of an item to say what of it was needed: an `Item` will do."""

    @property
    def pk(self) -> int: ...

    @property
    def is_single_dose(self) -> bool: ...


class UsedItem(NamedTuple):
    """As little of an item as that."""

    pk: int
    is_single_dose: bool


@dataclass(frozen=True)
class Usage:
    """Net amounts of one item in its unit: what was voided is not in them."""

    used: Decimal = NOTHING
    wasted: Decimal = NOTHING


NO_USAGE = Usage()


@dataclass(frozen=True)
class RecentUse:
    """The usage of one item in the last 30 and in the last 90 days, today included, and what was
    used in the 90 on each day of the week, Monday first."""

    month: Usage = NO_USAGE
    quarter: Usage = NO_USAGE
    weekdays: tuple[Decimal, ...] = ()


NO_RECENT_USE = RecentUse()


def read_recent_use(
    today: date, places: Collection[int] = (), items: Collection[int] | None = None
) -> dict[int, RecentUse]:
    """Return the usage of the last 90 days by item id: three queries.

    An item without use or waste in these days is not in it. `places` are the ids of locations, all
    of them if none is given.
    """
    month = moment_sql(midnight(days_before(today, MONTH_DAYS)), connection.vendor)
    since = days_before(today, USAGE_DAYS)
    found: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for sql, moment in ((LEDGER, ENTRIES), (PAST, PAST_USE)):
        rows = summed(sql.format(month=month), moment, since, today, places, items)
        for item, *numbers in rows:
            found[item].append(tuple(map(int, numbers)))
    for back in read_taken_back(since, places, items):
        found[back.item] += _as_of_use(back, since, days_before(today, MONTH_DAYS))
    return {item: _recent(rows) for item, rows in found.items()}


def days_before(today: date, days: int) -> date:
    """Return the first of so many days, today the last of them."""
    return today - timedelta(days=days - 1)


def demand(item: Used, usage: Usage) -> Decimal:
    """Return what has to be replaced because it was needed.

    Waste (expired, broken) is a loss that says nothing of the need. But a single-dose container
    leaves whole: what was discarded of it was needed as well, and outweighs its other waste.
    """
    return usage.used + usage.wasted if item.is_single_dose else usage.used


def first_use_by_item(items: Collection[int]) -> dict[int, date]:
    """Return the day of the first use on record, by item id: two looks into an index for each."""
    if not items:
        return {}
    used = Entry.objects.filter(
        item=OuterRef("pk"),
        kind=Entry.Kind.USE,
        # What was taken back was no use.
        movement__reverses__isnull=True,
        movement__reversed_by__isnull=True,
    ).order_by("happened_at")
    before = PastUse.objects.filter(item=OuterRef("pk")).order_by("used_at")
    rows = (
        Item.objects.filter(pk__in=items)
        .order_by()
        .values_list(
            "pk", Subquery(used.values("happened_at")[:1]), Subquery(before.values("used_at")[:1])
        )
    )
    return {
        item: timezone.localdate(min(moments))
        for item, *found in rows
        if (moments := [moment for moment in found if moment is not None])
    }


def _as_of_use(back: TakenBack, since: date, month: date) -> Iterator[tuple[int, ...]]:
    """Yield what lets an amount that was taken back count on the day of its use: out of the day on
    which that was noted, and into that one."""
    given = (0, back.quantity) if back.kind == Entry.Kind.WASTE else (back.quantity, 0)
    for day, amounts in ((back.noted_on, given), (back.used_on, tuple(-each for each in given))):
        if day >= since:
            yield day.weekday(), *amounts, *(amounts if day >= month else (0, 0))


def _recent(rows: Iterable[tuple[int, ...]]) -> RecentUse:
    weekdays = [0] * WEEK_DAYS
    totals = [0] * 4
    for weekday, *amounts in rows:
        weekdays[weekday] += amounts[0]
        totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
    used, wasted, used_lately, wasted_lately = map(units, totals)
    return RecentUse(
        month=Usage(used_lately, wasted_lately),
        quarter=Usage(used, wasted),
        weekdays=tuple(map(units, weekdays)),
    )
