"""Typed rows to an .xlsx workbook that opens ready to read, sort and print.

Nothing but a `Formula` ever becomes a formula: text that starts with = + - @ stays text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from textwrap import wrap
from typing import Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter

from inventory.sheets.cells import ILLEGAL
from inventory.sheets.rules import Rule, validation

Kind = Literal["text", "quantity", "money", "unit_cost", "date", "datetime", "integer"]

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# "General" for quantities: a fixed number of decimals would hide what someone types later.
NUMBER_FORMATS: dict[str, str] = {
    "text": "@",
    "quantity": "General",
    "integer": "#,##0",
    "money": '"$"#,##0.00',
    "unit_cost": '"$"#,##0.00##',
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
USUAL_WIDTHS = {"date": 12, "datetime": 17}
NARROWEST, WIDEST = 9, 60
LINE_HEIGHT = 15
SIDE_MARGIN_INCHES = 0.4
LONGEST_TEXT = 32_767
LONGEST_TITLE = 31
FIRST_DAY_OF_EXCEL = date(1900, 3, 1)

ILLEGAL_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
LOOKS_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")

HEADER_FONT = Font(name="Calibri", size=11, bold=True)
TITLE_FONT = Font(name="Calibri", size=14, bold=True)
HEADER_FILL = PatternFill("solid", fgColor="E2F1F0")
LEFT_KINDS = ("text", "date", "datetime")
TOTAL_BORDER = Border(top=Side(style="thin"))
MARKED_FILL = PatternFill("solid", fgColor="FBDDD9")
OPEN_FILL = PatternFill("solid", fgColor="FFF7D6")
OPEN = Protection(locked=False)
LINE_UNDER = Border(bottom=Side(style="hair", color="9AA5A4"))
AUTHOR = "Vialkeeper"
COMMENT_WIDTH = 300
COMMENT_LETTERS_A_LINE = 42
COMMENT_LINE_HEIGHT = 18


@dataclass(frozen=True)
class Measure:
    """A quantity with its unit: a number in the cell, shown as "12.5 mL"."""

    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class Formula:
    """A formula that the program itself wrote, such as "=SUM(C2:C9)"."""

    text: str


@dataclass(frozen=True)
class Marked:
    """A text that somebody has to look at: coloured, with a comment that says why."""

    text: str
    comment: str


Cell = str | int | Decimal | date | datetime | Measure | Formula | Marked | None


@dataclass(frozen=True)
class Column:
    """A heading, the kind of the cells below it, and a width in characters (None: by content).

    `wrap` breaks long text into lines instead of cutting it off at the next cell. `note` is a
    comment at the heading. In a form, a column with a `rule` is filled in, as the rule allows.
    """

    title: str
    kind: Kind = "text"
    width: int | None = None
    wrap: bool = False
    note: str = ""
    rule: Rule | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet: rows as long as `columns`; `totals` names the titles that get a live sum.

    `above` and `below` are lines of any length before the heading and after the rows; the very
    first is written as a title. `printed` is what the printed pages say in their top right corner.
    A sheet that is `to_fill_in` keeps what is typed below as the kind of its column: a lot number
    that looks like a day stays text. A `form` is locked but for its columns with a rule; nothing
    but the form is printed, with its title and, at the foot, `printed_below`.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    totals: Iterable[str] = field(default=())
    above: Sequence[Sequence[Cell]] = ()
    below: Sequence[Sequence[Cell]] = ()
    printed: str = ""
    to_fill_in: bool = False
    form: bool = False
    printed_below: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"Expected rows of {len(self.columns)} cells, got {row!r}.")

    @property
    def header_row(self) -> int:
        """The number of the row with the headings; an empty row parts it from what is above."""
        return len(self.above) + 2 if self.above else 1

    @property
    def last_row(self) -> int:
        """The number of the last row of data."""
        return self.header_row + len(self.rows)

    @property
    def total_row(self) -> int:
        """The number of the row with the live sums, where there are any."""
        return self.last_row + 1

    @property
    def end_row(self) -> int:
        """The number of the last row that something is written in."""
        return self.last_row + (1 if set(self.totals) and self.rows else 0) + len(self.below)

    def address(self, title: str, row: int) -> str:
        """Return "C2", the address of a column's cell. Raises ValueError for no such column."""
        titles = [column.title for column in self.columns]
        return f"{get_column_letter(titles.index(title) + 1)}{row}"


