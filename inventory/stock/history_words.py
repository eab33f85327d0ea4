"""What happened to stock, as a colleague would say it. Pure: it is told the rows.

A sentence says as much of a movement as concerns somebody: all of it to a person, one item's part
of it to that item. What people typed follows a colon and stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory.catalog.models import Item
from inventory.stock.holding_words import container_words
from inventory.stock.item_words import short_name, title
from inventory.stock.lot_words import reason_words
from inventory.stock.models import Entry, Lot, LotStatusChange, Movement
from inventory.web.words import amount_words, day_words, time_words

ZERO = Decimal(0)
NAMED_MAX = 4
LOTS_NAMED_MAX = 3

KINDS: dict[str, str] = {
    Movement.Kind.RECEIPT: "Received",
    Movement.Kind.USE: "Used",
    Movement.Kind.OPEN: "Opened",
    Movement.Kind.WASTE: "Discarded",
    Movement.Kind.TRANSFER: "Moved",
    Movement.Kind.COUNT: "Counted",
    Movement.Kind.RETURN: "Returned",
    Movement.Kind.REVERSAL: "Undone",
}
STATUSES: dict[str, str] = {
    Lot.Status.AVAILABLE: "Released",
    Lot.Status.QUARANTINED: "Held",
    Lot.Status.RECALLED: "Recalled",
}
ACTS: dict[str, str] = {
    Movement.Kind.RECEIPT: "receipt",
    Movement.Kind.USE: "use",
    Movement.Kind.OPEN: "opening",
    Movement.Kind.WASTE: "discarding",
    Movement.Kind.TRANSFER: "move",
    Movement.Kind.COUNT: "count",
    Movement.Kind.RETURN: "return",
}


@dataclass(frozen=True)
class Told:
    """A movement, and what of it is told.

    `around` are the entries that were read besides: where a transfer came from or went to. `after`
    is what a counted holding held afterwards, by the entry's id, where that is known. `undone_by`
    is the movement that reversed it.
    """

    movement: Movement
    entries: Sequence[Entry]
    around: Sequence[Entry] = ()
    after: Mapping[int, Decimal] = field(default_factory=dict)
    undone_by: Movement | None = None

    @property
    def procedure(self) -> Any:
        """Whose movement it is, if a procedure's; procedures stand above this package."""
        return getattr(self.movement, "procedure", None)

    @property
    def items(self) -> list[Item]:
        return list(dict.fromkeys(entry.item for entry in self.entries))

    @property
    def lots(self) -> list[Lot]:
        return _lots(self.entries)

    @property
    def net(self) -> Decimal:
        """What it changed, where all of it is of one item."""
        return _sum(self.entries)

    @property
    def where(self) -> str:
        """The place, or "Storeroom to Room 1"."""
        sources, destinations = _ends(self)
        if self.movement.kind == Movement.Kind.TRANSFER and sources and destinations:
            return f"{sources} to {destinations}"
        return _places(self.entries)


@dataclass(frozen=True)
class Part:
    """What a movement did to one item."""

    item: Item
    entries: list[Entry]

    def of(self, *kinds: Entry.Kind) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind in kinds]

    @property
    def openings(self) -> int:
        """How many vials were opened, whether the sealed stock, the vials or both are told."""
        opened = self.of(Entry.Kind.OPEN)
        emptied = [entry for entry in opened if entry.quantity < 0]
        return max(len(emptied), len(opened) - len(emptied))


def movement_sentence(told: Told) -> str:
    """Return "Mara Ortiz used 4 mL of Lidocaine 1% 20 mL, lot AB44, in Room 1 for ..."."""
    return f"{told.movement.by} {_DOINGS[Movement.Kind(told.movement.kind)](told)}"


def change_sentence(change: LotStatusChange) -> str:
    """Return "Dana Lindqvist put lot A1 of Lidocaine 1% 20 mL in quarantine: ..."."""
    name = title(change.lot.item)
    lot = f"lot {change.lot} of {name}" if change.lot.number else name
    doing = {
        Lot.Status.AVAILABLE: f"released {lot}",
        Lot.Status.QUARANTINED: f"put {lot} in quarantine",
        Lot.Status.RECALLED: f"recalled {lot}",
    }[Lot.Status(change.status)]
    return f"{change.by} {doing}{_why(change.reason)}"


