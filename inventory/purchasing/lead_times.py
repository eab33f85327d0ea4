"""How long suppliers take, learned from orders that came. Pure.

A lead time is the number of the clinic's days from the day on which an order was sent to the day of
the first receipt against it. An item's own are used where there are three or more of them, else its
supplier's; what an offer says is never overwritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from statistics import median, quantiles

FEWEST_OBSERVED = 3


@dataclass(frozen=True)
class LeadTime:
    """What was observed, in days: half of the orders came within `days`, and half of them took
    between `quick` and `slow`."""

    count: int
    days: int
    quick: int
    slow: int

    def __str__(self) -> str:
        usual = f"{self.days} day{'' if self.days == 1 else 's'}"
        spread = f", mostly {self.quick} to {self.slow}" if self.quick < self.slow else ""
        return f"{usual}{spread}, learned from {self.count} orders"


@dataclass(frozen=True)
class Observed:
    """Days that were observed, by supplier id, and by supplier and item id."""

    by_supplier: Mapping[int, Sequence[int]] = field(default_factory=dict)
    by_item: Mapping[tuple[int, int], Sequence[int]] = field(default_factory=dict)

    @cached_property
    def learned_by_supplier(self) -> Mapping[int, LeadTime | None]:
        """What each supplier's orders teach; worked out once, for thousands of items ask."""
        return {supplier: learned(days) for supplier, days in self.by_supplier.items()}


def days_taken(sent_on: date, came_on: date) -> int:
    """Return the days that an order took. A delivery that is dated back before its order came on
    the day on which that was sent."""
    return max(0, (came_on - sent_on).days)


def learned(days: Sequence[int]) -> LeadTime | None:
    """Return what these days teach; None where they are too few. Half days count as whole ones."""
    if len(days) < FEWEST_OBSERVED:
        return None
    whole = [Decimal(day) for day in days]
    quick, _, slow = quantiles(whole, n=4, method="inclusive")
    return LeadTime(len(days), *(_up(each) for each in (median(whole), quick, slow)))


def learned_lead_time(observed: Observed, supplier: int, item: int) -> LeadTime | None:
    """Return the lead time of an item from this supplier, else of the supplier; None: unknown."""
    own = observed.by_item.get((supplier, item), ())
    return learned(own) or observed.learned_by_supplier.get(supplier)


def lead_time_days(observed: Observed, supplier: int, item: int, *, offered: int) -> int:
    """Return how many days a delivery takes: as orders that came have taught, else as offered."""
    lead_time = learned_lead_time(observed, supplier, item)
    return lead_time.days if lead_time else offered


def _up(days: Decimal) -> int:
    return int(days.to_integral_value(ROUND_CEILING))
