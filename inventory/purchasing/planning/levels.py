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

MOST_COUNTED = 1000
A_LUMP = 20
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
    order = _above_the_level(forecast, policy)
    days = lead_time_days + policy.review_days
    point = reorder_point(forecast, days, policy.service_level, order)
    return Levels(point, max(_up(point + order), point + 1))


def _above_the_level(forecast: Forecast, policy: Policy) -> Decimal:
    """Return by how much par is above the level: what is used in the days that an order is for.

    Nothing where a single use takes more than that. Then each use brings an order about that
    brings back what it took, and more above the level would only lie there.
    """
    order = forecast.daily * policy.cover_days
    return order if order > forecast.use_size else NOTHING


def reorder_point(forecast: Forecast, days: int, service_level: Decimal, order: Decimal) -> Decimal:
    """Return the least position that is enough for so many days, and for one use at all times.

    `order` is by how much par is above it. The fit is Poisson or negative binomial: all that
    grows with the days grows with its mean, so that a longer lead time never asks for less.
    """
    overshoot, used = forecast.overshoot_of(order), forecast.use_of(days)
    variance = forecast.ratio_of(used) * used + forecast.overshoot_ratio(order) * overshoot
    fitted = _Fitted(used + overshoot, variance, _lot(forecast))
    usual_order = max(order + overshoot, forecast.size_of_a_unit)
    awaited = fitted.quantile(service_level) / usual_order
    point = fitted.quantile(_shared(service_level, awaited))
    return _up(max(point, forecast.use_size))


@dataclass(frozen=True)
class _Fitted:
    """What is used until a delivery, counted in lots."""

    mean: Decimal
    variance: Decimal
    lot: int

    def quantile(self, probability: Decimal) -> Decimal:
        if not self.mean:
            return NOTHING
        mean = _rounded(self.mean / self.lot)
        ratio = _rounded(self.variance / self.mean / self.lot)
        return Decimal(demand_quantile(mean, ratio * mean, probability)) * self.lot


def _lot(forecast: Forecast) -> int:
    """Return 1, or 10, 100 and so on for what is used by the thousand and in lumps: counting it
    singly takes long, and says no more. It is the same for every lead time."""
    lot = 1
    while forecast.weekly > MOST_COUNTED * lot and forecast.ratio > A_LUMP * lot:
        lot *= 10
    return lot


def _shared(service_level: Decimal, orders: Decimal) -> Decimal:
    """Return the service level of one delivery of which so many are awaited when stock runs out.

    Each of them was awaited in vain then, and each may have been the one to come too late: the risk
    of a cycle is the sum of theirs (Bonferroni). Never a certainty: no stock is enough for that.
    """
    risk = (1 - service_level) / max(Decimal(1), orders)
    least = max(risk.quantize(TEN_THOUSANDTH, ROUND_DOWN), TEN_THOUSANDTH)
    return max(service_level, 1 - least)


def _up(amount: Decimal) -> Decimal:
    return amount.to_integral_value(ROUND_CEILING)


def _rounded(amount: Decimal) -> Decimal:
    """To a hundredth: quantiles of what hardly differs are worked out once."""
    return amount.quantize(Decimal("0.01"), ROUND_DOWN)
