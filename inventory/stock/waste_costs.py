"""What movements threw away, and what it cost. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from inventory.stock.costs import cost_of
from inventory.stock.holding_words import container_words
from inventory.stock.models import Entry, Movement


@dataclass(frozen=True)
class WasteLine:
    """What one entry threw away; the quantity is above zero."""

    entry: Entry
    quantity: Decimal
    words: str
    cost: Decimal | None


def waste_lines(movements: Iterable[Movement]) -> dict[int, list[WasteLine]]:
    """Return what each of these movements threw away, by its id. One query."""
    entries = Entry.objects.filter(
        movement__in=[movement.pk for movement in movements],
        kind=Entry.Kind.WASTE,
        quantity__lt=0,
    ).select_related("holding__lot", "item", "location")
    lines: dict[int, list[WasteLine]] = defaultdict(list)
    for entry in entries.order_by("pk"):
        lines[entry.movement_id].append(_line(entry))
    return dict(lines)


def _line(entry: Entry) -> WasteLine:
    quantity: Decimal = -entry.quantity
    opened = entry.holding.is_opened
    return WasteLine(
        entry=entry,
        quantity=quantity,
        words="open vial" if opened else container_words(entry.item, quantity),
        cost=cost_of(quantity, entry.holding.lot.unit_cost),
    )
