"""Made-up demand of every class, for the proof, its tests and whoever has no history yet.

The clinic works from Monday to Friday. Numbers are drawn as whole ones, so that the same seed makes
the same demand on every machine.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from inventory.purchasing.planning.demand import DemandClass

FIRST_DAY = date(2024, 1, 1)
SATURDAY = 5


def made_up_demand(
    seed: int, items_a_class: int, days: int, first_day: date = FIRST_DAY
) -> dict[str, dict[date, Decimal]]:
    """Return by sku what was used on each day with a use, of so many items of each class."""
    return {
        f"{kind}-{number:02}": _days(kind, Random(f"{seed} {kind} {number}"), days, first_day)  # noqa: S311
        for kind in DemandClass
        for number in range(1, items_a_class + 1)
    }


def _days(kind: DemandClass, random: Random, days: int, first_day: date) -> dict[date, Decimal]:
    draw = MAKERS[kind](random)
    dates = (first_day + timedelta(days=number) for number in range(days))
    drawn = {each: Decimal(draw()) for each in dates if each.weekday() < SATURDAY}
    return {each: amount for each, amount in drawn.items() if amount}


def _smooth(random: Random) -> Callable[[], int]:
    """Patients of a full session, each of whom needs it or not."""
    patients, chance = random.choice((8, 20, 50)), random.randint(30, 60)
    return lambda: _successes(random, patients, chance)


def _intermittent(random: Random) -> Callable[[], int]:
    """One or two, every other week or more rarely."""
    chance = random.randint(4, 10)
    return lambda: random.randint(1, 2) if random.randrange(100) < chance else 0


def _erratic(random: Random) -> Callable[[], int]:
    """Two days in five, and by how much differs widely."""
    return lambda: _size(random, ordinary=4) if random.randrange(100) < 40 else 0


def _lumpy(random: Random) -> Callable[[], int]:
    """Rarely, and by how much differs widely."""
    chance = random.randint(5, 10)
    return lambda: _size(random, ordinary=5) if random.randrange(100) < chance else 0


MAKERS = {
    DemandClass.SMOOTH: _smooth,
    DemandClass.INTERMITTENT: _intermittent,
    DemandClass.ERRATIC: _erratic,
    DemandClass.LUMPY: _lumpy,
}


def _successes(random: Random, tries: int, percent: int) -> int:
    return sum(random.randrange(100) < percent for _ in range(tries))


def _size(random: Random, ordinary: int) -> int:
    """At least one; about the ordinary size, and in one of seven uses five times as much."""
    size = 1
    while random.randrange(ordinary) and size < 20 * ordinary:
        size += 1
    return size if random.randrange(7) else 5 * size
