"""HIBC: the codes of device makers, as the Health Industry Business Communications Council has
them. Pure.

A primary names the product: "+", four characters of the maker, the maker's own number, a digit for
the packaging level. A secondary says lot, expiry, serial number or quantity; it is a code of its
own, or stands behind the primary and a "/". A check character ends each symbol.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from inventory.catalog.codes import HIBC_ALPHABET, hibc_check_character
from inventory.scanning.gs1 import read_date
from inventory.scanning.scan import Scan, ScanNotUnderstood
from inventory.scanning.symbology import shown

PRIMARY = re.compile(r"\+[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]")
# Lot and serial number; the link to its primary and the check character are taken off before.
LOT = re.compile(r"[A-Z0-9. -]{0,20}")
QUANTITIES = {"8": 2, "9": 5}
SHORTEST_STEM = 6

# After $$ and perhaps a quantity: how many digits the date has, by the flag before it.
DATE_LENGTHS = {"2": 6, "3": 6, "4": 8, "5": 5, "6": 7, "7": 0}
FLAGS_THAT_ARE_MONTHS = ("0", "1")
MONTH_AND_YEAR = 4


@dataclass(frozen=True)
class Secondary:
    """What is said beside the product."""

    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    count: Decimal | None = None


class _Unfit(ValueError):
    """A part of a secondary is not as it has to be; says what was expected."""


def read_hibc(payload: str, text: str) -> Scan:
    """Read a HIBC: a primary, a secondary, or both in one. Raises ScanNotUnderstood."""
    body = _without_check(payload.upper())
    try:
        primary, secondary = _split(body)
    except _Unfit as refusal:
        raise ScanNotUnderstood(f"{refusal}, but got “{shown(payload)}”.") from refusal
    return Scan(
        text=text,
        symbology="hibc",
        # A check character that is a blank does not survive trimming.
        hibc=(primary + hibc_check_character(primary)).strip() if primary else None,
        lot=secondary.lot or None,
        expires_on=secondary.expires_on,
        serial=secondary.serial or None,
        count=secondary.count,
    )


def stem(text: str) -> str:
    """Return maker and product of a HIBC, without packaging level, check character and lot."""
    if not text.startswith("+"):
        return ""
    primary, secondary, _ = text.partition("/")
    found = primary[:-1] if secondary else primary[:-2]
    return found if len(found) >= SHORTEST_STEM else ""


def number_of_maker(primary: str) -> str:
    """Return the maker's own number in a primary with its check character."""
    return stem(primary)[5:]


def each_level(primary: str) -> list[str]:
    """Return the same product's primary at every packaging level, its own included."""
    bodies = [f"{stem(primary)}{level}" for level in range(10)]
    return [(body + hibc_check_character(body)).strip() for body in bodies]


def _without_check(payload: str) -> str:
    strange = sorted(set(payload) - set(HIBC_ALPHABET))
    if strange or len(payload) < 4:
        raise ScanNotUnderstood(
            "Expected a HIBC of letters, digits and - . $ / + % behind its +, but got"
            f" “{shown(payload)}”."
        )
    expected = hibc_check_character(payload[:-1])
    if payload[-1] == expected:
        return payload[:-1]
    if hibc_check_character(payload) == " ":
        return payload
    raise ScanNotUnderstood(
        f"Expected a HIBC that ends with its check character {expected}, but got"
        f" “{shown(payload)}”."
    )


def _split(body: str) -> tuple[str, Secondary]:
    """Return the primary, empty where there is none, and what stands beside it."""
    if body[1] == "$" or body[1].isdigit():
        # Its last character repeats the primary's check character.
        segments = body[1:-1].split("/")
        return "", _secondary(segments)
    primary, *segments = body.split("/")
    if not PRIMARY.fullmatch(primary):
        raise _Unfit(
            "Expected a HIBC with four characters of its maker, the maker's number and a digit"
            " for the packaging level"
        )
    return primary, _secondary(segments) if segments else Secondary()


