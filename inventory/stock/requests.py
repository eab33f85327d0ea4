"""What people ask of the ledger, checked as far as the request alone can tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models

from inventory.catalog.models import Item
from inventory.stock.errors import InvalidLine
from inventory.stock.models import Holding, Lot
from inventory.web.decimals import plain

QUANTITY_MAX = Decimal("999999999.999")
# A vial holds a little more than its label says; a count may find that much and no more.
OVERFILL = Decimal("1.1")
# Every opened vial becomes a row: a slip of the finger must not make millions.
CONTAINERS_MAX = 500


class WasteReason(models.TextChoices):
    EXPIRED = "expired", "Expired"
    BEYOND_USE = "beyond_use", "Past beyond-use"
    BROKEN = "broken", "Broken"
    CONTAMINATED = "contaminated", "Contaminated"
    RECALLED = "recalled", "Recalled"
    OTHER = "other", "Other"


@dataclass(frozen=True)
class ReceiptLine:
    """One lot as it arrived, in the item's unit; `unit_cost` is for one unit."""

    item: Item
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None
    unit_cost: Decimal | None = None


@dataclass(frozen=True)
class Want:
    """One line of a use. With `lot` or `holding` the person chose; a reason lets them choose stock
    that must not be used."""

    item: Item
    quantity: Decimal
    lot: Lot | None = None
    holding: Holding | None = None
    unusable_reason: str = ""


@dataclass(frozen=True)
class StockLine:
    """Stock named by a person: one holding, or the sealed stock of a lot, or of an item.

    `expected` is for a count alone: what the ledger said when the person counted. What has moved
    since then stays moved.
    """

    item: Item
    quantity: Decimal | None = None
    lot: Lot | None = None
    holding: Holding | None = None
    expected: Decimal | None = None


def normalize_lot_number(text: str) -> str:
    """One lot, one spelling: trimmed, single spaces, upper case."""
    return " ".join(text.split()).upper()


def check_quantity(item: Item, quantity: Decimal | None, line: int, *, sealed: bool) -> Decimal:
    """Return a quantity that the ledger can take, in the item's unit, or raise InvalidLine."""
    field = f"lines.{line}.quantity"
    if quantity is None or not 0 < quantity <= QUANTITY_MAX:
        came = "nothing" if quantity is None else plain(quantity)
        raise InvalidLine(field, f"Expected a quantity above 0 of {item.name}; {came} came.")
    check_step(item, quantity, field, sealed=sealed)
    if not sealed and item.container_volume and quantity > CONTAINERS_MAX * item.container_volume:
        raise InvalidLine(
            field,
            f"Nobody opens more than {CONTAINERS_MAX} containers of {item.name} at a time;"
            f" {plain(quantity)} {item.unit} came.",
        )
    return quantity


def check_step(item: Item, quantity: Decimal, field: str, *, sealed: bool) -> None:
    """Refuse thousandths of thousandths, parts of a piece, and parts of a sealed container."""
    if quantity != round(quantity, 3):
        raise InvalidLine(field, f"{plain(quantity)} has more than three decimals.")
    if item.unit == Item.Unit.EACH and quantity % 1:
        raise InvalidLine(field, f"{item.name} is counted in whole pieces; {plain(quantity)} came.")
    if sealed and item.container_volume and quantity % item.container_volume:
        raise InvalidLine(
            field,
            f"{item.name} moves in whole containers of {plain(item.container_volume)} {item.unit};"
            f" {plain(quantity)} {item.unit} is not a multiple of that.",
        )


def check_receipt(lines: Sequence[ReceiptLine]) -> None:
    """Refuse what cannot be received: odd quantities, a tracked item without lot or expiry."""
    for number, line in enumerate(lines):
        check_quantity(line.item, line.quantity, number, sealed=True)
        if line.item.lot_tracked and not normalize_lot_number(line.lot):
            raise InvalidLine(f"lines.{number}.lot", f"{line.item.name} needs its lot number.")
        if line.item.lot_tracked and line.expires_on is None:
            raise InvalidLine(
                f"lines.{number}.expires_on", f"{line.item.name} needs its expiry date."
            )
        if line.unit_cost is not None and line.unit_cost < 0:
            raise InvalidLine(f"lines.{number}.unit_cost", "A unit cost cannot be negative.")


def check_counted(line: StockLine, number: int) -> Decimal:
    """Return the counted quantity: nothing, or whole containers, or what a vial can hold."""
    field = f"lines.{number}.counted"
    counted = line.quantity
    if counted is None or not 0 <= counted <= QUANTITY_MAX:
        raise InvalidLine(field, f"Expected what was counted of {line.item.name}, 0 or more.")
    opened = line.holding is not None and line.holding.is_opened
    check_step(line.item, counted, field, sealed=not opened)
    volume = line.item.container_volume
    if opened and volume is not None and counted > volume * OVERFILL:
        raise InvalidLine(
            field,
            f"An opened vial of {line.item.name} holds {plain(volume)} {line.item.unit} and a"
            f" little overfill; {plain(counted)} {line.item.unit} cannot be in it.",
        )
    return counted
