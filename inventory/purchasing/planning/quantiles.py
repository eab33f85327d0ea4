"""How much demand to be ready for: quantiles of counts, exact in decimals.

A quantile is the smallest amount that is not exceeded with at least this probability.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import count

ONE = Decimal(1)
# Below, counts are as regular as chance makes them: Poisson (Syntetos and Boylan's advice for
# spare parts, and the usual cut-off of the clinic's trade).
MOST_POISSON_RATIO = Decimal("1.1")


@lru_cache(maxsize=20_000)
def poisson_quantile(mean: Decimal, probability: Decimal) -> int:
    """Return the quantile of a count with this mean, as of independent single uses.

    Raises ValueError for a negative mean and for a probability that is not between 0 and 1.
    """
    _check(mean, probability)
    return _reached(_poisson(mean), probability)


@lru_cache(maxsize=20_000)
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
    return _reached(_negative_binomial(mean, variance), probability)


def demand_quantile(mean: Decimal, variance: Decimal, probability: Decimal) -> int:
    """Return the quantile by the distribution that fits mean and variance.

    Poisson up to a variance of 1.1 times the mean, negative binomial above.
    """
    if variance <= MOST_POISSON_RATIO * mean:
        return poisson_quantile(mean, probability)
    return negative_binomial_quantile(mean, variance, probability)


def _poisson(mean: Decimal) -> Iterator[Decimal]:
    """Yield the probability of 0, 1, 2 and so on."""
    chance = (-mean).exp()
    for number in count(1):
        yield chance
        chance = chance * mean / number


def _negative_binomial(mean: Decimal, variance: Decimal) -> Iterator[Decimal]:
    p = mean / variance
    r = mean * mean / (variance - mean)
    chance, failure = p**r, ONE - p
    for number in count(1):
        yield chance
        chance = chance * failure * (r + number - 1) / number


def _reached(chances: Iterator[Decimal], probability: Decimal) -> int:
    total = Decimal(0)
    for number, chance in enumerate(chances):
        total += chance
        if total >= probability:
            return number
    raise AssertionError("Probabilities add up to one.")  # pragma: no cover


def _check(mean: Decimal, probability: Decimal) -> None:
    if mean < 0:
        raise ValueError(f"Expected a mean of zero or more, got {mean}.")
    if not 0 < probability < 1:
        raise ValueError(f"Expected a probability between 0 and 1, got {probability}.")
