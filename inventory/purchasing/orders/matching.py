"""Which order lines a delivery fills: a pure function of what was ordered and what came."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Ordered:
    """An order line, by its id: its item, its pack, and what is open of it, in the item's unit;
    `unit_price` is what one of that is to cost (None: nobody said)."""

    line: int
    item: int
    pack: Decimal
    open: Decimal
    unit_price: Decimal | None = None


@dataclass(frozen=True)
class Came:
    """One lot as it came; `package` is how much one of what was counted held, `unit_price` what one
    of the item's unit cost, unrounded, as somebody entered it (None: it is taken to cost what each
    line asks)."""

    item: int
    quantity: Decimal
    package: Decimal
    unit_price: Decimal | None = None


@dataclass(frozen=True)
class Filled:
    """How much of an order line came, what that cost to the cent, as far as that is known, and the
    price of a unit of the last of it, if somebody entered one."""

    line: int
    quantity: Decimal
    cost: Decimal | None
    unit_price: Decimal | None


@dataclass(frozen=True)
class _Part:
    """What of a lot goes to one line."""

    quantity: Decimal
    cost: Decimal | None
    unit_price: Decimal | None


@dataclass(frozen=True)
class Matched:
    """What fills which lines; `over` and `unordered` are quantities by item."""

    filled: tuple[Filled, ...]
    over: dict[int, Decimal]
    unordered: dict[int, Decimal]


def match(ordered: Sequence[Ordered], came: Iterable[Came]) -> Matched:
    """Share out what came: to lines of the item, those of this pack first, the oldest line first.

    What is more than is open goes to the last line of them: it was delivered for this order.
    """
    open_now = {each.line: each.open for each in ordered}
    asked = {each.line: each.unit_price for each in ordered}
    filled: dict[int, list[_Part]] = {}
    over: dict[int, Decimal] = {}
    unordered: dict[int, Decimal] = {}
    for lot in came:
        lines = [each for each in ordered if each.item == lot.item]
        if not lines:
            unordered[lot.item] = unordered.get(lot.item, NOTHING) + lot.quantity
            continue
        parts, more = _shared_out(sorted(lines, key=lambda e: e.pack != lot.package), lot, open_now)
        for line, part in _priced(parts, lot, asked):
            filled.setdefault(line, []).append(part)
        if more:
            over[lot.item] = over.get(lot.item, NOTHING) + more
    return Matched(tuple(_sum(line, parts) for line, parts in filled.items()), over, unordered)


def _shared_out(
    lines: Sequence[Ordered], lot: Came, open_now: dict[int, Decimal]
) -> tuple[dict[int, Decimal], Decimal]:
    """Return the parts of a lot by line, and how much of it is more than was open."""
    parts: dict[int, Decimal] = {}
    left = lot.quantity
    for each in lines:
        taken = min(left, open_now[each.line])
        if taken > 0:
            parts[each.line] = taken
            open_now[each.line] -= taken
            left -= taken
    if left > 0:
        last = next(reversed(parts), lines[-1].line)
        parts[last] = parts.get(last, NOTHING) + left
    return parts, left


def _priced(
    parts: Mapping[int, Decimal], lot: Came, asked: Mapping[int, Decimal | None]
) -> Iterator[tuple[int, _Part]]:
    """Yield what each line gets, and what that cost: the price that was entered shared out to the
    cent, so that nothing of it is lost; without one what the line asks."""
    price, so_far, given = lot.unit_price, NOTHING, NOTHING
    for line, quantity in parts.items():
        if price is None:
            its_own = asked[line]
            cost = None if its_own is None else _cents(its_own * quantity)
        else:
            so_far += quantity
            cost = _cents(price * so_far) - given
            given += cost
        yield line, _Part(quantity, cost, price)


def _sum(line: int, parts: Sequence[_Part]) -> Filled:
    costs = [part.cost for part in parts if part.cost is not None]
    whole = sum(costs, NOTHING) if len(costs) == len(parts) else None
    quantity = sum((part.quantity for part in parts), NOTHING)
    prices = [part.unit_price for part in parts if part.unit_price is not None]
    return Filled(line, quantity, whole, prices[-1] if prices else None)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
