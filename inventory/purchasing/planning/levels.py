"""When to order and up to what: the levels that keep the promised service.

The service level is that of order cycles: the share of deliveries awaited during which nobody asks
in vain. The position at which to order is the least that is enough with this probability for what
is used until the delivery, and for the use that took the stock below that position.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

from inventory.purchasing.planning.demand import NOTHING, WEEK_DAYS
from inventory.purchasing.planning.forecast import Forecast
from inventory.purchasing.planning.quantiles import demand_quantile, empirical_quantile

# A year of weeks is history enough to rank what lead times needed instead of fitting a curve.
EMPIRICAL_WEEKS = 52
# Longer runs would overlap each other so much that a year holds too few of them to rank.
LONGEST_RUN = 13


@dataclass(frozen=True)
class Policy:
    """What is promised, and how the clinic orders.

    `service_level` is a probability, as in 0.95. `review_days`: how long after the stock came down
    to the reorder point somebody may order; 0 where that is done each day. `cover_days`: for how
    long an order should last.
    """

    service_level: Decimal = Decimal("0.95")
    review_days: int = WEEK_DAYS
    cover_days: int = WEEK_DAYS


@dataclass(frozen=True)
class Levels:
    """The position at or below which to order, and the position to order up to."""

    reorder_point: Decimal
    par_level: Decimal


def levels(forecast: Forecast, lead_time_days: int, policy: Policy) -> Levels | None:
    """Return the levels of an item, in whole units of it; None for one that is not used."""
    if forecast.weekly <= 0:
        return None
    point = reorder_point(forecast, lead_time_days + policy.review_days, policy.service_level)
    par = _up(point + forecast.daily * policy.cover_days)
    return Levels(point, max(par, point + 1))


def reorder_point(forecast: Forecast, days: int, service_level: Decimal) -> Decimal:
    """Return the least position that is enough for so many days, and for one use at all times."""
    mean = forecast.daily * days + forecast.overshoot
    variance = forecast.ratio * mean + forecast.error * mean * mean
    point = Decimal(demand_quantile(_rounded(mean), _rounded(variance), service_level))
    if len(forecast.weeks) >= EMPIRICAL_WEEKS:
        # Rare large uses are where a fitted curve falls short: what a year has seen counts too.
        point = max(point, mean + _spread(forecast, mean, service_level))
    return _up(max(point, forecast.use_size))


def _spread(forecast: Forecast, mean: Decimal, service_level: Decimal) -> Decimal:
    """Return by how much the demand of a run of weeks was above its mean, as ranked, brought to
    the time in which `mean` is used: spread grows with the square root of time."""
    weeks = min(max(1, int(_up(mean / forecast.weekly))), LONGEST_RUN)
    sums = sums_over(forecast.weeks, weeks)
    above = empirical_quantile(sums, service_level) - sum(sums, NOTHING) / len(sums)
    return above * (mean / (forecast.weekly * weeks)).sqrt()


def sums_over(weeks: Sequence[Decimal], run: int) -> list[Decimal]:
    """Return what each run of so many weeks used."""
    return [sum(weeks[start : start + run], NOTHING) for start in range(len(weeks) - run + 1)]


def _up(amount: Decimal) -> Decimal:
    return amount.to_integral_value(ROUND_CEILING)


def _rounded(amount: Decimal) -> Decimal:
    """To a hundredth: quantiles of what hardly differs are worked out once."""
    return amount.quantize(Decimal("0.01"), ROUND_DOWN)