def build_workbook(sheets: Sequence[Sheet], title: str) -> Workbook:
    """Return a workbook with the sheets in order. Raises ValueError for none of them."""
    if not sheets:
        raise ValueError("Expected at least one sheet, got none.")
    workbook = Workbook(write_only=True)
    workbook.properties.title = safe_text(title)
    workbook.properties.creator = AUTHOR
    for sheet, name in zip(sheets, unique_titles(s.title for s in sheets), strict=True):
        _write_sheet(workbook.create_sheet(name), sheet)
    return workbook


def workbook_bytes(workbook: Workbook) -> bytes:
    """Return the .xlsx file. A workbook can be written once only."""
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def xlsx_response(workbook: Workbook, filename: str) -> HttpResponse:
    """Return the workbook as a download."""
    response = HttpResponse(workbook_bytes(workbook), content_type=CONTENT_TYPE)
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = disposition or "attachment"
    return response


def safe_text(text: str) -> str:
    """Return the text without characters that a workbook cannot hold; line ends become \\n."""
    cleaned = ILLEGAL.sub("", text)
    # XML reads a carriage return as a line feed anyway; better to write what will be read.
    return cleaned.replace("\r\n", "\n").replace("\r", "\n")[:LONGEST_TEXT]


def unique_titles(titles: Iterable[str]) -> list[str]:
    """Return titles that Excel takes: 31 characters, none of []:*?/\\, no two alike.

    Such titles are returned as they are.
    """
    taken: set[str] = set()
    result = []
    for title in titles:
        base = ILLEGAL_IN_TITLE.sub(" ", safe_text(title)).replace("\n", " ").replace("\t", " ")
        base = " ".join(base.split()).strip(" '")[:LONGEST_TITLE].strip(" '") or "Sheet"
        # Excel keeps this one name for itself.
        name = _first_free(f"{base}_" if base.casefold() == "history" else base, taken)
        taken.add(name.casefold())
        result.append(name)
    return result


def _first_free(base: str, taken: set[str]) -> str:
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        suffix = f" ({number})"
        name = base[: LONGEST_TITLE - len(suffix)].rstrip() + suffix
    return name


def _write_sheet(worksheet: Any, sheet: Sheet) -> None:
    widths = [column.width or _width(sheet, n) for n, column in enumerate(sheet.columns)]
    # A write-only sheet takes its set-up before its first row, and a row's height before the row.
    _set_up(worksheet, sheet, widths)
    for number, line in enumerate(sheet.above):
        worksheet.append([_line_cell(worksheet, value, title=not number) for value in line])
    if sheet.above:
        worksheet.append([])
    titles = [column.title for column in sheet.columns]
    _make_room(worksheet, sheet.header_row, zip(titles, widths, strict=True))
    worksheet.append([_header_cell(worksheet, column) for column in sheet.columns])
    cells = _RowCells(worksheet, sheet)
    wrapped = [n for n, column in enumerate(sheet.columns) if column.wrap]
    for number, row in enumerate(sheet.rows, start=sheet.header_row + 1):
        _make_room(worksheet, number, ((_shown(row[n]), widths[n]) for n in wrapped))
        worksheet.append(cells.of(row))
    totals = set(sheet.totals)
    if totals and sheet.rows:
        worksheet.append(list(_total_cells(worksheet, sheet, totals)))
    for line in sheet.below:
        worksheet.append([_line_cell(worksheet, value) for value in line])
    if sheet.form:
        _lock(worksheet, sheet)


def _lock(worksheet: Any, sheet: Sheet) -> None:
    """Let people type only where a rule says what, and still filter and widen columns."""
    # Without a password: it keeps from slips, and whoever has to may take it off.
    worksheet.protection.sheet = True
    worksheet.protection.autoFilter = False
    worksheet.protection.formatColumns = False
    worksheet.print_area = f"A1:{get_column_letter(len(sheet.columns))}{sheet.end_row}"
    if not sheet.rows:
        return
    for number, column in enumerate(sheet.columns, start=1):
        if column.rule:
            letter = get_column_letter(number)
            cells = f"{letter}{sheet.header_row + 1}:{letter}{sheet.last_row}"
            rule = validation(column.rule, column.title, column.note, cells)
            worksheet.data_validations.append(rule)


