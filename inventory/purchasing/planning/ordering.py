"""How much to order and when: pure functions of numbers, with *today* as an argument.

Every quantity is in the item's unit. What reorder decisions look at is the position: what is
usable on hand and what is on order. What will have expired unused before an order could help is in
the position, but it is no cover.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal

from inventory.purchasing.planning.demand import WEEK_DAYS

USAGE_DAYS = 90
# An item used for the first time last week says little: a month is the least to divide by.
FEWEST_USAGE_DAYS = 30
FEWEST_DAYS_IN_STOCK = 7
# Nobody plans further, and the calendar ends somewhere.
FARTHEST_DAYS = 3650

NOTHING = Decimal(0)
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Need:
    """What there is of an item, what it should be kept at, and how fast it goes.

    `no_cover` is what will have expired unused by the time that the order is for. `most` is what an
    order may bring and still be used before it expires; None where that is not known, or where
    somebody set the levels by hand. Where nobody did, they were `learned_from` so much a day.
    """

    usable: Decimal
    reorder_point: Decimal | None = None
    par_level: Decimal | None = None
    on_order: Decimal = NOTHING
    daily_usage: Decimal = NOTHING
    lead_time_days: int | None = None
    no_cover: Decimal = NOTHING
    most: Decimal | None = None
    learned_from: Decimal | None = None

    @property
    def position(self) -> Decimal:
        return self.usable + self.on_order

    @property
    def cover(self) -> Decimal:
        """The part of the position that will be there to be used."""
        return self.position - self.no_cover

    @property
    def is_low(self) -> bool:
        """At or below the reorder point; without one, when nothing is left and none is coming."""
        return self.cover <= (self.reorder_point or NOTHING)

    @property
    def is_due(self) -> bool:
        """Low, or gone before an order could come. A par level that is reached is enough, and what
        is on its way comes sooner than what would be ordered now."""
        if self.is_low:
            return True
        reached = self.par_level is not None and self.cover >= self.par_level
        short = self.daily_usage > 0 and self.cover < self.lead_time_demand
        return short and not reached

    @property
    def lead_time_demand(self) -> Decimal:
        """What is used while an order is on its way; nothing where that is not known."""
        return self.daily_usage * (self.lead_time_days or 0)

    @property
    def days_of_supply(self) -> Decimal | None:
        return days_of_supply(self.usable, self.daily_usage)

    @property
    def runs_out_before_delivery(self) -> bool:
        """Whether it lasts for less than the lead time. Unknown is no."""
        return self.runs_out_within(self.lead_time_days)

    def runs_out_within(self, days: int | None) -> bool:
        """Whether what is usable lasts for less than so many days. Unknown is no."""
        return days is not None and self.usable < self.daily_usage * days

    def is_late(self, lead_time_days: int) -> bool:
        """Whether all there will be to use is gone before an order of today could come."""
        return self.cover < self.daily_usage * lead_time_days


def daily_usage(
    consumed: Decimal,
    first_used_on: date | None,
    today: date,
    days_out: Collection[date] = (),
    days_open: int = WEEK_DAYS,
) -> Decimal:
    """Return the use of a usual day, from what was consumed in the last `USAGE_DAYS` days.

    Divides by the days since the first use where they are fewer, but never by fewer than 30; less
    the days on which there was nothing to be used (Management Sciences for Health, "Managing Drug
    Supply": consumption is divided by the time in stock), but never by less than a week. Where the
    clinic is open on fewer than seven days of a week, each of `days_out` is more of it.
    """
    if consumed <= 0 or first_used_on is None:
        return NOTHING
    days = min(USAGE_DAYS, max(FEWEST_USAGE_DAYS, (today - first_used_on).days))
    out = sum(day >= first_used_on for day in days_out)
    in_stock = days - Decimal(out * WEEK_DAYS) / days_open
    return consumed / max(in_stock, Decimal(FEWEST_DAYS_IN_STOCK))


def days_of_supply(usable: Decimal, daily: Decimal) -> Decimal | None:
    """Return for how many days it lasts, in tenths, rounded down; None when none is used."""
    return (usable / daily).quantize(TENTH, rounding=ROUND_DOWN) if daily > 0 else None


def runs_out_on(usable: Decimal, daily: Decimal, today: date) -> date | None:
    """Return the day on which the last of it goes; None when that is not in sight."""
    days = days_of_supply(usable, daily)
    return today + timedelta(days=int(days)) if days is not None and days < FARTHEST_DAYS else None


def packs_to_order(position: Decimal, par: Decimal, pack: Decimal, minimum: int = 1) -> int:
    """Return the whole packs that bring the position to the par level or above it.

    None are needed at the par level; whoever orders takes at least the supplier's minimum.
    Raises ValueError for a pack that holds nothing.
    """
    _check_pack(pack)
    if position >= par:
        return 0
    return max(minimum, int(((par - position) / pack).to_integral_value(ROUND_CEILING)))


def packs_to_exceed(position: Decimal, level: Decimal, pack: Decimal, minimum: int = 1) -> int:
    """Return the whole packs that bring the position above the level, and none if it is above.

    Raises ValueError for a pack that holds nothing.
    """
    _check_pack(pack)
    if position > level:
        return 0
    return max(minimum, int(((level - position) / pack).to_integral_value(ROUND_FLOOR)) + 1)


def suggested_packs(need: Need, pack: Decimal, minimum: int = 1) -> int:
    """Return the packs to order of an item that is due: up to par.

    Without a par level: above the reorder point, and enough to last until the next order comes.
    Never more whole packs than can be used before they expire; the least that the supplier sells
    is ordered all the same, for without it there is nothing.
    """
    packs = wanted_packs(need, pack, minimum)
    if need.most is None:
        return packs
    usable_packs = int((need.most / pack).to_integral_value(ROUND_FLOOR))
    return min(packs, max(minimum, usable_packs))


def wanted_packs(need: Need, pack: Decimal, minimum: int = 1) -> int:
    """Return the packs that the levels ask for, whether or not they expire."""
    if need.par_level is not None and need.par_level > need.cover:
        return packs_to_order(need.cover, need.par_level, pack, minimum)
    level = max(need.reorder_point or NOTHING, need.lead_time_demand)
    return packs_to_exceed(need.cover, level, pack, minimum)


def _check_pack(pack: Decimal) -> None:
    if pack <= 0:
        raise ValueError(f"Expected a pack that holds something, got {pack}.")
