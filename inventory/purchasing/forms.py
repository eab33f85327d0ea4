"""What part of the reorder report is asked for."""

from collections.abc import Iterable
from typing import Any

from django import forms

from inventory.catalog.models import Item, Location, Supplier
from inventory.purchasing.reorder import ReorderRow

NO_SUPPLIER = "-"
"""Stands for "no supplier" in the address; no supplier's code can be that."""


class ReorderFilter(forms.Form):
    """Supplier, kind and location; whatever is left empty, or makes no sense, narrows nothing."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        suppliers = Supplier.objects.filter(is_active=True).values_list("code", "name")
        self.places = {place.code: place for place in Location.objects.filter(is_active=True)}
        self.names: dict[str, dict[str, str]] = {
            "supplier": {**dict(suppliers), NO_SUPPLIER: "No supplier"},
            "kind": dict(Item.Kind.choices),
            "location": {code: place.name for code, place in self.places.items()},
        }
        self._ask_for("supplier", "Every supplier")
        self._ask_for("kind", "Every kind")
        self._ask_for("location", "The whole clinic")
        self.is_valid()

    @property
    def place(self) -> Location | None:
        """The location whose own levels are asked for."""
        return self.places.get(self._chosen("location"))

    def narrow(self, rows: Iterable[ReorderRow]) -> list[ReorderRow]:
        """Return the rows of the supplier and the kind, in their order."""
        supplier, kind = self._chosen("supplier"), self._chosen("kind")
        return [
            row
            for row in rows
            if supplier in ("", row.supplier.code if row.supplier else NO_SUPPLIER)
            and kind in ("", row.item.kind)
        ]

    def words(self) -> str:
        """Return "Needle, Room 1" for the head of a workbook; empty when nothing is narrowed."""
        chosen = [names.get(self._chosen(field), "") for field, names in self.names.items()]
        return ", ".join(filter(None, chosen))

    def _chosen(self, field: str) -> str:
        return str(self.cleaned_data.get(field, ""))

    def _ask_for(self, field: str, everything: str) -> None:
        choices = [("", everything), *self.names[field].items()]
        self.fields[field] = forms.ChoiceField(choices=choices, required=False)
