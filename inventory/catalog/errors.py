"""Why the catalog refuses. `str()` of each is what the person reads."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; a field of a row is named as in codes.0.value."""

    field: str
    message: str


class CatalogRefusal(Exception):
    """The catalog was left as it was."""


class Taken(CatalogRefusal):
    """Something else has this name, code or order code already."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message

    def within(self, row: str) -> "Taken":
        """Return the same refusal about a field of a row, as in codes.0."""
        return Taken(f"{row}.{self.field}", self.message)


class NotAccepted(CatalogRefusal):
    """What was said cannot be understood or breaks a rule; `errors` holds each field's sentence."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = tuple(errors)

    def within(self, row: str) -> "NotAccepted":
        """Return the same refusal about the fields of a row, as in codes.0."""
        return NotAccepted(
            [FieldError(f"{row}.{error.field}", error.message) for error in self.errors]
        )
