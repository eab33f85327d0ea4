"""What part of the reorder report is asked for, and under which assumptions."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from inventory.catalog.models import Item, Location, Site, Supplier
from inventory.purchasing.budget import Affordable, affordable
from inventory.purchasing.reasons import days_words
from inventory.purchasing.reorder import reorder_rows
from inventory.purchasing.reorder_row import ReorderRow
from inventory.purchasing.what_if import WhatIf
from inventory.web.decimals import plain
from inventory.web.forms import MoneyField, PercentField
from inventory.web.words import money_words

ASSUMED: Mapping[str, Callable[[Any], str]] = {
    "service_level": lambda percent: f"{plain(percent)} % of cycles",
    "order_days": lambda days: f"orders for {days_words(days)}",
    "budget": lambda budget: f"a budget of {money_words(budget)}",
}
SITE = "site:"
"""Sets the code of a site apart from those of locations."""
NO_SUPPLIER = "-"
"""Stands for "no supplier" in the address; no supplier's code can be that."""


class ReorderFilter(forms.Form):
    """Supplier, kind and location; whatever is left empty, or makes no sense, narrows nothing."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        suppliers = Supplier.objects.filter(is_active=True).values_list("code", "name")
        self.places: dict[str, Location | Site] = {
            place.code: place for place in Location.objects.filter(is_active=True)
        }
        sites = {f"{SITE}{site.code}": site for site in Site.objects.all()}
        if len(sites) > 1:
            self.places = {**sites, **self.places}
        self.names: dict[str, dict[str, str]] = {
            "supplier": {**dict(suppliers), NO_SUPPLIER: "No supplier"},
            "kind": dict(Item.Kind.choices),
            "location": {code: _place_words(place) for code, place in self.places.items()},
        }
        self._ask_for("supplier", "Every supplier")
        self._ask_for("kind", "Every kind")
        self._ask_for("location", "The whole clinic")
        self.fields["service_level"] = PercentField(
            label="Service, % of cycles", required=False, min_value=50, max_value=Decimal("99.9")
        )
        self.fields["order_days"] = forms.IntegerField(
            label="Order for days", required=False, min_value=1, max_value=365
        )
        self.fields["budget"] = MoneyField(label="Budget, $", required=False, min_value=0)
        self.is_valid()

    @property
    def place(self) -> Location | Site | None:
        """The location whose own levels are asked for, or the site that is planned for."""
        return self.places.get(self._chosen("location"))

    @property
    def what_if(self) -> WhatIf:
        """What is assumed instead of the settings; what makes no sense is not, and is said."""
        asked = self.cleaned_data
        return WhatIf(asked.get("service_level"), asked.get("order_days"))

    def report(self, today: date) -> Affordable:
        """Return the part of today's report that is asked for, and what the budget leaves out."""
        rows = reorder_rows(today, self.place, self.what_if)
        whole = affordable(rows, self.cleaned_data.get("budget"))
        return Affordable(self._narrowed(whole.rows), self._narrowed(whole.left_out))

    def _narrowed(self, rows: Iterable[ReorderRow]) -> list[ReorderRow]:
        supplier, kind = self._chosen("supplier"), self._chosen("kind")
        return [
            row
            for row in rows
            if supplier in ("", row.supplier.code if row.supplier else NO_SUPPLIER)
            and kind in ("", row.item.kind)
        ]

    def words(self) -> str:
        """Return "Needle, Room 1, orders for 14 days" for the head of a workbook; empty where
        nothing is narrowed or assumed."""
        chosen = [names.get(self._chosen(field), "") for field, names in self.names.items()]
        assumed = [
            words(value)
            for field, words in ASSUMED.items()
            if (value := self.cleaned_data.get(field)) is not None
        ]
        return ", ".join(filter(None, [*chosen, *assumed]))

    def _chosen(self, field: str) -> str:
        return str(self.cleaned_data.get(field, ""))

    def _ask_for(self, field: str, everything: str) -> None:
        choices = [("", everything), *self.names[field].items()]
        self.fields[field] = forms.ChoiceField(choices=choices, required=False)


def _place_words(place: Location | Site) -> str:
    return f"All of {place.name}" if isinstance(place, Site) else place.name
