"""The months of a period, and the periods that people ask for most. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inventory.web.days import month_after

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A period by its name, from `since` to `until`, both included."""

    name: str
    since: date
    until: date


def usual_periods(today: date) -> list[Period]:
    """Return whole months up to today, and the last month that is over."""
    this = today.replace(day=1)
    return [
        Period("This month", this, today),
        Period("Last month", months_before(today, 1), this - ONE_DAY),
        Period("3 months", months_before(today, 2), today),
        Period("12 months", months_before(today, 11), today),
        Period("This year", today.replace(month=1, day=1), today),
        Period("Last year", date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ]


def default_period(today: date) -> Period:
    """Return this month and the two before it."""
    return usual_periods(today)[2]


def months_before(day: date, months: int) -> date:
    """Return the first day of the month so many months before this day's."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """Return the first day of the month so many months after this day's."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


def months_of(since: date, until: date) -> Sequence[date]:
    """Return the first day of each month that has a day in this period."""
    months = []
    month = since.replace(day=1)
    while month <= until:
        months.append(month)
        month = month_after(month)
    return months
