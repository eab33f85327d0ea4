"""What a remark beside a count means for the row: opened, set aside, count again. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from inventory.imports.cells.dates import last_such_day
from inventory.sheets.cell_text import plain

DAY = (
    r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?"
    r"|[a-z]{3,9}\.? \d{1,2}(?:,? \d{4})?|\d{1,2}[- ][a-z]{3,9}(?:[- ]\d{2,4})?)"
)
OPENED = re.compile(
    rf"\b(?:re-?)?(?:open(?:ed)?|punctured|accessed|first used|spiked|in use)\b"
    rf"(?:\s*(?:on|date|since|vial)?\s*[:@-]?\s*{DAY})?"
)
# Boxes are opened too, and that changes nothing about what is in them.
NOT_A_VIAL = re.compile(
    r"\bopen(?:ed)?\s+(?:box|bx|carton|tray|pack|pkg|case|bag)\b|\b(?:un|not )open"
)
HELD = re.compile(
    r"\b(?:do not use|don'?t use|dnu|set aside|quarantin\w*|recall\w*|on hold|held"
    r"|hold|damag\w*|broken|leak\w*|cracked|contamin\w*|discard|dispose|toss"
    r"|throw (?:out|away)|to waste|to be wasted|return to|defective)\b"
)
COUNT_AGAIN = re.compile(
    r"\b(?:re-?count|count again|re-?check|check (?:count|qty|again)|verify|double[- ]check"
    r"|not sure|unsure|guess|estimate[d]?)\b|\bneeds? count"
)
NOT_STOCK = re.compile(
    r"\b(?:ignore|old count|do not count|don'?t count|used up|all gone|delete|not ours"
    r"|duplicate|thrown (?:out|away)|discarded|wasted|returned|sent back)\b"
)
EXPIRED = re.compile(r"\bexpired\b|\bout of date\b|\boutdated\b")


@dataclass(frozen=True, slots=True)
class Note:
    """What a remark says; `opened_on` is None where it speaks of an opened one without a day."""

    opened: bool = False
    opened_on: date | None = None
    held: bool = False
    count_again: bool = False
    not_stock: bool = False
    expired: bool = False


NO_NOTE = Note()


@lru_cache(maxsize=20_000)
def read_note(written: str, today: date) -> Note:
    """Read the text of a notes column."""
    text = plain(written)
    if not text:
        return NO_NOTE
    opened = None if NOT_A_VIAL.search(text) else OPENED.search(text)
    return Note(
        opened=opened is not None,
        opened_on=last_such_day(opened[1], today) if opened and opened[1] else None,
        held=bool(HELD.search(text)),
        count_again=bool(COUNT_AGAIN.search(text)) or set(text) <= {"?", " ", "!"},
        not_stock=bool(NOT_STOCK.search(text)),
        expired=bool(EXPIRED.search(text)),
    )
