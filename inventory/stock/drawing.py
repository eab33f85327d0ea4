"""What a use asks of the shelf, and what its allocation does to the holdings. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Item, Location
from inventory.stock import errors
from inventory.stock.allocation import Allocation, LineAllocation, Pick, Wish
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.requests import Want
from inventory.stock.reversal import Change
from inventory.stock.shelf import usable_elsewhere, why_not_usable
from inventory.stock.usable import why_not

Shelf = Mapping[int, Holding]


@dataclass(frozen=True)
class Taken:
    """What was administered from one place; `opened`: this movement opened the container."""

    holding: Holding
    quantity: Decimal
    opened: bool


@dataclass(frozen=True)
class UsedLine:
    """What one want took. Its reason stands only when the lot must really not have been used."""

    want: Want
    discarded: Decimal
    taken: list[Taken]
    unusable_lot: Lot | None = None


@dataclass(frozen=True)
class Use:
    """A use as it was written."""

    movement: Movement
    lines: list[UsedLine]


def wish(want: Want, shelf: Shelf, location: Location, today: date) -> Wish:
    """The want as allocation takes it.

    Raises HoldingElsewhere, or LotNotUsable for a choice that nobody gave a reason for.
    """
    chosen, why = _choice(want, shelf, location, today)
    if why and chosen is not None and not want.unusable_reason:
        raise errors.LotNotUsable(chosen, why)
    return Wish(
        item_id=want.item.pk,
        quantity=want.quantity,
        lot_id=want.lot.pk if want.lot else None,
        holding_id=want.holding.pk if want.holding else None,
        unusable=bool(why),
    )


def _choice(want: Want, shelf: Shelf, location: Location, today: date) -> tuple[Lot | None, str]:
    """The lot that the person chose, as it is now, and why it must not be used."""
    if want.holding is not None:
        holding = shelf.get(want.holding.pk, want.holding)
        if holding.location_id != location.pk:
            raise errors.HoldingElsewhere(holding, location)
        return holding.lot, why_not_usable(holding, today)
    if want.lot is not None:
        lot = next((h.lot for h in shelf.values() if h.lot_id == want.lot.pk), want.lot)
        return lot, why_not(lot.status, lot.expires_on, None, today)
    return None, ""


def shortage(
    line: LineAllocation, want: Want, items: Mapping[int, Item], location: Location, today: date
) -> errors.Shortage:
    """The short line in numbers, and where else there is some."""
    item = items[line.wish.item_id]
    return errors.Shortage(
        item=item,
        wanted=line.wish.quantity,
        available=line.available,
        elsewhere=usable_elsewhere(item, location, today, line.wish.lot_id),
        lot=want.lot,
    )


def changes_of_use(allocation: Allocation, shelf: Shelf, vials: Sequence[Holding]) -> list[Change]:
    """The entries to write: each vial is opened where it is first drawn from."""
    changes: list[Change] = []
    opened: set[int] = set()
    for number, line in enumerate(allocation.lines):
        for pick in line.picks:
            if pick.vial is not None and pick.vial not in opened:
                opened.add(pick.vial)
                volume = allocation.opened[pick.vial].volume
                changes += [
                    Change(shelf[pick.stock.holding_id], Entry.Kind.OPEN, -volume, number),
                    Change(vials[pick.vial], Entry.Kind.OPEN, volume, number),
                ]
            source = _source(pick, shelf, vials)
            changes.append(Change(source, Entry.Kind.USE, -pick.administered, number))
            if pick.discarded:
                changes.append(Change(source, Entry.Kind.WASTE, -pick.discarded, number))
    return changes


def used_lines(
    wants: Sequence[Want], allocation: Allocation, shelf: Shelf, vials: Sequence[Holding]
) -> list[UsedLine]:
    """What each want took, in their order."""
    lines = []
    for want, line in zip(wants, allocation.lines, strict=True):
        taken = [
            Taken(
                _source(pick, shelf, vials),
                pick.administered,
                opened=pick.vial is not None or pick.stock.single_dose,
            )
            for pick in line.picks
        ]
        unusable_lot = taken[0].holding.lot if line.wish.unusable else None
        lines.append(UsedLine(want, line.discarded, taken, unusable_lot))
    return lines


def _source(pick: Pick, shelf: Shelf, vials: Sequence[Holding]) -> Holding:
    return shelf[pick.stock.holding_id] if pick.vial is None else vials[pick.vial]
