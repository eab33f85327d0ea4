"""How much of an item's unit a package holds, as people write it. Pure.

"500" and "500 mL" are in the unit; "25 vials", "25 x 20 mL" and "box of 100" are counted.
"""

import re
from decimal import Decimal
from typing import Protocol

from inventory.sheets.plain_cells import CellNotUnderstood, key, number, shown
from inventory.web.words import amount_words

UNITS = {
    "each": ("each", "ea", "pc", "pcs", "piece", "pieces", "count", "ct", "pair", "pairs", "pr"),
    "mL": ("ml", "mls", "cc", "millilitre", "millilitres", "milliliter", "milliliters"),
    "unit": ("unit", "units", "u", "iu"),
}
CONTAINERS = (
    "vial", "vials", "amp", "amps", "ampule", "ampules", "ampoule", "ampoules", "sdv", "sdvs",
    "mdv", "mdvs", "bottle", "bottles",
)  # fmt: skip
PACKS = ("box", "bx", "boxes", "tray", "case", "cs", "pack", "pk", "pkg", "package", "carton",
         "ctn", "bag", "roll", "set")  # fmt: skip

UNIT_OF_WORD = {word: unit for unit, words in UNITS.items() for word in words}
AMOUNT = re.compile(r"(?P<number>[0-9.,]+)\s*(?P<word>[a-z]*)")
BOX_OF = re.compile(rf"(?:1\s*)?(?:{'|'.join(PACKS)})\s*(?:of|/|x)?\s*(?P<rest>[0-9].*)")
PER_BOX = re.compile(rf"(?P<rest>[0-9].*?)\s*(?:/|per|in a)\s*(?:{'|'.join(PACKS)})")
TIMES = re.compile(
    r"(?P<times>[0-9,]+)\s*(?P<what>[a-z]*)\s*(?:x|×|\*|of|@)\s*(?P<size>[0-9.,]+)\s*(?P<word>[a-z]*)"
)
EXPECTED = "an amount like 500, 25 vials or box of 100"


class Packed(Protocol):
    """An item, or the facts of one: what its packages are counted in."""

    @property
    def unit(self) -> str: ...
    @property
    def container_volume(self) -> Decimal | None: ...


def package_quantity(text: str, item: Packed, counted_in: str = "") -> Decimal:
    """Return what a package holds, in the item's unit.

    `counted_in` is what another column says that the number counts, as in vial. Raises
    CellNotUnderstood.
    """
    flat = _without_box(" ".join(text.casefold().split()))
    if times := TIMES.fullmatch(flat):
        return _times(times, item, text)
    amount = AMOUNT.fullmatch(flat)
    if not amount:
        raise CellNotUnderstood(f"Expected {EXPECTED}, but got “{shown(text)}”.")
    other = key(counted_in)
    # 100 a box, in two columns: the box is what is ordered, not what is counted.
    word = amount["word"] or ("" if other in PACKS else other)
    return number(amount["number"], EXPECTED) * _size(word, item, text)


def containers_meant(quantity: Decimal, item: Packed) -> Decimal | None:
    """Return the amount in the unit, if the number can only have counted containers."""
    volume = item.container_volume
    if not volume or quantity % volume == 0 or quantity % 1:
        return None
    return quantity * volume


def _without_box(text: str) -> str:
    match = BOX_OF.fullmatch(text) or PER_BOX.fullmatch(text)
    return match["rest"] if match else text


def _times(match: re.Match[str], item: Packed, text: str) -> Decimal:
    """25 x 20 mL, 25 vials of 20 mL: so many containers, of the size that the item has."""
    times = number(match["times"], EXPECTED)
    each = number(match["size"], EXPECTED) * _size(match["word"], item, text)
    if item.container_volume and each != item.container_volume:
        raise CellNotUnderstood(
            f"Expected containers of {amount_words(item.container_volume, item.unit)}, but got"
            f" “{shown(text)}”."
        )
    return times * each


def _size(word: str, item: Packed, text: str) -> Decimal:
    """How much of the item's unit one of what the word names is."""
    if not word or UNIT_OF_WORD.get(word) == item.unit:
        return Decimal(1)
    counts_pieces = word in CONTAINERS or UNIT_OF_WORD.get(word) == "each"
    if counts_pieces and item.container_volume:
        return item.container_volume
    if counts_pieces and item.unit == "each":
        return Decimal(1)
    raise CellNotUnderstood(
        f"Expected an amount in {item.unit}{' or containers' if item.container_volume else ''},"
        f" but got “{shown(text)}”."
    )
