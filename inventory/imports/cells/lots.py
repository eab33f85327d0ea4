"""A lot number as a text, whatever Excel made of it. Pure."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from inventory.imports.cells.results import BLANK, Blank, Doubtful, Refused, unusable
from inventory.sheets.cell_text import plain, shortened, shown
from inventory.sheets.cells import SheetCell

LONGEST = 64
# Excel keeps fifteen digits of a number and writes zeros for the rest.
EXCEL_DIGITS = 15

NOTHING = frozenset({"", "-", "--", "---", "n/a", "na", "n.a.", "none", "?", "??", "???", "tbd",
                     "unknown", "no lot", "nil", ".", "x", "missing", "no lot #"})  # fmt: skip
SEVERAL = frozenset({"various", "multiple", "mixed", "several", "see box", "see note", "see notes",
                     "on box", "see label", "many", "multi", "see vial", "same"})  # fmt: skip
PREFIX = re.compile(
    r"\s*(?:lot|batch)\b\s*(?:(?:no|number|num)\b)?\.?\s*[#:.]*\s*(?=\S)", re.IGNORECASE
)
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
BETWEEN_LOTS = re.compile(r"\s*(?:[,;&\n|]|\s/\s|\band\b)\s*", re.IGNORECASE)
MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
LIKE_A_DATE = re.compile(
    rf"\d{{1,2}}-{MONTH}(?:-\d{{2,4}})?|{MONTH}-\d{{2,4}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}"
    r"|\d{4}-\d{2}-\d{2}(?:[ t]00:00(?::00)?)?"
)
WITH_EXPIRY = re.compile(
    r"(?P<lot>\S.*?)[\s,;/(]+(?:exp(?:ir(?:es|y))?\b\.?[:\s]*.+|\d{1,2}/(?:\d{1,2}/)?\d{2,4}\)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot number: trimmed, single spaces, upper case; `note` says what was done to read it."""

    number: str
    note: str = ""


ReadLot = Lot | Blank | Doubtful | Refused


def lot_number(text: str) -> str:
    """One lot, one spelling, as the ledger keeps it."""
    return " ".join(text.split()).upper()


def read_lot(cell: SheetCell) -> ReadLot:
    """Read a cell of a lot column."""
    if unusable(cell, "a lot number"):
        return Doubtful(f"{shortened(shown(cell))} is no lot number. What does the label say?")
    value = cell.value
    if value is None:
        return BLANK
    if isinstance(value, str):
        return read_lot_text(value)
    if isinstance(value, date):
        return Doubtful(
            f"Excel turned the lot number into a date ({shown(cell)}). What does the label say?"
        )
    if isinstance(value, bool | time | timedelta):
        return Doubtful(
            f"Excel turned the lot number into {shortened(shown(cell))}. What does the label say?"
        )
    return _number(Decimal(value), cell.number_format)


def _number(value: Decimal, number_format: str) -> ReadLot:
    if not value.is_finite():
        return Doubtful(f"{value} is no lot number. What does the label say?")
    if value != value.to_integral_value():
        return Lot(f"{value.normalize():f}")
    text = str(int(value))
    if len(text) > EXCEL_DIGITS:
        return Doubtful(
            f"The lot number was typed as a number, and Excel keeps only {EXCEL_DIGITS} digits"
            f" ({text}). What does the label say?",
            (text,) if len(text) <= LONGEST else (),
        )
    if re.fullmatch("0+", number_format):
        # The cell shows leading zeros that the number does not have.
        text = text.zfill(len(number_format))
    return Lot(text)


@lru_cache(maxsize=20_000)
def read_lot_text(written: str) -> ReadLot:
    """Read a text of a lot column."""
    text = plain(written)
    if text in NOTHING:
        return BLANK
    if text in SEVERAL:
        return Doubtful(f"{shortened(written)} names no lot. What does the label say?")
    if LIKE_A_DATE.fullmatch(text):
        return Doubtful(
            f"{shortened(written)} is a date: Excel may have made it of the lot number. What does"
            " the label say?"
        )
    if SCIENTIFIC.fullmatch(text):
        return Doubtful(
            f"Excel shortened the lot number to {written.strip()}, so digits are lost. What does"
            " the label say?"
        )
    number = lot_number(PREFIX.sub("", written, count=1))
    return _checked(number, written)


def _checked(number: str, written: str) -> ReadLot:
    doubt = _doubt(number, written)
    if doubt is not None:
        return doubt
    if re.fullmatch(r"\d{4,}\.0", number):
        return Lot(number[:-2], note=f"{number} was read as {number[:-2]}.")
    return Lot(number)


def _doubt(number: str, written: str) -> Doubtful | None:
    if with_expiry := WITH_EXPIRY.fullmatch(number):
        alone = with_expiry["lot"].rstrip(" ,;/(-")
        return Doubtful(
            f"{shortened(written)} says more than a lot number. What is the lot?", (alone,)
        )
    several = [part for part in BETWEEN_LOTS.split(number) if part]
    if len(several) > 1:
        return Doubtful(
            f"{shortened(written)} names {len(several)} lots. Say which one this row is, and give"
            " the others a row of their own.",
            tuple(several[:5]),
        )
    sure = number.rstrip("? ")
    if sure != number:
        guesses = (sure,) if sure else ()
        return Doubtful(f"{shortened(written)} is not sure. What does the label say?", guesses)
    if len(number) > LONGEST or not number.isprintable():
        return Doubtful(
            f"Expected a lot number of at most {LONGEST} letters and digits, but got"
            f" {shortened(written)}. What does the label say?"
        )
    return None
