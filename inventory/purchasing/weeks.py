"""The clinic's weeks, Monday to Sunday, numbered through; and how the database numbers them.

Days begin at midnight in the clinic's time zone, so that a week in which clocks change has an hour
more or less than others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from inventory.purchasing.planning.demand import WEEK_DAYS
from inventory.web.days import midnight

DAY_SECONDS = 24 * 3600
SECONDS = WEEK_DAYS * DAY_SECONDS


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
    least = "min" if vendor == "sqlite" else "least"

    def number(run: Run) -> str:
        return f"{least}({run.last}, {run.first} + {_since(column, vendor, run, SECONDS)})"

    return _cases(column, vendor, weeks, number)


def weekday_sql(column: str, vendor: str, weeks: Sequence[Run]) -> str:
    """Return SQL for the day of the week of a moment in these weeks, or after them; Monday is 0.

    A Sunday on which clocks are put back keeps its hour. Where they are put back on another day,
    the last hour of that day counts for the next.
    """
    least = "min" if vendor == "sqlite" else "least"

    def number(run: Run) -> str:
        last_day = (run.last - run.first + 1) * WEEK_DAYS - 1
        return f"{least}({last_day}, {_since(column, vendor, run, DAY_SECONDS)}) % {WEEK_DAYS}"

    return _cases(column, vendor, weeks, number)


def moment_sql(moment: datetime, vendor: str) -> str:
    """Return a moment as SQL that compares with a column of moments."""
    text = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    # SQLite keeps moments as text in UTC, which sorts the way it reads.
    return f"'{text}'" if vendor == "sqlite" else f"timestamptz '{text}+00'"


def _cases(column: str, vendor: str, weeks: Sequence[Run], number: Callable[[Run], str]) -> str:
    cases = (
        f"WHEN {column} >= {moment_sql(datetime.fromtimestamp(run.began, UTC), vendor)}"
        f" THEN {number(run)}"
        for run in reversed(weeks)
    )
    return f"CASE {' '.join(cases)} END"


def _since(column: str, vendor: str, run: Run, seconds: int) -> str:
    """Return SQL for how many times so many seconds have passed since the run began."""
    if vendor == "sqlite":
        return f"(unixepoch({column}) - {run.began}) / {seconds}"
    return f"floor((extract(epoch FROM {column}) - {run.began}) / {seconds})::bigint"


def days_of(week: int) -> list[date]:
    """Return the seven days of this week."""
    monday = monday_of(week)
    return [monday + timedelta(days=day) for day in range(WEEK_DAYS)]
