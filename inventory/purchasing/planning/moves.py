"""What to move to a place that uses it, before it expires where it is. Pure.

Each place uses its own stock, the soonest to expire first, at its own daily use. What is left over
goes to a place that would use it up in time, in whole containers or pieces, and only where at least
half of each of them would be saved. A move that makes the places together lose more is none.

Quantities are in the item's unit; the last usable day itself still counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from inventory.purchasing.planning.expiry import Perishable, unused_by_lot

NOTHING = Decimal(0)
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Stored:
    """What is in a place of one lot, sealed, or one opened vial; `key` names it to who asks."""

    key: int
    last_day: date | None
    quantity: Decimal
    is_opened: bool = False


@dataclass(frozen=True)
class Shelf:
    """One item in one place, and how much of it is used there on a usual day."""

    place: int
    stock: Sequence[Stored]
    daily: Decimal = NOTHING
    treatment_area: bool = False


@dataclass(frozen=True)
class Move:
    """Take so much of it to another place, on this day at the latest; `saved` is not lost then."""

    key: int
    source: int
    destination: int
    quantity: Decimal
    saved: Decimal
    by: date


@dataclass
class _Place:
    """A shelf as it is after the moves so far: `lots` are its own stock, then what came."""

    shelf: Shelf
    lots: list[Perishable]

    def lost(self, today: date, lots: Sequence[Perishable] | None = None) -> Decimal:
        """Return what is lost here, of other lots if they are given."""
        lots = self.lots if lots is None else lots
        return sum(unused_by_lot(lots, self.shelf.daily, today), NOTHING)

    def without(self, position: int, quantity: Decimal) -> list[Perishable]:
        """Return the lots as they are once so much of one has left."""
        lots = list(self.lots)
        last_day, there = lots[position]
        lots[position] = last_day, there - quantity
        return lots


@dataclass(frozen=True)
class _Surplus:
    """Stock that is lost where it is, in steps that can be carried: a container or a piece."""

    source: _Place
    position: int
    stored: Stored
    step: Decimal
    most: int

    def with_it(self, destination: _Place, steps: int) -> list[Perishable]:
        return [*destination.lots, (self.stored.last_day, steps * self.step)]

    def saved(self, destination: _Place, steps: int, today: date) -> Decimal:
        """Return how much less both places lose together."""
        here = self.source.without(self.position, steps * self.step)
        there = self.with_it(destination, steps)
        before = self.source.lost(today) + destination.lost(today)
        return before - self.source.lost(today, here) - destination.lost(today, there)

    def best_steps(self, destination: _Place, today: date) -> int:
        """Return how many to move: as long as one more saves half of itself.

        Each saves at most as much as the one before, so that the last that does is found by halves.
        """
        few, many = 0, self.most
        while few < many:
            middle = (few + many + 1) // 2
            more = self.saved(destination, middle, today)
            if more - self.saved(destination, middle - 1, today) >= self.step * HALF:
                few = middle
            else:
                many = middle - 1
        return few


@dataclass(frozen=True)
class _Planned:
    """A move of which it is not said yet by when."""

    surplus: _Surplus
    destination: _Place
    quantity: Decimal
    saved: Decimal

    @property
    def last_day(self) -> date:
        return self.surplus.stored.last_day or date.max

    def move(self, by: date) -> Move:
        return Move(
            key=self.surplus.stored.key,
            source=self.surplus.source.shelf.place,
            destination=self.destination.shelf.place,
            quantity=self.quantity,
            saved=min(self.saved, self.quantity),
            by=by,
        )


def moves(shelves: Sequence[Shelf], step: Decimal, today: date) -> list[Move]:
    """Return what to move of one item between its places, the soonest to be done first.

    `step` is what one container holds, or one piece. An opened vial moves whole, and neither into
    nor out of an immediate treatment area, where a vial is for one patient.
    """
    places = [
        _Place(shelf, [(each.last_day, each.quantity) for each in shelf.stock]) for shelf in shelves
    ]
    found = [
        move
        for source, position in _soonest_first(places)
        for move in _moves_of(source, position, places, step, today)
    ]
    return sorted(_with_days(found, places, today), key=lambda move: move.by)


def _soonest_first(places: Sequence[_Place]) -> list[tuple[_Place, int]]:
    perishable = [
        (stored.last_day, number, position)
        for number, place in enumerate(places)
        for position, stored in enumerate(place.shelf.stock)
        if stored.last_day is not None
    ]
    return [(places[number], position) for _, number, position in sorted(perishable)]


def _moves_of(
    source: _Place, position: int, places: Sequence[_Place], step: Decimal, today: date
) -> Iterator[_Planned]:
    """Yield the moves of one lot, to whoever saves most of it first."""
    while surplus := _surplus(source, position, step, today):
        best = max(
            (
                (surplus.saved(place, steps, today), -number, place, steps)
                for number, place in enumerate(places)
                if _may_go(surplus, place) and (steps := surplus.best_steps(place, today))
            ),
            key=lambda each: each[:2],
            default=None,
        )
        if best is None or best[0] <= 0:
            return
        saved, _, destination, steps = best
        destination.lots = surplus.with_it(destination, steps)
        source.lots = source.without(position, steps * surplus.step)
        yield _Planned(surplus, destination, steps * surplus.step, saved)


def _surplus(source: _Place, position: int, step: Decimal, today: date) -> _Surplus | None:
    """Return what of this lot is lost here and can be carried; None where there is none."""
    stored = source.shelf.stock[position]
    _, there = source.lots[position]
    lost = unused_by_lot(source.lots, source.shelf.daily, today)[position]
    if lost <= 0:
        return None
    if stored.is_opened:
        return _Surplus(source, position, stored, there, 1)
    whole = (there / step).to_integral_value(ROUND_FLOOR)
    wanted = (lost / step).to_integral_value(ROUND_CEILING)
    return _Surplus(source, position, stored, step, int(min(whole, wanted)))


def _may_go(surplus: _Surplus, destination: _Place) -> bool:
    there, here = destination.shelf, surplus.source.shelf
    if destination is surplus.source or there.daily <= 0:
        return False
    return not (surplus.stored.is_opened and (there.treatment_area or here.treatment_area))


def _with_days(
    planned: Sequence[_Planned], places: Sequence[_Place], today: date
) -> Iterator[Move]:
    """Say by when: the last days in which a place can use up what comes, counted back from the last
    to expire."""
    for place in places:
        coming = [each for each in planned if each.destination is place]
        start = Decimal("Infinity")
        for each in sorted(coming, key=lambda each: each.last_day, reverse=True):
            end = min(start, Decimal((each.last_day - today).days))
            start = max(NOTHING, end - each.saved / place.shelf.daily)
            yield each.move(today + timedelta(days=int(start)))
