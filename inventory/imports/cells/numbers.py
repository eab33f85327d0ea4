"""Numbers as people type them: 1,200, .25, 1 1/2, two; and those that may mean two things. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

# A fraction, a number with thousands, a decimal: in this order, the longest reading first.
NUMBER = (
    r"(?:\d+(?:\s+|-)\d+/\d+|\d+/\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}(?!\d)|\d*\.\d+|\d+)"
)
FRACTION = re.compile(r"(?:(\d+)(?:\s+|-))?(\d+)/(\d+)\Z")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
EUROPEAN_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+\Z")
EUROPEAN_DECIMAL = re.compile(r"\d+,\d{1,2}\Z")
PLAIN = re.compile(r"(?:\d*\.\d+|\d+\.?)\Z", re.ASCII)
EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}\Z")

WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was read; `other` is what it means where the comma and the full stop are the
    other way round, None where only one reading is there."""

    value: Decimal
    other: Decimal | None = None


def read_number(text: str) -> Number | None:
    """Read one number that fills the text; None where it is none."""
    text = text.strip()
    if fraction := FRACTION.match(text):
        whole, above, below = (int(part or 0) for part in fraction.groups())
        return Number(whole + Decimal(above) / below) if below else None
    if text in WORDS:
        return Number(Decimal(WORDS[text]))
    return _with_signs(text) or _plain_decimal(text)


def _with_signs(text: str) -> Number | None:
    """Read a number with commas, or one whose full stop may stand for thousands."""
    if THOUSANDS.match(text):
        return Number(Decimal(text.replace(",", "")))
    if EUROPEAN_THOUSANDS.match(text):
        return Number(Decimal(text.replace(".", "").replace(",", ".")))
    if EUROPEAN_DECIMAL.match(text):
        return Number(Decimal(text.replace(",", ".")), other=Decimal(text.replace(",", "")))
    if EITHER.match(text):
        return Number(Decimal(text), other=Decimal(text.replace(".", "")))
    return None


def _plain_decimal(text: str) -> Number | None:
    return Number(Decimal(text)) if PLAIN.match(text) else None
