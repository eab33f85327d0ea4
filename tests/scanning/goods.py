"""Packages with codes, as the test clinic's items carry them."""

from decimal import Decimal

from inventory.catalog.models import Item
from inventory.catalog.register import CodeFacts, add_code

VIAL = "00304094276014"
NEEDLE = "00382903051274"
BOX = "30382903051275"
UNKNOWN = "00316714140018"


def carries(
    item: Item, kind: str, value: str, level: str = "each", quantity: int | None = None
) -> Item:
    """Return the item, known by this code from now on."""
    held = None if quantity is None else Decimal(quantity)
    add_code(item, CodeFacts(kind=kind, value=value, level=level, quantity=held))
    return item


def label(gtin: str, lot: str = "", expires: str = "271231", serial: str = "") -> str:
    """What a scanner types for a package: GTIN, expiry, lot, serial number."""
    parts = f"]d201{gtin}17{expires}"
    parts += f"10{lot}" if lot else ""
    return f"{parts}\x1d21{serial}" if serial else parts


def run_together(gtin: str) -> str:
    """What a scanner types that leaves the separators out."""
    return label(gtin, "61021543", serial="10000012345").replace("\x1d", "")
