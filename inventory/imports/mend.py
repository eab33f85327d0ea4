"""The rows that do not go in, as a workbook to mend and upload again."""

from collections import defaultdict
from collections.abc import Sequence

from openpyxl import Workbook

from inventory.imports.kinds import Kind
from inventory.imports.models import Import, ImportRow
from inventory.imports.planned import Field, Outcome
from inventory.imports.template import template_column
from inventory.sheets.templates import RowToMend, SheetToMend, build_workbook_to_mend

STAYS_OUT = (Outcome.REJECT, Outcome.DECIDE)
ONLY_SHEET = "Rows"


def mend_workbook(upload: Import, kind: Kind) -> Workbook:
    """Return the rows that are refused or undecided, as typed, with what stands in their way.

    They stand in sheets of the same names: a sheet may say where its rows go.
    """
    by_sheet: dict[str, list[ImportRow]] = defaultdict(list)
    for row in upload.rows.filter(outcome__in=STAYS_OUT):
        by_sheet[row.sheet].append(row)
    fields = _fields(kind)
    sheets = [_sheet(sheet, rows, fields) for sheet, rows in by_sheet.items()]
    return build_workbook_to_mend(sheets or [_sheet("", [], fields)], f"To mend: {upload}")


def _fields(kind: Kind) -> list[Field]:
    """The fields of the template, then those that it leaves out and a file may still have."""
    fields = list(kind.template_fields())
    names = {field.name for field in fields}
    return [*fields, *(field for field in kind.fields if field.name not in names)]


def _sheet(title: str, rows: Sequence[ImportRow], fields: Sequence[Field]) -> SheetToMend:
    said = {name for row in rows for name, text in row.cells.items() if text}
    asked = {column for row in rows for column, _ in row.messages}
    shown = [field for field in fields if field.required or field.name in said | asked]
    return SheetToMend(
        title or ONLY_SHEET,
        [template_column(field) for field in shown],
        [_row(row, shown) for row in rows],
    )


def _row(row: ImportRow, fields: Sequence[Field]) -> RowToMend:
    titles = {field.name: field.title for field in fields}
    messages: dict[str, list[str]] = defaultdict(list)
    for column, text in row.messages:
        messages[titles.get(column, "")].append(text)
    return RowToMend(
        [row.cells.get(field.name, "") for field in fields],
        {column: " ".join(texts) for column, texts in messages.items()},
    )
