"""What procedures took, read back from the ledger's entries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from inventory.catalog.models import Item
from inventory.procedures.billing import BillingUnits
from inventory.procedures.models import Procedure, ProcedureLine
from inventory.procedures.units import dated_codes, line_units
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
    """What each line of a procedure took, in their order: three queries."""
    return taken_by_procedure([procedure])[procedure.pk]


def taken_by_procedure(procedures: Sequence[Procedure]) -> dict[int, list[TakenLine]]:
    """What each line of many procedures took, by procedure id: three queries for all of them.

    The third is for billing codes by date, and asked only where there are single doses.
    """
    lines = ProcedureLine.objects.filter(procedure__in=procedures).select_related(
        "item", "unusable_lot"
    )
    entries = _entries_by_movement(procedures)
    codes = dated_codes(line.item for line in lines)
    of_procedure: dict[int, list[ProcedureLine]] = defaultdict(list)
    for line in lines:
        of_procedure[line.procedure_id].append(line)
    answer: dict[int, list[TakenLine]] = {}
    for procedure in procedures:
        own = of_procedure[procedure.pk]
        units = line_units(own, timezone.localdate(procedure.performed_at), codes)
        answer[procedure.pk] = [
            TakenLine(
                line=line,
                item=line.item,
                quantity=line.quantity,
                discarded=line.discarded,
                taken=_taken(line, entries[procedure.movement_id]),
                billing=billing,
            )
            for line, billing in zip(own, units, strict=True)
        ]
    return answer


def corrected_since(procedure: Procedure) -> list[Entry]:
    """Return what counts corrected, after a procedure, of what it drew from: one query."""
    drawn_from = Entry.objects.filter(movement=procedure.movement_id).values("holding")
    corrected = Entry.objects.filter(
        kind=Entry.Kind.COUNT, movement__gt=procedure.movement_id, holding__in=drawn_from
    )
    return list(corrected.select_related("holding__lot__item", "holding__location").order_by("pk"))


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
