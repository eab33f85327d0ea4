"""The clinic's weeks, Monday to Sunday, numbered through; and how the database numbers them.

Days begin at midnight in the clinic's time zone, so that a week in which clocks change has an hour
more or less than others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from inventory.purchasing.planning.demand import WEEK_DAYS
from inventory.web.days import midnight

SECONDS = WEEK_DAYS * 24 * 3600


@dataclass(frozen=True)
class Run:
    """Weeks in a row that begin a whole number of weeks after each other, `first` to `last`."""

    first: int
    last: int
    began: int


def week_of(day: date) -> int:
    """Return the number of the week that this day is in. The calendar's day 1 was a Monday."""
    return (day.toordinal() - 1) // WEEK_DAYS


def monday_of(week: int) -> date:
    """Return the first day of this week."""
    return date.fromordinal(week * WEEK_DAYS + 1)


def runs(first: int, last: int) -> list[Run]:
    """Return the weeks from the first to the last, parted where the clocks were changed."""
    found: list[Run] = []
    for week in range(first, last + 1):
        began = int(midnight(monday_of(week)).timestamp())
        latest = found[-1] if found else None
        if latest and began == latest.began + (week - latest.first) * SECONDS:
            found[-1] = Run(latest.first, week, latest.began)
        else:
            found.append(Run(week, week, began))
    return found


def week_sql(column: str, vendor: str, weeks: Sequence[Run]) -> str:
    """Return SQL for the number of the week of a moment that lies in these weeks, or after them.

    A moment of the hour that a week has more than others stays in that week.
    """
    cases = [_case(column, vendor, run) for run in reversed(weeks)]
    return f"CASE {' '.join(cases)} END"


def _case(column: str, vendor: str, run: Run) -> str:
    began = datetime.fromtimestamp(run.began, UTC)
    if vendor == "sqlite":
        # Moments are kept as text in UTC, and read the same way they sort.
        since, least = f"'{began:%Y-%m-%d %H:%M:%S}'", "min"
        weeks = f"(unixepoch({column}) - {run.began}) / {SECONDS}"
    else:
        since, least = f"timestamptz '{began:%Y-%m-%d %H:%M:%S}+00'", "least"
        weeks = f"floor((extract(epoch FROM {column}) - {run.began}) / {SECONDS})::bigint"
    return f"WHEN {column} >= {since} THEN {least}({run.last}, {run.first} + {weeks})"


def days_of(week: int) -> list[date]:
    """Return the seven days of this week."""
    monday = monday_of(week)
    return [monday + timedelta(days=day) for day in range(WEEK_DAYS)]
