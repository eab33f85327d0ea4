"""What part of the flags is asked for."""

from collections.abc import Iterable
from typing import Any

from django import forms

from inventory.attention.rules import DISCARD_KINDS, SUPPLY_KINDS, Kind, Severity
from inventory.attention.sentences import Flag
from inventory.catalog.models import Location

KINDS = [
    ("", "Every kind"),
    ("supply", "Too little: out, low, runs out"),
    ("discard", "To discard: expired, past beyond-use"),
    (Kind.OUT, "Out"),
    (Kind.STOCKOUT_BEFORE_DELIVERY, "Runs out before a delivery"),
    (Kind.LOW, "Low"),
    (Kind.EXPIRING, "Expiring"),
    (Kind.EXPIRED, "Expired"),
    (Kind.BEYOND_USE, "Past beyond-use"),
    (Kind.RECALLED, "Recalled"),
    (Kind.UNUSABLE_USED, "Used although unusable"),
]
TOGETHER = {"supply": SUPPLY_KINDS, "discard": DISCARD_KINDS}
SEVERITIES = [
    ("", "All"),
    (Severity.URGENT, "Urgent"),
    (Severity.SOON, "Soon"),
    (Severity.NOTICE, "Good to know"),
]


class FlagFilter(forms.Form):
    """Kind, urgency, location and item; what is left empty, or makes no sense, narrows nothing."""

    kind = forms.ChoiceField(choices=KINDS, required=False)
    severity = forms.ChoiceField(label="How urgent", choices=SEVERITIES, required=False)
    location = forms.ModelChoiceField(
        queryset=Location.objects.all(),
        to_field_name="code",
        required=False,
        empty_label="The whole clinic",
    )
    item = forms.CharField(
        label="Item", max_length=100, required=False, widget=forms.TextInput({"type": "search"})
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def place(self) -> Location | None:
        """The location that is asked for."""
        place: Location | None = self.cleaned_data.get("location")
        return place

    @property
    def asks_for_a_kind(self) -> bool:
        return bool(self.cleaned_data.get("kind"))

    def narrow(self, flags: Iterable[Flag]) -> list[Flag]:
        """Return the flags of this kind, urgency and item, in their order."""
        kind, severity = (self.cleaned_data.get(name, "") for name in ("kind", "severity"))
        words = self.cleaned_data.get("item", "").lower().split()
        return [
            flag
            for flag in flags
            if (not kind or flag.kind in TOGETHER.get(kind, {kind}))
            and severity in ("", flag.severity)
            and all(word in f"{flag.subject} {flag.item.sku}".lower() for word in words)
        ]
