"""Taking a file back: why."""

from django import forms

from inventory.web.forms import ReasonField


class TakeBackForm(forms.Form):
    """Why a file of past procedures was a mistake."""

    reason = ReasonField(
        max_length=200,
        label="Why",
        example="the file of another clinic",
        error_messages={"required": "Say why the file is taken back."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
