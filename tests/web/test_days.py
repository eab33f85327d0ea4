"""The clinic's days and months."""

from datetime import date

import pytest

from inventory.web.days import month_after


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2028, 1, 31), date(2028, 2, 1)),
        (date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_the_month_after_begins_on_its_first_day(day: date, following: date) -> None:
    assert month_after(day) == following
