"""The rows of an .xlsx workbook, sheet after sheet, with what each cell holds and how it shows.

openpyxl reads whole parts, and whole rows, before anyone can count them, and gives either the
formula or its result; here both come in one pass, and what a stranger sends has its bounds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import get_column_letter

from inventory.sheets.archive import BROKEN, Archive
from inventory.sheets.cell_values import duration, iso_moment, moment, number, plain_text, truth
from inventory.sheets.cells import EMPTY, CellValue, FileRefused, SheetCell, SheetRow
from inventory.sheets.xlsx_plan import TRUE, Plan, SheetPart
from inventory.sheets.xml_parts import MAIN, Attributes, PartReader, at_most, read_tags, tags

MOST_ROWS = 100_000
MOST_COLUMNS = 256
MOST_STRINGS = 300_000
MOST_STRING_CHARACTERS = 8_000_000
LAST_ROW_OF_EXCEL = 1_048_576
# Excel's own bounds are 65,490 styles and formats of 255 characters.
MOST_STYLES = 65_536
LONGEST_FORMAT = 255


class Shown(Enum):
    """What a number format makes of a number."""

    NUMBER = "number"
    MOMENT = "moment"
    DURATION = "duration"


@dataclass(frozen=True)
class Style:
    """What matters of a cell's style."""

    number_format: str = "General"
    shown: Shown = Shown.NUMBER


def read_rows(data: bytes, plan: Plan) -> Iterator[SheetRow]:
    """Yield the rows of all sheets that can be seen, without those that hold nothing.

    Raises FileRefused, in the middle of it too, where the workbook is broken or too large.
    """
    archive = Archive(data)
    strings = _strings(archive, plan.strings) if plan.strings else []
    styles = _styles(archive, plan.styles) if plan.styles else [Style()]
    count = 0
    for sheet in plan.sheets:
        if sheet.hidden:
            continue
        reader = _RowReader(archive, sheet, strings, styles, plan.epoch)
        for _ in reader.pieces():
            count += len(reader.rows)
            if count > MOST_ROWS:
                raise FileRefused(
                    f"Expected at most {MOST_ROWS:,} rows, but this workbook has more."
                    " Send it in parts."
                )
            yield from reader.rows
            reader.rows.clear()


# Texts and styles


class _TextReader(PartReader):
    """Joins the runs of a text; how an East Asian word is pronounced is no part of it."""

    def __init__(self, archive: Archive, part: str) -> None:
        super().__init__(archive, part)
        self._runs: list[str] = []
        self._pronounced = False

    def text_started(self, name: str) -> None:
        if name == "rPh":
            self._pronounced = True
        elif name == "t" and not self._pronounced:
            self.collect_text()

    def text_ended(self, name: str) -> None:
        if name == "rPh":
            self._pronounced = False
        elif name == "t" and (run := self.taken_text()):
            self._runs.append(run)

    def taken_runs(self) -> str:
        text = plain_text("".join(self._runs))
        self._runs.clear()
        return text


