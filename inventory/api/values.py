"""Texts, days and times in requests and answers. Nothing is guessed: what is unclear is refused."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.utils import timezone
from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from inventory.api.numbers import refuse, shown
from inventory.scanning.symbology import LONGEST_SCAN

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
UNTYPABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
FIRST_YEAR, LAST_YEAR = 1990, 2200
LARGEST_ID = 2**63 - 1

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?\Z"
)


def clean_text(value: Any) -> str:
    """Return the text, trimmed. Refuses characters that cannot be shown or stored."""
    if not isinstance(value, str):
        raise refuse(f"Expected text, but got {shown(value)}.")
    if UNPRINTABLE.search(value):
        raise refuse("Expected plain text, but it holds a character that cannot be shown.")
    return value.strip()


def typed_by_a_scanner(value: Any) -> str:
    """Return the text as it came. Refuses what no scanner types."""
    if not isinstance(value, str) or UNTYPABLE.search(value):
        raise refuse(f"Expected the text of a code, but got {shown(value)}.")
    return value


def read_day(value: Any) -> date:
    """Return the day that a text like 2026-11-22 names."""
    if not isinstance(value, str) or not DAY.match(value):
        raise refuse(f"Expected a day such as 2026-11-22, but got {shown(value)}.")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise refuse(f"There is no day {value}.") from None
    _in_our_time(day)
    return day


def read_time(value: Any) -> datetime:
    """Return the moment that a text like 2026-11-22T10:15:00-06:00 names."""
    match = TIME.match(value) if isinstance(value, str) else None
    if match is None:
        raise refuse(f"Expected a time such as 2026-11-22T10:15:00-06:00, but got {shown(value)}.")
    if match["offset"] is None:
        raise refuse(
            f"Expected a time with its offset, such as {shown(value)}-06:00: without it nobody"
            " knows which moment is meant."
        )
    try:
        moment = datetime.fromisoformat(value.upper().replace(",", "."))
    except ValueError:
        raise refuse(f"There is no time {shown(value)}.") from None
    _in_our_time(moment)
    return moment.astimezone(UTC)


def read_start(value: Any) -> datetime:
    """Return the moment at which a day begins in the clinic, or the time itself."""
    if isinstance(value, str) and DAY.match(value):
        day = read_day(value)
        return timezone.make_aware(datetime(day.year, day.month, day.day)).astimezone(UTC)  # noqa: DTZ001
    # A + that was not escaped arrives as a space.
    return read_time(re.sub(r" (?=[0-9]{2}:?[0-9]{2}\Z)", "+", value))


def _in_our_time(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refuse(f"Expected a year from {FIRST_YEAR} to {LAST_YEAR}, but got {day.year}.")


def read_id(value: Any) -> int:
    """Return a number that a row may have."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_ID:
        raise refuse(f"Expected a whole number as the answers give it, but got {shown(value)}.")
    return int(value)


PLAIN = BeforeValidator(clean_text)
Code = Annotated[str, PLAIN, Field(min_length=1, max_length=64)]
"""A short code that the clinic chose, a lot number, or an order code."""
Name = Annotated[str, PLAIN, Field(min_length=1, max_length=200)]
Reason = Annotated[str, PLAIN, Field(min_length=1, max_length=200)]
Word = Annotated[str, PLAIN, Field(max_length=64)]
"""A short text that may be empty."""
Line = Annotated[str, PLAIN, Field(max_length=254)]
"""A line of text that may be empty."""
ScanText = Annotated[str, BeforeValidator(typed_by_a_scanner), Field(max_length=LONGEST_SCAN)]
"""What a scanner types; GS1 codes hold a control character between their parts."""

Id = Annotated[int, BeforeValidator(read_id), WithJsonSchema({"type": "integer", "minimum": 1})]
Day = Annotated[
    date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})
]
Time = Annotated[
    datetime, BeforeValidator(read_time), WithJsonSchema({"type": "string", "format": "date-time"})
]
Start = Annotated[
    datetime,
    BeforeValidator(read_start),
    WithJsonSchema({"type": "string", "examples": ["2026-11-22", "2026-11-22T10:15:00-06:00"]}),
]

Moment = Annotated[
    datetime,
    PlainSerializer(lambda moment: timezone.localtime(moment).isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time in an answer, as the clinic's clock shows it."""
