"""What is read from a file: rows of cells, typed as they were found. Knows no feature. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

# What XML 1.0 cannot carry, and halves of surrogate pairs.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

CellValue = str | int | Decimal | bool | datetime | date | time | timedelta | None


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell. `number_format` is Excel's, as in "mmm-yy": it says how much of a date was meant.

    `formula` is its text, "=SUM(B6:B18)", where the cell is computed; `value` is then the result
    that the program that wrote the file stored, None where it stored none. An error such as #N/A is
    the text of its name.
    """

    value: CellValue = None
    number_format: str = "General"
    formula: str = ""


EMPTY = SheetCell()

GUIDE_TITLE = "How to fill this in"
"""The sheet of our own templates that explains the others, and is not read."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row. `number` is the one that a person sees beside it, from 1; a file of plain text has
    one sheet, whose title is empty. Cells that are not there at the end are left out."""

    sheet: str
    number: int
    cells: tuple[SheetCell, ...]
    hidden: bool = False


class FileRefused(ValueError):
    """The file cannot be read; `str()` says what was expected and what came."""
