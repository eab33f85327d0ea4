"""When something happened, as people write it."""

from datetime import UTC, datetime, time

import pytest

from inventory.imports.meaning.moments import at_time, moment_of, time_of
from inventory.sheets.plain_cells import CellNotUnderstood


@pytest.mark.parametrize(
    ("text", "in_utc"),
    [
        ("2025-11-03T08:07:00-06:00", datetime(2025, 11, 3, 14, 7, tzinfo=UTC)),
        ("2025-11-03T14:07:00Z", datetime(2025, 11, 3, 14, 7, tzinfo=UTC)),
        ("2025-11-03 08:07", datetime(2025, 11, 3, 14, 7, tzinfo=UTC)),
        ("2025-07-03 08:07", datetime(2025, 7, 3, 13, 7, tzinfo=UTC)),
        ("11/3/2025 8:07 AM", datetime(2025, 11, 3, 14, 7, tzinfo=UTC)),
        ("11/3/25 2:07pm", datetime(2025, 11, 3, 20, 7, tzinfo=UTC)),
        ("Nov 3, 2025, 12:00 AM", datetime(2025, 11, 3, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_that_of_the_clinic(text: str, in_utc: datetime) -> None:
    moment = moment_of(text)

    assert moment.at == in_utc
    assert moment.has_time


@pytest.mark.parametrize(
    "text",
    [
        "2025-11-03",
        "11/3/2025",
        "11/03/25",
        "Nov 3, 2025",
        "3-Nov-2025",
        "3 November 2025",
        "20251103",
    ],
)
def test_a_day_alone_has_no_time(text: str) -> None:
    moment = moment_of(text)

    assert moment.at == datetime(2025, 11, 3, 6, tzinfo=UTC)
    assert not moment.has_time


def test_a_column_of_its_own_says_the_time() -> None:
    assert at_time(moment_of("11/3/2025"), time(14, 7)).at == datetime(
        2025, 11, 3, 20, 7, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text", ["yesterday", "13/40/2025", "2025-02-30", "0001-01-01", "9999-12-31T23:59:59-12:00", ""]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(CellNotUnderstood, match="Expected a day"):
        moment_of(text)


@pytest.mark.parametrize("text", ["25:00", "10:75", "13 pm", "noonish", "10"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(CellNotUnderstood, match=r"Expected a time like 10:15.*, but got"):
        time_of(text)
