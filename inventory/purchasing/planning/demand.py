"""What the use of an item looked like, week by week, and what kind of demand that is.

Every quantity is in the item's unit. Weeks are runs of seven days, oldest first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

NOTHING = Decimal(0)
WEEK_DAYS = 7
MOST_WEEKS = 52
MORE_USES_A_DAY = 3
MORE_BUSY_WEEKS = 5
FEWEST_TIMES_AT_WORK = 4
SELDOM = 10
EVERY_DAY = frozenset(range(WEEK_DAYS))

# Where classes part (Syntetos, Boylan and Croston 2005, on categorizing demand patterns).
MOST_REGULAR_INTERVAL = Decimal("1.32")
MOST_REGULAR_SIZE = Decimal("0.49")


class DemandClass(StrEnum):
    """How regularly an item is used, and by how much at a time."""

    SMOOTH = "smooth"
    INTERMITTENT = "intermittent"
    ERRATIC = "erratic"
    LUMPY = "lumpy"


@dataclass(frozen=True)
class Demand:
    """What was needed of an item, in weeks, and of which uses it was made.

    A week without a day in stock is not in `weeks`: nobody knows what would have been used.
    `weekdays` are the sums of each day of the week, from whichever day on; without them each day is
    taken to need the same.
    """

    weeks: tuple[Decimal, ...] = ()
    uses: int = 0
    used: Decimal = NOTHING
    used_squared: Decimal = NOTHING
    weekdays: tuple[Decimal, ...] = ()

    @cached_property
    def weekly_mean(self) -> Decimal:
        return sum(self.weeks, NOTHING) / len(self.weeks) if self.weeks else NOTHING

    @cached_property
    def weekly_variance(self) -> Decimal:
        return _variance(self.weeks)

    @property
    def use_size(self) -> Decimal:
        """What one use takes, on the average."""
        return self.used / self.uses if self.uses else NOTHING

    @property
    def size_of_a_unit(self) -> Decimal:
        """The mean size of the use that a unit belongs to: more than `use_size` where uses differ,
        for most units leave in the larger uses."""
        if self.used <= 0:
            return NOTHING
        return max(self.used_squared / self.used, self.use_size)

    @property
    def busiest(self) -> tuple[Decimal, ...]:
        """The share of a week that its busiest 0, 1, ... 6 days in a row take.

        A clinic that is closed on two days needs three fifths of a week in three. Each weekday
        counts as if it had been seen a few more times: few uses say little of the days.
        """
        seen = sum(self.weekdays, NOTHING)
        if seen <= 0:
            return tuple(Decimal(days) / WEEK_DAYS for days in range(WEEK_DAYS))
        weight = Decimal(self.uses) / (self.uses + MORE_USES_A_DAY * WEEK_DAYS)
        even = (1 - weight) / WEEK_DAYS
        shares = [even + weight * max(used, NOTHING) / seen for used in self.weekdays] * 2
        runs, busiest = [NOTHING] * WEEK_DAYS, [NOTHING]
        for days in range(WEEK_DAYS - 1):
            runs = [run + shares[begins + days] for begins, run in enumerate(runs)]
            busiest.append(max(runs))
        return tuple(busiest)

    @property
    def after_use(self) -> Decimal:
        """How likely a use is in the week after a week with use, as a share of the usual chance.

        A lead time begins with a use, and what is used every other Wednesday is not used the next
        one. At most one; as if five more weeks with use had been followed by the usual.
        """
        busy = [used > 0 for used in self.weeks]
        uses = sum(busy[:-1])
        if not uses:
            return Decimal(1)
        usual = Decimal(sum(busy)) / len(busy)
        followed = sum(this and following for this, following in pairwise(busy))
        likely = (followed + MORE_BUSY_WEEKS * usual) / (uses + MORE_BUSY_WEEKS)
        return min(likely / usual, Decimal(1))

    @cached_property
    def _sizes(self) -> list[Decimal]:
        """What was needed in each week with use."""
        return [used for used in self.weeks if used > 0]

    @property
    def weeks_since_use(self) -> int:
        """How many weeks ended without any use since the last one with some."""
        since = 0
        for used in reversed(self.weeks):
            if used > 0:
                break
            since += 1
        return since

    @cached_property
    def interval(self) -> Decimal | None:
        """The average demand interval in weeks; None where there was none."""
        busy = len(self._sizes)
        return Decimal(len(self.weeks)) / busy if busy else None

    @cached_property
    def size_variation(self) -> Decimal:
        """The squared coefficient of variation of the weeks with use."""
        sizes = self._sizes
        if not sizes:
            return NOTHING
        mean = sum(sizes, NOTHING) / len(sizes)
        return _variance(sizes) / (mean * mean)

    @cached_property
    def demand_class(self) -> DemandClass:
        """The class by the cut-offs of Syntetos and Boylan; what was never used is intermittent."""
        regular = self.interval is not None and self.interval < MOST_REGULAR_INTERVAL
        even = self.size_variation < MOST_REGULAR_SIZE
        if regular:
            return DemandClass.SMOOTH if even else DemandClass.ERRATIC
        return DemandClass.INTERMITTENT if even else DemandClass.LUMPY


def demand_of_days(
    used: Mapping[date, Decimal], first_day: date, last_day: date, most_weeks: int = MOST_WEEKS
) -> Demand:
    """Return the demand of the days from the first to the last, in whole weeks that end with the
    last day; weeks before the first use do not count."""
    uses = [amount for day, amount in used.items() if first_day <= day <= last_day and amount > 0]
    begins = min((day for day, amount in used.items() if amount > 0), default=last_day)
    days = (last_day - max(first_day, begins)).days + 1
    weeks = min(most_weeks, max(1, -(-days // WEEK_DAYS)))
    if days < 1 or not uses:
        return Demand()
    sums = [NOTHING] * weeks
    weekdays = [NOTHING] * WEEK_DAYS
    for day, amount in used.items():
        ago = (last_day - day).days
        if 0 <= ago < weeks * WEEK_DAYS:
            sums[weeks - 1 - ago // WEEK_DAYS] += amount
            weekdays[day.weekday()] += amount
    return Demand(
        weeks=tuple(sums),
        uses=len(uses),
        used=sum(uses, NOTHING),
        used_squared=sum((size * size for size in uses), NOTHING),
        weekdays=tuple(weekdays),
    )


def in_stock_all_week(used: Decimal, days_out: int, days_open: int = WEEK_DAYS) -> Decimal | None:
    """Return what a week would have used had there been stock on each of its open days.

    None where there was none on any of them (Management Sciences for Health, "Managing Drug
    Supply": consumption is divided by the time in stock).
    """
    if days_out >= days_open:
        # Who used something all the same did so on a day on which the clinic is mostly closed.
        return used or None
    return used * days_open / (days_open - days_out)


def open_weekdays(at_work: Iterable[date]) -> frozenset[int]:
    """Return the days of the week on which the clinic is open, Monday is 0: those on which it was
    at work at least a tenth as often as on its busiest one.

    Until it was at work four times on one of them nobody knows, and it is open on all.
    """
    times = Counter(day.weekday() for day in at_work)
    busiest = max(times.values(), default=0)
    if busiest < FEWEST_TIMES_AT_WORK:
        return EVERY_DAY
    return frozenset(day for day in EVERY_DAY if times[day] * SELDOM >= busiest)


def _variance(amounts: Sequence[Decimal]) -> Decimal:
    """The variance of a sample; nothing for fewer than two."""
    if len(amounts) < 2:
        return NOTHING
    total = sum(amounts, NOTHING)
    squared = sum([amount * amount for amount in amounts], NOTHING)
    return max(squared - total * total / len(amounts), NOTHING) / (len(amounts) - 1)
