"""What a reader returns where a cell holds no value that can be taken as it stands. Pure."""

import re
from dataclasses import dataclass

from inventory.sheets.cell_text import shortened
from inventory.sheets.cells import SheetCell

ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing is said: the cell is empty, or holds a dash or n/a. That is not zero."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It may be read in more than one way, or in none that is sure; a person has to say.

    `guesses` are readings as a person could type them, the likeliest first.
    """

    sentence: str
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be what the column is for."""

    sentence: str


BLANK = Blank()


def unusable(cell: SheetCell, wanted: str) -> Refused | None:
    """Say why nothing can be read of a formula without a result, or of an error."""
    if cell.value is None and cell.formula:
        return Refused(
            f"Expected {wanted}, but got the formula {shortened(cell.formula)} without a stored"
            " result. Type the value instead."
        )
    if isinstance(cell.value, str) and ERRORS.match(cell.value.strip()):
        return Refused(f"Expected {wanted}, but got Excel's error {cell.value.strip()}.")
    return None
