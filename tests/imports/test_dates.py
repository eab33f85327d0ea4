"""Expiry dates as people write them, read on 22 November 2026."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given

from inventory.imports.cells.dates import Expiry, ReadDay, last_such_day, read_expiry
from inventory.imports.cells.results import Blank, Doubtful, Refused
from inventory.sheets.cells import CellValue, SheetCell
from tests.imports.sheets import TODAY
from tests.imports.test_quantities import CELLS


def read(value: CellValue, number_format: str = "General") -> ReadDay:
    return read_expiry(SheetCell(value, number_format), TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/27", "2027-12-31"),
        ("1/28", "2028-01-31"),
        ("12-27", "2027-12-31"),
        ("12/31", "2031-12-31"),
        ("12.27", "2027-12-31"),
        ("12 / 27", "2027-12-31"),
        ("02/28", "2028-02-29"),
        ("Dec-27", "2027-12-31"),
        ("DEC 27", "2027-12-31"),
        ("Dec '27", "2027-12-31"),
        ("2027-12", "2027-12-31"),
        ("2028/01", "2028-01-31"),
        ("03/2028", "2028-03-31"),
        ("9/2027", "2027-09-30"),
        ("12.2027", "2027-12-31"),
        ("Mar 2028", "2028-03-31"),
        ("Sept 2027", "2027-09-30"),
        ("December 2027", "2027-12-31"),
        ("JUN2028", "2028-06-30"),
        ("2028 March", "2028-03-31"),
        ("202812", "2028-12-31"),
        ("2027-12-00", "2027-12-31"),
        ("exp 12/27", "2027-12-31"),
        ("EXP12/27", "2027-12-31"),
        ("Expires: Dec 2027", "2027-12-31"),
    ],
)
def test_a_month_means_its_last_day(text: str, day: str) -> None:
    read_day = read(text)

    assert isinstance(read_day, Expiry)
    assert read_day.day == date.fromisoformat(day)
    assert read_day.month_only


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("EXP 4/30/2028", "2028-04-30"),
        ("exp. date: 06/30/2028", "2028-06-30"),
        ("10-31-2027", "2027-10-31"),
        ("11/30/27", "2027-11-30"),
        ("4/30/29", "2029-04-30"),
        ("31.12.2027", "2027-12-31"),
        ("31/12/2027", "2027-12-31"),
        ("2027-08-31", "2027-08-31"),
        ("2027/8/31", "2027-08-31"),
        ("2027-12-31 00:00:00", "2027-12-31"),
        ("20281231", "2028-12-31"),
        ("12312028", "2028-12-31"),
        ("281231", "2028-12-31"),
        ("June 6, 2028", "2028-06-06"),
        ("Nov 30th, 2028", "2028-11-30"),
        ("6-Jun-28", "2028-06-06"),
        ("6 June 2028", "2028-06-06"),
        ("30JUN2028", "2028-06-30"),
        ("2028-FEB-29", "2028-02-29"),
        ("Fri 12/31/2027", "2027-12-31"),
        ("46843", "2028-03-31"),
        ("2/29/2028", "2028-02-29"),
    ],
)
def test_a_day_is_read(text: str, day: str) -> None:
    read_day = read(text)

    assert isinstance(read_day, Expiry)
    assert read_day.day == date.fromisoformat(day)
    assert not read_day.month_only


def test_day_and_month_in_doubt_are_read_the_american_way_and_it_says_so() -> None:
    read_day = read("05/06/2028")

    assert isinstance(read_day, Expiry)
    assert read_day.day == date(2028, 5, 6)
    assert "6 May 2028" in read_day.note


def test_excels_number_for_a_day_is_shown_as_the_day_it_is() -> None:
    read_day = read(46843)

    assert isinstance(read_day, Expiry)
    assert read_day == Expiry(date(2028, 3, 31), note="46843 is Excel’s number for 31 March 2028.")


@pytest.mark.parametrize(
    ("number_format", "day", "month_only"),
    [
        ("mm/dd/yyyy", "2027-12-01", False),
        ("General", "2027-12-01", False),
        ("m/d/yy", "2027-12-01", False),
        ("mmm-yy", "2027-12-31", True),
        ("mmm yyyy", "2027-12-31", True),
        ("mm/yyyy", "2027-12-31", True),
        ("[$-409]mmm\\-yy;@", "2027-12-31", True),
    ],
)
def test_a_date_cell_means_what_it_shows(number_format: str, day: str, month_only: bool) -> None:
    read_day = read(datetime.fromisoformat("2027-12-01"), number_format)

    assert isinstance(read_day, Expiry)
    assert (read_day.day, read_day.month_only) == (date.fromisoformat(day), month_only)


def test_a_date_cell_that_shows_no_year_was_typed_as_month_and_year() -> None:
    doubtful = read(datetime.fromisoformat("2026-12-27"), "d-mmm")

    assert isinstance(doubtful, Doubtful)
    assert doubtful.guesses == ("2027-12-31", "2026-12-27")


@pytest.mark.parametrize(
    ("value", "guesses"),
    [
        ("12/27 ?", ("2027-12-31",)),
        ("12/27, some 3/28", ("2027-12-31", "2028-03-31")),
        ("12/27 one vial", ("2027-12-31",)),
        ("27-Dec", ("2027-12-31",)),
        ("27/12", ("2027-12-31",)),
        ("27/12/31", ("2031-12-27", "2027-12-31")),
        ("05.06.2028", ("2028-06-05", "2028-05-06")),
        ("1227", ("2027-12-31",)),
        (Decimal("12.27"), ("2027-12-31",)),
        ("2027", ()),
        (2027, ()),
        ("Q4 2027", ()),
        ("12/2207", ("2207-12-31",)),
        ("12/1999", ("1999-12-31",)),
    ],
)
def test_what_may_be_several_days_is_doubtful(value: CellValue, guesses: tuple[str, ...]) -> None:
    doubtful = read(value)

    assert isinstance(doubtful, Doubtful)
    assert doubtful.guesses == guesses


@pytest.mark.parametrize(
    "value",
    ["2/29/2027", "13/45/2027", "13/2027", "00/27", "see box", "2027-02-30", True, time(3), 5],
)
def test_what_is_no_day_is_refused(value: CellValue) -> None:
    assert isinstance(read(value), Refused)


def test_a_day_that_the_calendar_lacks_is_named() -> None:
    refused = read("2/29/2027")

    assert isinstance(refused, Refused)
    assert "2027 has no 29 February" in refused.sentence


@pytest.mark.parametrize("value", ["", None, "n/a", "-", "none", "?"])
def test_nothing_is_blank(value: CellValue) -> None:
    assert isinstance(read(value), Blank)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11/12", date(2026, 11, 12)),
        ("12/20", date(2025, 12, 20)),
        ("11/22", TODAY),
        ("10/20/26", date(2026, 10, 20)),
        ("Nov 12", date(2026, 11, 12)),
        ("3 Nov", date(2026, 11, 3)),
        ("2026-11-12", date(2026, 11, 12)),
        ("11/12/2027", None),
        ("2/30", None),
        ("soon", None),
    ],
)
def test_a_day_on_which_something_was_done_is_past(text: str, day: date | None) -> None:
    assert last_such_day(text, TODAY) == day


@given(CELLS)
def test_any_cell_is_read(cell: SheetCell) -> None:
    assert isinstance(read_expiry(cell, TODAY), Expiry | Blank | Doubtful | Refused)
