"""On what labels are printed, and which label comes where. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Label = TypeVar("Label")

# A longer name is set smaller, so that none of it is cut off.
LONG_NAME = 48
VERY_LONG_NAME = 90


@dataclass(frozen=True)
class Paper:
    """What the printer holds. `per_page` None: as many labels as a page takes."""

    code: str
    name: str
    per_page: int | None


ROLL = Paper("roll", "Roll, 2¼ × 1¼ in", 1)
SHEET = Paper("sheet", "Sheet of 30, 2⅝ × 1 in", 30)
PLAIN = Paper("plain", "Plain paper, to cut out", None)
PAPERS = {paper.code: paper for paper in (ROLL, SHEET, PLAIN)}
MOST_ON_A_SHEET = 30


def pages(labels: Sequence[Label], paper: Paper, start: int = 1) -> list[list[Label | None]]:
    """Return the labels page by page; None is left blank.

    `start` is the first free label of a sheet that has been used already, 1 at the top left.
    """
    blank: list[Label | None] = [None] * (start - 1 if paper == SHEET and labels else 0)
    cells = [*blank, *labels]
    per_page = paper.per_page or max(len(cells), 1)
    return [cells[first : first + per_page] for first in range(0, len(cells), per_page)]


def name_size(name: str) -> str:
    """Say whether a name is to be set "usual", "long" or "very-long"."""
    if len(name) > VERY_LONG_NAME:
        return "very-long"
    return "long" if len(name) > LONG_NAME else "usual"
