"""A workbook to fill in, for one kind of import."""

from openpyxl import Workbook

from inventory.imports.kinds import Kind
from inventory.imports.planned import Field
from inventory.sheets.templates import Template, TemplateColumn, build_template


def template_workbook(kind: Kind) -> Workbook:
    """Return an empty table with its headings, drop-downs, notes and a few examples."""
    fields = kind.template_fields()
    examples = [[example.get(field.name, "") for field in fields] for example in kind.examples]
    columns = [template_column(field) for field in fields]
    return build_template(Template(kind.title, columns, examples, [kind.about]))


def template_column(field: Field) -> TemplateColumn:
    """Return a field as a column to fill in."""
    return TemplateColumn(field.title, field.note, field.required, field.choices)
