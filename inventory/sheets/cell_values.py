"""What stands in a cell of a workbook's XML, as a value. Pure."""

import re
from datetime import datetime, time, timedelta
from decimal import Context, Decimal
from functools import lru_cache

from inventory.sheets.cells import ILLEGAL, CellValue

# Excel keeps fifteen digits; its XML says 2.2999999999999998 for a 2.3 that was typed.
EXCEL_NUMBERS = Context(prec=15, Emax=308, Emin=-307, traps=[])
LONGEST_NUMBER = 350
MOST_DIGITS_OF_A_WHOLE_NUMBER = 15

EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zone
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
# Excel believes in 29 February 1900, its day 60.
LEAP_DAY_THAT_NEVER_WAS = 60
MILLISECONDS_A_DAY = 24 * 60 * 60 * 1000
MOST_DAYS = 2_958_466

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def number(text: str) -> int | Decimal | str:
    """Return a number as it was typed: 12 and 12.0 are an int. What is none is left as text."""
    if len(text) <= MOST_DIGITS_OF_A_WHOLE_NUMBER and text.isdecimal():
        return int(text)
    if len(text) > LONGEST_NUMBER:
        return text
    value = EXCEL_NUMBERS.create_decimal(text)
    if not value.is_finite():
        return text
    if value.adjusted() < MOST_DIGITS_OF_A_WHOLE_NUMBER and value == value.to_integral_value():
        return int(value)
    return value.normalize(EXCEL_NUMBERS)


def moment(text: str, epoch: datetime) -> CellValue:
    """Return what a number shown as a date means: a time of day below 1, else a day and time.

    A number that is no day between 1900 and 9999 is left as text, which no one takes for one.
    """
    return text if len(text) > LONGEST_NUMBER else _moment(text, epoch)


def duration(text: str) -> CellValue:
    """Return what a number shown as [h]:mm means; text where it is beyond all time."""
    days = number(text)
    if isinstance(days, str) or not -MOST_DAYS < days < MOST_DAYS:
        return text
    return _length(days)


def iso_moment(text: str) -> CellValue:
    """Return the day and time of a cell that holds 2028-01-31T08:30; other text as it is."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text


def truth(text: str) -> CellValue:
    """Return True for 1 and False for 0; other text as it is."""
    return {"1": True, "true": True, "0": False, "false": False}.get(text, text)


def plain_text(text: str) -> str:
    """Return text without the escapes that the XML has for what it cannot carry: _x000D_."""
    return ESCAPED.sub(_unescaped, text) if "_x" in text else text


# The same days come again and again in a list of expiry dates.
@lru_cache(maxsize=4096)
def _moment(text: str, epoch: datetime) -> CellValue:
    days = number(text)
    if isinstance(days, str) or not 0 <= days < MOST_DAYS:
        return text
    if epoch == EPOCH_1900 and 1 <= days < LEAP_DAY_THAT_NEVER_WAS:
        days += 1
    try:
        found = epoch + _length(days)
    except OverflowError:
        return text
    return time(found.hour, found.minute, found.second, found.microsecond) if days < 1 else found


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return match[0] if ILLEGAL.match(character) else character


def _length(days: int | Decimal) -> timedelta:
    milliseconds = Decimal(days) * MILLISECONDS_A_DAY
    return timedelta(milliseconds=int(milliseconds.to_integral_value()))
