"""An uploaded file as its sheets, and what their columns mean: guessed, known, or said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inventory.imports.kinds import Columns, Kind
from inventory.imports.layout import SheetLayout
from inventory.sheets.cell_text import shown
from inventory.sheets.cells import SheetRow
from inventory.sheets.reading import open_file

SAMPLE_ROWS = 4
ROWS_LOOKED_AT = 20


@dataclass(frozen=True)
class ReadFile:
    """The rows of a file, read once."""

    rows: Sequence[SheetRow]
    hidden_sheets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MatchedSheet:
    """One sheet, and what its columns mean. `known` says that somebody has said so before, for a
    sheet with the same headings."""

    layout: SheetLayout
    columns: Columns
    known: bool = False

    @property
    def sheet(self) -> str:
        return self.layout.sheet

    @property
    def key(self) -> str:
        """Under which its columns are remembered: empty for a sheet without headings."""
        return self.layout.key if self.layout.heading_row else ""


def read_file(content: bytes, name: str) -> ReadFile:
    """Read all rows of a file. Raises FileRefused."""
    file = open_file(content, name)
    return ReadFile(list(file.rows()), frozenset(file.hidden_titles))


def matched_sheets(read: ReadFile, kind: Kind, known: Mapping[str, Columns]) -> list[MatchedSheet]:
    """Return the sheets in order, with the columns known for such headings, else as guessed."""
    return [_matched(layout, known) for layout in kind.layouts(read.rows).values()]


def sample_of(read: ReadFile, sheet: MatchedSheet) -> list[list[str]]:
    """Return the first rows below the headings, as they read, all as wide as the widest."""
    below = [
        row
        for row in read.rows
        if row.sheet == sheet.sheet and row.number > sheet.layout.heading_row
    ]
    # A band across the sheet says little of its columns.
    fullest = sorted(below[:ROWS_LOOKED_AT], key=_emptiness)[:SAMPLE_ROWS]
    telling = [
        [shown(cell) for cell in row.cells] for row in sorted(fullest, key=lambda row: row.number)
    ]
    width = max(map(len, [*telling, sheet.layout.headings]), default=0)
    return [cells + [""] * (width - len(cells)) for cells in telling]


def _emptiness(row: SheetRow) -> int:
    return -sum(bool(shown(cell)) for cell in row.cells)


def _matched(layout: SheetLayout, known: Mapping[str, Columns]) -> MatchedSheet:
    if layout.heading_row and layout.key in known:
        return MatchedSheet(layout, known[layout.key], known=True)
    return MatchedSheet(layout, {column: name for name, column in layout.columns.items()})
