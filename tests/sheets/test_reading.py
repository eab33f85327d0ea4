"""What strangers send is read, cell by cell as it was typed, or refused in a sentence."""

import re
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from inventory.sheets import archive
from inventory.sheets.cells import EMPTY, CellValue, FileRefused, SheetCell, SheetRow
from inventory.sheets.reading import open_file
from inventory.sheets.workbook import (
    Column,
    Measure,
    Sheet,
    build_workbook,
    workbook_bytes,
)
from tests.bench.workbooks import read_bare, read_ours, stock_workbook
from tests.deep import DEEP
from tests.sheets.bad_files import (
    BAD_FILES,
    SENTENCES,
    parts_of,
    replaced,
    saved,
    sheet_of,
    workbook_of,
    zipped,
)

MOST_MEMORY = 64 * 1024 * 1024


def rows_of(data: bytes, name: str = "stock.xlsx") -> list[SheetRow]:
    return list(open_file(data, name).rows())


def values_of(data: bytes, name: str = "stock.xlsx") -> list[list[CellValue]]:
    return [[cell.value for cell in row.cells] for row in rows_of(data, name)]


def only_cell(xml: str) -> SheetCell:
    [row] = rows_of(sheet_of(f'<row r="1">{xml}</row>'))
    [cell] = row.cells
    return cell


def made(**cells: Any) -> Workbook:
    workbook = Workbook()
    sheet: Any = workbook.active
    for address, value in cells.items():
        sheet[address] = value
    return workbook


# Bad files


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_in_a_sentence_of_its_own(name: str) -> None:
    data = BAD_FILES[name]

    with pytest.raises(FileRefused) as refusal:
        for _ in open_file(data, f"{name}.xlsx").rows():
            pass

    assert re.search(SENTENCES[name], str(refusal.value))
    assert str(refusal.value).startswith("Expected ")


# Looked at allocation by allocation, these take seconds.
SLOW = {"bomb_of_elements", "bomb_of_strings", "bomb_of_styles"}
HUNGRY = [name for name in BAD_FILES if name.startswith("bomb") and (DEEP or name not in SLOW)]
HUNGRY += ["billion_laughs", "deep_nesting", "million_columns", "long_line", "open_quotation"]


@pytest.mark.parametrize("name", HUNGRY)
def test_a_file_that_is_made_to_eat_memory_gets_little_of_it(name: str) -> None:
    data = BAD_FILES[name]

    tracemalloc.start()
    try:
        with pytest.raises(FileRefused):
            for _ in open_file(data, name).rows():
                pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < MOST_MEMORY


def test_more_cells_than_any_list_of_stock_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ELEMENTS", 500)

    with pytest.raises(FileRefused, match="far more than one"):
        rows_of(sheet_of(f"<row>{'<c/>' * 1_000}</row>"))


def test_bad_files_are_small() -> None:
    large = {name: len(BAD_FILES[name]) for name in BAD_FILES if len(BAD_FILES[name]) > 3_000_000}

    assert list(large) == ["too_large"]


# Workbooks


def test_a_row_knows_its_sheet_its_number_and_its_cells() -> None:
    assert rows_of(workbook_of(["Item", "Quantity"], [None, 3])) == [
        SheetRow("Stock", 1, (SheetCell("Item"), SheetCell("Quantity"))),
        SheetRow("Stock", 2, (EMPTY, SheetCell(3))),
    ]


def test_rows_can_be_read_again() -> None:
    file = open_file(workbook_of(), "stock.xlsx")

    assert list(file.rows()) == list(file.rows())


