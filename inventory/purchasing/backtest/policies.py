"""The three ways to order that are compared: ours, a fixed par level, and plain min/max.

Each sees only what came before, buys the same packs at the same lead time, and begins with its own
highest level on the shelf, fresh.

The two others are what clinics really do, and each is given what can be given to it without
planning item by item. Their one number, the factor, is the same for all items, as a rule of thumb
is; but it is not a guess: it is fitted, to the history for the play (as a careful manager would)
and, for the comparison at equal service, to the very days that are played, which nobody could.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import dropwhile

from inventory.purchasing.backtest.simulate import Shelf, Terms
from inventory.purchasing.planning import levels as planning
from inventory.purchasing.planning.demand import MOST_WEEKS, WEEK_DAYS, Demand
from inventory.purchasing.planning.expiry import Perishable, most_to_order, will_expire_unused
from inventory.purchasing.planning.forecast import forecast
from inventory.purchasing.planning.ordering import Need, packs_to_order, suggested_packs

NOTHING = Decimal(0)
# Planning speaks of dates, the play of numbered days: any date will do to count from.
DAY_ZERO = date(2000, 1, 1)


class FixedPar:
    """A par level set once, and once a week ordered up to it.

    Par is the factor times the average weekly use in the history. It is reviewed on one day of the
    week, as supply rooms are, and an order is the whole packs that reach it.
    """

    def __init__(self, history: Sequence[Decimal], terms: Terms, factor: Decimal) -> None:
        self._terms = terms
        self._par = up(factor * weekly_use(history))

    def opening(self) -> Decimal:
        return self._par

    def packs(self, today: int, wanted: Decimal, shelf: Shelf) -> int:
        if today % WEEK_DAYS != WEEK_DAYS - 1 or shelf.position >= self._par:
            return 0
        return packs_to_order(
            shelf.position, self._par, self._terms.pack_size, self._terms.minimum_packs
        )


class MinMax:
    """At or below a minimum, looked at each day, it is ordered up to a maximum.

    The minimum is the use of the lead time and a safety stock of the factor times that; the maximum
    is a week's use more (Management Sciences for Health, "Managing Drug Supply": the minimum is
    lead-time use and safety stock, which is often as much again; the maximum adds what the time
    between orders uses). Never changed afterwards. An item without lead time has no use in it and
    keeps a minimum of nothing.
    """

    def __init__(self, history: Sequence[Decimal], terms: Terms, factor: Decimal) -> None:
        weekly = weekly_use(history)
        self._terms = terms
        self._min = up((1 + factor) * weekly * terms.lead_time_days / WEEK_DAYS)
        self._max = self._min + up(weekly)

    def opening(self) -> Decimal:
        return self._max

    def packs(self, today: int, wanted: Decimal, shelf: Shelf) -> int:
        position = shelf.position
        if position > self._min or position >= self._max:
            return 0
        return packs_to_order(position, self._max, self._terms.pack_size, self._terms.minimum_packs)


class Record:
    """What is known of an item, in weeks that end with the last day of the history: each later week
    is added up once, not all of them at every look."""

    def __init__(self, history: Sequence[Decimal]) -> None:
        ends = range(len(history), 0, -WEEK_DAYS)
        weeks = [sum(history[max(0, end - WEEK_DAYS) : end], NOTHING) for end in ends]
        self._weeks = list(dropwhile(lambda used: not used, reversed(weeks)))
        self._days = 0
        self._this_week = NOTHING
        # The last day of the history is the last of its weeks, and the seventh of these days.
        self._weekdays = [
            sum(history[len(history) % WEEK_DAYS + day :: WEEK_DAYS], NOTHING)
            for day in range(WEEK_DAYS)
        ]
        uses = [used for used in history if used > 0]
        self._uses = len(uses)
        self._used = sum(uses, NOTHING)
        self._squared = sum((used * used for used in uses), NOTHING)

    def note(self, wanted: Decimal) -> bool:
        """Add a day; return whether a week ended with it."""
        if wanted:
            self._uses += 1
            self._used += wanted
            self._squared += wanted * wanted
            self._this_week += wanted
            self._weekdays[self._days] += wanted
        self._days = (self._days + 1) % WEEK_DAYS
        if self._days:
            return False
        if self._weeks or self._this_week:
            self._weeks.append(self._this_week)
        self._this_week = NOTHING
        return True

    def demand(self) -> Demand:
        """Return the demand so far, as of the last day of a week."""
        return Demand(
            weeks=tuple(self._weeks[-MOST_WEEKS:]),
            uses=self._uses,
            used=self._used,
            used_squared=self._squared,
            weekdays=tuple(self._weekdays),
        )


class Ours:
    """What Vialkeeper suggests: planned anew each week, looked at each day.

    The class, the mean, the levels, what will have expired and how much to order are the product's
    own functions; here is only the shelf they are told about.
    """

    def __init__(self, history: Sequence[Decimal], terms: Terms, service_level: Decimal) -> None:
        self._terms = terms
        self._policy = planning.Policy(service_level, review_days=0)
        self._record = Record(history)
        self._plan()

    def opening(self) -> Decimal:
        return self._levels.par_level if self._levels else NOTHING

    def packs(self, today: int, wanted: Decimal, shelf: Shelf) -> int:
        if self._record.note(wanted):
            self._plan()
        if self._levels is None or self._has_plenty(today, shelf):
            return 0
        need = self._need(self._levels, today, shelf)
        if not need.is_due:
            return 0
        return suggested_packs(need, self._terms.pack_size, self._terms.minimum_packs)

    def _plan(self) -> None:
        self._forecast = forecast(self._record.demand())
        self._levels = planning.levels(self._forecast, self._terms.lead_time_days, self._policy)
        self._lead_time_use = self._forecast.daily * self._terms.lead_time_days

    def _has_plenty(self, today: int, shelf: Shelf) -> bool:
        """Whether it is plain that nothing is due: enough, and none of it expires before a delivery
        could come."""
        if self._levels is None or shelf.position <= self._levels.reorder_point:
            return False
        if shelf.on_hand < self._lead_time_use or not shelf.lots:
            return False
        last_day = shelf.lots[0].last_day
        return last_day is None or last_day > today + self._terms.lead_time_days

    def _need(self, levels: planning.Levels, today: int, shelf: Shelf) -> Need:
        now, lead_time = day(today), self._terms.lead_time_days
        lots = perishables(shelf)
        daily = self._forecast.daily
        return Need(
            usable=shelf.on_hand,
            reorder_point=levels.reorder_point,
            par_level=levels.par_level,
            on_order=shelf.on_order,
            daily_usage=daily,
            lead_time_days=lead_time,
            no_cover=will_expire_unused(lots, daily, now, now + timedelta(days=lead_time)),
            most=self._most(lots, shelf.on_order, now),
        )

    def _most(self, lots: Sequence[Perishable], on_order: Decimal, now: date) -> Decimal | None:
        if self._terms.shelf_life_days is None:
            return None
        days = self._terms.lead_time_days + self._terms.shelf_life_days
        return most_to_order(lots, on_order, self._forecast.daily, days, now)


def perishables(shelf: Shelf) -> list[Perishable]:
    return [
        (None if lot.last_day is None else day(lot.last_day), lot.quantity) for lot in shelf.lots
    ]


def day(number: int) -> date:
    return DAY_ZERO + timedelta(days=number)


def weekly_use(history: Sequence[Decimal]) -> Decimal:
    """Return the average use of seven days; nothing without a history."""
    return sum(history, NOTHING) * WEEK_DAYS / len(history) if history else NOTHING


def up(amount: Decimal) -> Decimal:
    return amount.to_integral_value(ROUND_CEILING)
