"""Price lists from a file: planned, and written through the catalog's register."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from inventory.catalog.models import Item, Supplier, SupplierOffer
from inventory.catalog.register import (
    OfferFacts,
    SupplierFacts,
    add_offer,
    add_supplier,
    change_offer,
)
from inventory.imports.catalog.offer_rows import EXAMPLES, FIELDS, KnownOffer, OfferPlanner
from inventory.imports.kinds import Link, Source, Writing, Written
from inventory.imports.planned import PlannedRow
from inventory.imports.row_draft import CHANGE
from inventory.imports.row_kind import (
    RowKind,
    added_and_changed,
    counted,
    finder,
    names_in_use,
    write_rows,
)


class OfferImport(RowKind):
    """What suppliers ask for items."""

    code = "offers"
    title = "Supplier offers"
    about = "A row for each item that a supplier sells: the pack, its price, how long it takes."
    fields = FIELDS
    examples = EXAMPLES

    def planner(self, source: Source) -> OfferPlanner:
        offers = SupplierOffer.objects.select_related("supplier", "item")
        known = [KnownOffer(offer, offer.supplier.code, offer.item.sku) for offer in offers]
        return OfferPlanner(
            finder(source, Item.objects.all()), Supplier.objects.all(), known, source.answers
        )

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        suppliers = Supplier.objects.filter(is_active=True).values_list("name", flat=True)
        return {"item": names_in_use(), "supplier": tuple(suppliers)}

    def summary(self, rows: Iterable[PlannedRow]) -> str:
        planned = list(rows)
        known = set(Supplier.objects.values_list("code", flat=True))
        new = {row.values["supplier"] for row in planned} - known
        suppliers = f", {counted(len(new), 'new supplier')}" if new else ""
        return f"{added_and_changed(planned, 'offer')}{suppliers}"

    def commit(self, rows: Iterable[PlannedRow], writing: Writing) -> Written:
        """Add the offers, and suppliers that are new; change the known ones. Raises RowsRefused."""
        planned = list(rows)
        sentence = self.summary(planned)
        write_rows(planned, _Writer().write, writing.progress)
        return Written(sentence, (Link("Suppliers", reverse("supplier_list")),))


OFFERS = OfferImport()


class _Writer:
    """Writes rows, with what they name at hand."""

    def __init__(self) -> None:
        self.items = Item.objects.in_bulk(field_name="sku")
        self.suppliers = Supplier.objects.in_bulk(field_name="code")

    def write(self, values: Mapping[str, Any]) -> None:
        facts = OfferFacts(**{name: values[name] for name in OfferFacts.__annotations__})
        supplier, item = self._supplier(values), self.items[values["item"]]
        if values["action"] == CHANGE:
            change_offer(
                SupplierOffer.objects.get(
                    supplier=supplier, item=item, order_code=facts.order_code
                ),
                facts,
            )
        else:
            add_offer(supplier, item, facts)

    def _supplier(self, values: Mapping[str, Any]) -> Supplier:
        code = values["supplier"]
        if code not in self.suppliers:
            facts = SupplierFacts(code=code, name=values["supplier_name"])
            self.suppliers[code] = add_supplier(facts)
        return self.suppliers[code]
