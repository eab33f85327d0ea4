"""The comparison: every item under every policy, and the others at the service that ours gave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from inventory.purchasing.backtest.policies import FixedPar, MinMax, Ours
from inventory.purchasing.backtest.score import Result, Score, Scores, score, scores
from inventory.purchasing.backtest.simulate import Policy, Terms, play
from inventory.purchasing.planning.demand import DemandClass, demand_of_days

NOTHING = Decimal(0)
FACTOR_STEP = Decimal("0.1")
MOST_STEPS = 2000
# Service does not rise with each single step: below the step that was found, some may do as well.
STEPS_BELOW = 4
TICKS = 6


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
    """What was asked for of one item, day by day, before the play and in it.

    `known` is what a rule of thumb takes its averages from, where that is not the history.
    """

    sku: str
    history: Sequence[Decimal]
    played: Sequence[Decimal]
    terms: Terms
    demand_class: DemandClass
    known: Sequence[Decimal] = ()


@dataclass(frozen=True)
class Service:
    """How well patients were served: the share of cycles that held, and on how many days somebody
    asked in vain. Both count: who keeps little and looks once a week is out before an order is
    placed, and then no cycle has failed."""

    cycle_service_level: Decimal
    days_without: int

    def is_reached_by(self, score: Score) -> bool:
        """Without any cycle none failed."""
        level = score.cycle_service_level
        reached = level is None or level >= self.cycle_service_level
        return reached and score.stockout_days <= self.days_without


@dataclass(frozen=True)
class Fitted:
    """A rule of thumb with its factor, and what came of it."""

    factor: Decimal
    scores: Scores


@dataclass(frozen=True)
class Contest:
    """The three policies, each set beforehand, and the two others set in hindsight.

    `others` have the least factor with which they would have served as well as ours would have, and
    as well as is promised, on the later half of the history. `at_equal_service` have the least
    factor with which they serve as well as ours did on the very days that are played.
    """

    service_level: Decimal
    days: int
    ours: Scores
    others: Mapping[Rule, Fitted]
    at_equal_service: Mapping[Rule, Fitted]

    @property
    def less_than_the_better(self) -> Decimal | None:
        """Which share of stock and waste ours saves against the better of the others at equal
        service; None where they had none."""
        better = min(each.scores.total.stock_and_waste for each in self.at_equal_service.values())
        return 1 - self.ours.total.stock_and_waste / better if better else None


def stories(
    demand: Mapping[str, Mapping[date, Decimal]], terms: Mapping[str, Terms], history_days: int
) -> list[Story]:
    """Return the stories of all items, day by day from the first day of any of them to the last.

    Items without terms are bought at the usual ones. The class is that of the whole history.
    """
    every_day = [day for used in demand.values() for day in used]
    first, last = min(every_day), max(every_day)
    known = first + timedelta(days=history_days - 1)
    found = []
    for sku, used in sorted(demand.items()):
        days = [NOTHING] * ((last - first).days + 1)
        for day, amount in used.items():
            days[(day - first).days] = amount
        found.append(
            Story(
                sku=sku,
                history=days[:history_days],
                played=days[history_days:],
                terms=terms.get(sku, Terms()),
                demand_class=demand_of_days(used, first, known, history_days).demand_class,
            )
        )
    return found


def contest(
    stories: Sequence[Story], service_level: Decimal, tick: Callable[[], object] = lambda: None
) -> Contest:
    """Play all items under all policies; nothing in it is random. Calls `tick` `TICKS` times."""
    ours = _ours(stories, service_level)
    tick()
    rehearsal = [_rehearsed(story) for story in stories]
    rehearsed = _service(_ours(rehearsal, service_level).total, service_level)
    tick()
    others, at_equal_service = {}, {}
    for rule in OTHERS:
        others[rule] = _played(stories, rule, factor_for(rehearsal, rule, rehearsed))
        tick()
        factor = factor_for(stories, rule, _service(ours.total))
        at_equal_service[rule] = _played(stories, rule, factor)
        tick()
    return Contest(service_level, ours.total.days, ours, others, at_equal_service)


def factor_for(stories: Sequence[Story], rule: Rule, service: Service) -> Decimal:
    """Return the least factor with which these stories are served so well; the greatest that is
    tried where none does."""

    def holds(step: int) -> bool:
        total = score(_results(stories, _thumb(rule, step * FACTOR_STEP)))
        return service.is_reached_by(total)

    low, high = 0, MOST_STEPS
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    below = range(max(0, low - STEPS_BELOW), low)
    return next((step for step in below if holds(step)), low) * FACTOR_STEP


def _service(score: Score, promised: Decimal = NOTHING) -> Service:
    return Service(max(score.cycle_service_level or NOTHING, promised), score.stockout_days)


def _rehearsed(story: Story) -> Story:
    """The later half of the history, to be played by who knows the first half; a rule of thumb
    takes its averages from both, for it shall have them from as many days as later."""
    half = len(story.history) // 2
    return replace(
        story, history=story.history[:half], played=story.history[half:], known=story.history
    )


def _ours(stories: Sequence[Story], service_level: Decimal) -> Scores:
    return scores(_results(stories, lambda story: Ours(story.history, story.terms, service_level)))


def _played(stories: Sequence[Story], rule: Rule, factor: Decimal) -> Fitted:
    return Fitted(factor, scores(_results(stories, _thumb(rule, factor))))


def _thumb(rule: Rule, factor: Decimal) -> Callable[[Story], Policy]:
    return lambda story: OTHERS[rule](story.known or story.history, story.terms, factor)


def _results(stories: Sequence[Story], policy: Callable[[Story], Policy]) -> list[Result]:
    return [
        Result(
            story.demand_class,
            story.terms,
            play(story.played, policy(story), story.terms),
        )
        for story in stories
    ]
