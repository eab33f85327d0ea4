"""The list of a delivery before it is received, as it was scanned and typed. Pure.

What was typed stays as it was typed, right or wrong: the forms judge it. Each line keeps its number
for as long as it is on the list.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from inventory.catalog.models import Item
from inventory.stock.receiving.measures import (
    CONTAINER,
    UNIT,
    NotCountedSo,
    count_words,
    measure_of,
    smallest,
    units_in_one,
)
from inventory.stock.requests import normalize_lot_number
from inventory.web.decimals import plain

MOST_LINES = 100
CENT = Decimal("0.01")
NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", re.ASCII)
UNKNOWN_SIZE = (
    "Nobody has said yet how much this package of {item} holds: enter the quantity in its line."
)
SCANNED_BEFORE = (
    "Serial number {serial} was scanned before. If it was the same package, take one off again."
)


class CannotAdd(ValueError):
    """What was scanned cannot join the list; `str()` says why, and what to do."""


@dataclass(frozen=True)
class DraftLine:
    """One lot on the list. `doubt` is the code of which nobody can tell where its lot ends,
    `serials` those of the packages that were scanned, with blanks between."""

    number: int
    item: Item
    lot: str = ""
    expires_on: str = ""
    quantity: str = ""
    measure: str = UNIT
    price: str = ""
    doubt: str = ""
    serials: str = ""

    @property
    def lot_number(self) -> str:
        """The lot as it will be kept."""
        return normalize_lot_number(self.lot)

    @property
    def counted(self) -> str:
        """Return "2 packs of 500 mL = 1,000 mL, 50 vials"; nothing where it is not understood."""
        quantity = number_in(self.quantity)
        try:
            return count_words(self.item, self.measure, quantity) if quantity else ""
        except NotCountedSo:
            return ""


@dataclass(frozen=True)
class Package:
    """One package that was scanned. `quantity` is how much of the item's unit it holds; None where
    nobody has said so yet."""

    item: Item
    quantity: Decimal | None
    lot: str = ""
    expires_on: date | None = None
    serial: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Draft:
    """The lines in the order in which they came; `unknown` are codes that are still to be asked
    about; `touched` is the number of the line that was changed last."""

    lines: tuple[DraftLine, ...] = ()
    unknown: tuple[str, ...] = ()
    touched: int | None = None
    notes: tuple[str, ...] = ()

    def line(self, number: int | None) -> DraftLine | None:
        """Return the line of this number."""
        return next((line for line in self.lines if line.number == number), None)

    def with_line(self, line: DraftLine, *notes: str) -> "Draft":
        """Return the list with this line in its place, or at the end."""
        known = self.line(line.number) is not None
        others = tuple(line if each.number == line.number else each for each in self.lines)
        lines = others if known else (*self.lines, line)
        return replace(self, lines=lines, touched=line.number, notes=(*self.notes, *notes))

    def without(self, number: int) -> "Draft":
        """Return the list without this line."""
        lines = tuple(line for line in self.lines if line.number != number)
        return replace(self, lines=lines, touched=None)

    def new_line(self, item: Item, quantity: str, measure: str) -> DraftLine:
        """Return an empty line that is not on the list yet. Raises CannotAdd."""
        if len(self.lines) >= MOST_LINES:
            raise CannotAdd(
                f"The list has {MOST_LINES} lines, and takes no more. Receive it, then go on."
            )
        number = max((line.number for line in self.lines), default=-1) + 1
        return DraftLine(number, item, quantity=quantity, measure=measure)


def with_package(draft: Draft, package: Package) -> Draft:
    """Add one package: to the line of its lot where there is one, else as a line of its own.

    Raises CannotAdd.
    """
    line = next((line for line in draft.lines if _same(line, package)), None)
    line = line or draft.new_line(package.item, "", smallest(package.item))
    if package.quantity is None:
        notes: tuple[str, ...] = (UNKNOWN_SIZE.format(item=package.item),)
    else:
        line, notes = _one_more(line, measure_of(package.item, package.quantity))
    if package.serial and package.serial in line.serials.split():
        notes = (*notes, SCANNED_BEFORE.format(serial=package.serial))
    day = package.expires_on.isoformat() if package.expires_on else ""
    return draft.with_line(
        replace(
            line,
            lot=line.lot or package.lot,
            expires_on=line.expires_on or day,
            doubt=line.doubt or package.doubt,
            serials=" ".join(dict.fromkeys([*line.serials.split(), *package.serial.split()])),
        ),
        *notes,
    )


def one_less(draft: Draft, number: int) -> Draft:
    """Take one package off a line, and the line off the list with its last. Raises CannotAdd."""
    line = draft.line(number)
    if line is None:
        return draft
    quantity = number_in(line.quantity)
    if quantity is None:
        raise CannotAdd(_no_number(line))
    if quantity <= 1:
        return draft.without(number)
    return draft.with_line(replace(line, quantity=plain(quantity - 1)))


def with_lot_of_last(draft: Draft, lot: str, expires_on: date | None) -> Draft | None:
    """Return the list with lot and expiry given to the line that was scanned last and has none:
    some makers print them as a code of their own. None where there is no such line."""
    line = draft.line(draft.touched) or next(iter(draft.lines[-1:]), None)
    if line is None or line.lot:
        return None
    day = expires_on.isoformat() if expires_on else ""
    return draft.with_line(replace(line, lot=lot, expires_on=line.expires_on or day, doubt=""))


def number_in(text: str) -> Decimal | None:
    """Return the number above zero that was typed; None for anything else."""
    found = NUMBER.fullmatch(text.strip())
    return Decimal(found[0]) or None if found else None


def _same(line: DraftLine, package: Package) -> bool:
    """Say whether a package is of the lot of this line, as far as both say."""
    if line.item.pk != package.item.pk:
        return False
    if package.doubt and line.doubt == package.doubt:
        return True
    if line.item.lot_tracked and line.lot_number != normalize_lot_number(package.lot):
        return False
    if package.doubt or (line.doubt and not line.lot):
        return False
    days = {line.expires_on, package.expires_on.isoformat() if package.expires_on else ""}
    return len(days - {""}) <= 1


def _one_more(line: DraftLine, measure: str) -> tuple[DraftLine, tuple[str, ...]]:
    """Add one package of this measure to a line. Raises CannotAdd."""
    if not line.quantity.strip():
        return replace(line, quantity="1", measure=measure), ()
    quantity = number_in(line.quantity)
    if quantity is None:
        raise CannotAdd(_no_number(line))
    if measure == line.measure:
        return replace(line, quantity=plain(quantity + 1)), ()
    try:
        before, more = units_in_one(line.item, line.measure), units_in_one(line.item, measure)
    except NotCountedSo as refusal:
        raise CannotAdd(str(refusal)) from refusal
    common, one = _common_measure(line.item, quantity * before + more)
    changed = replace(line, quantity=plain((quantity * before + more) / one), measure=common)
    price = number_in(line.price)
    if price is None:
        return changed, ()
    anew = (price * one / before).quantize(CENT, ROUND_HALF_UP)
    note = f"{line.item} is counted in smaller packages now; look at its price."
    return replace(changed, price=plain(anew)), (note,)


def _common_measure(item: Item, quantity: Decimal) -> tuple[str, Decimal]:
    """Return a measure that counts packages of several sizes, and how much one of it is."""
    volume = item.container_volume
    if volume and not quantity % volume:
        return CONTAINER, volume
    return UNIT, Decimal(1)


def _no_number(line: DraftLine) -> str:
    return (
        f"{line.item}: expected an amount like 2 in its line, but got “{line.quantity[:40]}”."
        " Put it right, then scan again."
    )
