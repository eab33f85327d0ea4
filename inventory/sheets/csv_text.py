"""A text file of rows: UTF-8 or UTF-16, parted by commas, semicolons or tabs; all is text."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import islice

from inventory.sheets.cells import EMPTY, FileRefused, SheetCell, SheetRow

MOST_ROWS = 100_000
MOST_COLUMNS = 256
LONGEST_TEXT = 32_767
LONGEST_LINE = 1_000_000
# A quotation mark that is never closed would swallow the rest of the file.
MOST_LINES_OF_A_ROW = 1_000
LINES_TO_JUDGE_BY = 20
DELIMITERS = (",", ";", "\t")
TITLE = ""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
QUOTED = re.compile(r'"[^"]*"')
# Group separators stand in the text of a scanned code.
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
CHUNK_CHARACTERS = 64 * 1024

SAVE_AS = "In Excel, save it as “CSV UTF-8” or as a workbook (.xlsx) and send that."


@dataclass(frozen=True)
class Manner:
    """How a text file is written."""

    encoding: str
    delimiter: str


def read_manner(data: bytes) -> Manner:
    """Return how the text is written. Raises FileRefused for what is no text."""
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    _check_text(data, encoding)
    with _opened(data, encoding) as stream:
        lines = list(islice(_lines(stream), LINES_TO_JUDGE_BY))
    bare = QUOTED.sub("", "".join(lines))
    return Manner(encoding, max(DELIMITERS, key=bare.count))


def read_rows(data: bytes, manner: Manner) -> Iterator[SheetRow]:
    """Yield the rows that hold something, numbered as a spreadsheet program would number them.

    Raises FileRefused, in the middle of it too, where a row or the file is too large.
    """
    count = 0
    with _opened(data, manner.encoding) as stream:
        lines = _RowLines(stream)
        records = csv.reader(lines, delimiter=manner.delimiter)
        for number in range(1, len(data) + 2):
            record = lines.next_record(records)
            if record is None:
                return
            if cells := _cells(number, record):
                count += 1
                if count > MOST_ROWS:
                    raise FileRefused(
                        f"Expected at most {MOST_ROWS:,} rows, but this file has more."
                        " Send it in parts."
                    )
                yield SheetRow(TITLE, number, cells)


class _RowLines:
    """The lines of a text for the csv module, with bounds on each row made of them."""

    def __init__(self, stream: TextIOWrapper) -> None:
        self._lines = _lines(stream)
        self._read = 0
        self._first = 0

    def __iter__(self) -> "_RowLines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._read += 1
        if self._read - self._first > MOST_LINES_OF_A_ROW:
            raise self._unclosed()
        return line

    def next_record(self, records: Iterator[list[str]]) -> list[str] | None:
        """Return the next row, None after the last. Raises FileRefused for one without an end."""
        self._first = self._read
        try:
            return next(records, None)
        except csv.Error as error:
            # A field too long for the module: either one line has it, or it swallowed the next.
            one_line = self._read == self._first + 1
            raise (_too_long(self._read) if one_line else self._unclosed()) from error

    def _unclosed(self) -> FileRefused:
        return FileRefused(
            f'Expected a closing quotation mark (") for each opening one, but from line'
            f" {self._first + 1} on one is missing."
        )


def _cells(number: int, record: list[str]) -> tuple[SheetCell, ...]:
    while record and not record[-1]:
        record.pop()
    if len(record) > MOST_COLUMNS:
        raise FileRefused(
            f"Expected at most {MOST_COLUMNS} columns, but row {number} has {len(record):,}."
        )
    if any(len(text) > LONGEST_TEXT for text in record):
        raise _too_long(number)
    return tuple(SheetCell(text) if text else EMPTY for text in record)


def _too_long(row: int) -> FileRefused:
    return FileRefused(
        f"Expected cells of at most {LONGEST_TEXT:,} characters, but row {row} has a longer one."
    )


def _opened(data: bytes, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(data), encoding=encoding, newline="")


def _lines(stream: TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise FileRefused(
                f"Expected lines of at most {LONGEST_LINE:,} characters, but line {number} is"
                " longer."
            )
        yield line


def _check_text(data: bytes, encoding: str) -> None:
    try:
        with _opened(data, encoding) as stream:
            while text := stream.read(CHUNK_CHARACTERS):
                if found := CONTROL.search(text):
                    raise FileRefused(_binary(found[0]))
    except UnicodeDecodeError as error:
        raise FileRefused(
            f"Expected text in UTF-8, but this file is written in another encoding. {SAVE_AS}"
        ) from error


def _binary(character: str) -> str:
    what = "NUL bytes" if character == "\0" else f"the control character {ord(character)}"
    return f"Expected plain text, but this file has {what} in it. {SAVE_AS}"
