"""The ticks of the discard list, and what they discard."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from inventory.accounts.models import User
from inventory.stock.discard_record import Ticked, discard
from inventory.stock.errors import named
from inventory.stock.models import Holding
from inventory.stock.requests import WasteReason
from inventory.web.forms import CleanCharField
from inventory.web.submissions import SubmissionForm

TICK, REASON, SEEN = "tick-", "reason-", "seen-"
SEEN_MAX = 200
ID_DIGITS = 18
REASONS = [
    (reason.value, reason.label)
    for reason in (
        WasteReason.EXPIRED,
        WasteReason.BEYOND_USE,
        WasteReason.RECALLED,
        WasteReason.OTHER,
    )
]


class DiscardForm(SubmissionForm):
    """What was ticked: for each a reason, and what the page showed of it."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.holdings = _ticked(data)
        for holding in self.holdings:
            name = holding.lot.full_name
            self.fields[f"{REASON}{holding.pk}"] = forms.ChoiceField(
                choices=REASONS,
                error_messages={
                    "required": f"Say why {named(holding.lot)} is discarded.",
                    "invalid_choice": f"{name}: expected one of the reasons of the page.",
                },
            )
            self.fields[f"{SEEN}{holding.pk}"] = CleanCharField(
                max_length=SEEN_MAX,
                error_messages={"required": f"{name}: expected a row of this page."},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.holdings:
            raise ValidationError("Tick what you discard.", code="nothing")
        return cleaned

    def discard(self, by: User, now: Any) -> str:
        """Discard all of it, and return the address of what was discarded."""
        ticked = [
            Ticked(
                holding,
                self.cleaned_data[f"{SEEN}{holding.pk}"],
                WasteReason(self.cleaned_data[f"{REASON}{holding.pk}"]),
            )
            for holding in self.holdings
        ]
        movements = discard(ticked, by=by, now=now)
        numbers = ",".join(str(movement.pk) for movement in movements)
        return f"{reverse('discard_done')}?{urlencode({'movements': numbers})}"

    @property
    def problems(self) -> list[str]:
        """Everything that was refused, in sentences."""
        return [str(error) for errors in self.errors.values() for error in errors]

    def reason_of(self, holding: Holding) -> str:
        """Return the reason that was chosen for a row, empty where it was not ticked."""
        if holding not in self.holdings:
            return ""
        return str(self.data.get(f"{REASON}{holding.pk}", ""))


def numbers_in(text: str, most: int) -> list[int]:
    """Return the numbers of a text like "12,13", leaving out what is none."""
    return [int(number) for number in text.split(",")[:most] if _is_id(number)]


def _ticked(data: QueryDict) -> Sequence[Holding]:
    """Return the holdings that were ticked, gone or not: the ledger says what it refuses."""
    names = [name.removeprefix(TICK) for name in data if name.startswith(TICK)]
    numbers = [int(name) for name in names if _is_id(name)]
    return list(Holding.objects.with_lot().filter(pk__in=numbers).order_by("pk"))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS
