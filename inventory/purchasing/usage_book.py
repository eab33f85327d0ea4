"""The use of a year, kept by this process: what moved since is read anew, the rest is not.

Inside a transaction nothing is kept, for what is seen there may yet be rolled back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection

from inventory.catalog.models import Item
from inventory.purchasing.ledger_mark import LedgerMark, ledger_mark
from inventory.purchasing.planning.demand import Demand
from inventory.purchasing.planning.ordering import USAGE_DAYS
from inventory.purchasing.weekly_usage import ItemUse, read_weekly_use
from inventory.purchasing.weeks import week_of
from inventory.stock.models import Entry

Places = tuple[int, ...]
# One of them is an index look-up; a sum over the whole ledger is worth it only for more.
FEW_ITEMS = 40
FEW_PAGES = 8


@dataclass(frozen=True)
class Known:
    """What was needed of an item in a year of weeks, and the days of the last 90 on which there
    was none of it."""

    demand: Demand = field(default_factory=Demand)
    days_out: frozenset[date] = frozenset()


UNKNOWN = Known()


@dataclass(frozen=True)
class _Page:
    """What was read of one set of places on one day; `known` fills as it is asked for.

    What is known of an item depends on whether its containers leave whole, which may be changed.
    """

    mark: LedgerMark
    uses: Mapping[int, ItemUse]
    known: dict[tuple[int, bool], Known]


_pages: dict[tuple[str, date, Places], _Page] = {}


def known_by_item(items: Collection[Item], today: date, places: Places = ()) -> dict[int, Known]:
    """Return what is known of the use of each of these items, by item id.

    `places` are the ids of locations, all of them if none is given.
    """
    if len(items) <= FEW_ITEMS:
        uses = read_weekly_use(today, places, sorted(item.pk for item in items))
        return {item.pk: _known(item, uses, today) for item in items}
    page = _page(today, places)
    for item in items:
        key = item.pk, item.is_single_dose
        if key not in page.known:
            page.known[key] = _known(item, page.uses, today)
    return {item.pk: page.known[item.pk, item.is_single_dose] for item in items}


def forget() -> None:
    """Close the book: the next who asks reads the whole ledger."""
    _pages.clear()


def _known(item: Item, uses: Mapping[int, ItemUse], today: date) -> Known:
    use = uses.get(item.pk)
    if use is None:
        return UNKNOWN
    since = today - timedelta(days=USAGE_DAYS - 1)
    demand = use.demand(week_of(today), whole_containers=item.is_single_dose)
    return Known(demand, frozenset(day for day in use.days_out if since <= day))


def _page(today: date, places: Places) -> _Page:
    if connection.in_atomic_block:
        return _Page(ledger_mark(), read_weekly_use(today, places), {})
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
        return _Page(mark, read_weekly_use(today, places), {})
    items = list(
        Entry.objects.filter(movement__in=moved)
        .order_by()
        .values_list("item", flat=True)
        .distinct()
    )
    anew = read_weekly_use(today, places, items) if items else {}
    known = {key: each for key, each in page.known.items() if key[0] not in items}
    return _Page(mark, {**page.uses, **anew}, known)
