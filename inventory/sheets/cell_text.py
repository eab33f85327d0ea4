"""The text of a cell: as a person sees it, and brought to one spelling for reading. Pure."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from inventory.sheets.cells import CellValue, SheetCell
from inventory.web.decimals import plain as plain_number

LONGEST_SHOWN = 60

SPELLINGS = str.maketrans(
    {
        "×": "x",
        "✕": "x",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "⁄": "/",
        "“": '"',
        "”": '"',
        "″": '"',
        "„": '"',
        "’": "'",
        "‘": "'",
        "′": "'",
        "≈": "~",
        "≥": ">",
        "≤": "<",
        "®": " ",
        "™": " ",
        "©": " ",
        "µ": "u",
        "μ": "u",
    }
)
VULGAR_FRACTION = re.compile(r"(\d?)([½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚])")
SPACES = re.compile(r"\s+")
# What Excel's formats hold beside the letters of a date: [$-409], "text", \-, a colour.
NOT_A_DATE_LETTER = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|_.|general")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Bring a text to one spelling: lower case, no accents, plain dashes, quotes and fractions,
    single spaces. 1½ becomes "1 1/2"."""
    text = VULGAR_FRACTION.sub(_fraction, text).translate(SPELLINGS)
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return SPACES.sub(" ", bare.casefold().translate(SPELLINGS)).strip()


def _fraction(match: re.Match[str]) -> str:
    whole, sign = match.groups()
    written = unicodedata.normalize("NFKC", sign).replace("⁄", "/")
    return f"{whole} {written}" if whole else written


def shown(cell: SheetCell) -> str:
    """The cell as a person reads it; what a formula did not store is its text."""
    if cell.value is None:
        return cell.formula
    return shown_value(cell.value, cell.number_format)


def shown_value(value: CellValue, number_format: str = "General") -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | Decimal):
        return _shown_number(Decimal(value), number_format)
    return _shown_day(value, number_format) if isinstance(value, date) else str(value)


def _shown_number(value: Decimal, number_format: str) -> str:
    if not value.is_finite():
        return str(value)
    return f"{plain_number(value * 100)}%" if "%" in number_format else plain_number(value)


def _shown_day(value: date, number_format: str) -> str:
    parts = date_parts(number_format)
    if parts == "my":
        return f"{value:%b} {value.year:04}"
    if parts == "dm":
        return f"{value.day}-{value:%b}"
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat()


@lru_cache(maxsize=1_000)
def date_parts(number_format: str) -> str:
    """Which of day, month and year a format shows, as in "dmy" or "my"; all where it says none."""
    letters = NOT_A_DATE_LETTER.sub("", number_format.casefold())
    parts = "".join(letter for letter in "dmy" if letter in letters)
    return parts or "dmy"


def shortened(text: str) -> str:
    """The text in quotation marks, for a sentence; what is long is cut."""
    text = SPACES.sub(" ", text).strip()
    return f"“{text}”" if len(text) <= LONGEST_SHOWN else f"“{text[:LONGEST_SHOWN]}…”"