def _set_up(worksheet: Any, sheet: Sheet, widths: Sequence[int]) -> None:
    for number, (column, width) in enumerate(zip(sheet.columns, widths, strict=True), start=1):
        dimension = worksheet.column_dimensions[get_column_letter(number)]
        dimension.width = width
        if sheet.to_fill_in:
            dimension.number_format = NUMBER_FORMATS[column.kind]
    last = get_column_letter(max(len(sheet.columns), 1))
    worksheet.freeze_panes = f"A{sheet.header_row + 1}"
    worksheet.auto_filter.ref = f"A{sheet.header_row}:{last}{sheet.last_row}"
    worksheet.print_title_rows = f"{sheet.header_row}:{sheet.header_row}"
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    # Every millimetre of width is one in which the print need not be made smaller.
    worksheet.page_margins.left = worksheet.page_margins.right = SIDE_MARGIN_INCHES
    worksheet.oddHeader.left.text = _printed(sheet.title)
    worksheet.oddHeader.right.text = _printed(sheet.printed)
    worksheet.oddFooter.left.text = _printed(sheet.printed_below)
    worksheet.oddFooter.center.text = "Page &P of &N"


def _printed(text: str) -> str | None:
    # & begins a code, such as &P for the page.
    return safe_text(text).replace("&", "&&") or None


def _width(sheet: Sheet, index: int) -> int:
    column = sheet.columns[index]
    longest = max((len(_shown(row[index])) for row in sheet.rows), default=0)
    # The header carries the filter's arrow beside its word.
    wanted = max(longest + 2, len(column.title) + 4, USUAL_WIDTHS.get(column.kind, 0))
    return min(max(wanted, NARROWEST), WIDEST)


def _shown(value: Cell) -> str:
    if isinstance(value, Measure):
        return f"{value.quantity} {value.unit}"
    if isinstance(value, Marked):
        return value.text
    return "" if value is None or isinstance(value, Formula | date) else str(value)


def _header_cell(worksheet: Any, column: Column) -> ExcelCell:
    cell = _cell(worksheet, "text", column.title)
    cell.font = HEADER_FONT
    cell.fill = HEADER_FILL
    cell.alignment = _alignment(column.kind, wrap_text=True)
    if column.note:
        cell.comment = _comment(column.note)
    return cell


def _comment(text: str) -> Comment:
    lines = sum(len(wrap(line, COMMENT_LETTERS_A_LINE)) or 1 for line in text.splitlines())
    height = (lines + 1) * COMMENT_LINE_HEIGHT
    return Comment(safe_text(text), AUTHOR, height=height, width=COMMENT_WIDTH)


def _line_cell(worksheet: Any, value: Cell, *, title: bool = False) -> ExcelCell:
    cell = _cell(worksheet, "text", value)
    cell.alignment = Alignment(horizontal="left", indent=1)
    if title:
        cell.font = TITLE_FONT
    return cell


@cache
def _alignment(kind: Kind, *, wrap_text: bool = False, top: bool = True) -> Alignment:
    vertical = "top" if top else None
    if kind in LEFT_KINDS:
        # What stands left would touch the number before it, which stands right.
        return Alignment(horizontal="left", vertical=vertical, wrap_text=wrap_text, indent=1)
    return Alignment(horizontal="right", vertical=vertical, wrap_text=wrap_text)


def _make_room(worksheet: Any, row: int, texts: Iterable[tuple[str, int]]) -> None:
    # A row whose text takes several lines is fitted to it by some programs only.
    lines = max((lines_of(text, width - 1) for text, width in texts), default=1)
    if lines > 1:
        worksheet.row_dimensions[row].height = lines * LINE_HEIGHT


