"""How the code of a label is drawn. Pure."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import zxingcpp

DATA_MATRIX = "datamatrix"
QR = "qr"


@dataclass(frozen=True)
class Drawing:
    """A code as dark squares in a grid of `size` by `size`, the quiet zone around it included.

    `path` is the `d` of an SVG path.
    """

    size: int
    path: str


def drawn(code: str, symbol: str = DATA_MATRIX) -> Drawing:
    """Return the code as a Data Matrix, of all codes the smallest that a scanner reads, or as QR,
    which the camera of every phone reads."""
    if symbol == QR:
        barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
    else:
        barcode = zxingcpp.create_barcode(
            code, zxingcpp.BarcodeFormat.DataMatrix, force_square=True
        )
    image = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=True)
    rows = cast("Any", memoryview(cast("Any", image))).tolist()
    return Drawing(len(rows), "".join(_runs(rows)))


def _runs(rows: list[list[int]]) -> list[str]:
    """Return a rectangle for each run of dark squares in a row."""
    path = []
    for y, row in enumerate(rows):
        for shade, squares in groupby(enumerate(row), key=lambda square: square[1]):
            across = [x for x, _ in squares]
            if not shade:
                path.append(f"M{across[0]} {y}h{len(across)}v1h-{len(across)}z")
    return path
