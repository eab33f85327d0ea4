"""One item played day by day under one policy: what was asked for, served, thrown away, ordered.

Days are numbered from the first one played, 0. On each day the demand is served, soonest expiry
first, and what cannot be served is lost; then stock on its last day is thrown away, what arrives
that day is put on the shelf, and the policy may order whole packs. An order placed on day t arrives
at the end of day t + lead time, so that the demand of so many whole days is at risk meanwhile.
Nothing in it is random. Every quantity is in the item's unit.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Terms:
    """How an item is bought, and for how many days after it arrives it may be used; None: it does
    not expire."""

    lead_time_days: int = 3
    pack_size: Decimal = Decimal(1)
    pack_price: Decimal = Decimal(1)
    shelf_life_days: int | None = 720
    minimum_packs: int = 1

    @property
    def unit_price(self) -> Decimal:
        return self.pack_price / self.pack_size


@dataclass(slots=True)
class ShelfLot:
    """What came together. The last day itself is still usable; None never ends."""

    last_day: int | None
    quantity: Decimal


@dataclass(slots=True)
class Coming:
    """An order on its way. `held`: nobody has asked in vain since it was placed."""

    arrives: int
    quantity: Decimal
    held: bool = True


@dataclass
class Shelf:
    """What there is and what is coming, the soonest first."""

    lots: deque[ShelfLot] = field(default_factory=deque)
    on_hand: Decimal = NOTHING
    orders: deque[Coming] = field(default_factory=deque)
    on_order: Decimal = NOTHING

    @property
    def position(self) -> Decimal:
        return self.on_hand + self.on_order

    def put(self, quantity: Decimal, last_day: int | None) -> None:
        self.lots.append(ShelfLot(last_day, quantity))
        self.on_hand += quantity

    def take(self, wanted: Decimal) -> Decimal:
        """Take up to so much, the soonest to expire first; return what was missing."""
        missing = max(NOTHING, wanted - self.on_hand)
        left = wanted - missing
        self.on_hand -= left
        while left > 0:
            lot = self.lots[0]
            if lot.quantity > left:
                lot.quantity -= left
                break
            left -= lot.quantity
            self.lots.popleft()
        return missing

    def throw_away(self, today: int) -> Decimal:
        """Remove what had its last day today; return how much that was."""
        thrown = NOTHING
        while self.lots and self.lots[0].last_day is not None and self.lots[0].last_day <= today:
            thrown += self.lots.popleft().quantity
        self.on_hand -= thrown
        return thrown

    def order(self, quantity: Decimal, arrives: int) -> None:
        self.orders.append(Coming(arrives, quantity))
        self.on_order += quantity

    def arrived(self, today: int) -> list[Coming]:
        """Take off the orders that arrive by today; they are still to be put on the shelf."""
        arrived = []
        while self.orders and self.orders[0].arrives <= today:
            arrived.append(self.orders.popleft())
            self.on_order -= arrived[-1].quantity
        return arrived


class Policy(Protocol):
    """Whoever orders. It is told each day's demand at the end of that day and nothing sooner."""

    def opening(self) -> Decimal:
        """Return what is on the shelf to begin with."""

    def packs(self, today: int, wanted: Decimal, shelf: Shelf) -> int:
        """Return how many packs to order at the end of a day on which so much was wanted."""


@dataclass
class Played:
    """What came of it. Quantities in the item's unit; `stock_days` is the stock at the end of each
    day, added up."""

    days: int = 0
    cycles: int = 0
    cycles_held: int = 0
    wanted: Decimal = NOTHING
    missing: Decimal = NOTHING
    stockout_days: int = 0
    stock_days: Decimal = NOTHING
    expired: Decimal = NOTHING
    orders: int = 0


def play(demand: Sequence[Decimal], policy: Policy, terms: Terms) -> Played:
    """Play these days; opening stock is what the policy begins with, fresh.

    A cycle is from an order's placing to its arrival, and counts once it has ended.
    """
    played, shelf = Played(days=len(demand)), Shelf()
    opening = policy.opening()
    if opening > 0:
        shelf.put(opening, _last_day(-1, terms))
    for today, wanted in enumerate(demand):
        if wanted:
            _serve(wanted, shelf, played)
        if shelf.lots and (last := shelf.lots[0].last_day) is not None and last <= today:
            played.expired += shelf.throw_away(today)
        if shelf.orders:
            _arrive(today, shelf, terms, played)
        if packs := policy.packs(today, wanted, shelf):
            played.orders += 1
            shelf.order(packs * terms.pack_size, today + terms.lead_time_days)
            if not terms.lead_time_days:
                _arrive(today, shelf, terms, played)
        played.stock_days += shelf.on_hand
    return played


def _serve(wanted: Decimal, shelf: Shelf, played: Played) -> None:
    played.wanted += wanted
    missing = shelf.take(wanted)
    if missing:
        played.missing += missing
        played.stockout_days += 1
        for order in shelf.orders:
            order.held = False


def _arrive(today: int, shelf: Shelf, terms: Terms, played: Played) -> None:
    for order in shelf.arrived(today):
        shelf.put(order.quantity, _last_day(today, terms))
        played.cycles += 1
        played.cycles_held += order.held


def _last_day(arrived: int, terms: Terms) -> int | None:
    return None if terms.shelf_life_days is None else arrived + terms.shelf_life_days
