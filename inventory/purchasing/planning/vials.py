"""What a multi-dose vial costs by what is drawn of it before it has to go. Pure.

An opened multi-dose vial goes after so many days (28 unless its label says otherwise), whatever is
left in it. Where a place draws so much a day, a vial gives at most days times that: a large vial is
cheap by its label and dear by the mL that a patient gets. What is used up in time costs what the
label says.

Volumes and daily use are in the item's unit, prices are of one vial.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)
CENT = Decimal("0.01")
UNIT_COST = Decimal("0.0001")
YEAR_DAYS = 365

_VOLUME = re.compile(r"\d+(?:[.,]\d+)?[ -]?mL\b", re.IGNORECASE)


@dataclass(frozen=True)
class Vial:
    """A vial on offer; `days` is how long it may be used once it is open."""

    sku: str
    volume: Decimal
    price: Decimal
    days: int

    def cost_per_unit(self, daily: Decimal) -> Decimal:
        """Return the cost of what is really used of it, in a place that draws so much a day.

        Never less than the price by the label. Raises ValueError where nothing is drawn.
        """
        if daily <= 0:
            raise ValueError(f"Expected a daily use above zero, got {daily}.")
        return self.price / min(self.volume, self.days * daily)

    def cost_of_a_year(self, dailies: Iterable[Decimal]) -> Decimal:
        """Return what a year of it costs, where each place that uses it opens vials of its own."""
        yearly = (daily * YEAR_DAYS * self.cost_per_unit(daily) for daily in dailies if daily > 0)
        return sum(yearly, NOTHING)


@dataclass(frozen=True)
class SmallerVial:
    """The vial that would cost less, and by how much; `now` and `then` are for what is used."""

    vial: Vial
    now: Decimal
    then: Decimal
    saved_a_year: Decimal


def smaller_vial(
    vial: Vial, others: Iterable[Vial], dailies: Sequence[Decimal]
) -> SmallerVial | None:
    """Return which of the smaller vials costs least for what is used; None where none costs less.

    `dailies` is the use of a day in each place that opens vials of it.
    """
    daily = sum((each for each in dailies if each > 0), NOTHING)
    smaller = [other for other in others if other.volume < vial.volume]
    if daily <= 0 or not smaller:
        return None
    now = vial.cost_of_a_year(dailies)
    costs = [(other.cost_of_a_year(dailies), -other.volume, other.sku, other) for other in smaller]
    then, _, _, best = min(costs)
    saved = (now - then).quantize(CENT, ROUND_HALF_UP)
    if saved <= 0:
        return None
    used = daily * YEAR_DAYS
    return SmallerVial(
        vial=best,
        now=(now / used).quantize(UNIT_COST, ROUND_HALF_UP),
        then=(then / used).quantize(UNIT_COST, ROUND_HALF_UP),
        saved_a_year=saved,
    )


def drug_name(name: str) -> str:
    """Return the name up to its volume: "lidocaine 1%" of "Lidocaine 1% 20 mL multi-dose vial"."""
    return " ".join(_VOLUME.split(name, maxsplit=1)[0].casefold().split())
