"""What part of the advice is asked for."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from inventory.catalog.models import Location
from inventory.purchasing.waste.advice import Advice

# What a quarter's use foresees; who plans further ahead may ask for it.
USUAL_DAYS = 365
SPANS = [
    ("", "Within a year"),
    ("90", "Within 90 days"),
    ("180", "Within 180 days"),
    ("all", "Ever"),
]
FARTHEST = date.max


class WasteFilter(forms.Form):
    """Words of the item or lot, the place, and how soon; what makes no sense narrows nothing."""

    q = forms.CharField(
        label="Item or lot",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    location = forms.ModelChoiceField(
        queryset=Location.objects.all(),
        to_field_name="code",
        required=False,
        empty_label="Everywhere",
    )
    within = forms.ChoiceField(label="Expires", choices=SPANS, required=False)

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.is_valid()

    def narrow(self, rows: Iterable[Advice]) -> list[Advice]:
        """Return the rows that are asked for, in their order."""
        place: Location | None = self.cleaned_data.get("location")
        words = self.cleaned_data.get("q", "").casefold().split()
        return [
            row
            for row in rows
            if row.last_day <= self.until
            and (place is None or row.holding.location_id == place.pk)
            and all(word in _text(row) for word in words)
        ]

    @property
    def until(self) -> date:
        """The last day that is asked for."""
        within = self.cleaned_data.get("within") or str(USUAL_DAYS)
        return FARTHEST if within == "all" else self.today + timedelta(days=int(within))


def _text(row: Advice) -> str:
    return f"{row.item.name} {row.item.sku} {row.holding.lot.number}".casefold()
