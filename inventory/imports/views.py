"""Bringing files in: the list, the upload, what its columns mean, its rows, the result."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.catalog.models import Item, Location
from inventory.imports.errors import BroughtInBefore
from inventory.imports.filters import ImportFilter
from inventory.imports.forms import UploadForm, item_choices
from inventory.imports.kinds import Kind
from inventory.imports.match_forms import ColumnForms
from inventory.imports.meaning.likeness import names_to_confirm
from inventory.imports.mend import mend_workbook
from inventory.imports.models import KEPT_DAYS, Import
from inventory.imports.planned import Outcome
from inventory.imports.preview import outcome_counts, shown_rows
from inventory.imports.register import KINDS, kind_named
from inventory.imports.tables import ImportTable
from inventory.imports.template import template_workbook
from inventory.imports.upload_record import match_columns, take_in, throw_away
from inventory.procedures.models import Procedure
from inventory.procedures.starter import load_starter
from inventory.sheets.cells import FileRefused
from inventory.sheets.pages import dated_filename, table_page
from inventory.sheets.workbook import xlsx_response
from inventory.stock.models import Movement
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, allow, has_role
from inventory.web.tables import PAGE_SIZE

either = require_http_methods(["GET", "HEAD", "POST"])


@allow(MANAGER)
@require_safe
def import_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show what was brought in, what is open, and the first steps of a new clinic."""
    uploads = Import.objects.defer("content").select_related("uploaded_by", "committed_by")
    return table_page(
        request,
        ImportTable,
        uploads,
        ImportFilter,
        title="Bring in",
        template="imports/import_list.html",
        export_name="imports",
        context={
            "kinds": _kinds(request),
            "has_places": Location.objects.exists(),
            "has_items": Item.objects.exists(),
            "has_stock": Movement.objects.exists(),
            "has_procedures": Procedure.objects.exists(),
        },
    )


@allow(MANAGER)
@require_POST
def import_starter(request: AuthenticatedRequest) -> HttpResponse:
    """Load the starter catalog into the clinic, beside what is there."""
    load_starter(lambda said: messages.success(request, said))
    return redirect("import_list")


@allow(MANAGER)
@require_safe
def import_template(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Download a workbook to fill in, with the clinic's own items and places to pick from."""
    kind = _kind(request, slug)
    name = dated_filename(f"template {kind.title}", timezone.localdate())
    return xlsx_response(template_workbook(kind), name)


@allow(MANAGER)
@either
def import_add(request: AuthenticatedRequest) -> HttpResponse:
    """Take a file in, and go on to its columns or, where they are known, to its rows."""
    kinds = _kinds(request)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, kinds=kinds)
    else:
        asked = request.GET.get("kind", "")
        form = UploadForm(kinds=kinds, initial={"kind": asked or (kinds and kinds[0].code)})
    context: dict[str, Any] = {"title": "Bring in a file", "form": form, "kinds": kinds}
    if form.is_valid():
        kind = _kind(request, form.cleaned_data["kind"])
        now, today = timezone.now(), timezone.localdate()
        try:
            upload = take_in(kind, form.sent(), by=request.user, now=now, today=today)
            return redirect("import_detail", upload.pk)
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        except BroughtInBefore as refusal:
            context["before"], context["refusal"] = refusal.before, str(refusal)
    context["kept_days"] = KEPT_DAYS
    status = 422 if request.method == "POST" else 200
    return render(request, "imports/import_add.html", context, status=status)


@allow(MANAGER)
@either
def import_match(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say what the columns of each sheet mean."""
    upload, kind = open_upload(request, pk)
    sent = request.POST if request.method == "POST" else None
    forms = ColumnForms(upload, kind, sent)
    if sent is not None and forms.are_valid():
        now, today = timezone.now(), timezone.localdate()
        match_columns(upload, kind, forms.matched(), by=request.user, now=now, today=today)
        return redirect("import_detail", upload.pk)
    context = {"title": "What the columns mean", "upload": upload, "kind": kind, "forms": forms}
    status = 422 if sent is not None else 200
    return render(request, "imports/import_match.html", context, status=status)


@allow(MANAGER)
@require_safe
def import_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the rows of an upload with what will become of each; afterwards what became of it."""
    upload = get_object_or_404(_uploads(), pk=pk)
    _kind(request, upload.kind)
    if upload.is_open and not upload.is_matched:
        return redirect("import_match", upload.pk)
    return preview_page(request, upload)


@allow(MANAGER)
@require_safe
def import_mend(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Download the rows that do not go in, with the reasons, to be mended and uploaded again."""
    upload = get_object_or_404(_uploads(), pk=pk)
    workbook = mend_workbook(upload, _kind(request, upload.kind))
    name = dated_filename(f"to mend {upload.file_name}", timezone.localdate())
    return xlsx_response(workbook, name)


@allow(MANAGER)
@require_POST
def import_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Throw an upload away that was not brought in."""
    upload = get_object_or_404(_uploads(), pk=pk)
    if throw_away(upload):
        messages.success(request, f"“{upload}” is thrown away. Nothing was written.")
        return redirect("import_list")
    messages.info(request, f"“{upload}” was brought in already; that is not thrown away.")
    return redirect("import_detail", upload.pk)


def preview_page(
    request: AuthenticatedRequest,
    upload: Import,
    *,
    refusals: dict[int, str] | None = None,
    refusal: str = "",
) -> HttpResponse:
    """Answer with the rows that the address asks for; htmx gets the part that changes."""
    kind = _kind(request, upload.kind)
    asked = request.GET.get("outcome", "")
    outcome = asked if asked in set(Outcome) | {"all"} else _first_outcome(upload)
    rows = upload.rows.all() if outcome == "all" else upload.rows.filter(outcome=outcome)
    paginator = Paginator(rows, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "title": upload.file_name,
        "upload": upload,
        "kind": kind,
        "outcome": outcome,
        "counts": outcome_counts(upload),
        "page": page,
        "rows": shown_rows(upload, kind, list(page.object_list), refusals),
        "names": names_to_confirm(upload) if upload.is_open else [],
        "items": item_choices() if upload.is_open and upload.undecided else [],
        "refusal": refusal,
        "is_first": not upload.is_open and not Procedure.objects.exists(),
        "kept_days": KEPT_DAYS,
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    template = "imports/_import.html" if fragment else "imports/import_detail.html"
    status = 422 if refusals or refusal else 200
    return render(request, template, context, status=status)


def open_upload(request: AuthenticatedRequest, pk: int) -> tuple[Import, Kind]:
    """Return an upload that is not brought in yet, and its kind, or answer with 404."""
    upload = get_object_or_404(Import.objects.filter(committed_at__isnull=True), pk=pk)
    return upload, _kind(request, upload.kind)


def _uploads() -> Any:
    return Import.objects.defer("content").select_related("uploaded_by", "committed_by", "place")


def _kinds(request: AuthenticatedRequest) -> list[Kind]:
    return [kind for kind in KINDS if has_role(request, *kind.roles)]


def _kind(request: AuthenticatedRequest, code: str) -> Kind:
    kind = kind_named(code)
    if kind is None or not has_role(request, *kind.roles):
        raise Http404
    return kind


def _first_outcome(upload: Import) -> str:
    """What a person looks at first: what needs them."""
    if upload.is_open and upload.undecided:
        return Outcome.DECIDE
    return "all"
