"""What the plan of counts looks at, in three queries however long the ledger is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, Count, IntegerField, Max, OuterRef, Subquery, Value, When
from django.utils import timezone

from inventory.catalog.models import Location
from inventory.counts.models import CountSheetLine
from inventory.counts.plan import Stocked
from inventory.stock.models import Entry, Holding

ZERO = Decimal(0)
CENT = Decimal("0.01")


class Key(NamedTuple):
    """An item in a place, by their codes."""

    location: str
    item: str


@dataclass(frozen=True)
class LastCount:
    """When an item was last counted in a place, and the newest entry of the ledger by then."""

    posted_at: datetime
    up_to: int


def read_stocked(location: Location | None = None) -> list[Stocked]:
    """Return every item on hand in each place that is in use, or in one.

    Changes are the entries of the holdings that are still there: what is used up needs no counting.
    They are counted in the index of the holding, by their ids: no entry itself is read.
    """
    last = _last_counts(location)
    there = Holding.objects.on_hand().filter(location__is_active=True)
    if location is not None:
        there = there.filter(location=location)
    own = Entry.objects.filter(holding=OuterRef("pk")).order_by()
    since = own.filter(pk__gt=OuterRef("mark")).values("holding").annotate(number=Count("pk"))
    first = own.order_by("pk").values("pk")[:1]
    rows = list(
        there.annotate(mark=_marks(last)).values_list(
            "location__code",
            "lot__item__sku",
            "quantity",
            "lot__unit_cost",
            Subquery(since.values("number")),
            Subquery(first),
        )
    )
    began = dict(
        Entry.objects.filter(pk__in=[row[-1] for row in rows]).values_list("pk", "happened_at")
    )
    return _added_up(rows, last, began)


def _last_counts(location: Location | None) -> dict[Key, LastCount]:
    """Return when each item was last counted in each place; a count that was reversed is none."""
    lines = CountSheetLine.objects.filter(movement__reversed_by__isnull=True)
    lines = lines.filter(movement__isnull=False)
    if location is not None:
        lines = lines.filter(sheet__location=location)
    rows = lines.order_by().values_list("sheet__location__code", "lot__item__sku")
    newest = rows.annotate(Max("sheet__posted_at"), Max("sheet__posted_up_to"))
    return {Key(place, item): LastCount(at, up_to) for place, item, at, up_to in newest}


def _marks(last: Mapping[Key, LastCount]) -> Case:
    """Return the newest entry when a holding's item was last counted in its place, in SQL."""
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    for key, count in last.items():
        groups[key.location, count.up_to].append(key.item)
    return Case(
        *(
            When(location__code=place, lot__item__sku__in=items, then=Value(up_to))
            for (place, up_to), items in groups.items()
        ),
        default=Value(0),
        output_field=IntegerField(),
    )


def _added_up(
    rows: Iterable[tuple[Any, ...]],
    last: Mapping[Key, LastCount],
    began: Mapping[int, datetime],
) -> list[Stocked]:
    value: dict[Key, Decimal] = defaultdict(Decimal)
    changes: dict[Key, int] = defaultdict(int)
    firsts: dict[Key, list[datetime]] = defaultdict(list)
    unpriced: set[Key] = set()
    for place, item, quantity, unit_cost, number, first in rows:
        key = Key(place, item)
        value[key] += quantity * (unit_cost or ZERO)
        changes[key] += number or 0
        if first in began:
            firsts[key].append(began[first])
        if unit_cost is None:
            unpriced.add(key)
    return [
        Stocked(
            location=key.location,
            item=key.item,
            value=value[key].quantize(CENT),
            changes=changes[key],
            last_counted=_day(last[key].posted_at) if key in last else None,
            since=_day(min(firsts[key])) if key in firsts else None,
            unpriced=key in unpriced,
        )
        for key in value
    ]


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
