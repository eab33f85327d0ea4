"""Cells that say one plain thing: a number, money, days, yes or no, one of some words. Pure.

Every function takes the text of a cell as a person reads it, and raises CellNotUnderstood.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from inventory.sheets.cell_text import plain
from inventory.sheets.cell_text import shown as as_read
from inventory.sheets.cells import SheetCell
from inventory.web.forms import UNPRINTABLE

LONGEST_SHOWN = 60
MOST_DIGITS = 18
NUMBER = re.compile(
    r"(?P<sign>-?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<part>[0-9]*))?"
)
MONEY = re.compile(
    r"(?:usd|us\$|\$)?\s*(?P<number>-?[0-9.,]+)\s*(?:usd|\$|dollars?)?", re.IGNORECASE
)
SPAN = re.compile(
    r"(?P<number>[0-9]{1,4})\s*(?P<unit>|d|days?|business days?|w|wks?|weeks?)", re.IGNORECASE
)
SHORTENED_BY_A_PROGRAM = re.compile(r"[0-9]+(?:\.[0-9]+)?e\+?[0-9]+", re.IGNORECASE)
"""1.23E+11: a program took a code for a number, and its last digits are gone."""

SIGNS = re.compile(r"[-_/.,;:()]+")

YES = frozenset({"yes", "y", "true", "t", "x", "1", "ok", "✓", "✔", "☑", "ja", "si", "sí"})
NO = frozenset({"no", "n", "false", "f", "0", "-", "–", "—", "none", "☐"})
NOTHING_SAID = frozenset({"", "-", "–", "—", "n/a", "na", "n.a.", "none", "null", "?", "tbd"})
WEEK_DAYS = 7
DAYS = (
    "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d, %Y", "%b %d %Y", "%B %d, %Y", "%B %d %Y",
    "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%Y/%m/%d", "%m-%d-%Y", "%Y%m%d",
)  # fmt: skip


class CellNotUnderstood(ValueError):
    """`str()` says what was expected and what came."""


def said(cell: SheetCell) -> str:
    """Return what a cell says, as a person reads it, days and times to the minute."""
    value = cell.value
    if isinstance(value, datetime):
        has_time = value.time() != time.min
        return value.isoformat(" ", "minutes") if has_time else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return " ".join(as_read(cell).split())


def shown(text: str) -> str:
    """Return a text as a sentence may quote it."""
    clean = UNPRINTABLE.sub("", text)
    return clean if len(clean) <= LONGEST_SHOWN else f"{clean[:LONGEST_SHOWN]}…"


def key(text: str) -> str:
    """Return a text as words are compared: without case, accents, signs or doubled spaces."""
    return " ".join(SIGNS.sub(" ", plain(text)).split())


def says_nothing(text: str) -> bool:
    """Say whether a cell is empty, or says in some way that there is nothing to say."""
    return text.strip().casefold() in NOTHING_SAID


def number(text: str, expected: str = "a number like 2 or 0.5") -> Decimal:
    """Read 2, 0.5, .5 or 1,200."""
    match = NUMBER.fullmatch(text.strip())
    digits = f"{match['whole']}{match['part'] or ''}" if match else ""
    # So many digits are no amount of anything, and more than can be reckoned with exactly.
    if not match or not digits or len(digits) > MOST_DIGITS:
        raise CellNotUnderstood(f"Expected {expected}, but got “{shown(text)}”.")
    whole = match["whole"].replace(",", "") or "0"
    part = f".{match['part']}" if match["part"] else ""
    return Decimal(f"{match['sign']}{whole}{part}")


def whole_number(text: str, expected: str = "a whole number") -> int:
    """Read 3 or 3.0."""
    exact = number(text, expected)
    if exact % 1:
        raise CellNotUnderstood(f"Expected {expected}, but got “{shown(text)}”.")
    return int(exact)


def money(text: str) -> Decimal:
    """Read 75, $75.00, 1,284.00 USD."""
    expected = "an amount of money like 12.50"
    match = MONEY.fullmatch(text.strip())
    if not match:
        raise CellNotUnderstood(f"Expected {expected}, but got “{shown(text)}”.")
    return number(match["number"], expected)


def days(text: str) -> int:
    """Read 3, 3 days or 2 weeks."""
    match = SPAN.fullmatch(text.strip())
    if not match:
        raise CellNotUnderstood(f"Expected a number of days like 3, but got “{shown(text)}”.")
    weeks = match["unit"].casefold().startswith("w")
    return int(match["number"]) * (WEEK_DAYS if weeks else 1)


def day(text: str, expected: str = "a day like 2026-11-22", whole: str = "") -> date:
    """Read 2026-11-22, 11/22/2026 or Nov 22, 2026; a refusal quotes the `whole` cell."""
    tidy = " ".join(text.replace("Sept ", "Sep ").split())
    for pattern in DAYS:
        try:
            return datetime.strptime(tidy, pattern).date()  # noqa: DTZ007 -- a day alone
        except ValueError:
            continue
    raise CellNotUnderstood(f"Expected {expected}, but got “{shown(whole or text)}”.")


def yes_or_no(text: str) -> bool:
    """Read yes, no, true, false, x, y, n."""
    word = text.strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellNotUnderstood(f"Expected yes or no, but got “{shown(text)}”.")


def one_of(text: str, words: Mapping[str, str], choices: Mapping[str, str]) -> str:
    """Read one of `choices` (value to label), by its value, its label or another word for it.

    `words` are these other words, spelled as `key` spells them.
    """
    wanted = key(text)
    for value, label in choices.items():
        if wanted in (key(value), key(label)):
            return value
    if wanted in words:
        return words[wanted]
    expected = ", ".join(label for label in choices.values())
    raise CellNotUnderstood(f"Expected one of {expected}, but got “{shown(text)}”.")
