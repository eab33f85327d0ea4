"""Days and clocks: the clinic's own day decides, also on days without a midnight or with 25 hours.

New York puts its clocks on at 2 in the morning of 8 March 2026, and back on 1 November. In Santiago
6 September 2026 begins at 1 o'clock.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from inventory.procedures.kits import LineWanted
from inventory.procedures.record import MayNotVoid, check_may_void
from inventory.stock import ledger
from inventory.stock.allocation import Stock, Wish, allocate
from inventory.stock.backdating import check_performed_at
from inventory.stock.errors import InvalidLine, NotEnoughStock
from inventory.stock.models import Holding
from inventory.stock.requests import StockLine, Want
from inventory.stock.usable import beyond_use_on
from inventory.web.days import midnight
from tests.clinic import dana, gauze, kenalog, lidocaine, logged, mara, place, received, used
from tests.clinic import signed_in as browser_of
from tests.walk import address, one_of_everything, page_names

NEW_YORK = ZoneInfo("America/New_York")
SANTIAGO = ZoneInfo("America/Santiago")
# Where clocks change at 2, at midnight, to before midnight, by half an hour, or never.
ZONES = st.sampled_from(
    [
        "America/New_York",
        "America/Santiago",
        "America/Havana",
        "Africa/Cairo",
        "Asia/Beirut",
        "Atlantic/Azores",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
        "Asia/Kolkata",
        "UTC",
    ]
).map(ZoneInfo)


@given(zone=ZONES, day=st.dates(date(2020, 1, 1), date(2037, 12, 31)))
def test_every_day_begins_where_the_one_before_it_ends(zone: ZoneInfo, day: date) -> None:
    with timezone.override(zone):
        begins = midnight(day).astimezone(UTC)

        assert timezone.localdate(begins) == day
        assert timezone.localdate(begins - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (NEW_YORK, date(2026, 3, 8), 23),
        (NEW_YORK, date(2026, 11, 1), 25),
        (SANTIAGO, date(2026, 9, 6), 23),
        (SANTIAGO, date(2026, 4, 4), 25),
    ],
)
def test_a_day_on_which_the_clocks_change_is_one_day(zone: ZoneInfo, day: date, hours: int) -> None:
    with timezone.override(zone):
        lasts = midnight(day + timedelta(days=1)).astimezone(UTC) - midnight(day).astimezone(UTC)

        assert lasts == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("opened_on", "days", "last_day"),
    [
        (date(2028, 2, 29), None, date(2028, 3, 28)),
        (date(2028, 2, 1), None, date(2028, 2, 29)),
        (date(2027, 2, 1), None, date(2027, 3, 1)),
        (date(2028, 2, 29), 366, date(2029, 3, 1)),
        (date(2026, 3, 1), 7, date(2026, 3, 8)),
    ],
)
def test_a_vial_is_for_so_many_days_of_the_calendar(
    opened_on: date, days: int | None, last_day: date
) -> None:
    assert beyond_use_on(opened_on, days or 0, None) == last_day


def test_of_two_vials_opened_at_half_past_one_the_first_half_past_one_comes_first() -> None:
    twice = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)
    before, after = (twice.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    vials = [
        Stock(number, 1, 1, Decimal(20), "available", opened_at=opened_at, beyond_use_on=last_day)
        for number, opened_at, last_day in (
            (1, after, date(2026, 11, 29)),
            (2, before, date(2026, 11, 29)),
        )
    ]
    [line] = allocate(vials, [Wish(1, Decimal(1))], date(2026, 11, 2)).lines

    assert [pick.stock.holding_id for pick in line.picks] == [2]


def test_what_never_expires_goes_after_what_does() -> None:
    stocks = [
        Stock(1, 1, 1, Decimal(5), "available", expires_on=None),
        Stock(2, 2, 1, Decimal(5), "available", expires_on=date(2200, 12, 31)),
    ]
    [line] = allocate(stocks, [Wish(1, Decimal(7))], date(2026, 11, 2)).lines

    assert [pick.stock.holding_id for pick in line.picks] == [2, 1]


# In the clinic


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "day", "last", "first"),
    [
        (NEW_YORK, date(2026, 3, 8), "2026-03-09T03:59:59Z", "2026-03-09T04:00:00Z"),
        (NEW_YORK, date(2026, 10, 31), "2026-11-01T03:59:59Z", "2026-11-01T04:00:00Z"),
        (NEW_YORK, date(2026, 11, 1), "2026-11-02T04:59:59Z", "2026-11-02T05:00:00Z"),
        (SANTIAGO, date(2026, 9, 5), "2026-09-06T03:59:59Z", "2026-09-06T04:00:00Z"),
        (SANTIAGO, date(2026, 4, 4), "2026-04-05T03:59:59Z", "2026-04-05T04:00:00Z"),
        (ZoneInfo("Pacific/Kiritimati"), date(2028, 2, 29), "2028-02-29T09:59:59Z",
         "2028-02-29T10:00:00Z"),
    ],
)  # fmt: skip
def test_a_lot_is_used_to_the_last_second_of_its_expiry_day(
    settings: Settings, zone: ZoneInfo, day: date, last: str, first: str
) -> None:
    settings.TIME_ZONE = zone.key
    last_second, next_day = datetime.fromisoformat(last), datetime.fromisoformat(first)
    received(kenalog(), 5, expires_on=day, at=last_second)

    used(Want(kenalog(), Decimal(1)), at=last_second)
    with pytest.raises(NotEnoughStock):
        used(Want(kenalog(), Decimal(1)), at=next_day)


@pytest.mark.django_db
def test_one_moment_is_the_expiry_day_in_honolulu_and_past_it_in_auckland(
    settings: Settings,
) -> None:
    moment = datetime(2026, 11, 24, 9, 59, tzinfo=UTC)
    received(kenalog(), 5, expires_on=date(2026, 11, 23), at=moment)

    settings.TIME_ZONE = "Pacific/Auckland"
    with pytest.raises(NotEnoughStock):
        used(Want(kenalog(), Decimal(1)), at=moment)
    settings.TIME_ZONE = "Pacific/Honolulu"
    used(Want(kenalog(), Decimal(1)), at=moment)


@pytest.mark.django_db
def test_a_vial_opened_late_on_leap_day_is_used_through_the_28th_of_march(
    settings: Settings,
) -> None:
    settings.TIME_ZONE = NEW_YORK.key
    # It is 1 March in London already.
    late = datetime(2028, 2, 29, 23, 30, tzinfo=NEW_YORK)
    received(lidocaine(), 20, expires_on=date(2030, 1, 1), at=late)

    vial = ledger.open_vial(
        by=mara(), location=place(), line=StockLine(lidocaine()), happened_at=late, now=late
    )
    used(Want(lidocaine(), Decimal(1)), at=datetime(2028, 3, 28, 23, 59, 59, tzinfo=NEW_YORK))
    with pytest.raises(NotEnoughStock):
        used(Want(lidocaine(), Decimal(1)), at=datetime(2028, 3, 29, tzinfo=NEW_YORK))

    assert Holding.objects.get(pk=vial.pk).beyond_use_on == date(2028, 3, 28)


@pytest.mark.django_db
def test_what_has_no_lot_never_expires() -> None:
    received(gauze(), 10)

    used(Want(gauze(), Decimal(3)), at=datetime(2199, 12, 31, 12, tzinfo=UTC))

    assert Holding.objects.get().quantity == 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "oldest"),
    [
        # Seven days with 25 hours in one of them, then with 23.
        ("2026-11-05T23:59:00-05:00", "2026-10-29T00:00:00-04:00"),
        ("2026-03-12T00:30:00-04:00", "2026-03-05T00:00:00-05:00"),
        # And seven over a leap day.
        ("2028-03-04T09:00:00-05:00", "2028-02-26T00:00:00-05:00"),
    ],
)
def test_the_limit_on_back_dating_counts_days_of_the_calendar_and_not_hours(
    settings: Settings, now: str, oldest: str
) -> None:
    settings.TIME_ZONE = NEW_YORK.key
    this_moment, just_in_time = datetime.fromisoformat(now), datetime.fromisoformat(oldest)

    check_performed_at(just_in_time, this_moment)
    with pytest.raises(InvalidLine, match="8 days ago"):
        check_performed_at(just_in_time - timedelta(minutes=1), this_moment)


@pytest.mark.django_db
def test_the_second_half_past_one_is_in_the_future_of_the_first(settings: Settings) -> None:
    settings.TIME_ZONE = NEW_YORK.key
    first = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)
    second = first.replace(fold=1)

    check_performed_at(first.astimezone(UTC), second.astimezone(UTC))
    with pytest.raises(InvalidLine, match="future"):
        check_performed_at(second.astimezone(UTC), first.astimezone(UTC))


@pytest.mark.django_db
def test_a_nurse_has_whole_days_to_undo_what_she_logged(settings: Settings) -> None:
    settings.TIME_ZONE = NEW_YORK.key
    received(gauze(), 10)
    evening = datetime(2026, 10, 29, 0, 1, tzinfo=NEW_YORK)
    procedure = logged(LineWanted(gauze(), Decimal(1)), at=evening).procedure

    check_may_void(procedure, mara(), datetime(2026, 11, 5, 23, 59, tzinfo=NEW_YORK))
    with pytest.raises(MayNotVoid, match="8 days ago"):
        check_may_void(procedure, mara(), datetime(2026, 11, 6, tzinfo=NEW_YORK))


@pytest.mark.django_db
def test_every_list_opens_on_a_day_that_has_no_midnight(settings: Settings) -> None:
    settings.TIME_ZONE = SANTIAGO.key
    one_of_everything()
    begins = datetime(2026, 9, 6, 4, 0, tzinfo=UTC)
    with time_machine.travel(begins, tick=False):
        manager = browser_of(dana())
        for name in ["home", *(name for name in page_names() if name.endswith("_list"))]:
            assert manager.get(address(name)).status_code == 200, name


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-09-05", "2026-09-06", "2026-09-07"])
def test_lists_take_a_day_that_has_no_midnight(settings: Settings, day: str) -> None:
    settings.TIME_ZONE = SANTIAGO.key
    received(gauze(), 10, at=datetime(2026, 9, 6, 3, 59, tzinfo=UTC))
    logged(LineWanted(gauze(), Decimal(1)), at=datetime(2026, 9, 6, 4, 0, tzinfo=UTC))
    nurse = browser_of(mara())

    [procedures, movements] = (
        nurse.get(path, {"since": day, "until": day}).context["table"].rows
        for path in (address("procedure_list"), address("movement_list"))
    )

    assert (len(procedures), len(movements)) == {
        "2026-09-05": (0, 1),
        "2026-09-06": (1, 1),
        "2026-09-07": (0, 0),
    }[day]
