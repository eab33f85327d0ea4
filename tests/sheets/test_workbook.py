"""A workbook read back holds what was put in: typed, safe, ready to print."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from textwrap import wrap
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as ExcelCell

from inventory.sheets.workbook import (
    Cell,
    Column,
    Formula,
    Kind,
    Measure,
    Sheet,
    build_workbook,
    lines_of,
    safe_text,
    unique_titles,
    workbook_bytes,
    xlsx_response,
)

ORDER = Sheet(
    title="Needles & more",
    columns=[
        Column("Item"),
        Column("Packs", "integer"),
        Column("Quantity", "quantity"),
        Column("Cost", "money"),
        Column("Needed by", "date"),
    ],
    rows=[
        ["Needle 25G 1½ in", 3, Measure(Decimal(300), "each"), Decimal("41.40"), date(2026, 12, 1)],
        ["Lidocaine 1% 20 mL", 2, Measure(Decimal("12.5"), "mL"), Decimal("18.05"), None],
    ],
    totals=["Packs", "Cost"],
)


def written(*sheets: Sheet, title: str = "Order") -> bytes:
    return workbook_bytes(build_workbook(sheets, title))


def read_back(*sheets: Sheet) -> Workbook:
    return load_workbook(BytesIO(written(*sheets)))


def only_cell(value: Cell, kind: Kind = "text") -> ExcelCell:
    sheet = read_back(Sheet("One", [Column("Value", kind)], [[value]])).worksheets[0]
    cell = sheet["A2"]
    assert isinstance(cell, ExcelCell)
    return cell


def test_rows_come_back_typed() -> None:
    sheet = read_back(ORDER).worksheets[0]

    assert [cell.value for cell in sheet[2]] == [
        "Needle 25G 1½ in",
        3,
        300,
        41.4,
        datetime.fromisoformat("2026-12-01"),
    ]


@pytest.mark.parametrize(
    ("value", "kind", "number_format"),
    [
        (Decimal("41.40"), "money", '"$"#,##0.00'),
        (Decimal("0.0825"), "unit_cost", '"$"#,##0.00##'),
        (Decimal("12.5"), "quantity", "General"),
        (Measure(Decimal("12.5"), "mL"), "quantity", 'General" mL"'),
        (Measure(Decimal(1), 'a"b'), "quantity", 'General" ab"'),
        (1200, "integer", "#,##0"),
        (date(2026, 12, 1), "date", "yyyy-mm-dd"),
        (date(2026, 12, 1), "text", "yyyy-mm-dd"),
        (datetime.fromisoformat("2026-12-01T08:30"), "datetime", "yyyy-mm-dd hh:mm"),
    ],
)
def test_each_kind_has_its_number_format(value: Cell, kind: Kind, number_format: str) -> None:
    assert only_cell(value, kind).number_format == number_format


def test_a_moment_is_written_in_the_clinics_own_time() -> None:
    cell = only_cell(datetime(2026, 11, 22, 16, 15, tzinfo=UTC), "datetime")

    assert cell.value == datetime.fromisoformat("2026-11-22T10:15")


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1900, 2, 28)])
def test_a_day_that_excel_does_not_know_stays_text(day: date) -> None:
    assert only_cell(day, "date").value == day.isoformat()


@pytest.mark.parametrize(("value", "word"), [(True, "yes"), (False, "no")])
def test_yes_and_no_are_words(value: bool, word: str) -> None:
    assert only_cell(value).value == word


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-5 mL", "@SUM(A1)", "\t=1+1", "=cmd|'/c calc'!A1", "007", "1e5", "TRUE", " x "],
)
def test_text_stays_text_and_is_unchanged(text: str) -> None:
    cell = only_cell(text)

    assert cell.value == text
    assert cell.data_type == "s"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra"])
def test_text_that_looks_like_a_formula_is_marked_to_stay_text_after_an_edit(text: str) -> None:
    assert only_cell(text).quotePrefix
    assert not only_cell("plain").quotePrefix


def test_a_heading_or_a_title_is_no_formula_either() -> None:
    sheet = read_back(Sheet("=1+1", [Column("=2+2")], [])).worksheets[0]

    assert (sheet.title, sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "=2+2", "s")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\0b\x1bc", "abc"),
        ("half \ud800 pair", "half  pair"),
        ("\ufffe\uffff", ""),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("x" * 40_000, "x" * 32_767),
    ],
)
def test_what_a_workbook_cannot_hold_is_left_out(text: str, kept: str) -> None:
    assert safe_text(text) == kept
    assert (only_cell(text).value or "") == kept


@given(st.text())
def test_any_text_can_be_written_and_read(text: str) -> None:
    assert (only_cell(text).value or "") == safe_text(text)


def test_only_a_formula_becomes_a_formula() -> None:
    cell = only_cell(Formula("=SUM(B2:B9)"), "money")

    assert (cell.value, cell.data_type) == ("=SUM(B2:B9)", "f")


def test_totals_are_live_sums_below_the_rows() -> None:
    sheet = read_back(ORDER).worksheets[0]

    assert [cell.value for cell in sheet[4]] == ["Total", "=SUM(B2:B3)", None, "=SUM(D2:D3)", None]
    assert sheet["D4"].number_format == '"$"#,##0.00'
    assert sheet["D4"].font.b


def test_a_sheet_without_rows_has_no_totals() -> None:
    sheet = read_back(Sheet("None", ORDER.columns, [], totals=["Cost"])).worksheets[0]

    assert sheet.max_row == 1


def test_the_heading_is_bold_frozen_and_filters_the_rows_alone() -> None:
    sheet = read_back(ORDER).worksheets[0]

    assert sheet["A1"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E3"


def test_columns_are_as_wide_as_what_they_hold() -> None:
    wide = Sheet("Wide", [Column("A"), Column("B", width=33), Column("C")], [["x", "x", "x" * 900]])
    dimensions = read_back(wide).worksheets[0].column_dimensions

    assert [dimensions[letter].width for letter in "ABC"] == [9, 33, 60]


def test_it_prints_on_landscape_pages_with_the_heading_on_each() -> None:
    sheet = read_back(replace(ORDER, printed="R&D")).worksheets[0]

    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage  # type: ignore[union-attr]
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.oddFooter.center.text == "Page &P of &N"  # type: ignore[union-attr]
    assert sheet.oddHeader.left.text == "Needles && more"  # type: ignore[union-attr]
    assert sheet.oddHeader.right.text == "R&&D"  # type: ignore[union-attr]


def test_the_file_carries_a_title() -> None:
    workbook = load_workbook(BytesIO(written(ORDER, title="Order of\0 Nov 22")))

    assert workbook.properties.title == "Order of Nov 22"


@pytest.mark.parametrize(
    ("titles", "kept"),
    [
        (["Summary", "summary"], ["Summary", "summary (2)"]),
        (["a/b:c*d?e[f]g\\h"], ["a b c d e f g h"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
        (["", "\0", "'"], ["Sheet", "Sheet (2)", "Sheet (3)"]),
        (["History"], ["History_"]),
        (["McKesson (2)", "McKesson", "McKesson"], ["McKesson (2)", "McKesson", "McKesson (3)"]),
    ],
)
def test_sheet_titles_are_short_plain_and_different(titles: list[str], kept: list[str]) -> None:
    assert unique_titles(titles) == kept


@given(st.lists(st.text(), max_size=6))
def test_any_titles_make_a_workbook(titles: list[str]) -> None:
    names = unique_titles(titles)

    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 for name in names)


def test_a_workbook_needs_a_sheet() -> None:
    with pytest.raises(ValueError, match="at least one sheet"):
        build_workbook([], "Nothing")


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="Expected rows of 5 cells"):
        Sheet("Odd", ORDER.columns, [["one", "two"]])


def test_a_download_is_a_workbook_with_its_name() -> None:
    answer = xlsx_response(build_workbook([ORDER], "Order"), "Bestellung für März.xlsx")

    assert "Bestellung%20f%C3%BCr" in answer["Content-Disposition"]
    assert ZipFile(BytesIO(answer.content)).testzip() is None


@given(st.lists(st.integers(1, 45), max_size=30), st.integers(5, 40))
def test_a_row_is_as_high_as_its_words_need(lengths: list[int], width: int) -> None:
    text = " ".join("x" * length for length in lengths)

    assert lines_of(text, width) == max(1, len(wrap(text, width)))
