"""A workbook to fill in, for one kind of import."""

from typing import Any

from inventory.imports.kinds import Kind
from inventory.sheets.workbook import Column, Sheet, build_workbook


def template_workbook(kind: Kind) -> Any:
    """Return an empty table with its headings."""
    fields = kind.template_fields()
    columns = [Column(field.title) for field in fields]
    return build_workbook([Sheet(kind.title, columns, [])], kind.title)
