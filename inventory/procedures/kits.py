"""What a procedure of this type normally takes, scaled by its muscles and sites."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from inventory.catalog.models import Item
from inventory.procedures.models import KitLine, KitSubstitute, ProcedureType
from inventory.stock.models import Holding, Lot


@dataclass(frozen=True)
class LineWanted:
    """One line of a procedure as somebody asks for it, quantity in the item's unit.

    With `lot` or `holding` the person chose; `unusable_reason` says why they used what must not be.
    """

    item: Item
    quantity: Decimal
    lot: Lot | None = None
    holding: Holding | None = None
    unusable_reason: str = ""


def scaled(line: KitLine, muscles: int, sites: int) -> Decimal:
    """How much a kit line takes, in the item's unit; pieces are rounded up to whole ones."""
    times = {KitLine.Per.PROCEDURE: 1, KitLine.Per.MUSCLE: muscles, KitLine.Per.SITE: sites}
    return line.item.whole(line.quantity * times[KitLine.Per(line.per)])


def kit_lines(procedure_type: ProcedureType) -> list[KitLine]:
    """The lines of a kit with their items: one query."""
    return list(procedure_type.kit.select_related("item"))


def kit_to_choose_from(procedure_type: ProcedureType) -> list[KitLine]:
    """The lines of a kit with their items and substitutes: two queries."""
    substitutes = Prefetch("substitutes", KitSubstitute.objects.select_related("item"))
    return list(procedure_type.kit.select_related("item").prefetch_related(substitutes))


def kit_wants(kit: Iterable[KitLine], muscles: int, sites: int) -> list[LineWanted]:
    """The kit without its optional lines, scaled; lines that come to nothing are left out."""
    wants = [
        LineWanted(line.item, scaled(line, muscles, sites)) for line in kit if not line.optional
    ]
    return [want for want in wants if want.quantity]
