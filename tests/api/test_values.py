"""Texts, days and times are understood for sure or refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from inventory.api.values import Code, Day, Id, Start, Time

NOON = datetime(2026, 11, 22, 18, tzinfo=UTC)


def test_a_day_is_a_day() -> None:
    assert TypeAdapter(Day).validate_python("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "came",
    [
        "2026-02-30",
        "2026-2-3",
        "20260203",
        "2026-W07-1",
        "2026-02-03T00:00",
        "1899-01-01",
        "9999-12-31",
        "",
        20260203,
        None,
        True,
    ],
)
def test_what_is_no_day_is_refused(came: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(came)


@pytest.mark.parametrize(
    "came",
    [
        "2026-11-22T12:00:00-06:00",
        "2026-11-22T18:00:00Z",
        "2026-11-22t18:00z",
        "2026-11-22 18:00:00.000+0000",
    ],
)
def test_a_time_is_a_moment(came: str) -> None:
    assert TypeAdapter(Time).validate_python(came) == NOON


@pytest.mark.parametrize(
    "came",
    [
        "2026-11-22T12:00:00",
        "2026-11-22",
        "2026-11-22T25:00:00Z",
        "2026-11-22T12:00:00+25:00",
        "1700-11-22T12:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "now",
        1795000000,
        None,
    ],
)
def test_what_is_no_moment_is_refused(came: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Time).validate_python(came)


def test_a_list_may_begin_with_a_day_of_the_clinic() -> None:
    assert TypeAdapter(Start).validate_python("2026-11-22") == datetime(2026, 11, 22, 6, tzinfo=UTC)


def test_a_plus_that_came_as_a_space_is_understood() -> None:
    assert TypeAdapter(Start).validate_python("2026-11-22T18:00:00 00:00") == NOON


@pytest.mark.parametrize("came", ["a\x00b", "a\nb", "\ud800", "\u2028", "", "  ", "x" * 65, 7])
def test_what_is_no_plain_text_is_refused(came: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Code).validate_python(came)


@pytest.mark.parametrize("came", [0, -1, 2**63, True, "1", 1.0])
def test_what_no_row_can_have_is_no_number_of_a_row(came: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(came)
