"""What is on hand of each item, and how much of it can be used until when."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from inventory.purchasing.planning.expiry import Perishable
from inventory.stock.models import Holding
from inventory.stock.usable import usable_until, why_not

NOTHING = Decimal(0)


@dataclass
class Shelf:
    """What is on hand of one item, in its unit. `expiring` is what of it expires soon."""

    on_hand: Decimal = NOTHING
    usable: Decimal = NOTHING
    expiring: Decimal = NOTHING
    lots: list[Perishable] = field(default_factory=list)


def shelves_by_item(
    today: date, expiring_days: int, places: Collection[int], items: Collection[int] | None
) -> Mapping[int, Shelf]:
    """Return the shelf of each item by its id, an empty one for what is not held: one query.

    `places` are the ids of locations, all of them if none is given; None: all items.
    """
    expiring_until = today + timedelta(days=expiring_days)
    holdings = Holding.objects.on_hand().order_by()
    if places:
        holdings = holdings.filter(location__in=places)
    if items is not None:
        holdings = holdings.filter(lot__item__in=items)
    shelves: dict[int, Shelf] = defaultdict(Shelf)
    for item, quantity, status, expires_on, beyond_use_on in holdings.values_list(
        "lot__item", "quantity", "lot__status", "lot__expires_on", "beyond_use_on"
    ):
        shelf = shelves[item]
        shelf.on_hand += quantity
        if why_not(status, expires_on, beyond_use_on, today):
            continue
        shelf.usable += quantity
        shelf.lots.append((usable_until(expires_on, beyond_use_on), quantity))
        if expires_on is not None and expires_on <= expiring_until:
            shelf.expiring += quantity
    return shelves
