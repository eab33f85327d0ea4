"""A logged procedure opened again, to be logged as it really was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Location
from inventory.procedures.draft import Draft, DraftLine, key_of
from inventory.procedures.kits import kit_to_choose_from
from inventory.procedures.models import KitLine, Procedure
from inventory.procedures.preview import with_changes
from inventory.procedures.read import TakenLine, taken_lines
from inventory.stock import undoing
from inventory.stock.drawing import Taken
from inventory.stock.models import Holding
from inventory.stock.reversal import Change
from inventory.stock.shelf import read_shelf

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Amending:
    """The procedure that is amended, and what is put back before it is logged again."""

    procedure: Procedure
    undone: Sequence[Change]


def begin(procedure: Procedure, today: date) -> Amending:
    """What undoing the procedure today would put back: nothing if that was done already.

    Raises CannotReverse.
    """
    if procedure.status == Procedure.Status.VOIDED:
        return Amending(procedure, ())
    movement = procedure.movement
    return Amending(procedure, undoing.changes(movement, undoing.entries_of(movement), today))


def draft_of(amending: Amending) -> Draft:
    """The procedure as it was logged, each line from the lot that it really came from."""
    procedure = amending.procedure
    kit = kit_to_choose_from(procedure.type)
    taken = taken_lines(procedure)
    lines = _draft_lines(kit, taken, _shelf_after(amending, taken, procedure.location))
    keys = {line.key for line in lines}
    return Draft(
        procedure.type,
        procedure.location,
        tuple(kit),
        muscles=procedure.muscles,
        sites=procedure.sites,
        lines=tuple(lines),
        left_out=frozenset(each.pk for each in kit if key_of(each) not in keys),
    )


def _shelf_after(
    amending: Amending, taken: Sequence[TakenLine], place: Location
) -> dict[int, Holding]:
    items = {line.item.pk: line.item for line in taken}
    return with_changes(read_shelf(place, items), amending.undone, place)


def _draft_lines(
    kit: Sequence[KitLine], taken: Sequence[TakenLine], shelf: dict[int, Holding]
) -> list[DraftLine]:
    """Return a line for each lot that a line took: first expiry first might take others by now, and
    who had which lot must still be known."""
    free = {line.item_id: key_of(line) for line in kit}
    lines: list[DraftLine] = []
    for line in taken:
        for quantity, holding in _by_lot(line, shelf):
            key = free.pop(line.item.pk, f"a{len(lines) + 1}")
            lines.append(
                DraftLine(
                    key,
                    line.item,
                    quantity,
                    by_hand=True,
                    holding_id=holding,
                    unusable_reason=line.line.unusable_reason,
                )
            )
    return lines


def _by_lot(line: TakenLine, shelf: dict[int, Holding]) -> Iterator[tuple[Decimal, int | None]]:
    """Yield how much a line took of each lot, and what there is of it to take it from again: the
    vial that it drew from, if that was only one, else the sealed stock."""
    if not line.item.lot_tracked:
        yield line.quantity, None
        return
    by_lot: dict[int, list[Taken]] = {}
    for drawn in line.taken:
        by_lot.setdefault(drawn.holding.lot_id, []).append(drawn)
    for lot, parts in by_lot.items():
        vials = {part.holding.pk for part in parts}
        of_lot = (each.pk for each in shelf.values() if each.lot_id == lot and not each.is_opened)
        same = vials.pop() if len(vials) == 1 and vials <= shelf.keys() else next(of_lot, None)
        yield sum((part.quantity for part in parts), NOTHING), same