def undone_words(told: Told) -> str:
    """Return "undone by Dana Lindqvist, Nov 24, 09:00", or nothing."""
    if told.undone_by is None:
        return ""
    moment = moment_words(told.undone_by.happened_at, told.movement.happened_at)
    return f"undone by {told.undone_by.by}, {moment}"


def moment_words(moment: datetime, beside: datetime) -> str:
    """The moment as it is told beside another one: the time alone where the day is the same."""
    return time_words(moment, timezone.localdate(beside))


# One for each kind of movement


def _received(told: Told) -> str:
    origin = f"into {_places(told.entries)}{_from_supplier(told.movement)}"
    parts = _parts(told.entries)
    if len(parts) != 1:
        return f"received {_supplies(parts)} {origin}: {_list(parts, _whole)}"
    part = parts[0]
    amount = _whole(part.item, _sum(part.entries), part.entries)
    if part.item.container_volume:
        amount = f"{amount} ({amount_words(_sum(part.entries), part.item.unit)})"
    return f"received {_placed(_of(amount, part.item), _lot_words(part.entries), origin)}"


def _used(told: Told) -> str:
    parts = _parts(told.entries)
    place = f"in {_places(told.entries)}" if parts else ""
    if told.procedure is not None:
        place = f"{place} for {told.procedure.type.name}".strip()
    if not parts:
        return f"used no supplies {place}".rstrip()
    if len(parts) == 1:
        return _used_one(parts[0], place, told.movement.happened_at)
    words = f"used {_supplies(parts)} {place}: {_list(parts, _drawn)}"
    wasted = [part for part in parts if part.of(Entry.Kind.WASTE)]
    if wasted:
        words += f"; and discarded {_list(wasted, _drawn, Entry.Kind.WASTE)}"
    return words


def _used_one(part: Part, place: str, at: datetime) -> str:
    uses, wastes = part.of(Entry.Kind.USE), part.of(Entry.Kind.WASTE)
    used, discarded = -_sum(uses), -_sum(wastes)
    opened = {e.holding_id for e in part.of(Entry.Kind.OPEN) if e.quantity > 0}
    lots = _lot_words(uses or part.entries)
    vials = _vials(part.openings)
    if part.openings and not uses:
        words = f"opened {_placed(_of(vials, part.item), lots, place)}"
    elif part.openings and all(entry.holding_id in opened for entry in uses):
        vial = _of(vials, part.item) + (f", {lots}" if lots else "")
        it = "it" if part.openings == 1 else "them"
        drawn = f"used {amount_words(used, part.item.unit)} of {it} {place}"
        comma = "," if lots else ""
        words = f"opened {vial}{_use_by(part, at)}{comma} and {drawn}".rstrip()
    else:
        drawn = _of(amount_words(used, part.item.unit), part.item)
        words = f"used {_placed(drawn, lots, place)}"
        if part.openings:
            words += f", opening {vials}{_use_by(part, at)}"
    if discarded:
        words += f", and discarded {amount_words(discarded, part.item.unit)}"
    return words


def _opened(told: Told) -> str:
    (part,) = _parts(told.entries)
    what = _placed(_of(_vials(part.openings), part.item), _lot_words(part.entries))
    return f"opened {what} in {_places(told.entries)}{_use_by(part, told.movement.happened_at)}"


def _discarded(told: Told) -> str:
    reason = reason_words(told.movement.reason)
    reason = reason if reason == told.movement.reason else reason.lower()
    parts, place = _parts(told.entries), f"in {_places(told.entries)}"
    if len(parts) != 1:
        because = f" ({reason})" if reason else ""
        return f"discarded {_supplies(parts)} {place}{because}: {_list(parts, _whole)}"
    part = parts[0]
    vial = "from the open vial " if part.entries[0].holding.is_opened else ""
    what = _of(_whole(part.item, -_sum(part.entries), part.entries), part.item)
    lots = _lot_words(part.entries)
    return f"discarded {_placed(what, lots, f'{vial}{place}')}{_why(reason)}"


