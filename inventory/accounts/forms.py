"""Signing in, passwords, people and tokens."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from inventory.accounts.models import User
from inventory.accounts.tokens import LONGEST_LABEL
from inventory.web.forms import AddressField, CleanCharField
from inventory.web.roles import MANAGER, NURSE, PURCHASER, VIEWER

LONGEST_PASSWORD = 256
ROLE_CHOICES = [
    (NURSE, "Nurse: logs procedures and moves stock"),
    (MANAGER, "Manager: keeps the catalog, the stock and the people"),
    (PURCHASER, "Purchaser: orders and receives"),
    (VIEWER, "Viewer: looks, and changes nothing"),
]


class SignInForm(AuthenticationForm):
    """Who comes in. The refusal does not say which of the two was wrong."""

    error_messages = {
        "invalid_login": "That username and password do not belong together."
        " Mind capital letters in the password.",
        "inactive": "This sign-in has been ended. A manager can open it again.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"] = _password_field("Password", "current-password")


class NewPasswordForm(PasswordChangeForm):
    """A new password for oneself."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "That is not your password of today.",
        "password_mismatch": "The two new passwords differ. Type the same one twice.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["old_password"] = _password_field("Your password now", "current-password")
        self.fields["new_password1"] = _password_field(
            "New password",
            "new-password",
            help_text=password_validation.password_validators_help_text_html(),
        )
        self.fields["new_password2"] = _password_field("New password again", "new-password")


class TokenForm(forms.Form):
    """What the new token is for."""

    label = CleanCharField(
        label="What is it for?", max_length=LONGEST_LABEL, help_text="For example: ordering tool"
    )


class _PersonForm(forms.Form):
    """What is asked about every person."""

    first_name = CleanCharField(label="First name", max_length=150)
    last_name = CleanCharField(label="Last name", max_length=150)
    email = AddressField(label="E-mail", required=False)
    roles = forms.MultipleChoiceField(
        label="Roles", choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )


class PersonAddForm(_PersonForm):
    """A new person with a first password."""

    username = CleanCharField(
        label="Username",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ["username", "first_name", "last_name", "email", "roles", "password"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"] = _password_field(
            "First password",
            "new-password",
            help_text="Tell it to the person, who can change it under My account.",
        )
        self.fields["roles"].required = True
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = {k: cleaned.get(k, "") for k in ("username", "first_name", "last_name", "email")}
        _check_password(self, cleaned.get("password"), User(**names))
        return cleaned


class PersonEditForm(_PersonForm):
    """What a manager may change about a person."""

    is_active = forms.BooleanField(label="May sign in", required=False)

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        self.fields["password"] = _password_field(
            "New password",
            "new-password",
            required=False,
            help_text="Leave it empty to keep the present one.",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_password(self, cleaned.get("password"), self.person)
        return cleaned


def _password_field(label: str, autocomplete: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **options,
    )


def _check_password(form: forms.Form, password: str | None, person: User) -> None:
    if password:
        try:
            password_validation.validate_password(password, person)
        except ValidationError as weak:
            form.add_error("password", weak)
