"""What happened to stock, as a colleague would say it. Pure: it is told the rows.

A sentence says as much of a movement as concerns somebody: all of it to a person, one item's part
of it to that item. What people typed follows a colon and stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
    """Return "Mara Ortiz used 4 mL of Lidocaine 1% 20 mL, lot AB44, for ... in Room 1"."""
    return f"{told.movement.by} {_DOINGS[Movement.Kind(told.movement.kind)](told)}"


def change_sentence(change: LotStatusChange) -> str:
    """Return "Dana Lindqvist put lot A1 of Lidocaine 1% 20 mL in quarantine: ..."."""
    name = title(change.lot.item)
    lot = f"lot {change.lot} of {name}" if change.lot.number else name
    status = Lot.Status(change.status)
    if change.hold_id:
        doing = f"received {lot}, which was {status.label.lower()} on arrival"
    else:
        doing = {
            Lot.Status.AVAILABLE: f"released {lot}",
            Lot.Status.QUARANTINED: f"put {lot} in quarantine",
            Lot.Status.RECALLED: f"recalled {lot}",
        }[status]
    return f"{change.by} {doing}{_why(change.reason)}"


def undone_words(told: Told) -> str:
    """Return "undone by Dana Lindqvist, Nov 24, 09:00", or nothing."""
    undoing = told.undone_by
    if undoing is None:
        return ""
    when = _beside(told.movement, undoing.happened_at)
    return f"{_undone(told.procedure)} by {undoing.by}, {when}"


# One for each kind of movement


def _received(told: Told) -> str:
    movement = told.movement
    way = f"into {_places(told.entries)}"
    if movement.supplier:
        way += f", from {movement.supplier}"
    return _did("received", _parts(told.entries), f"{way}{_document(movement)}", amount=_arrived)


def _used(told: Told) -> str:
    way = f"in {_places(told.entries)}" if told.entries else ""
    if (procedure := told.procedure) is not None:
        comma = "," if way and "," in procedure.type.name else ""
        way = f"for {procedure.type}{comma} {way}".rstrip()
        if procedure.amends:
            way += f", amending the one of {_beside(told.movement, procedure.amends.performed_at)}"
    uses, wastes = (
        _parts(entry for entry in told.entries if entry.kind == kind)
        for kind in (Entry.Kind.USE, Entry.Kind.WASTE)
    )
    if not uses:
        # The sealed stock's part of an opening: what was drawn is the vial's own story.
        return _opened(told, way) if told.entries else f"used no supplies {way}".rstrip()
    words = _did("used", uses, way, amount=_drawn)
    if len(uses) > 1:
        return f"{words}; and discarded {_list(wastes, _drawn)}" if wastes else words
    part = next(part for part in _parts(told.entries) if part.item == uses[0].item)
    if part.openings:
        words += f", opening {_vials(part.openings)}{_use_by(part, told.movement.happened_at)}"
    if wastes:
        words += f", and discarded {_drawn(part.item, wastes[0].entries)}"
    return words


def _opened(told: Told, way: str = "") -> str:
    (part,) = _parts(told.entries)
    vials = _of(_vials(part.openings), part.item)
    what = _placed(vials, _lot_words(part.entries), way or f"in {_places(told.entries)}")
    return f"opened {what}{_use_by(part, told.movement.happened_at)}"


def _discarded(told: Told) -> str:
    code, parts = told.movement.reason, _parts(told.entries)
    words = reason_words(code)
    way = f"in {_places(told.entries)}"
    if len(parts) == 1 and told.entries[0].holding.is_opened:
        way = f"from the open vial {way}"
    return _did("discarded", parts, way, words if words == code else words.lower())


def _moved(told: Told) -> str:
    sources, destinations = _ends(told)
    way = f"from {sources} to {destinations}"
    # Either end of what moved says how much it was.
    ends = [e for e in told.entries if e.quantity > 0] or told.entries
    vials = [entry for entry in ends if entry.holding.is_opened]
    if len(vials) != 1 or len(ends) != 1:
        return _did("moved", _parts(ends), way, told.movement.reason)
    item = vials[0].item
    way = f"with {_drawn(item, vials)} in it {way}"
    what = _placed(f"the open vial of {title(item)}", _lot_words(vials), way)
    return f"moved {what}{_why(told.movement.reason)}"


def _counted(told: Told) -> str:
    reason, parts = told.movement.reason, _parts(told.entries)
    if not parts:
        return f"counted stock, and all of it was as expected{_why(reason)}"
    place = f"in {_places(told.entries)}"
    if len(parts) != 1:
        found = [f"{_variance(part.entries)} {name}" for part, name in _named(parts)]
        return f"counted {len(parts)} supplies {place}{_because(reason)}: {_enough(found)}"
    item, entries = parts[0].item, parts[0].entries
    if len(entries) != 1:
        found = [f"{_variance([entry])} lot {entry.holding.lot}" for entry in entries]
        return f"counted {title(item)} {place}{_because(reason)}: {_enough(found)}"
    found_there = told.after.get(entries[0].pk)
    if found_there is None:
        what = title(item)
    elif entries[0].holding.is_opened:
        what = f"{amount_words(found_there, item.unit)} in the open vial of {title(item)}"
    else:
        what = _of(_amount(item, found_there, entries), item)
    variance = _variance(entries).removesuffix(" of")
    than = " than expected" if entries[0].quantity else ""
    return f"counted {_placed(what, _lot_words(entries), place)}, {variance}{than}{_why(reason)}"


def _returned(told: Told) -> str:
    movement = told.movement
    way = f"from {_places(told.entries)}"
    if movement.supplier:
        way += f" to {movement.supplier}"
    way += _document(movement)
    return _did("returned", _parts(told.entries), way, movement.reason)


def _undid(told: Told) -> str:
    movement, undone = told.movement, told.movement.reverses
    if undone is None:
        raise ValueError("A reversal names what it reverses.")
    procedure = getattr(undone, "procedure", None)
    act = f"{_undone(procedure)} the procedure" if procedure else f"undid the {ACTS[undone.kind]}"
    whose = f" by {undone.by}" if undone.by_id != movement.by_id else ""
    named = f", {procedure.type}" if procedure else ""
    reason = f". Reason: {movement.reason}" if movement.reason else ""
    when = _beside(movement, undone.happened_at)
    return f"{act} of {when}{whose}{named}: {_effect(told, undone)}{reason}"


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
    """What became of the stock: put back, counted as wasted, taken off again, moved back."""
    entries = told.entries
    if undone.kind in (Movement.Kind.USE, Movement.Kind.OPEN):
        parts = _parts(entries)
        effects = _put_back(parts[0]) if len(parts) == 1 else _all_put_back(parts)
    elif undone.kind == Movement.Kind.TRANSFER:
        sources, destinations = _ends(told)
        ends = [entry for entry in entries if entry.quantity > 0] or entries
        effects = [_stock(_parts(ends), f"moved back from {sources} to {destinations}")]
    else:
        place = f"in {_places(entries)}"
        came = _parts(entry for entry in entries if entry.quantity > 0)
        went = _parts(entry for entry in entries if entry.quantity < 0)
        effects = [_stock(came, f"put back {place}")] if came else []
        effects += [_stock(went, f"taken off again {place}")] if went else []
    return " and ".join(effects) or "there was nothing to put back"


def _put_back(part: Part) -> list[str]:
    """What of a use or an opening went back, and what was thrown away instead."""
    uses, wastes = part.of(Entry.Kind.USE), part.of(Entry.Kind.WASTE)
    back, wasted = _sum(uses) + _sum(wastes), -_sum(wastes)
    became = []
    if back > 0:
        in_vial = not part.openings and any(entry.holding.is_opened for entry in uses)
        where = "put back into the open vial" if in_vial else "put back"
        became.append((_amount(part.item, back, uses), where))
    if wasted > 0:
        became.append((amount_words(wasted, part.item.unit), "counted as wasted"))
    if part.openings:
        became.append((_vials(part.openings), "sealed again"))
    lots = _lot_words(uses or part.entries)
    return [
        f"{amount} {what}" if told_before else _placed(_of(amount, part.item), lots, what)
        for told_before, (amount, what) in enumerate(became)
    ]


def _all_put_back(parts: Sequence[Part]) -> list[str]:
    wasted = [part for part in parts if _sum(part.of(Entry.Kind.WASTE)) < 0]
    back = [part for part in parts if part not in wasted]
    effects = [_stock(back, "put back")] if back else []
    return [*effects, _stock(wasted, "counted as wasted")] if wasted else effects


def _undone(procedure: Any) -> str:
    """What was done to it: a procedure is voided, or amended by one logged in its place."""
    if procedure is None:
        return "undone"
    return "amended" if hasattr(procedure, "amended_by") else "voided"


# Amounts and names

Amount = Callable[[Item, Sequence[Entry]], str]


def _amount(item: Item, quantity: Decimal, entries: Iterable[Entry]) -> str:
    """Return "2 vials" for what is sealed, "4 mL" for what is or was opened, "3" for pieces."""
    volume, amount = item.container_volume, abs(quantity)
    sealed = not any(entry.holding.is_opened for entry in entries)
    if volume and sealed and not amount % volume:
        return container_words(item, amount)
    return amount_words(amount, item.unit)


def _whole(item: Item, entries: Sequence[Entry]) -> str:
    return _amount(item, _sum(entries), entries)


def _drawn(item: Item, entries: Sequence[Entry]) -> str:
    """Return "4 mL": what is drawn is told in the item's unit, wherever it came from."""
    return amount_words(abs(_sum(entries)), item.unit)


