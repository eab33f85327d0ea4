"""The zip that a workbook comes in: opened with care, unpacked in a stream, and only so far.

What a stranger's zip says of itself is not believed: bytes are counted as they come out.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from inventory.sheets.cells import FileRefused

MOST_PARTS = 1_000
MOST_UNPACKED_BYTES = 128 * 1024 * 1024
# A sheet of 100,000 rows with a dozen filled columns has two and a half million.
MOST_ELEMENTS = 5_000_000
# Merged cells, links, fonts and whatever else is not a row or a cell of one.
MOST_OTHER_ELEMENTS = 500_000
CHUNK_BYTES = 64 * 1024

ENTRY = b"PK\x01\x02"
ENCRYPTED_FLAG = 0x1
UNREADABLE = (
    ArithmeticError,
    BadZipFile,
    EOFError,
    ExpatError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What the libraries raise for files that are broken, by accident or on purpose."""


@contextmanager
def refused_as(sentence: str) -> Iterator[None]:
    """Turn whatever a broken file makes a library raise into FileRefused."""
    try:
        yield
    except FileRefused:
        raise
    except UNREADABLE as error:
        raise FileRefused(sentence) from error


BROKEN = (
    "Expected a whole workbook, but this file is broken: it may have been cut off on its way."
    " Open it in your spreadsheet program, save it anew as .xlsx and send that."
)
TOO_LARGE_INSIDE = (
    f"Expected a workbook that unpacks to at most {MOST_UNPACKED_BYTES // 1024 // 1024} MB, but"
    " this one unpacks to more. Delete the sheets and columns that are not needed, or send it in"
    " parts."
)
TOO_MANY_ELEMENTS = (
    "Expected a list of stock, but this workbook holds far more than one: delete the sheets,"
    " formats and columns that are not needed, or send it in parts."
)


class Archive:
    """The parts of a zip, by name. One of them serves one reading: what it unpacks is counted."""

    def __init__(self, data: bytes) -> None:
        """Raises FileRefused for a zip that is broken, locked, or made to do harm."""
        if data.count(ENTRY) > MOST_PARTS:
            raise FileRefused(
                f"Expected a workbook of at most {MOST_PARTS:,} parts, but this file has more."
            )
        with refused_as(BROKEN):
            self._zip = ZipFile(BytesIO(data))
        self.names = frozenset(self._zip.namelist())
        self.unpacked = 0
        self.elements = 0
        self.other_elements = 0
        self._check()

    def _check(self) -> None:
        parts = self._zip.infolist()
        if len(self.names) < len(parts):
            raise FileRefused("Expected a workbook, but this file has two parts of the same name.")
        for part in parts:
            _check_part(part)
        if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
            raise FileRefused(TOO_LARGE_INSIDE)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part, piece by piece. Raises FileRefused where it is missing or broken."""
        if name not in self.names:
            raise FileRefused(f"Expected a whole workbook, but its part {name!r} is missing.")
        with refused_as(BROKEN), self._zip.open(name) as part:
            while chunk := part.read(CHUNK_BYTES):
                self.unpacked += len(chunk)
                if self.unpacked > MOST_UNPACKED_BYTES:
                    raise FileRefused(TOO_LARGE_INSIDE)
                yield chunk

    def count_element(self, known: str | None) -> None:
        """Raises FileRefused when the parts that were read hold more than any list of stock."""
        self.elements += 1
        if not known:
            self.other_elements += 1
        if self.elements > MOST_ELEMENTS or self.other_elements > MOST_OTHER_ELEMENTS:
            raise FileRefused(TOO_MANY_ELEMENTS)


def _check_part(part: ZipInfo) -> None:
    if part.flag_bits & ENCRYPTED_FLAG:
        raise FileRefused("Expected an open workbook, but this zip is locked with a password.")
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise FileRefused("Expected a zip as Excel packs it, but this one is packed otherwise.")
    steps = part.filename.replace("\\", "/").split("/")
    if ".." in steps or not steps[0] or ":" in steps[0]:
        raise FileRefused(
            f"Expected a workbook, but this file has a part that leads out of it:"
            f" {part.filename[:80]!r}."
        )