def test_a_stream_is_read_like_its_bytes() -> None:
    assert list(open_file(BytesIO(workbook_of()), "stock.xlsx").rows()) == rows_of(workbook_of())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12", 12),
        ("12.0", 12),
        ("1.2E+3", 1200),
        ("-5", -5),
        ("0.0", 0),
        ("12.5", Decimal("12.5")),
        # As Excel itself writes a 2.3, and the sum of 0.1 and 0.2.
        ("2.2999999999999998", Decimal("2.3")),
        ("0.30000000000000004", Decimal("0.3")),
        ("123456789012345", 123456789012345),
        ("1E-3", Decimal("0.001")),
        # No number that a spreadsheet holds: what was typed is left as text.
        ("1e999", "1e999"),
        ("1" + "0" * 400, "1" + "0" * 400),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("twelve", "twelve"),
    ],
)
def test_a_number_is_read_as_it_was_typed(written: str, read: CellValue) -> None:
    value = only_cell(f"<c><v>{written}</v></c>").value

    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize(
    ("xml", "read"),
    [
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="b"><v>0</v></c>', False),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="str"><v>two boxes</v></c>', "two boxes"),
        ('<c t="s"><v>0</v></c>', "Item"),
        ('<c t="inlineStr"><is><t>two </t></is></c>', "two "),
        ('<c t="inlineStr"><is><r><t>two </t></r><r><t>boxes</t></r></is></c>', "two boxes"),
        ('<c t="inlineStr"><is><t>針</t><rPh sb="0" eb="1"><t>はり</t></rPh></is></c>', "針"),
        ('<c t="str"><v>a_x000D_b _x005F_x000D_ _x0000_</v></c>', "a\rb _x000D_ _x0000_"),
        ('<c t="d"><v>2028-01-31</v></c>', datetime.fromisoformat("2028-01-31")),
        ('<c t="d"><v>2028-01-31T08:30:00Z</v></c>', datetime.fromisoformat("2028-01-31T08:30")),
        ('<c t="d"><v>soon</v></c>', "soon"),
    ],
)
def test_each_kind_of_cell_is_read(xml: str, read: CellValue) -> None:
    value = only_cell(xml).value

    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize(
    ("typed", "number_format", "read"),
    [
        (date(2028, 1, 31), "mm/dd/yyyy", datetime.fromisoformat("2028-01-31")),
        (date(2027, 12, 1), "mmm-yy", datetime.fromisoformat("2027-12-01")),
        (46843, "d-mmm", datetime.fromisoformat("2028-03-31")),
        (46843, "General", 46843),
        (1.5, "yyyy-mm-dd hh:mm", datetime.fromisoformat("1900-01-01T12:00")),
        (61, "yyyy-mm-dd", datetime.fromisoformat("1900-03-01")),
        (0.25, "hh:mm", time(6)),
        (1.25, "[h]:mm", timedelta(hours=30)),
        # Excel shows ###### for these; they are no days.
        (99_999_999, "yyyy-mm-dd", "99999999"),
        (-3, "yyyy-mm-dd", "-3"),
        (10**12, "[h]:mm", "1000000000000"),
        (3, '0 "days"', 3),
    ],
)
def test_the_number_format_says_whether_a_number_is_a_date(
    typed: Any, number_format: str, read: CellValue
) -> None:
    workbook = made(A1=typed)
    workbook.worksheets[0]["A1"].number_format = number_format

    [row] = rows_of(saved(workbook))

    assert row.cells == (SheetCell(read, number_format),)


def test_a_workbook_may_count_its_days_from_1904() -> None:
    workbook = made(A1=date(2028, 1, 31))
    workbook.epoch = CALENDAR_MAC_1904

    assert values_of(saved(workbook)) == [[datetime.fromisoformat("2028-01-31")]]


def test_a_formula_comes_with_its_stored_result() -> None:
    assert only_cell("<c><f>4*25</f><v>100</v></c>") == SheetCell(100, formula="=4*25")


def test_a_formula_may_have_no_stored_result() -> None:
    assert only_cell("<c><f>3*100</f></c>") == SheetCell(None, formula="=3*100")


def test_a_formula_that_cells_share_is_given_with_each_of_them() -> None:
    shared = (
        '<c><f t="shared" ref="A1:B1" si="0">C1*2</f><v>2</v></c>'
        '<c><f t="shared" si="0"/><v>4</v></c>'
    )
    [row] = rows_of(sheet_of(f"<row>{shared}</row>"))

    assert row.cells == (SheetCell(2, formula="=C1*2"), SheetCell(4, formula="=C1*2"))


def test_text_that_looks_like_a_formula_is_text() -> None:
    cell = only_cell('<c t="str"><v>=HYPERLINK("http://192.0.2.7")</v></c>')

    assert cell == SheetCell('=HYPERLINK("http://192.0.2.7")')


def test_text_may_be_partly_bold() -> None:
    bold = CellRichText("two ", TextBlock(InlineFont(b=True), "boxes"))

    assert values_of(saved(made(A1=bold))) == [["two boxes"]]


def test_a_merged_heading_stands_in_its_first_cell() -> None:
    workbook = made(A1="NEEDLES", A2="25G", C2=3)
    workbook.worksheets[0].merge_cells("A1:C1")

    assert values_of(saved(workbook)) == [["NEEDLES"], ["25G", None, 3]]


def test_rows_and_sheets_that_are_hidden_are_known() -> None:
    workbook = made(A1="Item", A2="old count")
    workbook.worksheets[0].row_dimensions[2].hidden = True
    workbook.create_sheet("Lists").sheet_state = "hidden"
    workbook.create_sheet("Codes").sheet_state = "veryHidden"
    workbook.create_sheet("Cart")["A1"] = "gauze"
    file = open_file(saved(workbook), "stock.xlsx")

    assert file.titles == ("Sheet", "Cart")
    assert file.hidden_titles == ("Lists", "Codes")
    assert [(row.sheet, row.number, row.hidden) for row in file.rows()] == [
        ("Sheet", 1, False),
        ("Sheet", 2, True),
        ("Cart", 1, False),
    ]


