"""The open flags of a request: a page and its navigation read them once."""

from datetime import date
from typing import Any, cast

from django.http import HttpRequest

from inventory.attention.flags import open_flags
from inventory.attention.sentences import Flag


def open_flags_of(request: HttpRequest, today: date) -> list[Flag]:
    """Return `open_flags(today)` of the whole clinic, read when it is first asked for."""
    known: list[Flag] | None = getattr(request, "open_flags", None)
    if known is None:
        known = open_flags(today)
        cast("Any", request).open_flags = known
    return known
