"""Product codes from a file: planned, and written through the catalog's register."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from inventory.catalog.models import Item, ItemCode
from inventory.catalog.register import CodeFacts, add_code
from inventory.imports.catalog.code_rows import EXAMPLES, FIELDS, CodePlanner, KnownCode
from inventory.imports.kinds import Link, Source, Writing, Written
from inventory.imports.planned import PlannedRow
from inventory.imports.row_kind import RowKind, counted, finder, names_in_use, write_rows


class CodeImport(RowKind):
    """The codes on packages, by which a scan finds its item."""

    code = "codes"
    title = "Product codes"
    about = "A row for each code: whose it is, and how much the package with this code holds."
    fields = FIELDS
    examples = EXAMPLES

    def planner(self, source: Source) -> CodePlanner:
        items = list(Item.objects.all())
        by_pk = {item.pk: item for item in items}
        codes = ItemCode.objects.order_by().values_list("kind", "normalized", "item")
        known = [KnownCode(kind, normalized, by_pk[item]) for kind, normalized, item in codes]
        return CodePlanner(finder(source, items), known, source.answers)

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        return {"item": names_in_use()}

    def summary(self, rows: Iterable[PlannedRow]) -> str:
        items = [row.values["item"] for row in rows]
        return f"{counted(len(items), 'code')} of {counted(len(set(items)), 'item')}"

    def commit(self, rows: Iterable[PlannedRow], writing: Writing) -> Written:
        """Add the codes. Raises RowsRefused."""
        planned = list(rows)
        items = Item.objects.in_bulk(field_name="sku")
        write_rows(planned, lambda values: _write(values, items), writing.progress)
        return Written(self.summary(planned), (Link("Items", reverse("item_list")),))


CODES = CodeImport()


def _write(values: Mapping[str, Any], items: Mapping[str, Item]) -> None:
    facts = CodeFacts(**{name: values[name] for name in CodeFacts.__annotations__})
    add_code(items[values["item"]], facts)
