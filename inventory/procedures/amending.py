"""A logged procedure opened again, to be logged as it really was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inventory.catalog.models import Location
from inventory.procedures.draft import Draft, DraftLine, key_of
from inventory.procedures.kits import kit_to_choose_from
from inventory.procedures.models import KitLine, Procedure
from inventory.procedures.preview import with_changes
from inventory.procedures.read import TakenLine, taken_lines
from inventory.stock import undoing
from inventory.stock.models import Holding
from inventory.stock.reversal import Change
from inventory.stock.shelf import read_shelf


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
    free = {line.item_id: key_of(line) for line in kit}
    lines = []
    for number, line in enumerate(taken, start=1):
        key = free.pop(line.item.pk, f"a{number}")
        lines.append(
            DraftLine(
                key,
                line.item,
                line.quantity,
                by_hand=True,
                holding_id=_where_it_came_from(line, shelf),
                unusable_reason=line.line.unusable_reason,
            )
        )
    return lines


def _where_it_came_from(line: TakenLine, shelf: dict[int, Holding]) -> int | None:
    """The vial, else the sealed stock of the lot, that a line drew from, where it was only one."""
    drawn = {taken.holding.pk for taken in line.taken}
    lots = {taken.holding.lot_id for taken in line.taken}
    if len(lots) != 1 or not line.item.lot_tracked:
        return None
    if len(drawn) == 1 and drawn <= shelf.keys():
        return drawn.pop()
    of_lot = (each for each in shelf.values() if each.lot_id in lots and not each.is_opened)
    return next((each.pk for each in of_lot), None)
