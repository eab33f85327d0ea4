"""The count of flags that every page's navigation shows."""

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from inventory.attention.shared import pressing_count_of
from inventory.web.roles import roles_of

logger = logging.getLogger(__name__)


def flag_count(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `flag_count`, counted only when a template shows it."""
    return {"flag_count": SimpleLazyObject(lambda: _count(request))}


def _count(request: HttpRequest) -> int:
    # Error pages are rendered with this too: one that cannot count must still say what went wrong.
    try:
        if not hasattr(request, "user") or not roles_of(request):
            return 0
        return pressing_count_of(request, timezone.localdate())
    except DatabaseError:
        logger.warning("The flags could not be counted for the navigation.", exc_info=True)
        return 0
