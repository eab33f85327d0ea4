"""Deciding what the rows of an upload cannot say themselves, and bringing them in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from inventory.catalog.models import Item
from inventory.imports.errors import ImportRefusal
from inventory.imports.forms import AnswerRefused, answers_in, confirmed_names, item_choices
from inventory.imports.kinds import RowsRefused
from inventory.imports.meaning.likeness import names_to_confirm
from inventory.imports.models import Import, ImportRow
from inventory.imports.planned import Outcome
from inventory.imports.progress import CommitProgress, how_far
from inventory.imports.record import bring_in, show_refusal
from inventory.imports.upload_record import (
    LEAVE_OUT,
    answer_rows,
    know_name,
    know_names,
    take_back_answers,
)
from inventory.imports.views import open_upload, preview_page
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, allow

NAMES_AT_ONCE = 100


@allow(MANAGER)
@require_POST
def import_answer(request: AuthenticatedRequest, pk: int, row: int) -> HttpResponse:
    """Answer the questions of one row, or of all that need a decision and have its name."""
    upload, kind = open_upload(request, pk)
    asked = get_object_or_404(upload.rows, pk=row)
    today = timezone.localdate()
    if "again" in request.POST:
        take_back_answers(upload, kind, asked, today=today)
        return _shown_again(request, upload)
    try:
        answers = answers_in(request.POST, asked)
    except AnswerRefused as refusal:
        return preview_page(request, upload, refusals={asked.pk: str(refusal)})
    rows = upload.rows.filter(pk=asked.pk)
    if "alike" in request.POST and asked.name:
        rows = upload.rows.filter(name=asked.name, outcome=Outcome.DECIDE)
    _remember_item(request, asked, answers)
    answer_rows(upload, kind, rows, answers, today=today)
    return _shown_again(request, upload)


@allow(MANAGER)
@require_POST
def import_leave_out(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Leave out all rows that need a decision, or all that are refused."""
    upload, kind = open_upload(request, pk)
    outcome = request.POST.get("outcome")
    if outcome in {Outcome.DECIDE, Outcome.REJECT}:
        rows = upload.rows.filter(outcome=outcome)
        count = answer_rows(upload, kind, rows, LEAVE_OUT, today=timezone.localdate())
        messages.success(request, f"{count} row{' is' if count == 1 else 's are'} left out.")
    return redirect("import_detail", upload.pk)


@allow(MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def import_names(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show each name that was taken for an item because it reads like it, and confirm them."""
    upload, kind = open_upload(request, pk)
    refusals: dict[int, str] = {}
    if request.method == "POST":
        shown = frozenset(request.POST.getlist("shown"))
        meant, refusals = confirmed_names(request.POST, shown, names_to_confirm(upload))
        know_names(upload, kind, meant, by=request.user, now=timezone.now())
    names = names_to_confirm(upload)
    if request.method == "POST" and not names:
        return redirect("import_detail", upload.pk)
    context = {
        "title": "Are these the right items?",
        "upload": upload,
        "names": [(each, refusals.get(each.row, "")) for each in names[:NAMES_AT_ONCE]],
        "more": max(len(names) - NAMES_AT_ONCE, 0),
        "items": item_choices(),
    }
    return render(request, "imports/import_names.html", context, status=422 if refusals else 200)


@allow(MANAGER)
@require_POST
def import_commit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Write the accepted rows, all of them or none; pressed again, show what was written."""
    upload = get_object_or_404(Import.objects.defer("content"), pk=pk)
    if upload.is_open:
        upload, kind = open_upload(request, pk)
        now = timezone.now()
        try:
            with CommitProgress(upload.pk, upload.accepted) as progress:
                bring_in(upload, kind, by=request.user, now=now, progress=progress)
        except (ImportRefusal, RowsRefused) as refusal:
            show_refusal(upload, kind, refusal, today=timezone.localdate(now))
            return preview_page(request, upload, refusal=str(refusal))
    address = reverse("import_detail", args=[upload.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@allow(MANAGER)
@require_safe
def import_progress(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say how far the commit of an upload has come, as a part of its page that asks again."""
    upload = get_object_or_404(Import.objects.defer("content"), pk=pk)
    context = {"upload": upload, "progress": how_far(upload.pk), "asks_again": True}
    return render(request, "imports/_progress.html", context)


def _shown_again(request: AuthenticatedRequest, upload: Import) -> HttpResponse:
    """The part of the page that an answer changes; without htmx, the page it was sent from."""
    if request.htmx:
        return preview_page(request, upload)
    query = request.GET.urlencode()
    address = reverse("import_detail", args=[upload.pk])
    return redirect(f"{address}?{query}" if query else address)


def _remember_item(request: AuthenticatedRequest, row: ImportRow, answers: dict[str, str]) -> None:
    """Whoever says which item is meant says so for the next file, too."""
    item = Item.objects.filter(sku=answers.get("item", "")).first()
    if item and row.cells.get("item"):
        know_name(row.cells["item"], item, by=request.user, now=timezone.now())
