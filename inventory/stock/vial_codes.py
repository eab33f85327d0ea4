"""The code on the label of an opened vial: what it says, how it is read, how it is drawn. Pure.

It says "VIAL-1042-49": the number that the vial keeps for as long as it is there, and two check
digits, so that one slip of a finger or of a scanner is never another vial. No other code on a
package looks like it.
"""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import zxingcpp

CODE = re.compile(r"VIAL-([1-9][0-9]{0,18})-([0-9]{2})", re.ASCII)
MODULUS = 97


@dataclass(frozen=True)
class Drawing:
    """A code as dark squares in a grid of `size` by `size`, the quiet zone around it included.

    `path` is the `d` of an SVG path.
    """

    size: int
    path: str


def vial_code(number: int) -> str:
    """Return the code of the vial with this number, as it is drawn and as it is read out."""
    return f"VIAL-{number}-{_check_digits(number)}"


def vial_number(text: str) -> int | None:
    """Return the number of the vial that a scanned or typed text names; None for any other text."""
    found = CODE.fullmatch(text.strip().upper())
    if found is None or found[2] != _check_digits(int(found[1])):
        return None
    return int(found[1])


def drawn(code: str) -> Drawing:
    """Return the code as a Data Matrix: of all codes the smallest that a scanner reads."""
    symbol = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    image = zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=True)
    rows = cast("Any", memoryview(cast("Any", image))).tolist()
    return Drawing(len(rows), "".join(_runs(rows)))


def _check_digits(number: int) -> str:
    # As in an IBAN (ISO 7064): every changed digit and every two swapped neighbours are found.
    return f"{MODULUS + 1 - number * 100 % MODULUS:02}"


def _runs(rows: list[list[int]]) -> list[str]:
    """Return a rectangle for each run of dark squares in a row."""
    path = []
    for y, row in enumerate(rows):
        for shade, squares in groupby(enumerate(row), key=lambda square: square[1]):
            across = [x for x, _ in squares]
            if not shade:
                path.append(f"M{across[0]} {y}h{len(across)}v1h-{len(across)}z")
    return path
