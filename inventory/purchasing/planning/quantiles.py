"""How much demand to be ready for: quantiles of counts.

A quantile is the smallest amount that is not exceeded with at least this probability.
"""

from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from itertools import count
from statistics import NormalDist

ONE = Decimal(1)
# Below, counts are as regular as chance makes them: Poisson (Syntetos and Boylan's advice for
# spare parts, and the usual cut-off of the clinic's trade).
MOST_POISSON_RATIO = Decimal("1.1")
# Fewer are counted one by one, and so are those that lean further to one side.
MANY = 100
MOST_SKEW = Decimal("0.6")
NORMAL_DIGITS = Decimal("0.000000001")


def poisson_quantile(mean: Decimal, probability: Decimal) -> int:
    """Return the quantile of a count with this mean, as of independent single uses.

    Raises ValueError for a negative mean and for a probability that is not between 0 and 1.
    """
    _check(mean, probability)
    chance = reached = (-mean).exp()
    for number in count(1):
        if reached >= probability:
            return number - 1
        chance *= mean / number
        reached += chance
    raise AssertionError("Probabilities add up to one.")  # pragma: no cover


def negative_binomial_quantile(mean: Decimal, variance: Decimal, probability: Decimal) -> int:
    """Return the quantile of a count that varies more than chance alone would have it.

    The count has r = mean² / (variance - mean) and p = mean / variance. Raises ValueError where
    the variance is not above the mean, and as `poisson_quantile` does.
    """
    _check(mean, probability)
    if mean == 0:
        return 0
    if variance <= mean:
        raise ValueError(f"Expected a variance above the mean of {mean}, got {variance}.")
    p, r = mean / variance, mean * mean / (variance - mean)
    chance = reached = (r * p.ln()).exp()
    failure, growth = ONE - p, (ONE - p) * (r - 1)
    for number in count(1):
        if reached >= probability:
            return number - 1
        chance *= failure + growth / number
        reached += chance
    raise AssertionError("Probabilities add up to one.")  # pragma: no cover


@lru_cache(maxsize=20_000)
def demand_quantile(mean: Decimal, variance: Decimal, probability: Decimal) -> int:
    """Return the quantile by the distribution that fits mean and variance.

    Poisson up to a variance of 1.1 times the mean, negative binomial above. Raises ValueError for
    a negative mean and for a probability that is not between 0 and 1.
    """
    _check(mean, probability)
    is_poisson = variance <= MOST_POISSON_RATIO * mean
    if mean >= MANY:
        ratio = ONE if is_poisson else variance / mean
        skew = (2 * ratio - 1) / (ratio * mean).sqrt()
        if skew <= MOST_SKEW:
            return _expanded_quantile(mean, ratio, skew, probability)
    if is_poisson:
        return poisson_quantile(mean, probability)
    return negative_binomial_quantile(mean, variance, probability)


def _expanded_quantile(mean: Decimal, ratio: Decimal, skew: Decimal, probability: Decimal) -> int:
    """Return the quantile from the normal one, corrected for skew and kurtosis.

    Counting to hundreds takes long, and there the expansion of Cornish and Fisher (1938) gives the
    same, or one or two more: the half by which a count stands for less is not taken off, and the
    skew only falls as the mean grows, so that what is counted one by one is never followed by less.
    `ratio` is variance over mean.
    """
    deviation = (ratio * mean).sqrt()
    kurtosis = (6 * ratio * (ratio - 1) + 1) / (ratio * mean)
    normal = _normal_quantile(probability)
    squared = normal * normal
    steps = (
        normal
        + skew * (squared - 1) / 6
        + kurtosis * normal * (squared - 3) / 24
        - skew * skew * normal * (2 * squared - 5) / 36
    )
    amount = mean + deviation * steps
    return max(int(amount.to_integral_value(ROUND_CEILING)), 0)


@lru_cache(maxsize=1_000)
def _normal_quantile(probability: Decimal) -> Decimal:
    return Decimal(NormalDist().inv_cdf(float(probability))).quantize(NORMAL_DIGITS)


def _check(mean: Decimal, probability: Decimal) -> None:
    if mean < 0:
        raise ValueError(f"Expected a mean of zero or more, got {mean}.")
    if not 0 < probability < 1:
        raise ValueError(f"Expected a probability between 0 and 1, got {probability}.")
