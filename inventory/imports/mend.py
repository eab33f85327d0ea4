"""The rows that do not go in, as a workbook to mend and upload again."""

from typing import Any

from inventory.imports.kinds import Kind
from inventory.imports.models import Import, ImportRow
from inventory.imports.planned import Outcome
from inventory.sheets.workbook import Column, Sheet, build_workbook


def mend_workbook(upload: Import, kind: Kind) -> Any:
    """Return the rows that are refused or undecided, as typed, with what stands in their way."""
    rows = list(upload.rows.filter(outcome__in=[Outcome.REJECT, Outcome.DECIDE]))
    said = {name for row in rows for name, text in row.cells.items() if text}
    fields = [field for field in kind.fields if field.name in said or field.required]
    columns = [
        *(Column(field.title) for field in fields),
        Column("What to mend", width=60, wrap=True),
    ]
    cells = [[*(row.cells.get(field.name, "") for field in fields), _why(row)] for row in rows]
    return build_workbook([Sheet("To mend", columns, cells)], f"To mend: {upload.file_name}")


def _why(row: ImportRow) -> str:
    return " ".join([f"{row}:", *(text for _, text in row.messages)])
