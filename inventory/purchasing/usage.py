"""What the clinic used and wasted, read from the ledger's entries alone.

Days are the clinic's own, from midnight to midnight in its time zone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from django.db import connection
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from inventory.catalog.models import Item, Location
from inventory.purchasing.planning import USAGE_DAYS, daily_usage
from inventory.stock.models import Entry, Movement
from inventory.web.days import midnight

NOTHING = Decimal(0)
MONTH_DAYS = 30
ANSWERS_REMEMBERED = 16
FEW_ITEMS = 40
# More movements than any transaction could stay behind by before it commits.
MOVEMENTS_UNDER_WAY = 1000


@dataclass(frozen=True)
class Usage:
    """Net amounts of one item in its unit: what was voided is not in them."""

    used: Decimal = NOTHING
    wasted: Decimal = NOTHING


NO_USAGE = Usage()
UsageByItem = Mapping[int, Usage]
Spans = tuple[tuple[date, date], ...]


@dataclass(frozen=True)
class LedgerMark:
    """A state of the ledger. Nothing in it is ever changed, so equal marks mean equal sums.

    `recent` is the number of the newest ids in use: PostgreSQL hands out ids before it commits, so
    that a movement may appear below the newest one.
    """

    database: str
    newest: int | None
    recorded_at: datetime | None
    recent: int


def usage_by_item(since: date, until: date, location: Location | None = None) -> UsageByItem:
    """Return net use and waste by item id, of the days from `since` to `until`, both included.

    An item without an entry in these days is not in it. With a location: what was used and wasted
    there. One aggregate query; its answer is remembered until the ledger has grown.
    """
    (usage,) = _usage_of_spans(((since, until),), location)
    return usage


def usage_of_last(days: int, today: date, location: Location | None = None) -> UsageByItem:
    """Return `usage_by_item` of so many days, today the last of them."""
    return usage_by_item(*_last(days, today), location)


def month_and_quarter(
    today: date, location: Location | None = None
) -> tuple[UsageByItem, UsageByItem]:
    """Return the usage of the last 30 and of the last `USAGE_DAYS` days, in one query for both."""
    spans = tuple(_last(days, today) for days in (MONTH_DAYS, USAGE_DAYS))
    month, quarter = _usage_of_spans(spans, location)
    return month, quarter


def daily_usage_by_item(
    items: Collection[Item], today: date, location: Location | None = None
) -> dict[int, Decimal]:
    """Return how much of each item is needed on a usual day, zero where it was not used.

    The supplies of one procedure are read by themselves: logging it must not wait for a sum over
    the whole ledger.
    """
    if len(items) <= FEW_ITEMS:
        (usage,) = _sums((_last(USAGE_DAYS, today),), location.pk if location else None, items)
    else:
        usage = usage_of_last(USAGE_DAYS, today, location)
    return daily_usages(items, usage, today)


def daily_usages(items: Collection[Item], usage: UsageByItem, today: date) -> dict[int, Decimal]:
    """Return `daily_usage_by_item` from the usage of the last `USAGE_DAYS` days."""
    needed = {item.pk: demand(item, usage.get(item.pk, NO_USAGE)) for item in items}
    first = first_use_by_item([pk for pk, amount in needed.items() if amount > 0])
    return {pk: daily_usage(amount, first.get(pk), today) for pk, amount in needed.items()}


def demand(item: Item, usage: Usage) -> Decimal:
    """Return what has to be replaced because it was needed.

    Waste (expired, broken) is a loss that says nothing of the need. But a single-dose container
    leaves whole: what was discarded of it was needed as well, and outweighs its other waste.
    """
    return usage.used + usage.wasted if item.is_single_dose else usage.used


def first_use_by_item(items: Collection[int]) -> dict[int, date]:
    """Return the day of the first use on record, by item id: one look into an index for each."""
    first = (
        Entry.objects.filter(item=OuterRef("pk"), kind=Entry.Kind.USE)
        .order_by("happened_at")
        .values("happened_at")[:1]
    )
    rows = Item.objects.filter(pk__in=items).order_by().values_list("pk", Subquery(first))
    return {item: timezone.localdate(moment) for item, moment in rows if moment is not None}


def _last(days: int, today: date) -> tuple[date, date]:
    return today - timedelta(days=days - 1), today


def _usage_of_spans(spans: Spans, location: Location | None) -> tuple[UsageByItem, ...]:
    place = location.pk if location else None
    if connection.in_atomic_block:
        # What is seen here may yet be rolled back, and must not be remembered.
        return _sums(spans, place)
    return _remembered(_ledger_mark(), spans, place)


@lru_cache(maxsize=ANSWERS_REMEMBERED)
def _remembered(
    mark: LedgerMark,  # the key: as long as it is the same, so are the sums
    spans: Spans,
    place: int | None,
) -> tuple[UsageByItem, ...]:
    return _sums(spans, place)


def _ledger_mark() -> LedgerMark:
    newest = Movement.objects.order_by("-pk").values("pk")[:1]
    state = Movement.objects.filter(pk__gt=Subquery(newest) - MOVEMENTS_UNDER_WAY).aggregate(
        newest=Max("pk"), recorded_at=Max("recorded_at"), recent=Count("pk")
    )
    return LedgerMark(database=str(connection.settings_dict["NAME"]), **state)


def _sums(
    spans: Spans, place: int | None, items: Collection[Item] | None = None
) -> tuple[UsageByItem, ...]:
    """One look into the index for each item, kind and span: only what is summed is read."""
    entries = Entry.objects.filter(item=OuterRef("pk"))
    if place:
        entries = entries.filter(location=place)
    sums = {
        f"{kind}_{number}": _sum(entries.filter(_within(span), kind=kind))
        for number, span in enumerate(spans)
        for kind in (Entry.Kind.USE, Entry.Kind.WASTE)
    }
    used = Item.objects.order_by()
    if items is not None:
        used = used.filter(pk__in=[item.pk for item in items])
    rows = list(used.values("pk").annotate(**sums))
    return tuple(
        MappingProxyType({row["pk"]: usage for row in rows if (usage := _usage(row, number))})
        for number in range(len(spans))
    )


def _sum(entries: QuerySet[Entry]) -> Subquery:
    return Subquery(
        entries.order_by().values("item").annotate(total=Sum("quantity")).values("total")
    )


def _usage(row: Mapping[str, Decimal | None], number: int) -> Usage | None:
    used, wasted = row[f"use_{number}"], row[f"waste_{number}"]
    if used is None and wasted is None:
        return None
    return Usage(-(used or NOTHING), -(wasted or NOTHING))


def _within(span: tuple[date, date]) -> Q:
    since, until = span
    return Q(happened_at__gte=midnight(since), happened_at__lt=midnight(until + timedelta(days=1)))