def test_rows_keep_their_numbers_across_gaps() -> None:
    last = made(A1="Item", A1048576="the very last")

    assert [row.number for row in rows_of(saved(last))] == [1, 1_048_576]


def test_styled_cells_that_hold_nothing_are_not_there() -> None:
    styled = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="0"/><c r="XFD1" s="0"/></row>'

    assert values_of(sheet_of(styled + '<row r="2"><c r="A2" s="0"/></row>')) == [[1]]


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is() -> None:
    data = replaced("xl/worksheets/sheet1.xml", 'ref="A1:C2"', 'ref="A1:XFD1048576"')

    assert rows_of(data) == rows_of(workbook_of())


def test_the_workbook_that_is_measured_is_read_whole() -> None:
    data = stock_workbook(rows=200)

    assert read_ours(data) == read_bare(data) == 201


def test_a_strict_workbook_is_read_too() -> None:
    strict = {
        name: content.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in parts_of(workbook_of()).items()
    }

    assert rows_of(zipped(strict)) == rows_of(workbook_of())


def test_what_our_workbook_writes_is_read_back() -> None:
    sheet = Sheet(
        "Order",
        [
            Column("Item"),
            Column("Packs", "integer"),
            Column("Quantity", "quantity"),
            Column("Cost", "money"),
            Column("Needed by", "date"),
        ],
        [
            ["=Needle 25G 1½ in", 3, Measure(Decimal("12.5"), "mL"), Decimal("41.40"), None],
            ["007", 1, Decimal(4), Decimal("0.0825"), date(2026, 12, 1)],
        ],
        totals=["Packs"],
        above=[["Order 7"]],
    )
    rows = rows_of(workbook_bytes(build_workbook([sheet], "Order")))

    assert [[cell.value for cell in row.cells] for row in rows] == [
        ["Order 7"],
        ["Item", "Packs", "Quantity", "Cost", "Needed by"],
        ["=Needle 25G 1½ in", 3, Decimal("12.5"), Decimal("41.4")],
        ["007", 1, 4, Decimal("0.0825"), datetime.fromisoformat("2026-12-01")],
        ["Total", None],
    ]
    assert rows[-1].cells[1].formula == "=SUM(B4:B5)"


# Text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_whatever_parts_it_and_however_it_is_encoded(
    delimiter: str, encoding: str
) -> None:
    lines = [["Item", "Quantity", "Lot"], ["Kanüle ½", "3 bx", "007"]]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)

    assert values_of(data, "stock.csv") == lines


def test_text_has_one_sheet_without_a_title() -> None:
    file = open_file(b"Item,Lot\nNeedle,A1\n", "stock.csv")

    assert (file.titles, file.hidden_titles) == (("",), ())
    assert list(file.rows()) == [
        SheetRow("", 1, (SheetCell("Item"), SheetCell("Lot"))),
        SheetRow("", 2, (SheetCell("Needle"), SheetCell("A1"))),
    ]


def test_a_quoted_cell_may_hold_what_parts_cells_and_lines() -> None:
    data = b'Item,Note\n"Needle, 25G","two\nboxes ""here"""\n\nGauze\n'

    assert [(row.number, [cell.value for cell in row.cells]) for row in rows_of(data)] == [
        (1, ["Item", "Note"]),
        (2, ["Needle, 25G", 'two\nboxes "here"']),
        (4, ["Gauze"]),
    ]


def test_commas_in_what_is_written_do_not_part_a_text_of_semicolons() -> None:
    data = b'Stock, all of it\nItem;Price;Lot\n"Gauze, 2x2";3,50;A1\nNeedle;1,20;B2\n'

    assert values_of(data)[1:] == [
        ["Item", "Price", "Lot"],
        ["Gauze, 2x2", "3,50", "A1"],
        ["Needle", "1,20", "B2"],
    ]


def test_a_scanned_code_in_a_text_keeps_its_separators() -> None:
    assert values_of(b"Code\n01003\x1d10AB\n") == [["Code"], ["01003\x1d10AB"]]


@pytest.mark.parametrize(
    ("data", "name"), [(workbook_of(["Item"]), "stock.csv"), (b"Item\n", "stock.xlsx")]
)
def test_what_a_file_is_its_content_says(data: bytes, name: str) -> None:
    assert values_of(data, name) == [["Item"]]


def test_text_streams() -> None:
    rows: Iterator[SheetRow] = open_file(b"Needle,3\n" * 30_000, "stock.csv").rows()
    next(rows)

    tracemalloc.start()
    try:
        for _ in rows:
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 1024 * 1024
