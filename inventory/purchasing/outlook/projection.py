"""What becomes of an item's stock if it is used as usual. Pure; quantities in the item's unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from inventory.purchasing.planning.expiry import THOUSANDTH

NOTHING = Decimal(0)


class Happening(StrEnum):
    """What befalls the stock on a day."""

    LOW = "reorder point"
    ARRIVAL = "arrives"
    EXPIRY = "expires unused"
    EMPTY = "runs out"


@dataclass(frozen=True)
class Stored:
    """So much of a lot; `last_day` is its last usable one, None if it never expires."""

    quantity: Decimal
    last_day: date | None
    name: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happens to the stock, to so much of it; `name` is of a lot or an order."""

    day: date
    what: Happening
    quantity: Decimal = NOTHING
    name: str = ""


@dataclass(frozen=True)
class Projection:
    """The stock at the end of each day, today first, and what happens to it."""

    days: tuple[tuple[date, Decimal], ...]
    events: tuple[Event, ...]
    used: Decimal

    @property
    def runs_out_on(self) -> date | None:
        """The first day that it does not last through any more; None: not in sight."""
        return next((event.day for event in self.events if event.what is Happening.EMPTY), None)


def project(
    stored: Sequence[Stored],
    arrivals: Sequence[tuple[date, Stored]],
    daily: Decimal,
    reorder_point: Decimal | None,
    today: date,
    days: int,
) -> Projection:
    """Return what becomes of the stock in so many days: used first expiry first out, day by day.

    What arrives can be used on the day of its arrival; what has its last day today can too.
    """
    shelf = list(stored)
    line: list[tuple[date, Decimal]] = []
    events: list[Event] = []
    used = NOTHING
    before = _total(shelf)
    was_out = before == 0
    for day in (today + timedelta(days=number) for number in range(days + 1)):
        came = [lot for at, lot in arrivals if at == day]
        events += [Event(day, Happening.ARRIVAL, lot.quantity, lot.name) for lot in came]
        shelf += came
        held = _total(shelf)
        # Today's use is mostly in the stock already.
        shelf = _used(shelf, daily if day > today else NOTHING)
        used += held - _total(shelf)
        gone = [lot for lot in shelf if lot.last_day is not None and lot.last_day <= day]
        losses = ((_rounded(lot.quantity), lot.name) for lot in gone)
        events += [Event(day, Happening.EXPIRY, lost, name) for lost, name in losses if lost > 0]
        shelf = [lot for lot in shelf if lot not in gone]
        left = _total(shelf)
        if reorder_point is not None and left <= reorder_point < before:
            events.append(Event(day, Happening.LOW, left))
        out = left == 0 or _rounded(left) < _rounded(daily)
        if out and not was_out:
            events.append(Event(day, Happening.EMPTY))
        was_out = out
        line.append((day, left))
        before = left
    return Projection(tuple(line), tuple(events), used)


def _used(shelf: Sequence[Stored], wanted: Decimal) -> list[Stored]:
    left = []
    for lot in sorted(shelf, key=lambda lot: lot.last_day or date.max):
        taken = min(wanted, lot.quantity)
        wanted -= taken
        if lot.quantity > taken:
            left.append(replace(lot, quantity=lot.quantity - taken))
    return left


def _rounded(quantity: Decimal) -> Decimal:
    """Division leaves a trace of what was all used up."""
    return quantity.quantize(THOUSANDTH, rounding=ROUND_HALF_UP)


def _total(shelf: Sequence[Stored]) -> Decimal:
    return sum((lot.quantity for lot in shelf), NOTHING)
