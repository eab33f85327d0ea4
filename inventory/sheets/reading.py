"""Files that strangers send, as rows of typed cells: workbooks (.xlsx) and text (.csv).

What a file is, its content says; its name is only used to speak of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from inventory.sheets import csv_text, xlsx_plan, xlsx_rows
from inventory.sheets.cells import ILLEGAL, FileRefused, SheetRow

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 80
BYTES_TO_JUDGE_BY = 1024

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Microsoft's older container, for .xls and for whatever has a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_EXCEL = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
OTHER_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"{\\rtf", "a Word document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
)
WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<table", b"<body")
XML = b"<?xml"


@dataclass(frozen=True)
class SheetFile:
    """A file that can be read. `titles` are the sheets that can be seen, in order; plain text has
    one, whose title is empty."""

    titles: tuple[str, ...]
    hidden_titles: tuple[str, ...] = ()
    _rows: Callable[[], Iterator[SheetRow]] = field(default=lambda: iter(()), repr=False)

    def rows(self) -> Iterator[SheetRow]:
        """Yield the rows that hold something, sheet after sheet; each call reads anew.

        Raises FileRefused, in the middle of it too.
        """
        return self._rows()


def open_file(data: BinaryIO | bytes, name: str) -> SheetFile:
    """Return what can be read of the file. Raises FileRefused: what was expected, what came."""
    content = data if isinstance(data, bytes) else data.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileRefused(
            f"Expected a file of at most {MOST_BYTES // 1024 // 1024} MB, but {_called(name)} is"
            " larger. Send it in parts."
        )
    if content.startswith(ZIP):
        plan = xlsx_plan.read_plan(content)
        return SheetFile(
            plan.titles, plan.hidden_titles, partial(xlsx_rows.read_rows, content, plan)
        )
    _refuse_other_kinds(content, name)
    manner = csv_text.read_manner(content)
    return SheetFile((csv_text.TITLE,), (), partial(csv_text.read_rows, content, manner))


def _refuse_other_kinds(content: bytes, name: str) -> None:
    if not content.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        raise FileRefused(f"Expected a workbook or text with rows, but {_called(name)} is empty.")
    if content.startswith(OLE):
        raise FileRefused(_ole(content))
    if kind := _other_kind(content):
        raise FileRefused(
            f"Expected a workbook (.xlsx) or text (.csv), but {_called(name)} is {kind}."
        )


def _ole(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return (
            "Expected an open workbook, but this one is encrypted with a password. In Excel, choose"
            " File, Info, Protect Workbook, Encrypt with Password, empty the password, save and"
            " send that."
        )
    if any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        return (
            "Expected a workbook saved as .xlsx, but this is one of the older kind (.xls). Save it"
            " as .xlsx and send that."
        )
    return "Expected a workbook (.xlsx) or text (.csv), but this is an older Office document."


def _other_kind(content: bytes) -> str | None:
    beginning = content[:BYTES_TO_JUDGE_BY].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if beginning.startswith(WEB_PAGE) or (beginning.startswith(XML) and b"<html" in beginning):
        return "a web page. Open it in Excel, save it as .xlsx and send that"
    if beginning.startswith(XML):
        return "an XML file. Open it in Excel, save it as .xlsx and send that"
    if content.startswith(OLD_EXCEL):
        return "a workbook of the older kind (.xls). Save it as .xlsx and send that"
    return next((kind for start, kind in OTHER_KINDS if content.startswith(start)), None)


def _called(name: str) -> str:
    return f"“{ILLEGAL.sub('', name)[:LONGEST_NAME] or 'the file'}”"
