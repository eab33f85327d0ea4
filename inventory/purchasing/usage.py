"""What the clinic used and wasted: the ledger's entries, and what files say of the time before.

What a file says (`PastUse`) moved no stock, but it was needed all the same. Days are the clinic's
own, from midnight to midnight in its time zone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from inventory.catalog.models import Item, Location
from inventory.purchasing.ledger_mark import LedgerMark, ledger_mark
from inventory.purchasing.planning.ordering import USAGE_DAYS, daily_usage
from inventory.purchasing.usage_book import FEW_ITEMS, UNKNOWN, Known, Places, known_by_item
from inventory.stock.models import Entry, PastUse
from inventory.web.days import midnight

NOTHING = Decimal(0)
MONTH_DAYS = 30
ANSWERS_REMEMBERED = 16


@dataclass(frozen=True)
class Usage:
    """Net amounts of one item in its unit: what was voided is not in them."""

    used: Decimal = NOTHING
    wasted: Decimal = NOTHING


NO_USAGE = Usage()
NOTHING_KNOWN: Mapping[int, Known] = MappingProxyType({})
UsageByItem = Mapping[int, Usage]
Spans = tuple[tuple[date, date], ...]


def usage_by_item(since: date, until: date, location: Location | None = None) -> UsageByItem:
    """Return net use and waste by item id, of the days from `since` to `until`, both included.

    An item without use or waste in these days is not in it. With a location: what was used and
    wasted there. One aggregate query; its answer is remembered until there is something new.
    """
    (usage,) = _usage_of_spans(((since, until),), _only(location))
    return usage


def usage_of_last(days: int, today: date, location: Location | None = None) -> UsageByItem:
    """Return `usage_by_item` of so many days, today the last of them."""
    return usage_by_item(*_last(days, today), location)


def month_and_quarter(today: date, places: Places = ()) -> tuple[UsageByItem, UsageByItem]:
    """Return the usage of the last 30 and of the last `USAGE_DAYS` days, in one query for both.

    `places` are the ids of locations, all of them if none is given.
    """
    spans = tuple(_last(days, today) for days in (MONTH_DAYS, USAGE_DAYS))
    month, quarter = _usage_of_spans(spans, places)
    return month, quarter


def daily_usage_by_item(
    items: Collection[Item], today: date, location: Location | None = None
) -> dict[int, Decimal]:
    """Return how much of each item is needed on a usual day, zero where it was not used.

    The supplies of one procedure are read by themselves: logging it must not wait for a sum over
    the whole ledger.
    """
    if not items:
        return {}
    if len(items) <= FEW_ITEMS:
        (usage,) = _sums((_last(USAGE_DAYS, today),), _only(location), items)
    else:
        usage = usage_of_last(USAGE_DAYS, today, location)
    known = known_by_item(items, today, _only(location))
    return daily_usages(items, usage, today, known)


def daily_usages(
    items: Collection[Item],
    usage: UsageByItem,
    today: date,
    known: Mapping[int, Known] = NOTHING_KNOWN,
) -> dict[int, Decimal]:
    """Return `daily_usage_by_item` from the usage of the last `USAGE_DAYS` days.

    `known` tells on which of these days there was nothing of an item to be used.
    """
    needed = {item.pk: demand(item, usage.get(item.pk, NO_USAGE)) for item in items}
    first = first_use_by_item([pk for pk, amount in needed.items() if amount > 0])
    return {
        pk: daily_usage(amount, first.get(pk), today, known.get(pk, UNKNOWN).days_out)
        for pk, amount in needed.items()
    }


def demand(item: Item, usage: Usage) -> Decimal:
    """Return what has to be replaced because it was needed.

    Waste (expired, broken) is a loss that says nothing of the need. But a single-dose container
    leaves whole: what was discarded of it was needed as well, and outweighs its other waste.
    """
    return usage.used + usage.wasted if item.is_single_dose else usage.used


def first_use_by_item(items: Collection[int]) -> dict[int, date]:
    """Return the day of the first use on record, by item id: two looks into an index for each."""
    used = Entry.objects.filter(item=OuterRef("pk"), kind=Entry.Kind.USE).order_by("happened_at")
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


def _last(days: int, today: date) -> tuple[date, date]:
    return today - timedelta(days=days - 1), today


def _only(location: Location | None) -> Places:
    return (location.pk,) if location else ()


def _usage_of_spans(spans: Spans, places: Places) -> tuple[UsageByItem, ...]:
    if connection.in_atomic_block:
        # What is seen here may yet be rolled back, and must not be remembered.
        return _sums(spans, places)
    return _remembered(ledger_mark(), spans, places)


@lru_cache(maxsize=ANSWERS_REMEMBERED)
def _remembered(
    mark: LedgerMark,  # the key: as long as it is the same, so are the sums
    spans: Spans,
    places: Places,
) -> tuple[UsageByItem, ...]:
    return _sums(spans, places)


def _sums(
    spans: Spans, places: Places, items: Collection[Item] | None = None
) -> tuple[UsageByItem, ...]:
    """One look into the index for each item, kind and span: only what is summed is read."""
    entries = Entry.objects.filter(item=OuterRef("pk"))
    past = PastUse.objects.filter(item=OuterRef("pk"))
    if places:
        entries, past = entries.filter(location__in=places), past.filter(location__in=places)
    sums = {}
    for number, (begins, ends) in enumerate(map(_moments, spans)):
        inside = entries.filter(happened_at__gte=begins, happened_at__lt=ends)
        before = past.filter(used_at__gte=begins, used_at__lt=ends)
        sums[f"used_{number}"] = _sum(inside.filter(kind=Entry.Kind.USE), "quantity")
        sums[f"wasted_{number}"] = _sum(inside.filter(kind=Entry.Kind.WASTE), "quantity")
        sums[f"used_before_{number}"] = _sum(before, "quantity")
        sums[f"wasted_before_{number}"] = _sum(before, "discarded")
    used = Item.objects.order_by()
    if items is not None:
        used = used.filter(pk__in=[item.pk for item in items])
    rows = list(used.values("pk").annotate(**sums))
    return tuple(
        MappingProxyType({row["pk"]: usage for row in rows if (usage := _usage(row, number))})
        for number in range(len(spans))
    )


def _sum(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.order_by().values("item").annotate(total=Sum(column)).values("total"))


def _usage(row: Mapping[str, Decimal | None], number: int) -> Usage | None:
    """An entry that takes something away is negative; what a file says is not."""
    used, used_before = row[f"used_{number}"], row[f"used_before_{number}"]
    wasted, wasted_before = row[f"wasted_{number}"], row[f"wasted_before_{number}"]
    if used is None and wasted is None and used_before is None:
        return None
    return Usage(
        (used_before or NOTHING) - (used or NOTHING),
        (wasted_before or NOTHING) - (wasted or NOTHING),
    )


def _moments(span: tuple[date, date]) -> tuple[datetime, datetime]:
    since, until = span
    return midnight(since), midnight(until + timedelta(days=1))