def _moved(told: Told) -> str:
    sources, destinations = _ends(told)
    way = f"from {sources} to {destinations}"
    # Either end of what moved says how much it was.
    ends = [e for e in told.entries if e.quantity > 0] or list(told.entries)
    parts = _parts(ends)
    if len(parts) != 1:
        because = f" ({told.movement.reason})" if told.movement.reason else ""
        return f"moved {_supplies(parts)} {way}{because}: {_list(parts, _whole)}"
    item, entries = parts[0].item, parts[0].entries
    amount = abs(_sum(entries))
    if all(entry.holding.is_opened for entry in entries):
        vials = "the open vial" if len(entries) == 1 else f"{len(entries)} open vials"
        what = f"{vials} of {title(item)}"
        way = f"with {amount_words(amount, item.unit)} {way}"
    else:
        what = _of(_whole(item, amount, entries), item)
    return f"moved {_placed(what, _lot_words(entries), way)}{_why(told.movement.reason)}"


def _counted(told: Told) -> str:
    reason, parts = told.movement.reason, _parts(told.entries)
    if not parts:
        return f"counted stock, and all of it was as expected{_why(reason)}"
    place = f"in {_places(told.entries)}"
    if len(parts) != 1:
        because = f" ({reason})" if reason else ""
        names = _names(parts)
        found = [f"{_variance(part.entries)} {names[part.item]}" for part in parts]
        return f"counted {_supplies(parts)} {place}{because}: {_enough(found)}"
    part = parts[0]
    if len(part.entries) != 1:
        found = [f"{_variance([entry])} of lot {entry.holding.lot}" for entry in part.entries]
        return f"counted {title(part.item)} {place}: {_enough(found)}{_why(reason)}"
    (entry,) = part.entries
    found_there = told.after.get(entry.pk)
    amount = "" if found_there is None else _whole(part.item, found_there, part.entries)
    if entry.holding.is_opened:
        what = f"{amount} in the open vial of {title(part.item)}".lstrip()
    else:
        what = _of(amount, part.item) if amount else title(part.item)
    variance = _variance(part.entries) + (" than expected" if entry.quantity else "")
    return f"counted {_placed(what, _lot_words([entry]), place)}, {variance}{_why(reason)}"


def _returned(told: Told) -> str:
    movement, parts = told.movement, _parts(told.entries)
    way = f"from {_places(told.entries)}"
    if movement.supplier:
        way += f" to {movement.supplier}"
    if movement.reference:
        way += f", document {movement.reference}"
    if len(parts) != 1:
        because = f" ({movement.reason})" if movement.reason else ""
        return f"returned {_supplies(parts)} {way}{because}: {_list(parts, _whole)}"
    part = parts[0]
    what = _of(_whole(part.item, -_sum(part.entries), part.entries), part.item)
    return f"returned {_placed(what, _lot_words(part.entries), way)}{_why(movement.reason)}"


def _undid(told: Told) -> str:
    movement, undone = told.movement, told.movement.reverses
    if undone is None:
        raise ValueError("A reversal names what it reverses.")
    procedure = getattr(undone, "procedure", None)
    act = f"the {ACTS[undone.kind]}"
    what = f"voided the procedure {procedure.type.name}" if procedure else f"undid {act}"
    when = moment_words(undone.happened_at, movement.happened_at)
    whose = f" by {undone.by}" if undone.by_id != movement.by_id else ""
    reason = f". Reason: {movement.reason}" if movement.reason else ""
    return f"{what} of {when}{whose}{_effect(told, undone)}{reason}"


_DOINGS: dict[Movement.Kind, Callable[[Told], str]] = {
    Movement.Kind.RECEIPT: _received,
    Movement.Kind.USE: _used,
    Movement.Kind.OPEN: _opened,
    Movement.Kind.WASTE: _discarded,
    Movement.Kind.TRANSFER: _moved,
    Movement.Kind.COUNT: _counted,
    Movement.Kind.RETURN: _returned,
    Movement.Kind.REVERSAL: _undid,
}


# What a reversal did


