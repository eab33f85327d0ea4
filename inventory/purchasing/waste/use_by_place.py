"""How much of each item is needed on a usual day in each place: three queries for all of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from inventory.catalog.models import Item
from inventory.purchasing.planning.ordering import USAGE_DAYS, daily_usage
from inventory.purchasing.usage import Usage, demand, first_use_by_item
from inventory.stock.models import Entry, PastUse
from inventory.web.days import midnight

UseByPlace = Mapping[int, Decimal]
"""The daily use of one item, by the id of the place that uses it."""


def daily_use_by_place(items: Collection[Item], today: date) -> Mapping[int, UseByPlace]:
    """Return the daily use of each of these items in each place that used it, by the item's id.

    The places of an item add up to its `daily_usage_by_item`: how long an item has been used is
    asked of the whole clinic, so that a room in which it is new does not count twice.
    """
    by_id = {item.pk: item for item in items}
    needed = {
        (item, place): amount
        for (item, place), usage in _usage(by_id, today).items()
        if (amount := demand(by_id[item], usage)) > 0
    }
    first = first_use_by_item({item for item, _ in needed})
    use: dict[int, dict[int, Decimal]] = {item: {} for item in by_id}
    for (item, place), amount in needed.items():
        use[item][place] = daily_usage(amount, first.get(item), today)
    return use


def _usage(items: Mapping[int, Item], today: date) -> Mapping[tuple[int, int], Usage]:
    """Add up entries, of which what takes something away is negative, and what files say."""
    begins, ends = midnight(today - timedelta(days=USAGE_DAYS - 1)), midnight(_after(today))
    entries = Entry.objects.filter(
        item__in=list(items),
        kind__in=(Entry.Kind.USE, Entry.Kind.WASTE),
        happened_at__gte=begins,
        happened_at__lt=ends,
    ).order_by()
    past = PastUse.objects.filter(
        item__in=list(items), used_at__gte=begins, used_at__lt=ends
    ).order_by()
    used: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    wasted: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    sums = entries.values_list("item", "location", "kind").annotate(Sum("quantity"))
    for item, place, kind, quantity in sums:
        (used if kind == Entry.Kind.USE else wasted)[item, place] -= quantity
    before = past.values_list("item", "location").annotate(Sum("quantity"), Sum("discarded"))
    for item, place, quantity, discarded in before:
        used[item, place] += quantity
        wasted[item, place] += discarded
    return {place: Usage(used[place], wasted[place]) for place in {**used, **wasted}}


def _after(day: date) -> date:
    return day + timedelta(days=1)
