"""Which column of a table is which field, by its heading. Pure; knows no kind of import."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from inventory.imports.planned import Field
from inventory.sheets.cell_text import plain

WHOLE = 1000
LONGEST_HEADING = 48
NO_WORD = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=20_000)
def heading_words(heading: str) -> str:
    """A heading in one spelling: lower case, no signs, single spaces. "Lot #" is "lot"."""
    return NO_WORD.sub(" ", plain(heading)).strip()


def layout_key(headings: Sequence[str]) -> str:
    """The key under which the mapping of such a table is remembered; case and signs do not count,
    nor do empty columns at the end."""
    words = [heading_words(heading) for heading in headings]
    while words and not words[-1]:
        words.pop()
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def score(heading: str, field: Field) -> int:
    """How well a heading names a field; 0 where it does not."""
    words = heading_words(heading)
    if not words or len(words) > LONGEST_HEADING:
        return 0
    best = 0
    for known in (field.title, *field.headings):
        spelt = heading_words(known)
        if not spelt:
            continue
        if words == spelt:
            return WHOLE
        if f" {spelt} " in f" {words} " and not set(field.unlike) & set(words.split()):
            # What a heading begins or ends with says more than what stands inside.
            edge = words.startswith(f"{spelt} ") + words.endswith(f" {spelt}")
            best = max(best, 10 * len(spelt) + edge)
    return best


def guess_columns(headings: Sequence[str], fields: Iterable[Field]) -> dict[str, int]:
    """Return the column of each field that a heading names; each column is one field at most."""
    scored = [
        (-points, place, column, field.name)
        for place, field in enumerate(fields)
        for column, heading in enumerate(headings)
        if (points := score(heading, field))
    ]
    columns: dict[str, int] = {}
    for _, _, column, name in sorted(scored):
        if name not in columns and column not in columns.values():
            columns[name] = column
    return columns


def missing_fields(columns: Mapping[str, int], fields: Iterable[Field]) -> list[Field]:
    """The fields without which no row can be read, and that have no column."""
    return [field for field in fields if field.required and field.name not in columns]
