"""The open flags of a request: a page and its navigation read them once."""

from datetime import date
from typing import Any, cast

from django.http import HttpRequest

from inventory.attention.flags import collapsed, flags_at, open_flags, pressing, pressing_count
from inventory.attention.sentences import Flag
from inventory.catalog.models import Location


def open_flags_of(
    request: HttpRequest, today: date, location: Location | None = None
) -> list[Flag]:
    """Return `open_flags(today, location)`; those of the clinic are read when first asked for."""
    known: list[Flag] | None = getattr(request, "open_flags", None)
    if known is None:
        known = open_flags(today)
        cast("Any", request).open_flags = known
    return known if location is None else flags_at(location, known)


def pressing_count_of(request: HttpRequest, today: date) -> int:
    """Return how many flags cannot wait: of those that the page has read, if it has."""
    if hasattr(request, "open_flags"):
        return len(pressing(collapsed(open_flags_of(request, today))))
    return pressing_count(today)
