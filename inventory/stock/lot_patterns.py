"""Which lot numbers a pattern means: one number, all that begin alike, or every lot.

A pattern is a number as `normalize_lot_number` leaves it, with a * behind what only begins it; a
* alone is every lot. A function of its arguments alone.
"""

import re

from inventory.stock.requests import normalize_lot_number

EVERY_LOT = "*"
LONGEST_NUMBER = 64
MOST_PATTERNS = 200

BETWEEN = re.compile(r"[,;\r\n]+")
NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
ALIKE = str.maketrans("OIL", "011")
RUN = re.compile(r"[0-9]{2}\Z")


class PatternNotUnderstood(ValueError):
    """The text is no list of lot numbers; `str()` says what was expected and what came."""


def read_patterns(text: str) -> tuple[str, ...]:
    """Read lot numbers, one a line or with commas between them; raises PatternNotUnderstood."""
    patterns = dict.fromkeys(filter(None, map(normalize_lot_number, BETWEEN.split(text))))
    if len(patterns) > MOST_PATTERNS:
        raise PatternNotUnderstood(
            f"Expected at most {MOST_PATTERNS} lot numbers, but got {len(patterns)}."
        )
    return tuple(dict.fromkeys(map(_pattern, patterns)))


def matches(pattern: str, number: str) -> bool:
    """Say whether the pattern means this lot number, to the letter."""
    if pattern.endswith("*"):
        return number.startswith(pattern[:-1])
    return number == pattern


def resembles(pattern: str, number: str) -> bool:
    """Say whether this is not the lot number, but reads so much like it that it may be.

    Spaces, hyphens and the like are passed over; O is read as 0, and I and L as 1.
    """
    wanted, read = _as_read(pattern), _as_read(number)
    if not wanted or matches(pattern, number):
        return False
    return read.startswith(wanted) if pattern.endswith("*") else read == wanted


def runs_on(pattern: str, number: str) -> bool:
    """Say whether the number is the pattern's with a run of two digits behind it: 25-090-DK01 of
    25-090-DK. A notice may mean it without naming it."""
    wanted, read = _as_read(pattern), _as_read(number)
    if not wanted or pattern.endswith("*"):
        return False
    return read[:-2] == wanted and bool(RUN.search(read))


def may_be(pattern: str, number: str) -> bool:
    """Say whether this is not the lot number, but somebody should look at the label."""
    if matches(pattern, number):
        return False
    return resembles(pattern, number) or runs_on(pattern, number)


def _as_read(text: str) -> str:
    return NO_LETTER_OR_DIGIT.sub("", text.upper()).translate(ALIKE)


def _pattern(text: str) -> str:
    begins = text.endswith("*")
    number = normalize_lot_number(text[:-1] if begins else text)
    if "*" in number:
        raise PatternNotUnderstood(
            f"Expected a * at the end of a lot number at most, but got “{_shortened(text)}”."
        )
    if not number:
        raise PatternNotUnderstood("Expected what the lot numbers begin with before the *.")
    if len(number) > LONGEST_NUMBER:
        raise PatternNotUnderstood(
            f"Expected lot numbers of at most {LONGEST_NUMBER} characters, but got"
            f" “{_shortened(text)}”."
        )
    return f"{number}*" if begins else number


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