def _effect(told: Told, undone: Movement) -> str:
    """What became of the stock: put back, counted as wasted, taken out again, moved back."""
    parts = _parts(told.entries)
    if not parts:
        return ", with nothing to put back"
    if undone.kind in (Movement.Kind.USE, Movement.Kind.OPEN):
        return ": " + (_put_back(parts[0]) if len(parts) == 1 else _all_put_back(parts))
    if undone.kind == Movement.Kind.TRANSFER:
        sources, destinations = _ends(told)
        entries = [e for e in told.entries if e.quantity > 0] or list(told.entries)
        return f": {_what(entries)} moved back from {sources} to {destinations}"
    came, went = (
        [entry for entry in told.entries if (entry.quantity > 0) == sign] for sign in (True, False)
    )
    place = f"in {_places(told.entries)}"
    effects = [f"{_what(came)} put back {place}"] if came else []
    effects += [f"{_what(went)} taken off again {place}"] if went else []
    return f": {' and '.join(effects)}"


def _put_back(part: Part) -> str:
    """What of a use went back, and what was thrown away instead."""
    uses, wastes = part.of(Entry.Kind.USE), part.of(Entry.Kind.WASTE)
    wasted = max(-_sum(wastes), ZERO)
    back = _sum(uses) + _sum(wastes)
    lots = _lot_words(uses or part.entries)
    effects = []
    if back > 0:
        into = " into the open vial" if _stays_open(part) else ""
        what = _of(_whole(part.item, back, uses), part.item)
        effects.append(f"{_placed(what, lots, f'put back{into}')}")
    if wasted:
        amount = amount_words(wasted, part.item.unit)
        counted = "counted as wasted"
        effects.append(
            f"{amount} {counted}" if effects else _placed(_of(amount, part.item), lots, counted)
        )
    if part.openings:
        vials = "the vial" if part.openings == 1 else f"the {part.openings} vials"
        if not effects:
            vials = _placed(_of(_vials(part.openings), part.item), lots)
        effects.append(f"{vials} sealed again")
    return " and ".join(effects) or "nothing to put back"


def _stays_open(part: Part) -> bool:
    uses = part.of(Entry.Kind.USE)
    return not part.openings and any(entry.holding.is_opened for entry in uses)


def _all_put_back(parts: Sequence[Part]) -> str:
    wasted = [part for part in parts if _sum(part.of(Entry.Kind.WASTE)) < 0]
    back = [part for part in parts if part not in wasted]
    effects = [f"{_supplies(back)} put back"] if back else []
    effects += [f"{_supplies(wasted)} counted as wasted"] if wasted else []
    return " and ".join(effects)


def _what(entries: Sequence[Entry]) -> str:
    """Return "2 vials of Lidocaine 1% 20 mL, lot A1," or "5 supplies"."""
    parts = _parts(entries)
    if len(parts) != 1:
        return _supplies(parts)
    item = parts[0].item
    what = _of(_whole(item, abs(_sum(entries)), entries), item)
    lots = _lot_words(entries)
    return f"{what}, {lots}," if lots else what


# Amounts and names


def _whole(item: Item, quantity: Decimal, entries: Iterable[Entry]) -> str:
    """Return "2 vials" for what is sealed, "4 mL" for what is or was opened, "3" for pieces."""
    volume, amount = item.container_volume, abs(quantity)
    sealed = not any(entry.holding.is_opened for entry in entries)
    if volume and sealed and not amount % volume:
        return container_words(item, amount)
    return amount_words(amount, item.unit)


def _drawn(item: Item, quantity: Decimal, entries: Iterable[Entry]) -> str:
    """Return "4 mL": what is drawn is told in the item's unit, wherever it came from."""
    return amount_words(abs(quantity), item.unit)


def _of(amount: str, item: Item, name: str = "") -> str:
    """Return "2 vials of Lidocaine 1% 20 mL", "3 Needle 25G 1½ in"."""
    joined = " " if item.unit == Item.Unit.EACH and not item.container_volume else " of "
    return f"{amount}{joined}{name or title(item)}"


def _variance(entries: Sequence[Entry]) -> str:
    """Return "1 vial fewer", "0.5 mL more", "as expected"."""
    item, variance = entries[0].item, _sum(entries)
    if not variance:
        return "as expected"
    amount = _whole(item, variance, entries)
    measured = amount == amount_words(abs(variance), item.unit) and item.unit == Item.Unit.ML
    less = "less" if measured else "fewer"
    return f"{amount} {less if variance < 0 else 'more'}"


def _vials(count: int) -> str:
    return "a vial" if count == 1 else f"{count} vials"


