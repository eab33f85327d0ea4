"""What part of a history is asked for."""

from typing import Any

from django import forms

from inventory.accounts.models import User
from inventory.stock.history import STATUS, Asked
from inventory.stock.history_words import KINDS
from inventory.web.forms import CleanCharField, DayField

CHOICES = [("", "Everything"), *KINDS.items(), (STATUS, "Held, recalled or released")]


class HistoryFilter(forms.Form):
    """Kind, days, person and text; what is left empty, or makes no sense, narrows nothing."""

    q = CleanCharField(
        label="Item, lot, procedure or reason",
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search"}),
    )
    kind = forms.ChoiceField(label="What", choices=CHOICES, required=False)
    by = forms.ModelChoiceField(
        queryset=User.objects.order_by("first_name", "last_name", "username"),
        to_field_name="username",
        label="Who",
        required=False,
        empty_label="Everybody",
    )
    since = DayField(label="From", required=False)
    until = DayField(label="to", required=False)

    def __init__(self, data: Any, *, of_one_person: bool = False) -> None:
        super().__init__(data)
        if of_one_person:
            del self.fields["by"]
        self.is_valid()

    @property
    def asked(self) -> Asked:
        cleaned = self.cleaned_data
        return Asked(
            kind=cleaned.get("kind", ""),
            since=cleaned.get("since"),
            until=cleaned.get("until"),
            by=cleaned.get("by"),
            words=tuple(cleaned.get("q", "").split()),
        )
