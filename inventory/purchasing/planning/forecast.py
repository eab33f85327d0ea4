"""How much of an item a week will need: smoothing made for items that are not used every week."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inventory.purchasing.planning.demand import NOTHING, WEEK_DAYS, Demand, DemandClass

# Croston's own range for parts that move slowly is 0.1 to 0.2.
SMOOTHING = Decimal("0.1")
# Without a use for nine weeks an item is fading: its chance of being used is let go down each week.
FADING_WEEKS = 9
# Fewer weeks say too little to be smoothed: their mean has to do.
FEWEST_SMOOTHED_WEEKS = 8
FIRST_WEEKS = 13


class Method(StrEnum):
    """How the mean was found."""

    MEAN = "mean"
    CROSTON = "Croston"
    SBA = "SBA"
    TSB = "TSB"


@dataclass(frozen=True)
class Forecast:
    """What a usual week will need, and how much weeks differ. Quantities in the item's unit.

    `ratio` is variance over mean: 1 for single uses by chance, more where uses come in lumps.
    `overshoot` is by how much, on the average, the use that brings the stock to a level takes it
    below. `error` is the squared relative error of the mean, which is of so many `weeks`.
    """

    demand_class: DemandClass
    method: Method
    weekly: Decimal
    ratio: Decimal
    size_of_a_unit: Decimal = NOTHING
    use_size: Decimal = NOTHING
    error: Decimal = NOTHING
    weeks: int = 0
    busiest: tuple[Decimal, ...] = Demand().busiest
    after_use: Decimal = Decimal(1)

    @property
    def daily(self) -> Decimal:
        return self.weekly / WEEK_DAYS

    def overshoot_of(self, order: Decimal) -> Decimal:
        """Return by how much, on the average, the use that takes the stock to a level takes it
        below, where so much is ordered above the level at a time.

        Half of what a unit's use takes, if orders are large (the mean excess of renewal theory:
        Feller, "Probability Theory", volume 2, chapter 11). A whole use, if orders are so small
        that each use brings one about. In between it goes from one to the other: of uses that are
        about alike, at first by as much as the order grows.
        """
        share = self._like_large(order)
        return self.use_size + (self.size_of_a_unit / 2 - self.use_size) * share

    def overshoot_ratio(self, order: Decimal) -> Decimal:
        """Return variance over mean of that overshoot, where so much is ordered at a time.

        Of a whole use it is what uses differ by. Of large orders any part of a use may be below the
        level: of uses that are all alike the variance is a third of the mean squared; of uses as
        different as chance has it (exponential), all of it; more where they differ more. Never more
        than that of weeks: a longer time is not less uncertain.
        """
        if self.use_size <= 0:
            return NOTHING
        variation = max(self.size_of_a_unit / self.use_size - 1, NOTHING)
        of_a_use = self.use_size * variation
        of_a_part = self.overshoot_of(order) * (1 + 2 * variation) / 3
        return min(self.ratio, of_a_use + (of_a_part - of_a_use) * self._like_large(order))

    def _like_large(self, order: Decimal) -> Decimal:
        """Return how much, from 0 to 1, orders of this size act as large ones do."""
        if 0 < self.size_of_a_unit <= 2 * self.use_size:
            return 1 - (-2 * order / self.use_size).exp()
        of_a_part = self.size_of_a_unit / 2
        return order / (order + of_a_part) if order + of_a_part > 0 else NOTHING

    def ratio_of(self, used: Decimal) -> Decimal:
        """Return variance over mean of some days, what is not known of the mean included."""
        return self.ratio + self.error * used

    def use_of(self, days: int) -> Decimal:
        """Return the use of so many days after a use, the busiest of a week among them."""
        weeks, more = divmod(days, WEEK_DAYS)
        share = weeks + self.busiest[more]
        return self.weekly * (share - (1 - self.after_use) * min(share, Decimal(1)))


def forecast(demand: Demand, usual: Decimal | None = None) -> Forecast:
    """Return what the next weeks will need.

    By Croston where an item is used every week, by SBA where it is not, by TSB where it fades. Of
    fewer than eight weeks by their mean, or by what a week is said to need `usual`ly.
    """
    method = _method(demand)
    mean = demand.weekly_mean
    weekly = MEANS[method](demand.weeks) if mean > 0 else NOTHING
    if method is Method.MEAN and usual is not None:
        weekly = usual
    return Forecast(
        demand_class=demand.demand_class,
        method=method,
        weekly=weekly,
        ratio=_ratio(demand),
        size_of_a_unit=demand.size_of_a_unit,
        use_size=demand.use_size,
        error=_error(demand),
        weeks=len(demand.weeks),
        busiest=demand.busiest,
        after_use=demand.after_use,
    )


def croston(weeks: Sequence[Decimal], smoothing: Decimal = SMOOTHING) -> Decimal:
    """Return size over interval, both smoothed whenever there is a use (Croston 1972)."""
    size, interval = _first(weeks)
    waited = 0
    for used in weeks:
        waited += 1
        if used > 0:
            size += smoothing * (used - size)
            interval += smoothing * (waited - interval)
            waited = 0
    return size / interval if interval else NOTHING


def sba(weeks: Sequence[Decimal], smoothing: Decimal = SMOOTHING) -> Decimal:
    """Return Croston's forecast less its bias (Syntetos and Boylan 2005)."""
    return (1 - smoothing / 2) * croston(weeks, smoothing)