def _arrived(item: Item, entries: Sequence[Entry]) -> str:
    """Return "5 vials (100 mL)"."""
    whole = _whole(item, entries)
    return f"{whole} ({_drawn(item, entries)})" if item.container_volume else whole


def _of(amount: str, item: Item, name: str = "") -> str:
    """Return "2 vials of Lidocaine 1% 20 mL", "3 × Needle 25G 1½ in"."""
    joined = "×" if item.unit == Item.Unit.EACH and not item.container_volume else "of"
    return f"{amount} {joined} {name or title(item)}"


def _variance(entries: Sequence[Entry]) -> str:
    """Return "1 vial fewer of", "0.5 mL more of", "as much as expected of"."""
    item, variance = entries[0].item, _sum(entries)
    if not variance:
        return "as much as expected of"
    amount = _whole(item, entries)
    measured = amount == amount_words(abs(variance), item.unit) and item.unit == Item.Unit.ML
    less = "less" if measured else "fewer"
    return f"{amount} {less if variance < 0 else 'more'} of"


def _vials(count: int) -> str:
    return "a vial" if count == 1 else f"{count} vials"


def _use_by(part: Part, at: datetime) -> str:
    """Return " (use by Dec 21)" where a vial was opened that stays for the next ones."""
    gone = {entry.holding_id for entry in part.of(Entry.Kind.WASTE)}
    days = [
        entry.holding.beyond_use_on
        for entry in part.of(Entry.Kind.OPEN)
        if entry.holding.beyond_use_on and entry.holding_id not in gone
    ]
    if not days:
        return ""
    day = min(days)
    same_year = day.year == timezone.localdate(at).year
    return f" (use by {day:%b} {day.day})" if same_year else f" (use by {day_words(day)})"


