"""What is usable where, on the morning of one day: one query."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.stock.models import Holding
from inventory.stock.usable import usable_until, why_not

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Held:
    quantity: Decimal
    until: date
    opened: bool


class Shelves:
    """What may be used that day, by item and place."""

    def __init__(self, today: date) -> None:
        self._carried: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
        self._held: dict[int, dict[int, list[_Held]]] = defaultdict(lambda: defaultdict(list))
        for (
            item,
            place,
            quantity,
            status,
            expires_on,
            beyond_use_on,
            opened_at,
        ) in Holding.objects.on_hand().values_list(
            "lot__item",
            "location",
            "quantity",
            "lot__status",
            "lot__expires_on",
            "beyond_use_on",
            "opened_at",
        ):
            if not why_not(status, expires_on, beyond_use_on, today):
                until = usable_until(expires_on, beyond_use_on) or date.max
                self._held[item][place].append(_Held(quantity, until, opened_at is not None))

    def lasting(self, item: int, until: date, place: int | None = None) -> Decimal:
        """Return what may still be used on that later day; in one place, or in all."""
        places = self._held[item]
        held = places[place] if place else [each for one in places.values() for each in one]
        return sum((each.quantity for each in held if each.until >= until), NOTHING)

    def sealed(self, item: int, place: int) -> Decimal:
        """Return what may be carried to another place."""
        held = self._held[item][place]
        sealed = sum((each.quantity for each in held if not each.opened), NOTHING)
        return sealed - self._carried[item, place]

    def carry(self, item: int, place: int, most: Decimal) -> Decimal:
        """Set so much aside to be carried away, or all that is left; returns how much."""
        quantity = min(most, self.sealed(item, place))
        self._carried[item, place] += quantity
        return quantity
