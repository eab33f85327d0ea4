"""An order as the supplier reads it: plain values, without a database. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class SheetLine:
    """One line of the order as the supplier reads it. Quantities are in the item's unit."""

    number: int  # from 1, what a returned workbook is matched by, together with the SKU
    sku: str
    name: str
    order_code: str
    packs: int
    pack_size: Decimal
    unit: str
    pack_price: Decimal | None


@dataclass(frozen=True)
class Letterhead:
    """Who orders."""

    clinic: str
    address: tuple[str, ...]
    phone: str
    email: str


@dataclass(frozen=True)
class OrderSheet:
    """One order to one supplier."""

    number: str
    ordered_on: date
    needed_by: date | None
    supplier: str
    supplier_email: str
    deliver_to: str
    note: str
    letterhead: Letterhead
    lines: tuple[SheetLine, ...]

    @property
    def unpriced(self) -> tuple[SheetLine, ...]:
        """The lines that nobody knows the price of."""
        return tuple(line for line in self.lines if line.pack_price is None)
