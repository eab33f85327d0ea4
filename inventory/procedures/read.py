"""What procedures took, read back from the ledger's entries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.catalog.models import Item
from inventory.procedures.billing import BillingUnits, billing_units
from inventory.procedures.models import Procedure, ProcedureLine
from inventory.stock.drawing import Taken
from inventory.stock.models import Entry


@dataclass(frozen=True)
class TakenLine:
    """What one line of a procedure took, in the item's unit, whether voided since or not.

    `taken` is in the order in which it was drawn; `billing` is None where none applies.
    """

    line: ProcedureLine
    item: Item
    quantity: Decimal
    discarded: Decimal
    taken: list[Taken]
    billing: BillingUnits | None


def taken_lines(procedure: Procedure) -> list[TakenLine]:
    """What each line of a procedure took, in their order: two queries."""
    return taken_by_procedure([procedure])[procedure.pk]


def taken_by_procedure(procedures: Sequence[Procedure]) -> dict[int, list[TakenLine]]:
    """What each line of many procedures took, by procedure id: two queries for all of them."""
    lines = ProcedureLine.objects.filter(procedure__in=procedures).select_related(
        "item", "unusable_lot"
    )
    entries = _entries_by_movement(procedures)
    movements = {procedure.pk: procedure.movement_id for procedure in procedures}
    answer: dict[int, list[TakenLine]] = {procedure.pk: [] for procedure in procedures}
    for line in lines:
        taken = _taken(line, entries[movements[line.procedure_id]])
        answer[line.procedure_id].append(
            TakenLine(line, line.item, line.quantity, line.discarded, taken, line_billing(line))
        )
    return answer


def line_billing(line: ProcedureLine) -> BillingUnits | None:
    """The billing units of a line whose item comes in single-dose containers, else None."""
    item = line.item
    if not item.is_single_dose:
        return None
    return billing_units(
        hcpcs=item.hcpcs,
        billing_unit=item.billing_unit,
        item_unit=item.unit,
        strength=item.strength,
        administered=line.quantity,
        discarded=line.discarded,
    )


def _entries_by_movement(procedures: Sequence[Procedure]) -> dict[int, list[Entry]]:
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in (
        Entry.objects.filter(movement__in=[procedure.movement_id for procedure in procedures])
        .select_related("holding__lot", "holding__location")
        .order_by("pk")
    ):
        entries[entry.movement_id].append(entry)
    return entries


def _taken(line: ProcedureLine, entries: Sequence[Entry]) -> list[Taken]:
    """Each draw of a line; a vial that any line of the procedure opened counts as opened by it."""
    opened = {
        entry.holding_id
        for entry in entries
        if entry.kind == Entry.Kind.OPEN and entry.quantity > 0
    }
    taken = []
    for entry in entries:
        if entry.kind == Entry.Kind.USE and entry.line == line.position:
            entry.holding.lot.item = line.item
            by_this = entry.holding_id in opened or line.item.is_single_dose
            taken.append(Taken(entry.holding, -entry.quantity, by_this))
    return taken
