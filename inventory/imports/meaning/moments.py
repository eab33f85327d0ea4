"""A day and a time of day as people write them, in the clinic's time zone. Pure.

"2026-11-22T10:15:00-06:00", "11/22/2026 10:15 AM", "Nov 22, 2026".
"""

import re
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from inventory.sheets.plain_cells import CellNotUnderstood, day, shown
from inventory.web.forms import EARLIEST_DAY, LATEST_DAY

EXPECTED = "a day and a time like 2026-11-22 10:15"
TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?"
    r"(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"\s*(?P<half>[ap]\.?m?\.?)?",
    re.IGNORECASE,
)
DAY_AND_TIME = re.compile(
    r"(?P<day>.+?)(?:\s+|,\s*|T)(?P<time>[0-9]{1,2}:[0-9]{2}.*|[0-9]{1,2}\s*[ap]\.?m\.?)",
    re.IGNORECASE,
)
NOON, HOURS_OF_A_HALF = 12, 12


@dataclass(frozen=True)
class Moment:
    """When something happened; `has_time` is False where only the day was said."""

    at: datetime
    has_time: bool


def moment_of(text: str) -> Moment:
    """Read a day with or without a time. Raises CellNotUnderstood."""
    try:
        exact = datetime.fromisoformat(text.strip())
    except ValueError:
        exact = None
    if exact and (exact.tzinfo or len(text.strip()) > len("2026-11-22")):
        return _aware(exact, text, has_time=True)
    match = DAY_AND_TIME.fullmatch(text.strip())
    if match:
        on, clock = day(match["day"], EXPECTED, text), time_of(match["time"])
        return _aware(datetime.combine(on, clock), text, has_time=True)
    return _aware(datetime.combine(day(text, EXPECTED), time.min), text, has_time=False)


def at_time(moment: Moment, clock: time) -> Moment:
    """Return the moment at a time of day that another column says."""
    on = timezone.localdate(moment.at)
    return Moment(timezone.make_aware(datetime.combine(on, clock)), has_time=True)


def time_of(text: str) -> time:
    """Read 8:07, 08:07:00, 8:07 AM or 2 pm. Raises CellNotUnderstood."""
    match = TIME.fullmatch(text.strip())
    half = (match["half"] or "").casefold() if match else ""
    if not match or not (match["minute"] or half):
        raise CellNotUnderstood(f"Expected a time like 10:15, but got “{shown(text)}”.")
    hour = int(match["hour"])
    if half:
        if not 1 <= hour <= NOON:
            raise CellNotUnderstood(f"Expected a time like 10:15 AM, but got “{shown(text)}”.")
        hour = hour % NOON + (HOURS_OF_A_HALF if half.startswith("p") else 0)
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        raise CellNotUnderstood(f"Expected a time like 10:15, but got “{shown(text)}”.") from None


def _aware(moment: datetime, text: str, *, has_time: bool) -> Moment:
    if not EARLIEST_DAY <= moment.date() <= LATEST_DAY:
        raise CellNotUnderstood(
            f"Expected a day from {EARLIEST_DAY} to {LATEST_DAY}, but got “{shown(text)}”."
        )
    return Moment(timezone.make_aware(moment) if moment.tzinfo is None else moment, has_time)
