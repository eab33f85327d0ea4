"""What a supplier's answer changes of an order, line by line and in money. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from inventory.purchasing.orders.headings import DISCONTINUED, IN_STOCK
from inventory.purchasing.orders.returned import Returned, ReturnedLine
from inventory.purchasing.orders.sheet import OrderSheet, SheetLine

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Promise:
    """What is to come of a line: packs, at a price for one, arriving on a day, as far as known."""

    packs: int
    price: Decimal | None
    arrives_on: date | None = None

    @property
    def cost(self) -> Decimal | None:
        return None if self.price is None else self.packs * self.price


Promises = Mapping[int, Promise]
"""What is known of each line by its number; a line that is not in it is as ordered."""

AS_ORDERED: Promises = MappingProxyType({})
NO_REMARKS: Mapping[int, str] = MappingProxyType({})
# That it is in stock goes without saying.
NOTHING_SPECIAL = {"", f"{IN_STOCK.capitalize()}."}


@dataclass(frozen=True)
class Difference:
    """A line of which the supplier says something else, or something more, than was known;
    `remarked` is what was remarked before."""

    line: SheetLine
    answer: ReturnedLine
    before: Promise
    after: Promise
    remarked: str = ""

    @property
    def changes(self) -> bool:
        """Whether another quantity, price or day is to come; if not, it is a remark alone."""
        return self.before != self.after

    @property
    def remark(self) -> str:
        """Return "Back order. “In January.”"; empty where nothing more is said."""
        parts = [f"{self.answer.availability.capitalize()}."] if self.answer.availability else []
        parts += [f"“{self.answer.remark}”"] if self.answer.remark else []
        return " ".join(parts)

    @property
    def remarks(self) -> bool:
        """Whether something else is remarked than before, be it that nothing is any more."""
        return self.remark != self.remarked and not {self.remark, self.remarked} <= NOTHING_SPECIAL

    @property
    def cost_change(self) -> Decimal:
        """By how much the line costs more; one that is not priced costs nothing yet."""
        return (self.after.cost or NOTHING) - (self.before.cost or NOTHING)


@dataclass(frozen=True)
class Totals:
    """What the order is to cost, as far as its lines are priced."""

    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


def differences(
    order: OrderSheet,
    returned: Returned,
    known: Promises = AS_ORDERED,
    remarked: Mapping[int, str] = NO_REMARKS,
) -> tuple[Difference, ...]:
    """Return the lines that the answer changes or remarks on anew, in the order of the lines.

    `remarked` is what was remarked before, by the number of the line.
    """
    lines = {line.number: line for line in order.lines}
    compared = (
        _compared(lines[answer.number], answer, known, remarked.get(answer.number, ""))
        for answer in returned.lines
    )
    return tuple(each for each in compared if each.changes or each.remarks)


def totals(order: OrderSheet, found: Iterable[Difference], known: Promises = AS_ORDERED) -> Totals:
    """Return what the order is to cost before these differences, and after them."""
    before = sum(((_known(line, known).cost or NOTHING) for line in order.lines), NOTHING)
    return Totals(before, before + sum((each.cost_change for each in found), NOTHING))


def confirmed_packs(answer: ReturnedLine) -> int | None:
    """Return how many packs the supplier confirms; none of what is discontinued, unless said."""
    if answer.confirmed_packs is None and answer.availability == DISCONTINUED:
        return 0
    return answer.confirmed_packs


def _compared(line: SheetLine, answer: ReturnedLine, known: Promises, remarked: str) -> Difference:
    before = _known(line, known)
    packs, price = confirmed_packs(answer), answer.confirmed_price
    after = replace(
        before,
        packs=line.packs if packs is None else packs,
        price=line.pack_price if price is None else price,
        # That no day is said takes none back.
        arrives_on=answer.arrives_on or before.arrives_on,
    )
    return Difference(line, answer, before, after, remarked)


def _known(line: SheetLine, known: Promises) -> Promise:
    return known.get(line.number, Promise(line.packs, line.pack_price))
