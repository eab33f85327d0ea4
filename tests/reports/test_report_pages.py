"""The reports as pages and as workbooks: the same numbers, for those who may see them."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.reports.every import REPORTS
from tests.clinic import dana, mara, priya, signed_in, vic
from tests.reports.story import tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

HTMX = {"HX-Request": "true"}
QUESTIONS = [(report.code, by) for report in REPORTS for by, _ in report.by or (("", ""),)]


def shown(code: str, **asked: str) -> str:
    return signed_in(dana()).get(f"/reports/{code}/", asked).content.decode()


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    return list(load_workbook(BytesIO(answer.content)).worksheets[0].values)


@pytest.mark.parametrize(("who", "status"), [(dana, 200), (priya, 200), (vic, 200), (mara, 403)])
def test_managers_purchasers_and_viewers_may_ask(who: Callable[[], User], status: int) -> None:
    browser = signed_in(who())

    assert browser.get("/reports/").status_code == status
    assert browser.get("/reports/usage/").status_code == status


def test_the_page_of_reports_asks_each_question() -> None:
    page = signed_in(dana()).get("/reports/").content.decode()

    assert [report.title for report in REPORTS if report.question not in page] == []


def test_a_report_that_does_not_exist_is_not_found() -> None:
    assert signed_in(dana()).get("/reports/weather/").status_code == 404


def test_the_workbook_says_what_the_page_says() -> None:
    tell()
    browser = signed_in(dana())
    for code, by in QUESTIONS:
        page = browser.get(f"/reports/{code}/", {"by": by})
        lines = sheet(browser.get(f"/reports/{code}/", {"by": by, "export": "xlsx"}))
        table = page.context["table"]
        names = table.columns.names()
        heads = tuple(str(column.header) for column in table.columns)
        # A workbook is as wide as its widest line.
        lines = [line[: len(heads)] for line in lines]
        below = lines[lines.index(heads) + 1 :]
        cells = [[row.get_cell_value(name) for name in names] for row in table.rows]

        assert [list(map(_alike, line)) for line in below[: len(cells)]] == [
            list(map(_alike, line)) for line in cells
        ]
        answer = page.context["answer"]
        assert set(answer.notes if answer.rows else [answer.nothing]) <= {line[0] for line in below}


def _alike(value: Any) -> Any:
    if isinstance(value, (int, float, Decimal)):
        return f"{Decimal(str(value)):.4f}"
    return value.date() if hasattr(value, "date") else value


def test_the_picture_says_in_words_what_its_bars_show() -> None:
    tell()

    assert "Kenalog-40 1 mL single-dose vial: $56.00, $35.00 wasted" in shown("usage")


def test_totals_are_rounded_only_where_they_are_shown() -> None:
    tell()

    assert "$56.50" in shown("usage")


def test_an_empty_period_says_so() -> None:
    said = shown("usage", since="2020-01-01", until="2020-01-31")

    assert "Nothing was used or wasted from Jan 1, 2020 to Jan 31, 2020." in said


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"since": "2026-11-30", "until": "2026-11-01"},
            "Expected a day from Nov 30, 2026 on, but got Nov 1, 2026.",
        ),
        ({"since": "soon"}, "Expected a day like 2027-04-30, but got “soon”."),
        (
            {"since": "2001-01-01", "until": "2026-11-01"},
            "Expected ten years at the most, but got Jan 1, 2001 to Nov 1, 2026.",
        ),
        ({"by": "weather"}, "There are no rows by “weather”."),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(asked: dict[str, str], sentence: str) -> None:
    browser = signed_in(dana())

    assert sentence in browser.get("/reports/usage/", asked).content.decode()
    assert sentence in browser.get("/reports/usage/", asked, headers=HTMX).content.decode()
    export = browser.get("/reports/usage/", {**asked, "export": "xlsx"}, follow=True)
    assert sentence in export.content.decode()


def test_stock_is_not_worth_anything_in_the_future_yet() -> None:
    said = shown("stock-value", day="2026-12-01")

    assert "Expected a day from 2000-01-01 to 2026-11-23, but got 2026-12-01." in said
