"""When to order and up to what: the levels that keep the promised service.

The service level is that of order cycles: the share of deliveries awaited during which nobody asks
in vain. The position at which to order is the least that is enough with this probability for what
is used until the delivery, and for the use that took the stock below that position.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

from inventory.purchasing.planning.demand import NOTHING, WEEK_DAYS
from inventory.purchasing.planning.forecast import Forecast
from inventory.purchasing.planning.quantiles import demand_quantile

TEN_THOUSANDTH = Decimal("0.0001")


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
    days = lead_time_days + policy.review_days
    point = reorder_point(forecast, days, policy.service_level, order)
    return Levels(point, max(_up(point + order), point + 1))


def reorder_point(forecast: Forecast, days: int, service_level: Decimal, order: Decimal) -> Decimal:
    """Return the least position that is enough for so many days, and for one use at all times.

    `order` is by how much par is above it. The fit is Poisson or negative binomial: all that
    grows with the days grows with its mean, so that a longer lead time never asks for less.
    """
    overshoot = forecast.overshoot_of(order)
    used = forecast.use_of(days)
    mean = _rounded(used + overshoot)
    variance = forecast.ratio_of(used) * used + forecast.overshoot_ratio(overshoot) * overshoot
    ratio = _rounded(variance / mean) if mean else NOTHING
    usual_order = max(order + overshoot, forecast.size_of_a_unit)
    point = demand_quantile(mean, ratio * mean, service_level)
    shared = _shared(service_level, point / usual_order)
    point = demand_quantile(mean, ratio * mean, shared)
    return _up(max(Decimal(point), forecast.use_size))


def _shared(service_level: Decimal, orders: Decimal) -> Decimal:
    """Return the service level of one delivery of which so many are awaited when stock runs out.

    Each of them was awaited in vain then, and each may have been the one to come too late: the risk
    of a cycle is the sum of theirs (Bonferroni).
    """
    risk = (1 - service_level) / max(Decimal(1), orders)
    return 1 - risk.quantize(TEN_THOUSANDTH, ROUND_DOWN)


def _up(amount: Decimal) -> Decimal:
    return amount.to_integral_value(ROUND_CEILING)


def _rounded(amount: Decimal) -> Decimal:
    """To a hundredth: quantiles of what hardly differs are worked out once."""
    return amount.quantize(Decimal("0.01"), ROUND_DOWN)
