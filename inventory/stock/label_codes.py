"""The codes of the labels that the clinic prints itself: what they say, how they are read. Pure.

"ITEM-LIDO-1-20-40" stands on a shelf, "LOT-318-43" on a box whose own code cannot be read,
"VIAL-1042-49" on an opened vial. Two check digits behind each, so that one slip of a finger or of a
scanner is never another label. No other code on a package looks like these.
"""

import re
from dataclasses import dataclass
from typing import Literal

from inventory.scanning.symbology import unwrap
from inventory.stock.vial_codes import check_digits, vial_number

ITEM = re.compile(r"ITEM-([A-Z0-9]+(?:[-_.][A-Z0-9]+)*)-([0-9]{2})", re.ASCII)
LOT = re.compile(r"LOT-([1-9][0-9]{0,18})-([0-9]{2})", re.ASCII)
# A SKU is no longer, and a code that is has not been printed here.
LONGEST_SKU = 64

Kind = Literal["item", "lot", "vial"]


@dataclass(frozen=True)
class OwnCode:
    """What a label of ours names: an item by its SKU, a lot or an opened vial by its number."""

    kind: Kind
    key: str


def item_code(sku: str) -> str:
    """Return the code of the item with this SKU, as it is drawn and as it is read out."""
    capitals = sku.upper()
    return f"ITEM-{capitals}-{_check_digits_of_sku(capitals)}"


def lot_code(number: int) -> str:
    """Return the code of the lot that is kept under this number."""
    return f"LOT-{number}-{check_digits(number)}"


def item_sku(text: str) -> str | None:
    """Return the SKU that a scanned or typed text names; None for any other text."""
    found = ITEM.fullmatch(_tidy(text))
    if found is None or len(found[1]) > LONGEST_SKU or found[2] != _check_digits_of_sku(found[1]):
        return None
    return found[1].lower()


def lot_number(text: str) -> int | None:
    """Return under which number the lot is kept that a text names; None for any other text."""
    found = LOT.fullmatch(_tidy(text))
    if found is None or found[2] != check_digits(int(found[1])):
        return None
    return int(found[1])


def read_own_code(text: str) -> OwnCode | None:
    """Return what a label of ours names, with or without the prefix of a scanner; None for any
    other text."""
    text = unwrap(text).payload
    if (sku := item_sku(text)) is not None:
        return OwnCode("item", sku)
    if (lot := lot_number(text)) is not None:
        return OwnCode("lot", str(lot))
    if (vial := vial_number(text)) is not None:
        return OwnCode("vial", str(vial))
    return None


def _check_digits_of_sku(capitals: str) -> str:
    # Each character of a SKU is a number of two digits, none of them 97 away from another: as with
    # numbers, every changed character and every two swapped neighbours are found.
    return check_digits(int("".join(str(ord(character)) for character in capitals)))


def _tidy(text: str) -> str:
    stripped = text.strip()
    # "ſ" and "ı" become an S and an I.
    return stripped.upper() if stripped.isascii() else ""
