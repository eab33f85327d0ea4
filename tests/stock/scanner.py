"""A scanner for what a page draws: it reads a code from its dark and its light squares."""

import re
from typing import Any

import zxingcpp

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")
# The page has icons too.
DRAWING = re.compile(
    r'viewBox="0 0 (\d+) \d+"(?:(?!</svg>).)*?<path d="(M\d+ \d+h\d+v1h[^"]*)"', re.DOTALL
)
SCALE = 6


def scanned(page: str) -> list[str]:
    """Read every code of a page, in its order."""
    return [_read(int(size), path) for size, path in DRAWING.findall(page)]


def _read(size: int, path: str) -> str:
    rows = [bytearray(b"\xff" * size) for _ in range(size)]
    for x, y, width in (map(int, run) for run in RUN.findall(path)):
        rows[y][x : x + width] = bytes(width)
    pixels = bytes(
        shade for row in rows for _ in range(SCALE) for shade in row for _ in range(SCALE)
    )
    image: Any = memoryview(pixels).cast("B", (size * SCALE, size * SCALE))
    [found] = zxingcpp.read_barcodes(image)
    return found.text