def _secondary(segments: list[str]) -> Secondary:
    said = _first_segment(segments[0])
    for segment in segments[1:]:
        said = _with_segment(said, segment)
    return said


def _first_segment(segment: str) -> Secondary:
    if segment.startswith("$$+"):
        return _dated(segment[3:], serial=True)
    if segment.startswith("$$"):
        return _dated(segment[2:], serial=False)
    if segment.startswith("$+"):
        return Secondary(serial=_number(segment[2:]))
    if segment.startswith("$"):
        return Secondary(lot=_number(segment[1:]))
    if re.match(r"[0-9]{5}", segment):
        return Secondary(expires_on=_of_julian(segment[:5]), lot=_number(segment[5:]))
    return _with_segment(Secondary(), segment)


def _dated(text: str, *, serial: bool) -> Secondary:
    count = None
    if text[:1] in QUANTITIES:
        digits = text[1 : 1 + QUANTITIES[text[0]]]
        if len(digits) != QUANTITIES[text[0]] or not digits.isdigit():
            raise _Unfit(f"Expected a HIBC with {QUANTITIES[text[0]]} digits of its quantity")
        count, text = Decimal(digits) or None, text[1 + len(digits) :]
    expires_on, rest = _date_first(text)
    number = _number(rest)
    return Secondary(
        lot="" if serial else number,
        serial=number if serial else "",
        expires_on=expires_on,
        count=count,
    )


def _date_first(text: str) -> tuple[date | None, str]:
    """Return the date that a text begins with, by its flag, and what stands behind it."""
    if not text:
        return None, ""
    if text[0] in FLAGS_THAT_ARE_MONTHS:
        month, year = text[:2], text[2:MONTH_AND_YEAR]
        return _day(f"{year}{month}00", text[:MONTH_AND_YEAR]), text[MONTH_AND_YEAR:]
    if text[0] not in DATE_LENGTHS:
        raise _Unfit("Expected a HIBC with a date in one of its formats")
    digits, rest = text[1 : 1 + DATE_LENGTHS[text[0]]], text[1 + DATE_LENGTHS[text[0]] :]
    return _flagged(text[0], digits), rest


def _flagged(flag: str, digits: str) -> date | None:
    if flag == "7":
        return None
    if len(digits) != DATE_LENGTHS[flag]:
        raise _not_a_day(digits)
    if flag == "2":
        return _day(digits[4:6] + digits[:4], digits)
    if flag in "34":
        return _day(digits[:6], digits)
    return _of_julian(digits[:5])


def _day(yymmdd: str, got: str) -> date:
    day = read_date(yymmdd) if len(yymmdd) == 6 else None
    if day is None:
        raise _not_a_day(got)
    return day


def _of_julian(digits: str) -> date:
    """Return the day of two digits for the year and three for the day in it."""
    if len(digits) != 5 or not digits.isdigit():
        raise _not_a_day(digits)
    first = _day(f"{digits[:2]}0101", digits)
    day = first + timedelta(days=int(digits[2:]) - 1)
    if day.year != first.year:
        raise _not_a_day(digits)
    return day


def _with_segment(said: Secondary, segment: str) -> Secondary:
    """Return it with what a further segment says: S serial, 14D expiry, Q quantity; others pass."""
    if segment.startswith("14D"):
        # Eight digits, YYYYMMDD: the century is not left to be counted.
        return replace(said, expires_on=_whole_date(segment[3:]))
    if segment.startswith("S"):
        return replace(said, serial=_number(segment[1:]))
    if segment.startswith("Q") and segment[1:].isdigit() and len(segment) <= 6:
        return replace(said, count=Decimal(segment[1:]) or None)
    return said


def _whole_date(digits: str) -> date:
    try:
        return date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError as error:
        raise _not_a_day(digits) from error


def _number(text: str) -> str:
    if not LOT.fullmatch(text):
        raise _Unfit("Expected a HIBC with a lot of at most 20 letters and digits")
    return text.strip()


def _not_a_day(got: str) -> _Unfit:
    return _Unfit(f"Expected a HIBC with a date that is in the calendar, not “{got}”")
