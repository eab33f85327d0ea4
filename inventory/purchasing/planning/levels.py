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
from inventory.purchasing.planning.quantiles import demand_quantile

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
    order = forecast.daily * policy.cover_days
    point = reorder_point(
        forecast, lead_time_days + policy.review_days, policy.service_level, order
    )
    return Levels(point, max(_up(point + order), point + 1))


def reorder_point(forecast: Forecast, days: int, service_level: Decimal, order: Decimal) -> Decimal:
    """Return the least position that is enough for so many days, and for one use at all times."""
    used = forecast.use_of(days)
    over = forecast.use_size + (forecast.overshoot - forecast.use_size) * order / (
        order + forecast.overshoot
    )
    mean = _rounded(used + over)
    ratio = _rounded(forecast.ratio + forecast.error * used)
    arrivals = _rounded(1 + used / (order + over)) if MULTI else 1
    probability = (1 - (1 - service_level) / arrivals).quantize(Decimal('0.0001'))
    point = Decimal(demand_quantile(mean, ratio * mean, probability))
    return _up(max(point, forecast.use_size))

import os
MULTI=os.environ.get('MULTI','1')=='1'

def _up(amount: Decimal) -> Decimal:
    return amount.to_integral_value(ROUND_CEILING)


def _rounded(amount: Decimal) -> Decimal:
    """To a hundredth: quantiles of what hardly differs are worked out once."""
    return amount.quantize(Decimal("0.01"), ROUND_DOWN)
