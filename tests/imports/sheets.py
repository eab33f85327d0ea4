"""Sheets made by hand: rows of plain values, as the planner is given them."""

from collections.abc import Mapping, Sequence
from datetime import date

from inventory.imports.meaning.catalogue import Catalogue
from inventory.imports.meaning.matching import Matcher
from inventory.imports.planned import PlannedRow
from inventory.imports.stock.draft import Stores
from inventory.imports.stock.rows import plan_stock, stock_layouts
from inventory.sheets.cells import CellValue, SheetCell, SheetRow
from tests.imports.catalogues import LAKESIDE, starter_catalogue

# The day on which all of these sheets are read.
TODAY = date(2026, 11, 22)
HEADINGS = ("Item", "Qty", "Unit", "Lot", "Exp", "Where", "Notes")

Line = Sequence[CellValue | SheetCell]


def cell(value: CellValue | SheetCell) -> SheetCell:
    return value if isinstance(value, SheetCell) else SheetCell(value)


def sheet(
    *lines: Line, title: str = "Main storeroom", headings: Line | None = HEADINGS
) -> list[SheetRow]:
    """The headings in row 1, when there are any, and the lines below them."""
    every = [headings, *lines] if headings is not None else list(lines)
    return [
        SheetRow(title, number, tuple(map(cell, line)))
        for number, line in enumerate(every, start=1)
    ]


STARTER = Matcher(starter_catalogue())
MATCHERS = {id(LAKESIDE): Matcher(LAKESIDE)}


def plan(
    rows: Sequence[SheetRow],
    answers: Mapping[tuple[str, int], Mapping[str, str]] | None = None,
    *,
    catalogue: Catalogue | None = None,
    default_place: str | None = None,
    stores: Stores | None = None,
) -> list[PlannedRow]:
    """Plan rows by their headings, against the starter's catalogue unless another is given."""
    return list(
        plan_stock(
            lambda: rows,
            layouts=stock_layouts(lambda: rows),
            catalogue=catalogue or starter_catalogue(),
            today=TODAY,
            answers=answers,
            default_place=default_place,
            stores=stores or Stores(),
            matcher=MATCHERS.get(id(catalogue)) or STARTER,
        )
    )


def plan_line(*line: CellValue | SheetCell, **answers: str) -> PlannedRow:
    """Plan one line below the usual headings, in the main storeroom."""
    (row,) = plan(sheet(line), {("Main storeroom", 2): answers})
    return row


def said(row: PlannedRow) -> str:
    """All sentences of a row."""
    return " ".join(message.text for message in row.messages)


def asked(row: PlannedRow) -> list[str]:
    """The names of a row's questions."""
    return [question.name for question in row.questions]


def offered(row: PlannedRow, name: str) -> list[str]:
    """The values that a question offers."""
    (question,) = [each for each in row.questions if each.name == name]
    return [choice.value for choice in question.choices]
