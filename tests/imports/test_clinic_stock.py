"""A clinic's own workbook comes out as a careful person reads it, row for row."""

import csv
from functools import cache
from pathlib import Path

import pytest

from inventory.imports.planned import PlannedRow
from inventory.imports.stock.rows import plan_stock, stock_layouts
from inventory.sheets.reading import open_file
from tests.imports.catalogues import starter_catalogue
from tests.imports.sheets import TODAY

DATA = Path(__file__).parent / "data"
WORKBOOK = DATA / "clinic-stock.xlsx"

with (DATA / "clinic-stock.expected.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = list(csv.DictReader(file))
BLANK_ROW = "blank row"


@cache
def planned() -> dict[tuple[str, int], PlannedRow]:
    book = open_file(WORKBOOK.read_bytes(), WORKBOOK.name)
    rows = plan_stock(
        book.rows,
        layouts=stock_layouts(book.rows),
        catalogue=starter_catalogue(),
        today=TODAY,
    )
    return {(row.sheet, row.row): row for row in rows}


@pytest.mark.parametrize(
    "expected", EXPECTED, ids=lambda each: f"{each['sheet'].split()[0]}-{each['row']}"
)
def test_a_row_is_understood_as_a_careful_person_would(expected: dict[str, str]) -> None:
    row = planned().get((expected["sheet"], int(expected["row"])))
    if row is None:
        # Nothing has to be said of a row in which nothing stands.
        assert expected["why"] == BLANK_ROW
        return

    values = row.values
    got = {
        "verdict": str(row.outcome),
        "item": values.get("item"),
        "quantity": values.get("quantity"),
        "lot": values.get("lot"),
        "expires_on": values.get("expires_on"),
        "place": values.get("location"),
    }
    assert {name: str(value or "") for name, value in got.items()} == {
        name: expected[name] for name in got
    }, expected["why"]


def test_every_row_that_does_not_go_in_says_why() -> None:
    silent = [
        (row.sheet, row.row)
        for row in planned().values()
        if row.outcome != "accept" and not any(message.text for message in row.messages)
    ]

    assert silent == []


def test_every_row_to_decide_has_a_question() -> None:
    silent = [
        (row.sheet, row.row)
        for row in planned().values()
        if row.outcome == "decide" and not row.questions
    ]

    assert silent == []


def test_no_row_is_planned_that_the_expectation_does_not_know() -> None:
    known = {(each["sheet"], int(each["row"])) for each in EXPECTED}

    assert set(planned()) - known == set()
