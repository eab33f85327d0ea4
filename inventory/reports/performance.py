"""How suppliers kept what they were asked for: how much came, when, and at which price. Pure.

Days are the clinic's, quantities in the item's unit, prices for one pack. A line is settled once
all of it is there, or its day is over: what may still come in time says nothing yet, and what was
given up before its day never does. What was cancelled says nothing at all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import median

from inventory.purchasing.lead_times import days_taken

ZERO = Decimal(0)
TENTH = Decimal("0.1")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Came:
    """What one receipt brought of a line, and what was paid for it (None: nobody said)."""

    on: date
    quantity: Decimal
    cost: Decimal | None = None


@dataclass(frozen=True)
class SentLine:
    """A line of an order that left, and what came of it.

    What is confirmed is None where the supplier said nothing of it. `due_on` is the day that was
    confirmed for it, else the one that the order was expected on when it left.
    """

    order: int
    supplier: int
    item: int
    sent_on: date
    packs: int
    pack_quantity: Decimal
    pack_price: Decimal | None = None
    confirmed_packs: int | None = None
    confirmed_price: Decimal | None = None
    due_on: date | None = None
    lead_time_days: int | None = None
    closed_on: date | None = None
    is_cancelled: bool = False
    came: Sequence[Came] = ()

    @property
    def ordered(self) -> Decimal:
        return self.packs * self.pack_quantity

    @property
    def promised_packs(self) -> int:
        return self.packs if self.confirmed_packs is None else self.confirmed_packs

    @property
    def received(self) -> Decimal:
        return sum((each.quantity for each in self.came), ZERO)

    @property
    def is_complete(self) -> bool:
        return self.received >= self.promised_packs * self.pack_quantity

    @property
    def came_on(self) -> date | None:
        """The day of the first receipt."""
        return min((each.on for each in self.came), default=None)

    @property
    def is_on_time(self) -> bool:
        """Whether all that was to come was there on the day that it was due."""
        in_time = (each.quantity for each in self.came if self.due_on and each.on <= self.due_on)
        return sum(in_time, ZERO) >= self.promised_packs * self.pack_quantity

    def is_settled(self, today: date) -> bool:
        # Of what nobody said a day for nothing is known until it is given up.
        until = min(today, self.closed_on or today)
        is_over = self.due_on < until if self.due_on else self.closed_on is not None
        return not self.is_cancelled and (self.is_complete or is_over)

    def packs_received(self, most: int) -> Decimal:
        """Return the packs that came, as far as they count: more than `most` fill nothing else."""
        return min(self.received / self.pack_quantity, Decimal(most))


@dataclass(frozen=True)
class Performance:
    """What the lines that were sent, of one supplier or of one of its items, add up to today.

    Shares are in percent, to a tenth; None where there is nothing to judge by.
    """

    lines: Sequence[SentLine]
    today: date

    @property
    def orders(self) -> int:
        return len(self._by_order)

    @property
    def in_full(self) -> int:
        return self._outcomes["in full"]

    @property
    def in_part(self) -> int:
        return self._outcomes["in part"]

    @property
    def not_yet(self) -> int:
        return self._outcomes["not yet"]

    @property
    def declined(self) -> int:
        """Those of which the supplier confirmed nothing."""
        return self._outcomes["declined"]

    @property
    def closed(self) -> int:
        return self._outcomes["closed"]

    @property
    def cancelled(self) -> int:
        return self._outcomes["cancelled"]

    @property
    def promised_days(self) -> Decimal | None:
        """The usual lead time of the offers that were ordered."""
        return _usual(each.lead_time_days for each in self.lines)

    @property
    def real_days(self) -> Decimal | None:
        """The usual days from sending an order to its first receipt."""
        return _usual(map(_days_to_first, self._by_order.values()))

    @property
    def due(self) -> Decimal:
        """How many lines had a day, and are settled."""
        return Decimal(len(self._timed))

    @property
    def late(self) -> Decimal:
        """How many of those were not there in full on their day."""
        return Decimal(sum(not each.is_on_time for each in self._timed))

    @property
    def on_time(self) -> Decimal | None:
        return _share(self.due - self.late, self.due)

    @property
    def ordered(self) -> Decimal | None:
        """How much was ordered and not cancelled."""
        kept = [each.ordered for each in self.lines if not each.is_cancelled]
        return sum(kept, ZERO) if kept else None

    @property
    def filled(self) -> Decimal | None:
        """Of the packs that were ordered, the share that came."""
        came = sum((each.packs_received(each.packs) for each in self._settled), ZERO)
        return _share(came, Decimal(sum(each.packs for each in self._settled)))

    @property
    def filled_of_confirmed(self) -> Decimal | None:
        """Of the packs that the supplier agreed to, the share that came."""
        came = sum((each.packs_received(each.promised_packs) for each in self._settled), ZERO)
        return _share(came, Decimal(sum(each.promised_packs for each in self._settled)))

    @property
    def price_change(self) -> Decimal | None:
        """By how much more was paid, or else confirmed, than was ordered at."""
        pairs = [pair for each in self.lines if (pair := _prices(each))]
        asked = sum((before for before, _ in pairs), ZERO)
        return change(asked, sum((after for _, after in pairs), ZERO))

    @cached_property
    def _by_order(self) -> Mapping[int, Sequence[SentLine]]:
        by_order: dict[int, list[SentLine]] = defaultdict(list)
        for line in self.lines:
            by_order[line.order].append(line)
        return by_order

    @cached_property
    def _outcomes(self) -> Counter[str]:
        return Counter(map(_outcome, self._by_order.values()))

    @cached_property
    def _settled(self) -> Sequence[SentLine]:
        return [each for each in self.lines if each.is_settled(self.today)]

    @cached_property
    def _timed(self) -> Sequence[SentLine]:
        return [each for each in self._settled if each.due_on and each.promised_packs]


def change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """Return by how many percent more that is; None where there is nothing to compare."""
    return None if not before or after is None else _share(after - before, before)


def _outcome(lines: Sequence[SentLine]) -> str:
    if lines[0].is_cancelled:
        return "cancelled"
    if lines[0].closed_on:
        return "closed"
    if not any(each.came for each in lines):
        return "declined" if all(each.is_complete for each in lines) else "not yet"
    return "in full" if all(each.is_complete for each in lines) else "in part"


def _days_to_first(lines: Sequence[SentLine]) -> int | None:
    first = min((each.came_on for each in lines if each.came_on), default=None)
    return None if first is None else days_taken(lines[0].sent_on, first)


def _prices(line: SentLine) -> tuple[Decimal, Decimal] | None:
    """Return what was to be paid for what was paid for, and what was; None where unknown."""
    price = line.pack_price
    if price is None or line.is_cancelled:
        return None
    paid = [(each.quantity, each.cost) for each in line.came if each.cost is not None]
    if paid:
        asked = (_cents(quantity / line.pack_quantity * price) for quantity, _ in paid)
        return sum(asked, ZERO), sum((cost for _, cost in paid), ZERO)
    if line.confirmed_price is None:
        return None
    return line.promised_packs * price, line.promised_packs * line.confirmed_price


def _usual(days: Iterable[int | None]) -> Decimal | None:
    known = [Decimal(each) for each in days if each is not None]
    return median(known) if known else None


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole * 100).quantize(TENTH, ROUND_HALF_UP) if whole else None