def _use_by(part: Part, at: datetime) -> str:
    """Return " (use by Dec 21)" where a vial was opened that stays for the next ones."""
    gone = {entry.holding_id for entry in part.of(Entry.Kind.WASTE)}
    days = {
        entry.holding.beyond_use_on
        for entry in part.of(Entry.Kind.OPEN)
        if entry.quantity > 0 and entry.holding_id not in gone
    } - {None}
    return f" (use by {_near(min(filter(None, days)), at)})" if days else ""


def _near(day: date, at: datetime) -> str:
    """The day, with its year only where that is another one."""
    same_year = day.year == timezone.localdate(at).year
    return f"{day:%b} {day.day}" if same_year else day_words(day)


def _supplies(parts: Sequence[Part]) -> str:
    return "1 supply" if len(parts) == 1 else f"{len(parts)} supplies"


def _list(
    parts: Sequence[Part],
    amount: Callable[[Item, Decimal, Iterable[Entry]], str],
    kind: Entry.Kind | None = None,
) -> str:
    """Return "4 mL of Lidocaine 1%, 1 Needle 25G 1½ in, ... and 2 more": drugs first."""
    names = _names(parts)
    words = []
    for part in sorted(parts, key=lambda part: not part.item.container_volume):
        entries = part.of(kind or Entry.Kind.USE) or part.entries
        words.append(_of(amount(part.item, _sum(entries), entries), part.item, names[part.item]))
    return _enough(words)


def _names(parts: Sequence[Part]) -> dict[Item, str]:
    """Short names, and longer ones for those that would have the same."""
    short = Counter(short_name(part.item) for part in parts)
    return {
        part.item: name if short[name := short_name(part.item)] == 1 else title(part.item)
        for part in parts
    }


def _enough(words: Sequence[str]) -> str:
    if len(words) <= NAMED_MAX + 1:
        return ", ".join(words)
    return f"{', '.join(words[:NAMED_MAX])} and {len(words) - NAMED_MAX} more"


def _lot_words(entries: Sequence[Entry]) -> str:
    """Return "lot A1", "1 mL of lot A1 and 2 mL of lot B2", or nothing for what has no lots."""
    lots = [lot for lot in _lots(entries) if lot.number]
    if not lots:
        return ""
    if len(lots) == 1:
        return f"lot {lots[0]}"
    if len(lots) > LOTS_NAMED_MAX:
        return f"from {len(lots)} lots"
    shares = []
    for lot in lots:
        own = [entry for entry in entries if entry.holding.lot_id == lot.pk]
        shares.append(f"{_whole(own[0].item, _sum(own), own)} of lot {lot}")
    return " and ".join([", ".join(shares[:-1]), shares[-1]])


def _placed(what: str, lots: str, rest: str = "") -> str:
    """Return "4 mL of Lidocaine 1% 20 mL, lot A1, in Room 1": commas only around lots."""
    if not lots:
        return f"{what} {rest}".rstrip()
    return f"{what}, {lots}, {rest}" if rest else f"{what}, {lots}"


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""


def _from_supplier(movement: Movement) -> str:
    words = f", from {movement.supplier}" if movement.supplier else ""
    return f"{words}, document {movement.reference}" if movement.reference else words


# Entries


def _parts(entries: Iterable[Entry]) -> list[Part]:
    """The entries by item, in the order of the request."""
    parts: dict[Item, list[Entry]] = {}
    for entry in entries:
        parts.setdefault(entry.item, []).append(entry)
    return [Part(item, of_item) for item, of_item in parts.items()]


def _ends(told: Told) -> tuple[str, str]:
    """Where what moved came from, and where it went."""
    around = told.around or told.entries
    return (
        _places(entry for entry in around if entry.quantity < 0),
        _places(entry for entry in around if entry.quantity > 0),
    )


def _places(entries: Iterable[Entry]) -> str:
    return " and ".join(dict.fromkeys(entry.location.name for entry in entries))


def _lots(entries: Iterable[Entry]) -> list[Lot]:
    return list(dict.fromkeys(entry.holding.lot for entry in entries))


def _sum(entries: Iterable[Entry]) -> Decimal:
    return sum((entry.quantity for entry in entries), ZERO)
