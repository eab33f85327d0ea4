"""What stock costs: its quantity at the cost of its lot, to the cent. Pure.

Each line is rounded by itself, so that what is shown adds up to the total that is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from inventory.web.words import money_words

CENT = Decimal("0.01")
UNKNOWN = "cost not known"


@dataclass(frozen=True)
class Total:
    """The sum of the known costs, and how many are not known."""

    known: Decimal
    unknown: int = 0
    lines: int = 0

    def __str__(self) -> str:
        if not self.unknown:
            return money_words(self.known)
        if self.unknown == self.lines:
            return UNKNOWN
        return f"{money_words(self.known)}, and {self.unknown} without a known cost"


def cost_of(quantity: Decimal, unit_cost: Decimal | None) -> Decimal | None:
    """Return what so much of a lot cost, None where nobody knows."""
    if unit_cost is None:
        return None
    return (quantity * unit_cost).quantize(CENT, ROUND_HALF_UP)


def total_of(costs: Iterable[Decimal | None]) -> Total:
    """Add up costs."""
    costs = list(costs)
    known = [cost for cost in costs if cost is not None]
    return Total(sum(known, Decimal(0)), len(costs) - len(known), len(costs))
