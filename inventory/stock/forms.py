"""Forms about one lot or one movement, and what the forms about several lines share."""

from django import forms
from django.urls import reverse
from django.utils import timezone

from inventory.accounts.models import User
from inventory.stock import ledger
from inventory.stock.models import Lot, Movement
from inventory.web.forms import ReasonField
from inventory.web.submissions import SubmissionForm


class LotStatusForm(SubmissionForm):
    """What may be done with a lot from now on, and why."""

    status = forms.ChoiceField(choices=[("", "Choose"), *Lot.Status.choices])
    reason = ReasonField(example="recall notice of Nov 20")

    def change(self, lot: Lot, by: User) -> str:
        """Carry it out, and return the address of the lot."""
        status, reason = self.cleaned_data["status"], self.cleaned_data["reason"]
        ledger.set_lot_status(lot, by=by, status=status, reason=reason, now=timezone.now())
        return reverse("lot_detail", args=[lot.pk])


class ReversalForm(SubmissionForm):
    """Why a movement is put right."""

    reason = ReasonField(example="entered for the wrong room")

    def reverse(self, movement: Movement, by: User) -> str:
        """Carry it out, and return the address of the new movement."""
        now = timezone.now()
        reason = self.cleaned_data["reason"]
        undone = ledger.reverse(movement, by=by, reason=reason, happened_at=now, now=now)
        return reverse("movement_detail", args=[undone.pk])
