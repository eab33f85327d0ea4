"""Items from a file: planned, and written through the catalog's register."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from inventory.catalog.models import Item, ItemCode, SupplierOffer
from inventory.catalog.register import ItemFacts, Signature, add_item, change_item
from inventory.imports.catalog.item_rows import EXAMPLES, FIELDS, ItemPlanner, KnownItem
from inventory.imports.kinds import Link, Source, Writing, Written
from inventory.imports.planned import PlannedRow
from inventory.imports.row_draft import CHANGE
from inventory.imports.row_kind import RowKind, added_and_changed, write_rows
from inventory.stock.models import Lot


class ItemImport(RowKind):
    """What the clinic stocks."""

    code = "items"
    title = "Items"
    about = "A row for each item that the clinic stocks: its name, its kind, what it comes in."
    fields = FIELDS
    examples = EXAMPLES
    takes_lone_cells = True

    def planner(self, source: Source) -> ItemPlanner:
        return ItemPlanner(known_items(), source.answers)

    def summary(self, rows: Iterable[PlannedRow]) -> str:
        return added_and_changed(rows, "item")

    def commit(self, rows: Iterable[PlannedRow], writing: Writing) -> Written:
        """Add the items and change those that are to be changed. Raises RowsRefused."""
        planned = list(rows)
        known = Item.objects.in_bulk(field_name="sku")
        signed = Signature(writing.by, timezone.localdate(writing.now))
        write_rows(planned, lambda values: _write(values, known, signed), writing.progress)
        return Written(self.summary(planned), (Link("Items", reverse("item_list")),))


ITEMS = ItemImport()


def known_items() -> Iterator[KnownItem]:
    """Yield the clinic's items with what keeps them from being changed."""
    with_lots = set(Lot.objects.order_by().values_list("item", flat=True).distinct())
    packages: dict[int, list[Decimal | None]] = defaultdict(list)
    for item, quantity in ItemCode.objects.order_by().values_list("item", "quantity"):
        packages[item].append(quantity)
    for item, quantity in SupplierOffer.objects.order_by().values_list("item", "pack_quantity"):
        packages[item].append(quantity)
    for each in Item.objects.all():
        yield KnownItem(each, each.pk in with_lots, tuple(packages[each.pk]))


def _write(values: Mapping[str, Any], known: Mapping[str, Item], signed: Signature) -> None:
    facts = ItemFacts(**{name: values[name] for name in ItemFacts.__annotations__})
    if values["action"] == CHANGE:
        change_item(known[facts.sku], facts, signed=signed)
    else:
        add_item(facts, signed=signed)
