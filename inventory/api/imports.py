"""Files that are brought in: opening stock from the clinic's own sheet."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import BaseModel, BeforeValidator

from inventory.api.auth import ApiRequest, may
from inventory.api.lookups import location_named
from inventory.api.problems import Invalid, Problem
from inventory.api.submissions import IDEMPOTENT, carry_out
from inventory.api.values import UNPRINTABLE, Code
from inventory.imports.stock.record import STOCK
from inventory.imports.unseen_record import import_unseen, report_body
from inventory.imports.upload_record import Upload
from inventory.sheets.cells import FileRefused
from inventory.sheets.reading import MOST_BYTES

router = Router(tags=["Goods in"])
LARGEST = MOST_BYTES // 1024 // 1024


def _said(value: Any) -> Any:
    """A field of a form that is left empty says nothing."""
    return None if value == "" else value


class StockImportForm(Schema):
    """The fields beside the file."""

    location: Annotated[Code | None, BeforeValidator(_said)] = None
    commit: bool = False


class StockImportIn(BaseModel):
    """What was asked, with a hash in place of the file: the same submission has the same."""

    file: str
    location: str | None
    commit: bool


class MessageOut(BaseModel):
    column: str
    text: str


class StockRowOut(BaseModel):
    sheet: str
    row: int
    outcome: str
    item: str | None
    quantity: str | None
    lot: str | None
    expires_on: date | None
    location: str | None
    messages: list[MessageOut]


class OutcomeCounts(BaseModel):
    accept: int
    decide: int
    reject: int
    ignore: int


class StockImportOut(BaseModel):
    rows: list[StockRowOut]
    counts: OutcomeCounts
    already_imported: bool


@router.post(
    "/imports/stock", auth=may(*STOCK.roles), response=StockImportOut, openapi_extra=IDEMPOTENT
)
def stock_import(
    request: ApiRequest, form: Form[StockImportForm], file: File[UploadedFile]
) -> HttpResponse:
    """Say what becomes of each row of a stock sheet; with `commit`, write those accepted.

    Rows that are refused or need a decision stay out. The same file again writes nothing.
    """
    if unknown := sorted(request.POST.keys() - StockImportForm.model_fields.keys()):
        raise Invalid(*((field, "There is no field of this name.") for field in unknown))
    if file.size is None or file.size > MOST_BYTES:
        raise Problem(413, f"Expected a file of at most {LARGEST} MB. Send it in parts.")
    place = location_named("location", form.location) if form.location else None
    name = UNPRINTABLE.sub("", file.name or "") or "file"
    sent = Upload(name, file.read(), place)
    asked = StockImportIn(file=sent.content_hash, location=form.location, commit=form.commit)
    return carry_out(request, asked, lambda: _import(request, sent, form), status=200)


def _import(request: ApiRequest, sent: Upload, form: StockImportForm) -> StockImportOut:
    now = timezone.now()
    try:
        report = import_unseen(
            STOCK,
            sent,
            by=request.auth if form.commit else None,
            now=now,
            today=timezone.localdate(now),
        )
    except FileRefused as refusal:
        raise Invalid(("file", str(refusal))) from refusal
    return StockImportOut.model_validate(report_body(report, STOCK.reported))
