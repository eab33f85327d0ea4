"""Collect what is wrong with the fields of a form or an API body, a sentence each.

Pure: no query, no clock.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from inventory.catalog.errors import FieldError, NotAccepted
from inventory.catalog.models import slug as slug_rule
from inventory.web.forms import UNPRINTABLE
from inventory.web.words import quantity_words

MOST = Decimal(999_999_999)
SLUG = cast("re.Pattern[str]", slug_rule.regex)
ONE_LINE = re.compile(r"\s+")


class Checks:
    """Each method returns the tidy value, or notes what is wrong and returns what came."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def refuse(self, field: str, message: str) -> None:
        """Note a sentence about a field; only the first one about it counts."""
        if not self.has(field):
            self.errors.append(FieldError(field, message))

    def has(self, *fields: str) -> bool:
        """Say whether something is wrong with one of these fields."""
        return any(error.field in fields for error in self.errors)

    def done(self) -> None:
        """Raise NotAccepted when something is wrong."""
        if self.errors:
            raise NotAccepted(self.errors)

    def text(self, field: str, value: str, *, longest: int, required: bool = False) -> str:
        """One line of plain text, trimmed."""
        if UNPRINTABLE.search(value):
            self.refuse(
                field, "Expected plain text, but it holds a character that cannot be shown."
            )
            return value
        tidy = ONE_LINE.sub(" ", value).strip()
        if required and not tidy:
            self.refuse(field, "Expected a text, but got nothing.")
        if len(tidy) > longest:
            self.refuse(field, f"Expected at most {longest} characters, but got {len(tidy)}.")
        return tidy

    def slug(self, field: str, value: str) -> str:
        """A short code such as lido-1-20, the name that URLs and the API use."""
        tidy = self.text(field, value, longest=64, required=True)
        if not self.has(field) and not SLUG.search(tidy):
            self.refuse(
                field,
                "Expected lower-case letters and digits with single hyphens between them, as in"
                f" lido-1-20, but got “{tidy}”.",
            )
        return tidy

    def choice(self, field: str, value: str, values: Iterable[str]) -> str:
        """One of the given words."""
        known = list(values)
        if value not in known:
            shown = UNPRINTABLE.sub("", value)[:40]
            self.refuse(field, f"Expected one of {', '.join(known)}, but got “{shown}”.")
        return value

    def email(self, field: str, value: str) -> str:
        """An e-mail address, or nothing."""
        tidy = self.text(field, value, longest=254)
        if tidy and not self.has(field):
            try:
                validate_email(tidy)
            except ValidationError:
                self.refuse(
                    field, f"Expected an address like orders@example.com, but got “{tidy}”."
                )
        return tidy

    def whole(self, field: str, value: int, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        if not least <= value <= most:
            self.refuse(
                field, f"Expected a whole number from {least} to {most:,}, but got {value}."
            )
        return value

    def amount(
        self, field: str, value: Decimal | None, *, places: int = 3, above_zero: bool = False
    ) -> Decimal | None:
        """An exact amount of at most `places` decimals, zero or more; None passes."""
        if value is None:
            return None
        if not value.is_finite() or abs(value) > MOST:
            self.refuse(field, f"Expected an amount up to {MOST:,}.")
        elif value < 0 or (above_zero and value == 0):
            least = "above 0" if above_zero else "of 0 or more"
            self.refuse(field, f"Expected an amount {least}, but got {quantity_words(value)}.")
        elif value != round(value, places):
            self.refuse(
                field,
                f"Expected an amount of at most {places} decimals, but got {value.normalize():f}.",
            )
        return value

    def multiple(
        self, field: str, value: Decimal | None, *, unit: str, container_volume: Decimal | None
    ) -> None:
        """What can be packed: whole pieces of `each`, and whole containers where there are any."""
        if value is None or self.has(field):
            return
        if container_volume and value % container_volume:
            self.refuse(
                field,
                f"Expected whole containers, a multiple of {quantity_words(container_volume)}"
                f" {unit}, but got {quantity_words(value)} {unit}.",
            )
        elif unit == "each" and value % 1:
            self.refuse(
                field, f"Expected a whole number of pieces, but got {quantity_words(value)}."
            )
