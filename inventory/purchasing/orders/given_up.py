"""What of an order would not come any more if it ended now, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from inventory.purchasing.models import PurchaseOrder
from inventory.web.words import amount_words, quantity_words

NOTHING = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class GivenUp:
    """What is open of a line that was read `with_received()`."""

    line: Any

    @property
    def amount(self) -> str:
        """Return "200" or "250 mL": what is open, in the item's unit."""
        return amount_words(self.line.open, self.line.item.unit)

    @property
    def packs(self) -> str:
        """Return "2 packs of 100", or "2.5 packs of 100" where a part of one came."""
        packs = self._packs.quantize(CENT, ROUND_HALF_UP)
        size = amount_words(self.line.pack_quantity, self.line.item.unit)
        return f"{quantity_words(packs)} pack{'' if packs == 1 else 's'} of {size}"

    @property
    def cost(self) -> Decimal | None:
        """What it would have cost, to the cent; None where no price is known."""
        price: Decimal | None = self.line.price
        return None if price is None else (self._packs * price).quantize(CENT, ROUND_HALF_UP)

    @property
    def _packs(self) -> Decimal:
        packs: Decimal = self.line.open / self.line.pack_quantity
        return packs


@dataclass(frozen=True)
class AllGivenUp:
    """The lines of which something is open."""

    lines: Sequence[GivenUp]

    @property
    def cost(self) -> Decimal | None:
        """What all of it would have cost, as far as it is priced; None where nothing is."""
        costs = [each.cost for each in self.lines if each.cost is not None]
        return sum(costs, NOTHING) if costs else None


def given_up(order: PurchaseOrder) -> AllGivenUp:
    """Return what is on order and would not be any more: one query, none of what is a draft."""
    if order.status not in PurchaseOrder.ON_ORDER:
        return AllGivenUp([])
    lines = order.lines.still_open().select_related("item").order_by("position")
    return AllGivenUp([GivenUp(line) for line in lines])
