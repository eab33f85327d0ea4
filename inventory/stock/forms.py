"""Forms about one lot or one movement, and what the forms about several lines share."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from inventory.accounts.models import User
from inventory.stock import ledger, lot_register
from inventory.stock.models import Lot, Movement
from inventory.web.forms import ReasonField
from inventory.web.roles import MANAGER
from inventory.web.submissions import SubmissionForm


class LotStatusForm(SubmissionForm):
    """What may be done with a lot from now on, and why. Others than managers only hold it."""

    status = forms.ChoiceField(choices=[("", "Choose"), *Lot.Status.choices])
    reason = ReasonField(example="recall notice of Nov 20")

    def __init__(self, *args: Any, roles: Collection[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.roles = roles
        if not self.decides:
            self.fields["status"].widget = forms.HiddenInput()
            self.initial["status"] = Lot.Status.QUARANTINED
            self.fields["reason"] = ReasonField(example="the carton came wet")

    @property
    def decides(self) -> bool:
        """Whether the person may recall and release, too."""
        return MANAGER in self.roles

    def change(self, lot: Lot, by: User) -> str:
        """Carry it out, and return the address of the lot. Raises ForManagers."""
        lot_register.set_status(
            lot,
            by=by,
            roles=self.roles,
            status=Lot.Status(self.cleaned_data["status"]),
            reason=self.cleaned_data["reason"],
            now=timezone.now(),
        )
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