def lines_of(text: str, width: int) -> int:
    """Return how many lines the words of a text fill; textwrap takes ten times as long to say."""
    lines, left = 1, width
    for word in text.split():
        space = 0 if left == width else 1
        if len(word) + space <= left:
            left -= len(word) + space
            continue
        # A word that is longer than a line begins on this one, and is broken wherever lines end.
        begun_here = max(left - space, 0) if len(word) > width else 0
        rest = len(word) - begun_here
        more = -(-rest // width)
        lines += more
        left = width * more - rest
    return lines


class _RowCells:
    """The cells of one row after the other: those of a column that look alike are one cell, which
    takes each value in turn, and a plain number is no cell at all.

    A row is written before the next is made. To give a cell a look, and to write one that has a
    look, takes as long again as to write a number.
    """

    def __init__(self, worksheet: Any, sheet: Sheet) -> None:
        self._worksheet = worksheet
        self._sheet = sheet
        self._cells: dict[tuple[int, str, bool], ExcelCell] = {}

    def of(self, row: Sequence[Cell]) -> list[Any]:
        """Return what a write-only sheet takes for this row."""
        return [self._cell(number, value) for number, value in enumerate(row)]

    def _cell(self, number: int, value: Cell) -> Any:
        if value is None and not self._sheet.form:
            return None
        column = self._sheet.columns[number]
        content, is_text = _content(value)
        number_format = _number_format(column.kind, value, is_text=is_text)
        if self._sheet.to_fill_in and is_text:
            number_format = NUMBER_FORMATS["text"]
        if isinstance(value, Marked):
            return self._marked(column, value, content, number_format)
        if self._is_plain(column, number_format, is_text=is_text):
            return content
        quoted = _is_quoted(value)
        key = number, number_format, quoted
        if key not in self._cells:
            self._cells[key] = self._new(column, number_format, quoted=quoted)
        cell = self._cells[key]
        cell.value = content
        if is_text:
            cell.data_type = "s"
        return cell

    def _is_plain(self, column: Column, number_format: str, *, is_text: bool) -> bool:
        """Whether it looks like any number: on the right and at the foot of its row."""
        styled = is_text or self._sheet.form or column.kind in LEFT_KINDS or column.wrap
        return number_format == "General" and not styled

    def _new(self, column: Column, number_format: str, *, quoted: bool = False) -> ExcelCell:
        cell = WriteOnlyCell(self._worksheet)
        cell.number_format = number_format
        cell.quotePrefix = quoted
        cell.alignment = _alignment(column.kind, wrap_text=column.wrap, top=self._sheet.form)
        if self._sheet.form:
            cell.border = LINE_UNDER
            if column.rule:
                cell.protection = OPEN
                cell.fill = OPEN_FILL
                cell.number_format = NUMBER_FORMATS[column.kind]
        return cell

    def _marked(
        self, column: Column, marked: Marked, content: str, number_format: str
    ) -> ExcelCell:
        cell = self._new(column, number_format, quoted=_is_quoted(marked))
        cell.fill = MARKED_FILL
        cell.comment = _comment(marked.comment)
        cell.value = content
        cell.data_type = "s"
        return cell


def _total_cells(worksheet: Any, sheet: Sheet, totals: set[str]) -> Iterator[ExcelCell]:
    for number, column in enumerate(sheet.columns, start=1):
        value: Cell = "Total" if number == 1 else None
        if column.title in totals:
            letter = get_column_letter(number)
            value = Formula(f"=SUM({letter}{sheet.header_row + 1}:{letter}{sheet.last_row})")
        cell = _cell(worksheet, column.kind, value)
        cell.alignment = _alignment("text" if isinstance(value, str) else column.kind)
        cell.font = HEADER_FONT
        cell.border = TOTAL_BORDER
        yield cell


def _cell(worksheet: Any, kind: Kind, value: Cell) -> ExcelCell:
    content, is_text = _content(value)
    cell = WriteOnlyCell(worksheet, content)
    if is_text:
        cell.data_type = "s"
    cell.quotePrefix = _is_quoted(value)
    cell.number_format = _number_format(kind, value, is_text=is_text)
    return cell


def _is_quoted(value: Cell) -> bool:
    """What Excel shows as a leading apostrophe: the cell stays text after an edit, too."""
    text = value.text if isinstance(value, Marked) else value
    return isinstance(text, str) and text.startswith(LOOKS_LIKE_FORMULA)


def _content(value: Cell) -> tuple[Any, bool]:
    """Return what is written for a value, and whether that is text whatever it looks like."""
    if isinstance(value, str):
        return safe_text(value), True
    if isinstance(value, Marked):
        return safe_text(value.text), True
    if isinstance(value, bool):
        return "yes" if value else "no", True
    if isinstance(value, date) and not _has_excel_day(value):
        return value.isoformat(), True
    return _plain(value), False


def _plain(value: Cell) -> Any:
    if isinstance(value, Measure):
        return value.quantity
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.make_naive(value)
    return value


def _number_format(kind: Kind, value: Cell, *, is_text: bool) -> str:
    if is_text:
        return "General"
    if isinstance(value, Measure) and value.unit:
        unit = safe_text(value.unit).replace('"', "")
        return f'General" {unit}"'
    if isinstance(value, datetime):
        return NUMBER_FORMATS["datetime"]
    if isinstance(value, date):
        return NUMBER_FORMATS["date"]
    return NUMBER_FORMATS[kind] if kind != "text" else "General"


def _has_excel_day(value: date) -> bool:
    return (value.date() if isinstance(value, datetime) else value) >= FIRST_DAY_OF_EXCEL
