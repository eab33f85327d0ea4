"""Opening a vial, discarding one, and how its label is printed."""

from datetime import datetime

from django import forms
from django.urls import reverse

from inventory.accounts.models import User
from inventory.stock import ledger
from inventory.stock.discard_record import Ticked, discard
from inventory.stock.models import Holding, Movement
from inventory.stock.requests import StockLine, WasteReason
from inventory.web.forms import CleanCharField
from inventory.web.submissions import SubmissionForm

SEEN_MAX = 200


class OpenForm(SubmissionForm):
    """Which sealed stock one vial is opened of."""

    holding = forms.ModelChoiceField(
        queryset=Holding.objects.sealed().with_lot(),
        error_messages={
            "required": "Choose the lot to open a vial of.",
            "invalid_choice": "Expected sealed stock that is known; this is none.",
        },
    )

    def open(self, by: User, now: datetime) -> str:
        """Open one vial, and return the address of its label."""
        sealed: Holding = self.cleaned_data["holding"]
        line = StockLine(sealed.lot.item, holding=sealed)
        vial = ledger.open_vial(
            by=by, location=sealed.location, line=line, happened_at=now, now=now
        )
        return reverse("holding_label", args=[vial.pk])


class OpenedDiscardForm(SubmissionForm):
    """Why one opened vial is thrown away, and what the page showed of it."""

    reason = forms.ChoiceField(
        choices=WasteReason.choices,
        error_messages={
            "required": "Say why the vial is discarded.",
            "invalid_choice": "Expected one of the reasons of the page, but got “%(value)s”.",
        },
    )
    seen = CleanCharField(
        max_length=SEEN_MAX,
        error_messages={"required": "Expected the page to say what it shows of the vial."},
    )

    def discard(self, vial: Holding, by: User, now: datetime) -> Movement:
        """Throw away what is left in the vial. Raises ChangedSinceSeen."""
        entered = self.cleaned_data
        ticked = Ticked(vial, entered["seen"], WasteReason(entered["reason"]))
        return discard([ticked], by=by, now=now)[0]
