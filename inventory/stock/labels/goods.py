"""What is printed on the label of a shelf, and on that of a sealed box."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.catalog.models import Item, Location, LocationLevel
from inventory.stock.label_codes import item_code, lot_code
from inventory.stock.labels.drawing import Drawing, drawn
from inventory.stock.labels.papers import name_size
from inventory.stock.models import Lot
from inventory.web.words import amount_words


@dataclass(frozen=True)
class ShelfLabel:
    """The label of an item on its shelf; `place` and `levels` are empty where none was said."""

    item: Item
    place: str
    levels: str
    code: str
    drawing: Drawing

    @property
    def size(self) -> str:
        """Say how the name is set."""
        return name_size(self.item.name)


@dataclass(frozen=True)
class LotLabel:
    """The label of a sealed box."""

    item: str
    lot: str
    expires_on: date | None
    code: str
    drawing: Drawing

    @property
    def size(self) -> str:
        """Say how the name is set."""
        return name_size(self.item)


def shelf_labels(items: Sequence[Item], location: Location | None, symbol: str) -> list[ShelfLabel]:
    """Return a label for each item, with what the location should hold of it. One query."""
    levels = {
        level.item_id: level
        for level in LocationLevel.objects.filter(location=location, item__in=items)
    }
    return [
        ShelfLabel(
            item=item,
            place=str(location or ""),
            levels=_levels_words(item, levels.get(item.pk)),
            code=code,
            drawing=drawn(code, symbol),
        )
        for item in items
        for code in [item_code(item.sku)]
    ]


def lot_labels(lots: Iterable[Lot], symbol: str) -> list[LotLabel]:
    """Return a label for each lot. Wants their items fetched."""
    return [
        LotLabel(
            item=lot.item.name,
            lot=lot.number or "not tracked",
            expires_on=lot.expires_on,
            code=code,
            drawing=drawn(code, symbol),
        )
        for lot in lots
        for code in [lot_code(lot.pk)]
    ]


def _levels_words(item: Item, level: LocationLevel | None) -> str:
    if level is None:
        return ""
    low, par = (
        amount_words(amount, item.unit) for amount in (level.reorder_point, level.par_level)
    )
    return f"Refill at {low}, par {par}"
