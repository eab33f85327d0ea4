"""Sums over the ledger's entries and over past use that the ORM has no words for."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

from django.db import connection

from inventory.purchasing.weeks import moment_sql, runs, week_of, week_sql, weekday_sql
from inventory.web.days import midnight
from inventory.web.decimals import of_steps

# As `QuantityField` keeps them.
THOUSANDTHS = 3
ENTRIES, PAST_USE = "happened_at", "used_at"
"""The column that says when, in `inventory_entry` and in `inventory_pastuse`."""


def units(thousandths: int | Decimal) -> Decimal:
    """Return a sum of stored quantities in the item's unit."""
    return of_steps(thousandths, THOUSANDTHS)


def summed(
    sql: str,
    moment: str,
    since: date,
    today: date,
    places: Collection[int],
    items: Collection[int] | None,
) -> list[tuple[int, ...]]:
    """Return the rows of a query over all that happened since that day, one query.

    In `sql`, {week} and {weekday} are the week and the day of the week of the moment, and {where}
    is what narrows it to the days, to these places (all of them if none is given) and to these
    items (None: all).
    """
    weeks = runs(week_of(since), week_of(today))
    query = sql.format(
        week=week_sql(moment, connection.vendor, weeks),
        weekday=weekday_sql(moment, connection.vendor, weeks),
        where=" AND ".join(_narrowed(moment, since, places, items)),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _narrowed(
    moment: str, since: date, places: Collection[int], items: Collection[int] | None
) -> Iterator[str]:
    yield f"{moment} >= {moment_sql(midnight(since), connection.vendor)}"
    if places:
        yield f"location_id IN ({_numbers(places)})"
    if items is not None:
        yield f"item_id IN ({_numbers(items)})"


def _numbers(ids: Collection[int]) -> str:
    return ", ".join(str(int(each)) for each in ids) or "NULL"
