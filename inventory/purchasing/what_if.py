"""What a reorder report is asked to assume: a service level, and how long orders last."""

from dataclasses import dataclass
from decimal import Decimal

from inventory.catalog.models import Clinic
from inventory.purchasing.planning.levels import Policy
from inventory.purchasing.stocked import StockedItem

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class WhatIf:
    """What to assume instead of the settings; None: as they say.

    `service_level` is in percent of order cycles, `order_days` how long an order should last.
    """

    service_level: Decimal | None = None
    order_days: int | None = None

    def policy(self, clinic: Clinic, item: StockedItem) -> Policy:
        """Return what is promised of this item: what is asked, else its own, else the clinic's."""
        percent = self.service_level or item.service_level or clinic.service_level
        days = self.order_days or clinic.order_every_days
        return Policy(percent / HUNDRED, clinic.order_every_days, days)


AS_SET = WhatIf()
