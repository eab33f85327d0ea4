"""The rows of a file as what they say by field, where each row stands for itself. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from inventory.imports.kinds import Source
from inventory.imports.layout import SheetLayout, repeats_headings
from inventory.imports.planned import Field, Message, Outcome, PlannedRow
from inventory.imports.row_draft import ToldRow
from inventory.sheets.cells import SheetRow
from inventory.sheets.plain_cells import said

NO_TABLE = "No table was found on this sheet."
BLANK = "A blank row."
HEADINGS = "The headings once more."
BAND = "A heading across the row."


def told_rows(
    source: Source, layouts: Mapping[str, SheetLayout], fields: Sequence[Field]
) -> Iterator[ToldRow | PlannedRow]:
    """Yield what each row below the headings says; what is no line of the table is ignored."""
    said_so = {sheet: as_said(layout, source) for sheet, layout in layouts.items()}
    for row in source.rows:
        layout = said_so.get(row.sheet)
        if layout is None or not layout.columns or layout.missing(fields):
            yield ignored(row.sheet, row.number, NO_TABLE)
        elif row.number > layout.heading_row:
            yield _told(row, layout)


def as_said(layout: SheetLayout, source: Source) -> SheetLayout:
    """Return the layout with the columns that people have said, where they have."""
    if layout.sheet not in source.columns:
        return layout
    columns = source.columns[layout.sheet]
    return layout.with_columns({name: column for column, name in columns.items()})


def _told(row: SheetRow, layout: SheetLayout) -> ToldRow | PlannedRow:
    cells = {name: layout.cell(row, name) for name in layout.columns}
    texts = [said(cell) for cell in row.cells]
    if not any(said(cell) for cell in cells.values()):
        return ignored(row.sheet, row.number, BLANK)
    if repeats_headings(texts, layout):
        return ignored(row.sheet, row.number, HEADINGS)
    is_alone = len(layout.columns) > 1 and sum(map(bool, texts)) == 1
    return ToldRow(row.sheet, row.number, cells, is_alone)


def ignored(sheet: str, row: int, why: str) -> PlannedRow:
    """Return a row that is no line of the table."""
    return PlannedRow(sheet, row, Outcome.IGNORE, messages=(Message("", why),))
