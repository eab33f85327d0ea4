"""How much a year of procedures takes off the shelves, by item, room and day. Pure.

Of a single-dose container all of it counts, whatever was given of it.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

NOTHING = Decimal(0)
Taken = tuple[date, str, str, Decimal]
"""A day, a room, an SKU, and how much of it left the shelf in the item's unit."""


class Demand:
    """Sums of what was taken between two days."""

    def __init__(self, taken: Iterable[Taken]) -> None:
        by_day: dict[tuple[str, str], dict[date, Decimal]] = defaultdict(
            lambda: defaultdict(Decimal)
        )
        for day, room, sku, quantity in taken:
            by_day[sku, room][day] += quantity
            by_day[sku, ""][day] += quantity
        self._sums = {key: _running(days) for key, days in by_day.items()}

    def between(self, sku: str, since: date, until: date, room: str = "") -> Decimal:
        """Return what these days took, both included; in one room, or in all."""
        if (sku, room) not in self._sums:
            return NOTHING
        days, sums = self._sums[sku, room]
        first, last = bisect_left(days, since), bisect_right(days, until)
        return (sums[last - 1] if last else NOTHING) - (sums[first - 1] if first else NOTHING)

    def skus(self, room: str = "") -> list[str]:
        """Return what is ever used, in one room or in all."""
        return sorted(sku for sku, where in self._sums if where == room)


def _running(days: dict[date, Decimal]) -> tuple[list[date], list[Decimal]]:
    in_order = sorted(days)
    return in_order, list(_sums(days[day] for day in in_order))


def _sums(quantities: Iterable[Decimal]) -> Iterator[Decimal]:
    total = NOTHING
    for quantity in quantities:
        total += quantity
        yield total
