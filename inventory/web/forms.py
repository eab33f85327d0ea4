"""Form fields that answer bad input with a sentence, and the look of every form."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

# C0 and C1 controls but tab and line ends, and halves of surrogate pairs: no database, workbook
# or screen agrees on them.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# A comma that parts thousands, never one that stands for a point.
IN_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", re.ASCII)
EARLIEST_DAY = date(2000, 1, 1)
LATEST_DAY = date(2100, 12, 31)


class Renderer(TemplatesSetting):
    """Renders `{{ form }}` and `{{ form.field.as_field_group }}` in our look."""

    form_template_name = "_form.html"
    field_template_name = "_field.html"


def no_unprintable(value: str) -> None:
    """Raise ValidationError when the text holds characters that cannot be shown."""
    if UNPRINTABLE.search(value):
        raise ValidationError(
            "Expected plain text, but it holds a character that cannot be shown.",
            code="unprintable",
        )


class CleanCharField(forms.CharField):
    """One line or more of text, trimmed, without control characters."""

    default_validators = [*forms.CharField.default_validators, no_unprintable]

    def __init__(self, *, max_length: int = 200, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)


class ReasonField(CleanCharField):
    """Why something was done, in the person's own words; asks that no patient be named."""

    def __init__(self, *, example: str = "", **options: Any) -> None:
        warning = "Never a patient's name."
        options["help_text"] = f"As in: {example}. {warning}" if example else warning
        super().__init__(**options)


class _ExactDecimalField(forms.DecimalField):
    """A decimal at a fixed scale; says what was expected and what came."""

    places = 3
    expected = "a number"

    def __init__(
        self,
        *,
        min_value: Decimal | int | None = 0,
        max_value: Decimal | int | None = Decimal(999_999_999),
        **options: Any,
    ) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        options["widget"].attrs.setdefault("inputmode", "decimal")
        super().__init__(
            min_value=min_value,
            max_value=max_value,
            max_digits=9 + self.places,
            decimal_places=self.places,
            **options,
        )

    def plain(self, text: str) -> str:
        """Return the digits of what was typed, without what people write around them."""
        return text

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = self.plain(value.strip()) if isinstance(value, str) else value
        try:
            number: Decimal | None = super().to_python(typed)
        except ValidationError:
            number = Decimal("NaN")
        if number is not None and not number.is_finite():
            raise ValidationError(
                f"Expected {self.expected}, but got “{_shortened(value)}”.", code="invalid"
            )
        return number


class QuantityField(_ExactDecimalField):
    """An amount in the item's unit, exact to a thousandth."""

    places = 3
    expected = "an amount like 2 or 0.5"


class MoneyField(_ExactDecimalField):
    """Money, exact to the cent; written as people do, "$1,250.50" too."""

    places = 2
    expected = "an amount of money like 12.50"

    def plain(self, text: str) -> str:
        amount = text.removeprefix("$").lstrip()
        return amount.replace(",", "") if IN_THOUSANDS.fullmatch(amount) else amount


class PercentField(_ExactDecimalField):
    """A percentage, exact to a thousandth; "95 %" is 95."""

    places = 3
    expected = "a percentage like 95"

    def plain(self, text: str) -> str:
        return text.removesuffix("%").rstrip()


class UnitCostField(_ExactDecimalField):
    """The cost of one unit, exact to a hundredth of a cent."""

    places = 4
    expected = "a cost like 0.0825"


class AddressField(forms.EmailField):
    """One e-mail address."""

    # In quotes an address may hold what a mail takes for the end of a line.
    default_validators = [*forms.EmailField.default_validators, no_unprintable]

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)

    def run_validators(self, value: Any) -> None:
        try:
            super().run_validators(value)
        except ValidationError:
            raise ValidationError(
                "Expected one e-mail address like orders@example.com, but got"
                f" “{_shortened(value)}”.",
                code="invalid",
            ) from None


class DayField(forms.DateField):
    """A calendar day between 2000 and 2100, picked in the browser's own calendar."""

    def __init__(
        self, *, earliest: date = EARLIEST_DAY, latest: date = LATEST_DAY, **options: Any
    ) -> None:
        widget = forms.DateInput(
            format="%Y-%m-%d",
            attrs={"type": "date", "min": earliest.isoformat(), "max": latest.isoformat()},
        )
        options.setdefault("widget", widget)
        super().__init__(**options)
        self.earliest = earliest
        self.latest = latest

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except (ValidationError, OverflowError):
            raise ValidationError(
                f"Expected a day like 2027-04-30, but got “{_shortened(value)}”.", code="invalid"
            ) from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not self.earliest <= value <= self.latest:
            raise ValidationError(
                f"Expected a day from {self.earliest} to {self.latest}, but got {value}.",
                code="out_of_range",
            )


class MonthField(forms.DateField):
    """A month between 2000 and 2100, as its first day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(
            format="%Y-%m",
            attrs={
                "type": "month",
                "min": f"{EARLIEST_DAY:%Y-%m}",
                "max": f"{LATEST_DAY:%Y-%m}",
                # Not every browser has a calendar of months; the others show a text field.
                "placeholder": "2026-11",
            },
        )
        super().__init__(input_formats=["%Y-%m"], widget=widget, **options)

    def to_python(self, value: Any) -> date | None:
        try:
            month = super().to_python(value)
        except (ValidationError, OverflowError):
            raise ValidationError(
                f"Expected a month like 2026-11, but got “{_shortened(value)}”.", code="invalid"
            ) from None
        if month is not None and not EARLIEST_DAY <= month <= LATEST_DAY:
            raise ValidationError(
                f"Expected a month from {EARLIEST_DAY:%Y-%m} to {LATEST_DAY:%Y-%m}, but got"
                f" {month.year:04}-{month:%m}.",
                code="out_of_range",
            )
        return month


def _shortened(value: Any) -> str:
    text = UNPRINTABLE.sub("", str(value))
    return text if len(text) <= 40 else f"{text[:40]}…"
