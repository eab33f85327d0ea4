"""The year of procedures, moved so that it ends now, whatever day and hour it is."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from django.utils import timezone

from inventory.demo.year import (
    FEWEST_TODAY,
    Planned,
    clinic_days,
    expected_after,
    monday,
    planned_year,
)
from tests.demo.conftest import CLINIC_TIME, LEAP_DAY

THE_WHOLE_FILE = 4522

MONDAY_AFTERNOON = datetime(2027, 3, 1, 16, 0, tzinfo=CLINIC_TIME)
WEDNESDAY_NOON = datetime(2027, 3, 3, 12, 0, tzinfo=CLINIC_TIME)
FRIDAY_EVENING = datetime(2027, 3, 5, 18, 0, tzinfo=CLINIC_TIME)
SATURDAY = datetime(2027, 3, 6, 12, 0, tzinfo=CLINIC_TIME)
SUNDAY = datetime(2027, 3, 7, 23, 59, tzinfo=CLINIC_TIME)
NEW_YEAR = datetime(2027, 1, 1, 15, 0, tzinfo=CLINIC_TIME)
BEFORE_OPENING = datetime(2027, 3, 2, 6, 50, tzinfo=CLINIC_TIME)
JUST_AFTER_MIDNIGHT = datetime(2027, 3, 15, 0, 1, tzinfo=CLINIC_TIME)
CLOCKS_CHANGE = datetime(2027, 3, 14, 2, 30, tzinfo=CLINIC_TIME)

WEEKDAYS = [
    MONDAY_AFTERNOON,
    WEDNESDAY_NOON,
    FRIDAY_EVENING,
    LEAP_DAY,
    NEW_YEAR,
    BEFORE_OPENING,
    JUST_AFTER_MIDNIGHT,
]
WEEKENDS = [SATURDAY, SUNDAY, CLOCKS_CHANGE]


@cache
def year_until(now: datetime) -> list[Planned]:
    return planned_year(now)


@pytest.mark.parametrize("now", WEEKDAYS, ids=str)
def test_on_a_weekday_there_are_procedures_today(now: datetime) -> None:
    today = [procedure for procedure in year_until(now) if procedure.day == now.date()]

    assert len(today) >= FEWEST_TODAY


@pytest.mark.parametrize("now", WEEKENDS, ids=str)
def test_on_a_weekend_the_last_procedures_were_on_friday(now: datetime) -> None:
    last_day = year_until(now)[-1].day

    assert last_day.weekday() == 4
    assert timedelta(0) < now.date() - last_day <= timedelta(days=2)


@pytest.mark.parametrize("now", [*WEEKDAYS, *WEEKENDS], ids=str)
def test_nothing_has_happened_in_the_future(now: datetime) -> None:
    assert max(procedure.performed_at for procedure in year_until(now)) <= now


@pytest.mark.parametrize("now", [*WEEKDAYS, *WEEKENDS], ids=str)
def test_procedures_come_in_the_order_in_which_they_were_performed(now: datetime) -> None:
    times = [procedure.performed_at for procedure in year_until(now)]

    assert times == sorted(times)


@pytest.mark.parametrize("now", [*WEEKDAYS, *WEEKENDS], ids=str)
def test_the_clinic_never_opens_at_a_weekend(now: datetime) -> None:
    assert {day.weekday() for day in clinic_days(year_until(now))} == {0, 1, 2, 3, 4}


def test_by_friday_evening_the_whole_year_is_there() -> None:
    year = year_until(FRIDAY_EVENING)

    assert len(year) == THE_WHOLE_FILE
    assert year[-1].day == FRIDAY_EVENING.date()
    assert year[0].day == monday(FRIDAY_EVENING.date()) - timedelta(weeks=51)


def test_procedures_of_the_afternoon_are_left_out_at_noon() -> None:
    until_noon, until_evening = (
        Counter(procedure.day for procedure in year_until(now))[WEDNESDAY_NOON.date()]
        for now in (WEDNESDAY_NOON, WEDNESDAY_NOON.replace(hour=18))
    )

    assert 0 < until_noon < until_evening


def test_an_hour_on_the_clock_stays_that_hour_in_summer_and_winter() -> None:
    hours = {timezone.localtime(each.performed_at).hour for each in year_until(FRIDAY_EVENING)}

    assert hours <= set(range(8, 17))


def test_what_was_used_instead_of_the_kit_is_read_exactly() -> None:
    first = year_until(FRIDAY_EVENING)[0]

    assert (first.type, first.location, first.muscles, first.sites) == ("tpi-1-2", "room-1", 2, 4)
    assert [(sku, str(quantity)) for sku, quantity in first.instead] == [("lido-1-20", "3")]


def test_the_clinic_expects_two_more_weeks_like_the_last() -> None:
    ahead = expected_after(WEDNESDAY_NOON)

    assert min(each.performed_at for each in ahead) > WEDNESDAY_NOON
    assert ahead[0].day == WEDNESDAY_NOON.date()
    assert ahead[-1].day == date(2027, 3, 19)