def tsb(weeks: Sequence[Decimal], smoothing: Decimal = SMOOTHING) -> Decimal:
    """Return size times the chance of a use, and let the chance fall in each week without one.

    So the need of an item that nobody uses any more dies away (Teunter, Syntetos and Babai 2011).
    """
    size, interval = _first(weeks)
    chance = 1 / interval if interval else NOTHING
    for used in weeks:
        if used > 0:
            size += smoothing * (used - size)
            chance += smoothing * (1 - chance)
        else:
            chance -= smoothing * chance
    return size * chance


def _mean(weeks: Sequence[Decimal]) -> Decimal:
    return sum(weeks, NOTHING) / len(weeks) if weeks else NOTHING


MEANS: Mapping[Method, Callable[[Sequence[Decimal]], Decimal]] = {
    Method.MEAN: _mean,
    Method.CROSTON: croston,
    Method.SBA: sba,
    Method.TSB: tsb,
}


def _method(demand: Demand) -> Method:
    if demand.weeks_since_use >= FADING_WEEKS:
        return Method.TSB
    if len(demand.weeks) < FEWEST_SMOOTHED_WEEKS:
        return Method.MEAN
    # What SBA takes off for the weeks without use, demand in every week has not got.
    if demand.demand_class in (DemandClass.SMOOTH, DemandClass.ERRATIC):
        return Method.CROSTON
    return Method.SBA


def _first(weeks: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Return size and interval to begin with: those of the first quarter that saw a use."""
    for end in range(FIRST_WEEKS, len(weeks) + FIRST_WEEKS, FIRST_WEEKS):
        busy = [used for used in weeks[:end] if used > 0]
        if busy:
            return sum(busy, NOTHING) / len(busy), Decimal(min(end, len(weeks))) / len(busy)
    return NOTHING, NOTHING


def _ratio(demand: Demand) -> Decimal:
    """Variance over mean of the weeks; of uses that differ widely, at least what they make of weeks
    if they come by chance, which is the size of the use that a unit belongs to (compound Poisson).
    For of few weeks with large uses the variance is mostly found too small."""
    mean = demand.weekly_mean
    if mean <= 0:
        return NOTHING
    found = demand.weekly_variance / mean
    differ = demand.demand_class in (DemandClass.ERRATIC, DemandClass.LUMPY)
    return max(found, demand.size_of_a_unit) if differ else found


def _error(demand: Demand) -> Decimal:
    """The variance of the smoothed mean over its square: as of so many weeks, but of no more than
    smoothing remembers, which is (2 - smoothing) / smoothing."""
    mean = demand.weekly_mean
    if mean <= 0:
        return NOTHING
    remembered = min(Decimal(len(demand.weeks)), (2 - SMOOTHING) / SMOOTHING)
    return demand.weekly_variance / (mean * mean) / remembered
