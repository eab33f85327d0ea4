"""In what a delivery is counted: the item's own unit, its vials, or packages of so much. Pure."""

import re
from collections.abc import Iterable
from decimal import Decimal

from inventory.catalog.models import Item
from inventory.stock.holding_words import NOUNS, container_words
from inventory.web.decimals import plain
from inventory.web.words import amount_words, quantity_words

UNIT = "unit"
CONTAINER = "container"
# A pack as the supplier offers it; shown as the package of so much that it is.
PACK = "pack"
PACKAGE = re.compile(r"of-([0-9]{1,9}(?:\.[0-9]{1,3})?)", re.ASCII)


class NotCountedSo(ValueError):
    """The item does not come in this measure; `str()` says in what it does."""


def units_in_one(item: Item, measure: str, offered_pack: Decimal | None = None) -> Decimal:
    """Return how much of the item's unit one of this measure is. Raises NotCountedSo."""
    if measure == CONTAINER:
        if item.container_volume is None:
            raise NotCountedSo(f"{item} comes in no vial: count it in its own unit or in packs.")
        return Decimal(item.container_volume)
    if measure == PACK:
        if offered_pack is None:
            raise NotCountedSo(f"No pack of {item} is known: count it in its own unit.")
        return offered_pack
    if measure == UNIT:
        return Decimal(1)
    package = PACKAGE.fullmatch(measure)
    if package is None or not Decimal(package[1]):
        raise NotCountedSo(f"Expected what {item} is counted in; choose it from the list.")
    return Decimal(package[1])


def measure_of(item: Item, quantity: Decimal) -> str:
    """Return the measure in which a package of this much counts as one."""
    if quantity == item.container_volume:
        return CONTAINER
    return UNIT if quantity == 1 else f"of-{plain(quantity)}"


def smallest(item: Item) -> str:
    """Return the measure of the smallest that is received: one vial, or one of the unit."""
    return CONTAINER if item.container_volume else UNIT


def choices(item: Item, packages: Iterable[Decimal]) -> list[tuple[str, str]]:
    """Return the measures of an item with their words, packages of these sizes among them."""
    sizes = sorted({*packages} - {item.container_volume, Decimal(1)})
    return [
        (smallest(item), one_words(item, smallest(item), many=True)),
        *((measure, one_words(item, measure, many=True))
          for measure in (measure_of(item, size) for size in sizes)),
        *([(UNIT, one_words(item, UNIT, many=True))] if item.container_volume else []),
    ]  # fmt: skip


def one_words(item: Item, measure: str, *, many: bool = False) -> str:
    """Return "vial", "pack of 500 mL", "piece" or "mL"; the plural with `many`."""
    if measure == CONTAINER:
        return NOUNS.get(Item.Container(item.container), ("vial", "vials"))[many]
    if measure == UNIT:
        each = "pieces" if many else "piece"
        return (
            each
            if item.unit == Item.Unit.EACH
            else f"{item.unit}{'s' * (item.unit == 'unit' and many)}"
        )
    size = amount_words(units_in_one(item, measure), item.unit)
    return f"{'packs' if many else 'pack'} of {size}"


def count_words(item: Item, measure: str, count: Decimal) -> str:
    """Return "2 packs of 500 mL = 1,000 mL, 50 vials", "3 vials = 60 mL" or "310 pieces"."""
    counted = f"{quantity_words(count)} {one_words(item, measure, many=count != 1)}"
    if measure == UNIT:
        return counted
    quantity = count * units_in_one(item, measure)
    whole = amount_words(quantity, item.unit)
    if item.unit == Item.Unit.EACH:
        whole += " pieces" if quantity != 1 else " piece"
    vials = "" if measure == CONTAINER else container_words(item, quantity)
    return f"{counted} = {whole}{f', {vials}' if vials else ''}"
