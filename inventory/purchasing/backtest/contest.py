"""The whole comparison: every item under every policy, and the others at our service."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from inventory.purchasing.backtest.policies import FixedPar, MinMax, Ours
from inventory.purchasing.backtest.score import Result, Scores, score, scores
from inventory.purchasing.backtest.simulate import Policy, Terms, play
from inventory.purchasing.planning.demand import DemandClass

NOTHING = Decimal(0)
FACTOR_STEP = Decimal("0.1")
MOST_STEPS = 2000
# Service does not rise with each single step: below the step that was found, some may do as well.
STEPS_BELOW = 4


class Rule(StrEnum):
    """The policies by the names they have in the JSON."""

    OURS = "ours"
    FIXED_PAR = "fixed_par"
    MIN_MAX = "min_max"


OTHERS: dict[Rule, type[FixedPar] | type[MinMax]] = {
    Rule.FIXED_PAR: FixedPar,
    Rule.MIN_MAX: MinMax,
}


@dataclass(frozen=True)
class Story:
    """What was asked for of one item, day by day, before the play and in it."""

    sku: str
    history: Sequence[Decimal]
    played: Sequence[Decimal]
    terms: Terms
    demand_class: DemandClass


@dataclass(frozen=True)
class Fitted:
    """A rule of thumb with its factor, and what came of it."""

    factor: Decimal
    scores: Scores


@dataclass(frozen=True)
class Contest:
    """The three policies as each would have been set beforehand, and the two others with the factor
    that, in hindsight, is the least to give the service that ours gave."""

    service_level: Decimal
    days: int
    ours: Scores
    others: dict[Rule, Fitted]
    at_equal_service: dict[Rule, Fitted]


def contest(stories: Sequence[Story], service_level: Decimal) -> Contest:
    """Play all items under all policies."""
    ours = _all(stories, lambda story: Ours(story.history, story.terms, service_level))
    reached = ours.total.cycle_service_level or NOTHING
    return Contest(
        service_level=service_level,
        days=ours.total.days,
        ours=ours,
        others={
            rule: _played(stories, rule, factor_for(_histories(stories), rule, service_level))
            for rule in OTHERS
        },
        at_equal_service={
            rule: _played(stories, rule, factor_for(stories, rule, reached)) for rule in OTHERS
        },
    )


def factor_for(stories: Sequence[Story], rule: Rule, service_level: Decimal) -> Decimal:
    """Return the least factor with which so great a share of all cycles of these stories held; the
    greatest that is tried where none does."""

    def holds(step: int) -> bool:
        total = score(_results(stories, _thumb(rule, step * FACTOR_STEP)))
        return (total.cycle_service_level or NOTHING) >= service_level

    low, high = 0, MOST_STEPS
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    below = range(max(0, low - STEPS_BELOW), low)
    return next((step for step in below if holds(step)), low) * FACTOR_STEP


def _played(stories: Sequence[Story], rule: Rule, factor: Decimal) -> Fitted:
    return Fitted(factor, _all(stories, _thumb(rule, factor)))


def _thumb(rule: Rule, factor: Decimal) -> Callable[[Story], Policy]:
    return lambda story: OTHERS[rule](story.history, story.terms, factor)


def _histories(stories: Iterable[Story]) -> list[Story]:
    """The histories, to be played over again by somebody who knows their averages."""
    return [replace(story, played=story.history) for story in stories]


def _all(stories: Sequence[Story], policy: Callable[[Story], Policy]) -> Scores:
    return scores(_results(stories, policy))


def _results(stories: Sequence[Story], policy: Callable[[Story], Policy]) -> list[Result]:
    return [
        Result(
            story.demand_class,
            story.terms,
            play(story.played, policy(story), story.terms),
        )
        for story in stories
    ]
