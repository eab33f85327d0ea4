"""Files that Dana uploads, and what she does with their rows."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from inventory.accounts.models import User
from inventory.imports.models import Import, ImportRow
from tests.clinic import dana, gauze, kenalog, lidocaine, needle, place, signed_in

HEADINGS = ("Item", "Quantity", "Lot", "Expires", "Where", "Notes")
Line = Sequence[str]

LIDOCAINE: Line = ("Lidocaine 1% 20 mL multi-dose vial", "2 vials", "A1", "12/2027", "Room 1", "")
NEEDLES: Line = ("Needle 25G 1½ in", "64", "3304123", "2029-09-30", "Room 1", "")
GAUZE: Line = ("gauze-2x2", "1,200", "", "", "Room 1", "")
A_FEW: Line = ("Kenalog-40 1 mL single-dose vial", "a few", "9F7K2", "12/2027", "Room 1", "")
ABOUT_TEN: Line = (
    "Kenalog-40 1 mL single-dose vial",
    "~10 vials",
    "9F7K2",
    "12/2027",
    "Room 1",
    "",
)
TONER: Line = ("Toner cartridge HP 58A", "1", "", "", "Room 1", "")


def clinic() -> None:
    """Four items and two places."""
    for thing in (lidocaine, kenalog, needle, gauze):
        thing()
    place()
    place("storeroom")


def csv_of(*lines: Line, headings: Line = HEADINGS) -> bytes:
    stream = StringIO()
    csv.writer(stream).writerows([headings, *lines])
    return stream.getvalue().encode()


def workbook_of(**sheets: Sequence[Line]) -> bytes:
    """Return a workbook; each sheet begins with the headings."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, lines in sheets.items():
        sheet: Any = book.create_sheet(title.replace("_", " "))
        for line in (HEADINGS, *lines):
            sheet.append(list(line))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def rows_in(content: bytes) -> list[list[Any]]:
    """Return the cells of the first sheet of a workbook."""
    sheet: Any = load_workbook(BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


class Desk:
    """Somebody at a browser who brings files in."""

    def __init__(self, who: User | None = None) -> None:
        self.browser: Client = signed_in(who or dana())

    def upload(
        self, content: bytes, name: str = "stock.csv", place: str = "", kind: str = "stock"
    ) -> Any:
        file = SimpleUploadedFile(name, content)
        return self.browser.post("/imports/add/", {"kind": kind, "file": file, "place": place})

    def uploaded(self, *lines: Line, name: str = "stock.csv", place: str = "") -> Import:
        """Upload rows, agree to the columns as they were guessed, and return the import."""
        return self.matched(self.upload(csv_of(*lines), name, place))

    def matched(self, answer: Any) -> Import:
        assert answer.status_code == 302, answer.text
        upload = Import.objects.get(pk=answer.url.strip("/").split("/")[1])
        if not upload.is_matched:
            self.match(upload)
        upload.refresh_from_db()
        return upload

    def match(self, upload: Import, **changed: str) -> Any:
        """Send the columns as the page shows them, but for what is changed."""
        form = self.browser.get(f"/imports/{upload.pk}/columns/").context["forms"]
        sent = {
            sheet.form.add_prefix(name): field.initial
            for sheet in form.sheets
            for name, field in sheet.form.fields.items()
        }
        return self.browser.post(f"/imports/{upload.pk}/columns/", {**sent, **changed})

    def page(self, upload: Import, **asked: str) -> str:
        answer = self.browser.get(f"/imports/{upload.pk}/", asked)
        assert answer.status_code == 200
        return str(answer.text)

    def answer(self, asked: ImportRow, /, **given: str) -> Any:
        return self.browser.post(f"/imports/{asked.upload_id}/rows/{asked.pk}/", given)

    def confirm_names(self, upload: Import, **others: str) -> Any:
        shown = self.browser.get(f"/imports/{upload.pk}/names/").context["names"]
        keys = [name.key for name, _ in shown]
        return self.browser.post(f"/imports/{upload.pk}/names/", {"shown": keys, **others})

    def commit(self, upload: Import) -> Any:
        return self.browser.post(f"/imports/{upload.pk}/commit/")


def outcomes(upload: Import) -> list[str]:
    """Return what becomes of each row, in the order of the file."""
    return list(upload.rows.values_list("outcome", flat=True))


def row_of(upload: Import, number: int, sheet: str = "") -> ImportRow:
    return upload.rows.get(sheet=sheet, number=number)


def told(row: ImportRow) -> str:
    """Return all that is said of a row."""
    return " ".join(text for _, text in row.messages)
