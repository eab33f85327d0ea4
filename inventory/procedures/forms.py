"""Voiding a procedure: why, and what became of its supplies."""

from django import forms

from inventory.procedures.models import Procedure
from inventory.web.forms import ReasonField


class VoidForm(forms.Form):
    """Nothing is chosen for anybody: put back or wasted is for the person to say."""

    reason = ReasonField(
        max_length=200,
        label="Why",
        error_messages={"required": "Say why the procedure is voided."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    supplies = forms.ChoiceField(
        choices=[
            (Procedure.Supplies.RETURNED, "Put back"),
            (Procedure.Supplies.WASTED, "Counted as wasted"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say what became of the supplies: put back, or wasted.",
            "invalid_choice": "Say what became of the supplies: put back, or wasted.",
        },
    )
