"""What a reversal took back counts on the day of what it took back, not on that of the second
thought: a slip that is noticed a week later was no use in either week."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.timezone import localdate

from inventory.purchasing.sums import THOUSANDTHS
from inventory.stock.models import Entry, Movement
from inventory.web.days import midnight


class TakenBack(NamedTuple):
    """An entry of a reversal: what it gave back, in thousandths of the item's unit, on which day it
    was noted, and on which that had been used. `item` and `place` are ids."""

    item: int
    place: int
    kind: str
    quantity: int
    noted_on: date
    used_on: date


def read_taken_back(
    since: date, places: Collection[int] = (), items: Collection[int] | None = None
) -> list[TakenBack]:
    """Return what was taken back since that day of what was used or wasted on an earlier day: one
    query, that begins with the reversals, for they are few.

    `places` and `items` are ids of locations and items, all of them if none is given, or None.
    """
    entries = Entry.objects.filter(
        # More than zero instead of "not null": that both databases look up in the index.
        movement__in=Movement.objects.filter(reverses__gt=0).order_by(),
        kind__in=(Entry.Kind.USE, Entry.Kind.WASTE),
        happened_at__gte=midnight(since),
    ).order_by()
    if places:
        entries = entries.filter(location__in=places)
    if items is not None:
        entries = entries.filter(item__in=items)
    rows = entries.values_list(
        "item", "location", "kind", "quantity", "happened_at", "movement__reverses__happened_at"
    )
    found = (
        TakenBack(item, place, kind, _thousandths(quantity), localdate(noted), localdate(used))
        for item, place, kind, quantity, noted, used in rows
    )
    return [each for each in found if each.used_on != each.noted_on]


def _thousandths(quantity: Decimal) -> int:
    return int(quantity.scaleb(THOUSANDTHS))