class _StringsReader(_TextReader):
    known = tags(MAIN, "si", "t", "rPh")

    def __init__(self, archive: Archive, part: str) -> None:
        super().__init__(archive, part)
        self.strings: list[str] = []
        self._characters = 0

    def started(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self.begin_value()
        else:
            self.text_started(name)

    def ended(self, name: str) -> None:
        if name != "si":
            self.text_ended(name)
            return
        text = self.taken_runs()
        self._characters += len(text)
        if len(self.strings) == MOST_STRINGS or self._characters > MOST_STRING_CHARACTERS:
            raise FileRefused(
                "Expected a list of stock, but this workbook holds more text than such a list"
                f" can need: over {MOST_STRINGS:,} texts or {MOST_STRING_CHARACTERS:,}"
                " characters. Send it in parts."
            )
        self.strings.append(text)


def _strings(archive: Archive, part: str) -> list[str]:
    reader = _StringsReader(archive, part)
    for _ in reader.pieces():
        pass
    return reader.strings


def _styles(archive: Archive, part: str) -> list[Style]:
    sections = ("numFmts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
    formats = dict(BUILTIN_FORMATS)
    found, section = [], ""
    known = tags(MAIN, *sections, "numFmt", "xf")
    for name, attributes in at_most(MOST_STYLES, read_tags(archive, part, known)):
        if name in sections:
            section = name
        elif (section, name) == ("numFmts", "numFmt"):
            code = attributes.get("formatCode", "")
            formats[_index(attributes.get("numFmtId"))] = code[:LONGEST_FORMAT]
        elif (section, name) == ("cellXfs", "xf"):
            found.append(_style(formats.get(_index(attributes.get("numFmtId", "0")), "General")))
    return found or [Style()]


def _style(number_format: str) -> Style:
    if is_timedelta_format(number_format):
        return Style(number_format, Shown.DURATION)
    if is_date_format(number_format):
        return Style(number_format, Shown.MOMENT)
    return Style(number_format)


def _index(text: str | None) -> int:
    if text is None or not text.isdecimal() or len(text) > 9:
        raise FileRefused(BROKEN)
    return int(text)


# Rows


COLUMNS = {get_column_letter(number): number - 1 for number in range(1, MOST_COLUMNS + 1)}


class _RowReader(_TextReader):
    """Collects the rows of a sheet that hold something in `rows`, for whoever takes them away."""

    known = tags(MAIN, "row", "c", "v", "f", "is", "t", "rPh")

    def __init__(
        self,
        archive: Archive,
        sheet: SheetPart,
        strings: list[str],
        styles: list[Style],
        epoch: datetime,
    ) -> None:
        super().__init__(archive, sheet.part)
        self.rows: list[SheetRow] = []
        self._title = sheet.title
        self._strings = strings
        self._styles = styles
        self._epoch = epoch
        self._shared_formulas: dict[str, str] = {}
        self._number = 0
        self._hidden = False
        self._cells: list[SheetCell] | None = None
        self._cell: Attributes | None = None
        self._column = -1
        self._value = ""
        self._formula = ""
        self._shared = ""
        self._inline = False

    def started(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes)
        elif self._cell is None:
            return
        elif name == "v":
            self.begin_value()
            self.collect_text()
        elif name == "f":
            self.begin_value()
            self.collect_text()
            self._shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif name == "is":
            self.begin_value()
            self._inline = True
        elif self._inline:
            self.text_started(name)

    def ended(self, name: str) -> None:
        if name == "row":
            self._end_row()
        elif self._cell is None:
            return
        elif name == "c":
            self._end_cell(self._cell)
        elif name == "v":
            self._value = self.taken_text()
        elif name == "f":
            self._formula = self._whole_formula(self.taken_text())
        elif name == "is":
            self._value = self.taken_runs()
            self._inline = False
        elif self._inline:
            self.text_ended(name)

    def _start_row(self, attributes: Attributes) -> None:
        before = self._number
        self._number = _index(attributes["r"]) if "r" in attributes else before + 1
        if not before < self._number <= LAST_ROW_OF_EXCEL:
            raise FileRefused(
                f"Expected rows in order, up to {LAST_ROW_OF_EXCEL:,}, but row {self._number}"
                f" comes after row {before} in the sheet {self._title!r}."
            )
        self._hidden = attributes.get("hidden") in TRUE
        self._cells = []
        self._column = -1

    def _end_row(self) -> None:
        cells = self._cells
        if cells:
            self.rows.append(SheetRow(self._title, self._number, tuple(cells), self._hidden))
        self._cells = None

    def _start_cell(self, attributes: Attributes) -> None:
        if self._cells is not None:
            self._cell = attributes
            self._value = self._formula = ""

    def _end_cell(self, attributes: Attributes) -> None:
        self._cell = None
        reference = attributes.get("r")
        column = self._column + 1 if reference is None else self._column_of(reference)
        self._column = column
        if (self._value or self._formula) and self._cells is not None:
            self._put(self._cells, column, self._read(attributes))

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        # An empty cell far to the right is a matter of looks.
        return COLUMNS.get(letters, MOST_COLUMNS)

    def _put(self, cells: list[SheetCell], column: int, cell: SheetCell) -> None:
        if column >= MOST_COLUMNS:
            raise FileRefused(
                f"Expected at most {MOST_COLUMNS} columns, but row {self._number} of the sheet"
                f" {self._title!r} has a cell beyond them."
            )
        if column < len(cells):
            raise FileRefused(
                f"Expected the cells of row {self._number} of the sheet {self._title!r} from left"
                " to right, each once, but they are not."
            )
        cells.extend([EMPTY] * (column - len(cells)))
        cells.append(cell)

    def _read(self, attributes: Attributes) -> SheetCell:
        style = self._style_of(attributes.get("s", "0"))
        value = self._value_of(attributes.get("t", "n"), style) if self._value else None
        return SheetCell(value, style.number_format, self._formula)

    def _style_of(self, index: str) -> Style:
        position = _index(index)
        if position >= len(self._styles):
            raise FileRefused(
                f"Expected a whole workbook, but row {self._number} of the sheet {self._title!r}"
                f" is written in style {position}, and there are {len(self._styles)}."
            )
        return self._styles[position]

    def _value_of(self, kind: str, style: Style) -> CellValue:
        text = self._value
        if kind == "s":
            return self._string(text)
        if kind == "n":
            if style.shown is Shown.MOMENT:
                return moment(text, self._epoch)
            return duration(text) if style.shown is Shown.DURATION else number(text)
        if kind == "b":
            return truth(text)
        if kind == "d":
            return iso_moment(text)
        return plain_text(text) if kind == "str" else text

    def _string(self, index: str) -> str | None:
        position = _index(index)
        if position >= len(self._strings):
            raise FileRefused(
                f"Expected a whole workbook, but row {self._number} of the sheet {self._title!r}"
                f" shows text number {position}, and there are {len(self._strings)}."
            )
        return self._strings[position] or None

    def _whole_formula(self, text: str) -> str:
        # Excel writes a formula that it shares among cells in the first of them only.
        if self._shared and text:
            self._shared_formulas[self._shared] = text
        return f"={text or self._shared_formulas.get(self._shared, '')}"
