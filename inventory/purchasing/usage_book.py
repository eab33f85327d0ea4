"""The use of a year, kept by this process: what moved since is read anew, the rest is not.

Inside a transaction nothing is kept, for what is seen there may yet be rolled back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db import connection

from inventory.purchasing.ledger_mark import LedgerMark, ledger_mark
from inventory.purchasing.planning.demand import MOST_WEEKS, WEEK_DAYS, Demand
from inventory.purchasing.planning.forecast import Forecast, forecast
from inventory.purchasing.planning.ordering import USAGE_DAYS, daily_usage
from inventory.purchasing.usage import (
    NO_RECENT_USE,
    NOTHING,
    RecentUse,
    Used,
    days_before,
    demand,
    first_use_by_item,
    read_recent_use,
)
from inventory.purchasing.weekly_usage import QUARTER_WEEKS, ItemUse, read_weekly_use
from inventory.purchasing.weeks import monday_of, week_of
from inventory.stock.models import Entry

Places = tuple[int, ...]
# One of them is an index look-up; a sum over the whole ledger is worth it only for more.
FEW_ITEMS = 40
FEW_PAGES = 8


@dataclass(frozen=True)
class Known:
    """What is known of the use of an item: the demand of a year of weeks, the usage of the last
    month and quarter, what a usual day takes, and the open days of the last 90 on which there was
    none of it."""

    demand: Demand = field(default_factory=Demand)
    recent: RecentUse = NO_RECENT_USE
    daily: Decimal = NOTHING
    days_out: frozenset[date] = frozenset()

    @cached_property
    def forecast(self) -> Forecast:
        """What the next weeks will need; of an item that is new, by a usual day."""
        return forecast(self.demand, usual=self.daily * WEEK_DAYS)


NO_DEMAND = Demand()
NEVER: frozenset[date] = frozenset()


@dataclass(frozen=True)
class _Read:
    """What was read of some items in some places."""

    weekly: Mapping[int, ItemUse]
    recent: Mapping[int, RecentUse]

    def updated(self, later: "_Read") -> "_Read":
        return _Read({**self.weekly, **later.weekly}, {**self.recent, **later.recent})


@dataclass(frozen=True)
class _Page:
    """What was read of one set of places on one day; `known` fills as it is asked for.

    What is known of an item depends on whether its containers leave whole, which may be changed.
    """

    mark: LedgerMark
    read: _Read
    known: dict[tuple[int, bool], Known]


_pages: dict[tuple[str, date, Places], _Page] = {}


def known_by_item(items: Collection[Used], today: date, places: Places = ()) -> dict[int, Known]:
    """Return what is known of the use of each of these items, by item id.

    `places` are the ids of locations, all of them if none is given.
    """
    if len(items) <= FEW_ITEMS:
        return _known(items, _read(today, places, _ids(items)), today)
    page = _page(today, places)
    keys = [(item.pk, item.is_single_dose) for item in items]
    missing = [item for item, key in zip(items, keys, strict=True) if key not in page.known]
    anew = _known(missing, page.read, today)
    page.known.update({(item.pk, item.is_single_dose): anew[item.pk] for item in missing})
    return {key[0]: page.known[key] for key in keys}


def daily_usage_by_item(items: Collection[Used], today: date) -> dict[int, Decimal]:
    """Return how much of each item is needed on a usual day, zero where it was not used.

    The supplies of one procedure are read by themselves, and no further back than it takes:
    logging it must not wait for a sum over the whole ledger.
    """
    if not items:
        return {}
    if len(items) <= FEW_ITEMS:
        known = _known(items, _read(today, (), _ids(items), QUARTER_WEEKS), today)
    else:
        known = known_by_item(items, today)
    return {pk: each.daily for pk, each in known.items()}


def forget() -> None:
    """Close the book: the next who asks reads the whole ledger."""
    _pages.clear()


def _ids(items: Collection[Used]) -> Sequence[int]:
    return sorted(item.pk for item in items)


def _read(
    today: date, places: Places, items: Sequence[int] | None = None, weeks: int = MOST_WEEKS
) -> _Read:
    return _Read(
        read_weekly_use(today, places, items, weeks), read_recent_use(today, places, items)
    )


def _known(items: Collection[Used], read: _Read, today: date) -> dict[int, Known]:
    recent = {item.pk: read.recent.get(item.pk, NO_RECENT_USE) for item in items}
    needed = {
        item.pk: amount for item in items if (amount := demand(item, recent[item.pk].quarter)) > 0
    }
    first = _first_uses(needed, read, today)
    known = {}
    for item in items:
        days_out = _days_out(read.weekly.get(item.pk), today)
        daily = NOTHING
        if item.pk in needed:
            days_open = read.weekly[item.pk].days_open if days_out else WEEK_DAYS
            daily = daily_usage(needed[item.pk], first.get(item.pk), today, days_out, days_open)
        known[item.pk] = Known(
            demand=_demand(item, read.weekly.get(item.pk), recent[item.pk], today),
            recent=recent[item.pk],
            daily=daily,
            days_out=days_out,
        )
    return known


def _demand(item: Used, use: ItemUse | None, recent: RecentUse, today: date) -> Demand:
    if use is None:
        return NO_DEMAND
    return use.demand(week_of(today), recent.weekdays, whole_containers=item.is_single_dose)


def _days_out(use: ItemUse | None, today: date) -> frozenset[date]:
    if use is None or not use.days_out:
        return NEVER
    since = days_before(today, USAGE_DAYS)
    return frozenset(day for day in use.days_out if since <= day)


def _first_uses(items: Collection[int], read: _Read, today: date) -> dict[int, date]:
    """Return the first day of use of each item, or some day of use before the last 90.

    Only of those that may be newer has the ledger to be asked for the day itself.
    """
    before = week_of(days_before(today, USAGE_DAYS)) - 1
    found = {}
    for item in items:
        use = read.weekly.get(item)
        weeks = use.weeks.items() if use else ()
        earlier = next((week for week, each in weeks if week <= before and each.used > 0), None)
        if earlier is not None:
            found[item] = monday_of(earlier)
    return found | first_use_by_item([item for item in items if item not in found])


def _page(today: date, places: Places) -> _Page:
    if connection.in_atomic_block:
        return _Page(ledger_mark(), _read(today, places), {})
    mark = ledger_mark()
    key = (mark.database, today, places)
    page = _pages.get(key)
    if page is None or page.mark != mark:
        page = _brought_up(page, mark, today, places)
        if len(_pages) >= FEW_PAGES:
            _pages.clear()
        _pages[key] = page
    return page


def _brought_up(page: _Page | None, mark: LedgerMark, today: date, places: Places) -> _Page:
    """Return the page with the items that moved since read anew."""
    moved = mark.new_since(page.mark) if page else None
    if page is None or moved is None:
        return _Page(mark, _read(today, places), {})
    items = set(
        Entry.objects.filter(movement__in=moved)
        .order_by()
        .values_list("item", flat=True)
        .distinct()
    )
    anew = page.read.updated(_read(today, places, sorted(items))) if items else page.read
    # Another thread may be adding to what is known: its copy is made in one step.
    known = {key: each for key, each in page.known.copy().items() if key[0] not in items}
    return _Page(mark, anew, known)
