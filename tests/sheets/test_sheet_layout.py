"""A sheet with lines above its headings and below its rows still sums, filters and prints right."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from inventory.sheets.workbook import (
    Column,
    Formula,
    Sheet,
    build_workbook,
    unique_titles,
    workbook_bytes,
)

SUMMARY = Sheet(
    title="Summary",
    columns=[Column("Supplier", wrap=True), Column("Packs", "integer")],
    rows=[["Northgate", 3], ["Harbor", 4]],
    totals=["Packs"],
    above=[["Our clinic"], ["Kind", "Needle"]],
    below=[[], ["=Prices", "are guesses"]],
    printed="R&D clinic",
)


def opened() -> Worksheet:
    return sheet_of(SUMMARY)


def sheet_of(sheet: Sheet) -> Worksheet:
    opened = load_workbook(BytesIO(workbook_bytes(build_workbook([sheet], "Order")))).active
    assert isinstance(opened, Worksheet)
    return opened


def test_the_lines_stand_above_and_below_the_list() -> None:
    assert [[cell.value for cell in row] for row in opened().iter_rows()] == [
        ["Our clinic", None],
        ["Kind", "Needle"],
        [None, None],
        ["Supplier", "Packs"],
        ["Northgate", 3],
        ["Harbor", 4],
        ["Total", "=SUM(B5:B6)"],
        [None, None],
        ["=Prices", "are guesses"],
    ]


def test_headings_stay_in_sight_and_are_printed_on_each_page() -> None:
    sheet = opened()

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A5", "A4:B6")
    assert sheet.print_title_rows == "$4:$4"


def test_the_first_line_is_a_title() -> None:
    sheet = opened()

    assert sheet["A1"].font.size > sheet["A4"].font.size == sheet["A2"].font.size


def test_words_keep_clear_of_the_numbers_before_them() -> None:
    columns = [Column("Packs", "integer"), Column("Unit"), Column("Needed by", "date")]
    sheet = sheet_of(Sheet("Order", columns, [[3, "each", date(2026, 12, 1)]]))

    assert [(cell.alignment.horizontal, cell.alignment.indent) for cell in sheet[2]] == [
        ("right", 0),
        ("left", 1),
        ("left", 1),
    ]
    assert [cell.alignment.horizontal for cell in sheet[1]] == ["right", "left", "left"]


def test_narrow_margins_leave_the_width_to_the_columns() -> None:
    margins = opened().page_margins

    assert (margins.left, margins.right) == (0.4, 0.4)


def test_what_is_printed_on_top_of_each_page_is_no_code() -> None:
    assert str(opened().oddHeader) == "&LSummary&RR&&D clinic"


def test_a_line_below_that_looks_like_a_formula_stays_text() -> None:
    assert opened()["A9"].data_type == "s"


def test_long_text_is_broken_into_lines_where_the_column_says_so() -> None:
    assert [opened()[f"{letter}5"].alignment.wrap_text for letter in "AB"] == [True, None]


def test_a_row_is_as_high_as_its_longest_text() -> None:
    columns = [Column("Reason", width=12, wrap=True), Column("Days of supply", width=9)]
    sheet = Sheet("One", columns, [["Nothing usable is left", "3"], ["Low", "4"]])

    written = load_workbook(BytesIO(workbook_bytes(build_workbook([sheet], "One"))))["One"]

    assert [written.row_dimensions[row].height for row in (1, 2, 3)] == [30, 45, None]


def test_a_sheet_knows_where_its_cells_are() -> None:
    assert SUMMARY.address("Packs", SUMMARY.total_row) == "B7"


def test_a_sheet_has_no_address_for_a_column_it_does_not_have() -> None:
    with pytest.raises(ValueError, match="not in list"):
        SUMMARY.address("Cost", 5)


def test_titles_that_excel_takes_are_left_as_they_are() -> None:
    titles = unique_titles(["'Specialty'", "Allerline, the toxins of the 'Midwest'", "History"])

    assert unique_titles(titles) == titles


def test_a_formula_in_a_line_above_is_computed() -> None:
    sheet = Sheet("One", [Column("Value")], [], above=[[Formula("=1+1")]])

    workbook = load_workbook(BytesIO(workbook_bytes(build_workbook([sheet], "One"))))

    assert workbook["One"]["A1"].data_type == "f"
