"""A report's picture: a bar for each of its greatest rows, or for each of its months."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inventory.reports.definition import ZERO, Answer, Picture
from inventory.web.chart import Bar, Row, rows

MOST_BARS = 12
MOST_MONTHS = 24


@dataclass(frozen=True)
class Drawn:
    """The bars, and how many rows have none."""

    picture: Picture
    bars: Sequence[Row]
    left_out: int


def draw(answer: Answer) -> Drawn | None:
    """Return the picture of an answer; None where there is none, or nothing to see."""
    picture = answer.picture
    if picture is None or not any(getattr(row, picture.whole) > 0 for row in answer.rows):
        return None
    shown = _shown(answer.rows, picture)
    bars = rows([_bar(row, picture) for row in shown])
    return Drawn(picture, bars, len(answer.rows) - len(shown))


def _shown(found: Sequence[Any], picture: Picture) -> Sequence[Any]:
    if picture.shown == "last":
        return found[-MOST_MONTHS:]
    if picture.shown == "first":
        return found[:MOST_BARS]
    greatest = sorted(found, key=lambda row: -getattr(row, picture.whole))
    return greatest[:MOST_BARS]


def _bar(row: Any, picture: Picture) -> Bar:
    whole: Decimal = getattr(row, picture.whole)
    part: Decimal = getattr(row, picture.part) if picture.part else ZERO
    label = picture.words(whole)
    of_it = f", {picture.words(part)} {picture.part_words}" if picture.part else ""
    return Bar(row.name, whole, part, label, f"{row.name}: {label}{of_it}")
