"""What a reversal puts back, and where. Pure: it is told what became of each vial since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inventory.stock.errors import CannotReverse
from inventory.stock.models import Entry, Holding, Movement
from inventory.web.decimals import plain

ZERO = Decimal(0)
REASONS_AGAINST: dict[str, str] = {
    Movement.Kind.TRANSFER: "The vial has been used or moved again since.",
    Movement.Kind.OPEN: "The vial has been used, moved or counted since it was opened.",
}


@dataclass(frozen=True)
class Change:
    """An entry to be written: what happens to one holding, and where."""

    holding: Holding
    kind: str
    quantity: Decimal
    line: int = 0
    location_id: int | None = None


@dataclass(frozen=True)
class Since:
    """What else has happened to an opened vial than the movement that is to be reversed."""

    touched: bool = False
    # It was discarded, counted away or sent back: there is nothing to put anything back into.
    gone: bool = False
    # It is past its time or recalled: nothing is put back into it.
    unusable: bool = False


def wasted_instead(entries: Iterable[Entry], holdings: Mapping[int, Holding]) -> list[Change]:
    """The supplies were used up, but on no procedure: use becomes waste, and stock stays gone."""
    changes = []
    for entry in entries:
        if entry.kind == Entry.Kind.USE:
            changes += _use_becomes_waste(entry, holdings[entry.holding_id])
    return changes


def put_back(
    movement: Movement,
    entries: Sequence[Entry],
    holdings: Mapping[int, Holding],
    since: Mapping[int, Since],
) -> list[Change]:
    """Everything goes back where it came from; `holdings` are as they are now, under lock.

    A vial that the movement opened is sealed again unless anything else has happened to it. A vial
    that moved takes its part back where it is now. What was drawn from a vial that is gone, full or
    past its time becomes waste; what was thrown away of it stays thrown away.
    Raises CannotReverse when what the movement brought is not there any more.
    """
    stays_opened = _openings_that_stay(entries, since)
    back: dict[int, Decimal] = {}
    changes = []
    for entry in entries:
        holding = holdings[entry.holding_id]
        happened = since.get(holding.pk, Since())
        if happened.touched and movement.kind in REASONS_AGAINST:
            raise CannotReverse(REASONS_AGAINST[movement.kind])
        if entry.pk in stays_opened:
            continue
        if movement.kind == Movement.Kind.USE and happened.touched:
            changes += _back_into_vial(entry, holding, happened, back)
        elif movement.kind == Movement.Kind.TRANSFER:
            changes.append(replace(_undo(entry, holding), location_id=entry.location_id))
        else:
            changes.append(_undo(entry, holding))
    _refuse_negative(changes)
    return changes


def _undo(entry: Entry, holding: Holding) -> Change:
    return Change(holding, entry.kind, -entry.quantity, entry.line)


def _openings_that_stay(entries: Sequence[Entry], since: Mapping[int, Since]) -> set[int]:
    """The entries of each opening whose vial others have touched: that vial stays opened."""
    openings = [entry for entry in entries if entry.kind == Entry.Kind.OPEN]
    from_sealed = [entry for entry in openings if entry.quantity < 0]
    into_vials = [entry for entry in openings if entry.quantity > 0]
    return {
        pk
        for sealed, vial in zip(from_sealed, into_vials, strict=True)
        if since.get(vial.holding_id, Since()).touched
        for pk in (sealed.pk, vial.pk)
    }


def _back_into_vial(
    entry: Entry, holding: Holding, happened: Since, back: dict[int, Decimal]
) -> list[Change]:
    """Undo one entry as far as the vial can take it; `back` adds up what it takes."""
    volume = holding.lot.item.container_volume or ZERO
    taken_back = back.get(holding.pk, ZERO) - entry.quantity
    if happened.gone or happened.unusable or holding.quantity + taken_back > volume:
        return _use_becomes_waste(entry, holding) if entry.kind == Entry.Kind.USE else []
    back[holding.pk] = taken_back
    return [_undo(entry, holding)]


def _use_becomes_waste(entry: Entry, holding: Holding) -> list[Change]:
    return [
        Change(holding, Entry.Kind.USE, -entry.quantity, entry.line),
        Change(holding, Entry.Kind.WASTE, entry.quantity, entry.line),
    ]


def _refuse_negative(changes: Iterable[Change]) -> None:
    left: dict[int, Decimal] = {}
    for change in changes:
        holding = change.holding
        left[holding.pk] = left.get(holding.pk, holding.quantity) + change.quantity
    for change in changes:
        if left[change.holding.pk] < 0:
            item = change.holding.lot.item
            raise CannotReverse(
                f"{item.name}, lot {change.holding.lot}: only {plain(change.holding.quantity)}"
                f" {item.unit} of what this movement brought is left."
            )
