"""Short codes in addresses: whatever could not be one is no address at all."""

from django.urls import register_converter
from django.urls.converters import get_converters


class ShortCodeConverter:
    """The name that the clinic gave an item, a place, a supplier or a procedure type."""

    regex = "[a-z0-9]+(?:[-_.][a-z0-9]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def register() -> None:
    """Make `<code:...>` known to addresses; called by each module that has some."""
    if "code" not in get_converters():
        register_converter(ShortCodeConverter, "code")
