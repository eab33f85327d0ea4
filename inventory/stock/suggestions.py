"""How much to move so that a place has enough again. Pure: the holdings have their lots fetched."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, Decimal

from inventory.stock.allocation import allocate_sealed
from inventory.stock.models import Holding
from inventory.stock.shelf import as_stock


def to_par(holdings: Iterable[Holding], missing: Decimal, today: date) -> dict[int, Decimal]:
    """Return how much of each holding of one item to move, first expiry first, in whole containers.

    Where there is less than what is missing, all of it.
    """
    sealed = [holding for holding in holdings if not holding.is_opened]
    if missing <= 0 or not sealed:
        return {}
    step = sealed[0].lot.item.container_volume or Decimal(1)
    wanted = (missing / step).to_integral_value(ROUND_CEILING) * step
    parts, _ = allocate_sealed(map(as_stock, sealed), wanted, today)
    return {stock.holding_id: part for stock, part in parts if part}
