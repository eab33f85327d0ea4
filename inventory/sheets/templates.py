"""Workbooks for people to fill in and send back: empty templates, and rows that have to be mended.

Both are read by inventory/sheets/reading.py as they are: the headings stand in the first row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from inventory.sheets.cells import GUIDE_TITLE
from inventory.sheets.rules import explained
from inventory.sheets.workbook import (
    WIDEST,
    Cell,
    Column,
    Kind,
    Marked,
    Sheet,
    build_workbook,
)

LISTS_TITLE = "Lists"
MEND_TITLE = "What to mend"
MEND_WIDTH = 48
NOTE_WIDTH = 64
USUAL_WIDTH = 18
EXAMPLE_WIDTH = 24
NEEDED_MARK = " *"
ROWS_WITH_LISTS = 100_000
CHOICES_THAT_ARE_NAMED = 8


@dataclass(frozen=True)
class TemplateColumn:
    """A column to fill in. `note` says what belongs there; `choices` become a drop-down, which
    proposes and does not forbid: a person may type what is not in it."""

    title: str
    note: str = ""
    required: bool = False
    choices: Sequence[str] = ()
    kind: Kind = "text"
    width: int | None = None


@dataclass(frozen=True)
class Template:
    """A sheet to fill in. `examples` are rows as long as `columns`, and stand in the guide to it,
    not in the sheet: nobody then sends them in. `about` are sentences above the guide."""

    title: str
    columns: Sequence[TemplateColumn]
    examples: Sequence[Sequence[Cell]] = ()
    about: Sequence[str] = ()


@dataclass(frozen=True)
class RowToMend:
    """A row as it was typed, and the sentence for each column that is wrong, by its title.

    The empty title is for the row as a whole.
    """

    cells: Sequence[Cell]
    messages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetToMend:
    """The rows of one sheet that could not go in; each as long as `columns`."""

    title: str
    columns: Sequence[TemplateColumn]
    rows: Sequence[RowToMend]


def build_template(template: Template) -> Workbook:
    """Return an empty workbook with headings, drop-downs and a guide to it."""
    columns = [_column_to_fill_in(column) for column in template.columns]
    sheet = Sheet(template.title, columns, rows=[], to_fill_in=True)
    return _with_drop_downs([sheet], [template.columns], template.title, [_guide(template)])


def build_workbook_to_mend(sheets: Sequence[SheetToMend], title: str) -> Workbook:
    """Return the rows that could not go in, with what to mend in front and at each cell.

    Raises ValueError for no sheets.
    """
    columns = [[TemplateColumn(MEND_TITLE), *sheet.columns] for sheet in sheets]
    return _with_drop_downs([_sheet_to_mend(sheet) for sheet in sheets], columns, title)


def _column_to_fill_in(column: TemplateColumn) -> Column:
    mark = NEEDED_MARK if column.required else ""
    longest = max((len(choice) for choice in column.choices), default=0)
    width = column.width or min(max(longest + 2, USUAL_WIDTH), WIDEST)
    return replace(_heading(column), title=f"{column.title}{mark}", width=width)


def _heading(column: TemplateColumn) -> Column:
    words = ["Needed." if column.required else "", column.note]
    note = " ".join(word for word in words if word)
    return Column(column.title, column.kind, column.width, note=note)


def _guide(template: Template) -> Sheet:
    examples = [Column(f"Example {n}", width=EXAMPLE_WIDTH) for n in _numbers(template.examples)]
    rows: list[list[Cell]] = [
        [
            column.title,
            "needed" if column.required else "may stay empty",
            _explained(column),
            *(example[n] for example in template.examples),
        ]
        for n, column in enumerate(template.columns)
    ]
    return Sheet(
        GUIDE_TITLE,
        [
            Column("Column"),
            Column("Needed"),
            Column("What to write", width=NOTE_WIDTH, wrap=True),
            *examples,
        ],
        rows,
        above=[
            [f"{GUIDE_TITLE}: {template.title}"],
            [f"Write one row for each in the sheet “{template.title}”, below its headings."],
            ["Headings with a * are needed. This sheet is for you to read; it is not sent in."],
            *([sentence] for sentence in template.about),
        ],
    )


def _numbers(examples: Sequence[object]) -> range:
    return range(1, len(examples) + 1)


def _explained(column: TemplateColumn) -> str:
    return " ".join(part for part in (column.note, _choices_words(column.choices)) if part)


def _choices_words(choices: Sequence[str]) -> str:
    if not choices:
        return ""
    if len(choices) > CHOICES_THAT_ARE_NAMED:
        return f"The cell offers a list of {len(choices):,} to choose from."
    return f"One of: {', '.join(choices)}."


def _sheet_to_mend(sheet: SheetToMend) -> Sheet:
    columns = [_heading(column) for column in sheet.columns]
    return Sheet(
        sheet.title,
        [Column(MEND_TITLE, width=MEND_WIDTH, wrap=True), *columns],
        [list(_cells_to_mend(sheet.columns, row)) for row in sheet.rows],
        to_fill_in=True,
    )


def _cells_to_mend(columns: Sequence[TemplateColumn], row: RowToMend) -> Iterator[Cell]:
    yield " ".join(row.messages.values())
    for column, value in zip(columns, row.cells, strict=True):
        message = row.messages.get(column.title)
        yield Marked(_typed(value), message) if message else value


def _typed(value: Cell) -> str:
    return "" if value is None else str(value)


# Drop-downs: from a sheet of their own, as a list inside the rule may be 255 characters long only


def _with_drop_downs(
    sheets: Sequence[Sheet],
    columns: Sequence[Sequence[TemplateColumn]],
    title: str,
    more: Sequence[Sheet] = (),
) -> Workbook:
    lists = _lists(column for each in columns for column in each)
    hidden = [_sheet_of_lists(lists)] if lists else []
    workbook = build_workbook([*sheets, *more, *hidden], title)
    if lists:
        last: Any = workbook.worksheets[-1]
        last.sheet_state = "hidden"
        for worksheet, each in zip(workbook.worksheets, columns, strict=False):
            for letter, column in _lettered(each):
                if column.choices:
                    place = _place(last.title, lists, tuple(column.choices))
                    worksheet.data_validations.append(_drop_down(column, letter, place))
    return workbook


def _lists(columns: Iterable[TemplateColumn]) -> dict[tuple[str, ...], str]:
    """Return the heading of each list of choices; columns that offer the same share one."""
    return {tuple(c.choices): c.title for c in columns if c.choices}


def _sheet_of_lists(lists: Mapping[tuple[str, ...], str]) -> Sheet:
    rows = [list(row) for row in zip_longest(*lists)]
    return Sheet(LISTS_TITLE, [Column(title) for title in lists.values()], rows)


def _lettered(columns: Sequence[TemplateColumn]) -> Iterator[tuple[str, TemplateColumn]]:
    for number, column in enumerate(columns, start=1):
        yield get_column_letter(number), column


def _place(title: str, lists: Mapping[tuple[str, ...], str], choices: tuple[str, ...]) -> str:
    letter = get_column_letter(list(lists).index(choices) + 1)
    return f"'{title}'!${letter}$2:${letter}${len(choices) + 1}"


def _drop_down(column: TemplateColumn, letter: str, place: str) -> DataValidation:
    rule = DataValidation(type="list", formula1=place, allow_blank=True, showErrorMessage=False)
    cells = f"{letter}2:{letter}{ROWS_WITH_LISTS + 1}"
    return explained(rule, column.title, column.note, cells)
