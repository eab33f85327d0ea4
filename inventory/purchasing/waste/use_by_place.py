"""How much of each item is needed on a usual day in each place, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from inventory.catalog.models import Item
from inventory.purchasing.planning.ordering import USAGE_DAYS
from inventory.purchasing.sums import units
from inventory.purchasing.taken_back import read_taken_back
from inventory.purchasing.usage import Usage, days_before, demand
from inventory.purchasing.usage_book import daily_usage_by_item
from inventory.stock.models import Entry, PastUse
from inventory.web.days import midnight

UseByPlace = Mapping[int, Decimal]
"""The daily use of one item, by the id of the place that uses it."""


def daily_use_by_place(items: Collection[Item], today: date) -> Mapping[int, UseByPlace]:
    """Return the daily use of each of these items in each place that used it, by the item's id.

    The places of an item add up to its `daily_usage_by_item`, each with its share of the quarter:
    for how long there was some of it to be used is asked of the whole clinic.
    """
    by_id = {item.pk: item for item in items}
    needed: dict[int, dict[int, Decimal]] = {item: {} for item in by_id}
    for (item, place), usage in _usage(by_id, today).items():
        if (amount := demand(by_id[item], usage)) > 0:
            needed[item][place] = amount
    daily = daily_usage_by_item(items, today)
    return {item: _shared_out(daily[item], places) for item, places in needed.items()}


def _shared_out(daily: Decimal, needed: UseByPlace) -> UseByPlace:
    whole = sum(needed.values())
    return {place: daily * amount / whole for place, amount in needed.items()}


def _usage(items: Mapping[int, Item], today: date) -> Mapping[tuple[int, int], Usage]:
    """Add up entries, of which what takes something away is negative, and what files say."""
    since = days_before(today, USAGE_DAYS)
    begins, ends = midnight(since), midnight(today + timedelta(days=1))
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
    for back in read_taken_back(since, items=list(items)):
        if back.used_on < since:
            amounts = used if back.kind == Entry.Kind.USE else wasted
            amounts[back.item, back.place] += units(back.quantity)
    before = past.values_list("item", "location").annotate(Sum("quantity"), Sum("discarded"))
    for item, place, quantity, discarded in before:
        used[item, place] += quantity
        wasted[item, place] += discarded
    return {place: Usage(used[place], wasted[place]) for place in {**used, **wasted}}
