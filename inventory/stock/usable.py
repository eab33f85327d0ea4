"""What may be used, defined once. Pure: *today* is an argument.

The expiry day and the beyond-use day themselves are still usable: an expiry date is the last date
on which a product is to be used (Joint Commission, FAQ on multi-dose vials).
`HoldingQuerySet.usable_on` says the same in SQL, and a test holds the two together.
"""

from datetime import date, timedelta

from inventory.web.words import day_words

AVAILABLE = "available"

# An opened multi-dose vial is discarded after 28 days unless its label says shorter or longer
# (Joint Commission, FAQ on multi-dose vials; CDC, questions about multi-dose vials).
DEFAULT_BEYOND_USE_DAYS = 28


def beyond_use_on(opened_on: date, days: int | None, expires_on: date | None) -> date:
    """The last day on which a vial opened that day may be used, never past the maker's date."""
    by_opening = opened_on + timedelta(days=days or DEFAULT_BEYOND_USE_DAYS)
    return by_opening if expires_on is None else min(by_opening, expires_on)


def usable_until(expires_on: date | None, beyond_use_on: date | None) -> date | None:
    """The last usable day, None where there is none."""
    return min((day for day in (expires_on, beyond_use_on) if day is not None), default=None)


def why_not(status: str, expires_on: date | None, beyond_use_on: date | None, today: date) -> str:
    """Why this stock may not be used today, as machines take it; empty when it may."""
    if status != AVAILABLE:
        return status
    if expires_on is not None and expires_on < today:
        return f"expired {expires_on}"
    if beyond_use_on is not None and beyond_use_on < today:
        return f"past beyond-use {beyond_use_on}"
    return ""


def why_words(why: str) -> str:
    """Return what `why_not` says as it is read: "expired Nov 20, 2026"."""
    state, _, day = why.rpartition(" ")
    return f"{state} {day_words(date.fromisoformat(day))}" if state else why