def _did(
    verb: str, parts: Sequence[Part], way: str, reason: str = "", *, amount: Amount = _whole
) -> str:
    """Return "moved 2 vials of Y, lot A1, from A to B: why", "moved 2 supplies from ...: ..."."""
    did = f"{verb} {_stock(parts, way, amount)}"
    if len(parts) == 1:
        return f"{did}{_why(reason)}"
    return f"{did}{_because(reason)}: {_list(parts, amount)}"


def _stock(parts: Sequence[Part], rest: str, amount: Amount = _whole) -> str:
    """Return "2 vials of Lidocaine 1% 20 mL, lot A1, put back", "5 supplies put back"."""
    if len(parts) != 1:
        return f"{len(parts)} supplies {rest}"
    item, entries = parts[0].item, parts[0].entries
    return _placed(_of(amount(item, entries), item), _lot_words(entries), rest)


def _list(parts: Sequence[Part], amount: Amount) -> str:
    """Return "4 mL of Lidocaine 1%, 1 × Needle 25G 1½ in, ... and 2 others": drugs first."""
    drugs_first = sorted(_named(parts), key=lambda named: not named[0].item.container_volume)
    return _enough(
        [_of(amount(part.item, part.entries), part.item, name) for part, name in drugs_first]
    )


def _named(parts: Sequence[Part]) -> list[tuple[Part, str]]:
    """Short names, and longer ones for those that would have the same."""
    short = Counter(short_name(part.item) for part in parts)
    return [
        (part, name if short[name := short_name(part.item)] == 1 else title(part.item))
        for part in parts
    ]


def _enough(words: Sequence[str]) -> str:
    if len(words) <= NAMED_MAX + 1:
        return ", ".join(words)
    return f"{', '.join(words[:NAMED_MAX])} and {len(words) - NAMED_MAX} others"


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
        shares.append(f"{_whole(own[0].item, own)} of lot {lot}")
    return f"{', '.join(shares[:-1])} and {shares[-1]}"


def _placed(what: str, lots: str, rest: str) -> str:
    """Return "4 mL of Lidocaine 1% 20 mL, lot A1, in Room 1": commas only around lots."""
    return f"{what}, {lots}, {rest}" if lots else f"{what} {rest}"


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _document(movement: Movement) -> str:
    return f", document {movement.reference}" if movement.reference else ""


def _beside(movement: Movement, moment: datetime) -> str:
    """The moment as it is told beside this movement: the time alone where the day is the same."""
    return time_words(moment, timezone.localdate(movement.happened_at))


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
