"""Entering a recall notice, holding its lots in one step, and the whole answer to it."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.catalog.models import Clinic
from inventory.recalls import record
from inventory.recalls.filters import RecallFilter
from inventory.recalls.forms import (
    RecallCloseForm,
    RecallForm,
    RecallNoteForm,
    RecallSearchForm,
)
from inventory.recalls.held import lots_of, to_release, with_lot_counts
from inventory.recalls.models import Recall
from inventory.recalls.response import Response, response_of
from inventory.recalls.search import search
from inventory.recalls.tables import (
    AlikeTable,
    BalanceTable,
    DisposalTable,
    FoundTable,
    GivenTable,
    LeftTable,
    LogTable,
    RecallTable,
    ReceiptTable,
    UntrackedTable,
    recall_pill,
)
from inventory.recalls.workbook import recall_workbook
from inventory.sheets.pages import dated_filename, table_page
from inventory.sheets.workbook import xlsx_response
from inventory.stock.models import Lot
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, has_role
from inventory.web.tables import PAGE_SIZE, Table

either = require_http_methods(["GET", "HEAD", "POST"])


@allow(*EVERYONE)
@require_safe
def recall_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the recalls, the newest first."""
    recalls = with_lot_counts(Recall.objects.select_related("opened_by"))
    return table_page(
        request,
        RecallTable,
        recalls,
        RecallFilter,
        title="Recalls",
        template="recalls/recall_list.html",
    )


@allow(MANAGER)
@either
def recall_add(request: AuthenticatedRequest) -> HttpResponse:
    """Look for what a notice means, then hold all of it in one step, or record that none was found.

    `?code=`, `?item=`, `?lots=` and `?all_lots=` are the search, so that it can be reloaded.
    """
    sent = request.method == "POST"
    asked = request.POST if sent else request.GET
    is_asked = sent or any(name in asked for name in RecallSearchForm.base_fields)
    entered = RecallSearchForm(asked if is_asked else None)
    form = RecallForm(request.POST if sent else None)
    if not entered.is_valid():
        context = {"title": "Enter a recall", "search": entered}
        return render(request, "recalls/recall_add.html", context, status=422 if sent else 200)
    if not sent and entered.was_scanned:
        return redirect(f"{request.path}?{urlencode(entered.as_pairs())}")
    alike = frozenset(int(pk) for pk in request.POST.getlist("alike") if _is_id(pk))
    if sent and form.is_valid():
        notice = form.notice(entered.query, alike)
        try:
            return redirect(form.submit(request, lambda: _open(request, notice)))
        except SubmissionDiffers as refusal:
            form.add_error(None, str(refusal))
    return _found_page(request, entered, form, alike)


@allow(*EVERYONE)
@require_safe
def recall_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show what came of the lots of a recall, balanced, and what was done about it."""
    return _detail_page(request, _recall(pk), RecallNoteForm())


@allow(*EVERYONE)
@require_safe
def recall_export(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Download the answer to a recall as a workbook."""
    recall, today = _recall(pk), timezone.localdate()
    response = response_of(recall)
    workbook = recall_workbook(
        recall, response, _tables(request, response), Clinic.objects.get(pk=1), today
    )
    return xlsx_response(workbook, dated_filename(f"recall {recall.name}", today))


@allow(NURSE, MANAGER)
@require_POST
def recall_note_add(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Append a line to the response log."""
    recall = _recall(pk)
    form = RecallNoteForm(request.POST)

    def note() -> str:
        text = form.cleaned_data["text"]
        record.add_note(recall, text, by=request.user, now=timezone.now())
        messages.success(request, "Noted.")
        return reverse("recall_detail", args=[recall.pk])

    if form.is_valid():
        try:
            return redirect(form.submit(request, note))
        except SubmissionDiffers as refusal:
            form.add_error(None, str(refusal))
    return _detail_page(request, recall, form, status=422)


@allow(MANAGER)
@either
def recall_close(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Close a recall with its outcome, and say what becomes of its lots."""
    recall = _recall(pk)
    watched = recall.holds.filter(ended_at__isnull=True).exists()
    form = RecallCloseForm(
        request.POST if request.method == "POST" else None,
        closed=not recall.is_open,
        held=bool(lots_of(recall)),
        to_release=len(to_release(recall)),
        watches=watched,
    )

    def close() -> str:
        record.close_recall(recall, form.ending, by=request.user, now=timezone.now())
        messages.success(request, "The recall is closed.")
        return reverse("recall_detail", args=[recall.pk])

    if form.is_valid():
        try:
            return redirect(form.submit(request, close))
        except (record.AlreadyClosed, SubmissionDiffers) as refusal:
            form.add_error(None, str(refusal))
    elif not recall.is_open and request.method != "POST":
        messages.info(request, str(record.AlreadyClosed(recall)))
        return redirect("recall_detail", recall.pk)
    context = {"title": f"Close: {recall.title}", "recall": recall, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "recalls/recall_close.html", context, status=status)


@allow(MANAGER)
@require_POST
def recall_unwatch(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Let later deliveries be as they are; what is held stays held."""
    recall = _recall(pk)
    if record.stop_watching(recall, by=request.user, now=timezone.now()):
        messages.success(request, "Deliveries are no longer watched for these lots.")
    else:
        messages.info(request, "Deliveries were not watched any more.")
    return redirect("recall_detail", recall.pk)


def _recall(pk: int) -> Recall:
    return get_object_or_404(Recall.objects.select_related("opened_by", "closed_by"), pk=pk)


def _open(request: AuthenticatedRequest, notice: record.Notice) -> str:
    recall = record.open_recall(notice, by=request.user, now=timezone.now())
    lots = recall.held_lots.count()
    if lots:
        held = f"{lots} lot{' is' if lots == 1 else 's are'}"
        messages.success(request, f"{held} {recall.get_status_display().lower()} now.")
    else:
        messages.success(request, "Recorded: no lot is held.")
    return reverse("recall_detail", args=[recall.pk])


def _found_page(
    request: AuthenticatedRequest,
    entered: RecallSearchForm,
    form: RecallForm,
    alike: frozenset[int],
) -> HttpResponse:
    """Show what a valid search found, with the form that holds it."""
    today, found = timezone.localdate(), search(entered.query)
    pairs = entered.as_pairs()
    hidden = _only_item(each.lot for each in (*found.lots, *found.to_look_at))
    if not form.is_bound and len(found.items) == 1:
        form.initial["title"] = found.items[0].item.name
    # What was scanned is shown as what it says, and named in the address so.
    settled = RecallSearchForm(QueryDict(urlencode(pairs)))
    settled.is_valid()
    context = {
        "title": "Enter a recall",
        "search": settled,
        "query": entered.query,
        "pairs": pairs,
        "found": found,
        "lots": FoundTable(found.lots, today=today, exclude=hidden),
        "alike": AlikeTable(found.alike, today=today, exclude=hidden, ticked=alike),
        "untracked": UntrackedTable(found.untracked, today=today, exclude=hidden, ticked=alike),
        "form": form,
    }
    return render(request, "recalls/recall_add.html", context, status=422 if form.errors else 200)


def _detail_page(
    request: AuthenticatedRequest, recall: Recall, form: RecallNoteForm, status: int = 200
) -> HttpResponse:
    response = response_of(recall)
    tables = _tables(
        request, response, hidden=_only_item(balance.lot for balance in response.balances)
    )
    balance, receipts, left, given, disposals, log = tables
    for table in (balance, receipts, left, given, disposals):
        table.paginate(per_page=PAGE_SIZE)
        table.page = table.paginator.get_page(request.GET.get(table.prefixed_page_field))
    context = {
        "title": recall.title,
        "recall": recall,
        "state": recall_pill(recall),
        "items": recall.items.all(),
        "watched": recall.holds.filter(ended_at__isnull=True).exists(),
        "response": response,
        "balance": balance,
        "receipts": receipts,
        "left": left,
        "given": given,
        "disposals": disposals,
        "log": log,
        "form": form,
    }
    return render(request, "recalls/recall_detail.html", context, status=status)


def _tables(
    request: AuthenticatedRequest, response: Response, hidden: tuple[str, ...] = ()
) -> list[Table]:
    """Return the parts of a response, in the order of the workbook's sheets."""
    today = timezone.localdate()
    treats = has_role(request, NURSE, MANAGER)
    return [
        BalanceTable(response.balances, today=today, exclude=hidden),
        ReceiptTable(response.receipts, today=today, exclude=hidden),
        LeftTable(response.holdings, today=today, exclude=hidden, handles=treats),
        GivenTable(response.given, today=today, exclude=hidden, shows_encounters=treats),
        DisposalTable(response.disposals, today=today, exclude=hidden),
        LogTable(response.log, today=today),
    ]


def _only_item(lots: Iterable[Lot]) -> tuple[str, ...]:
    """Return the column that a screen can spare: where all are of one item, the page names it."""
    return () if len({lot.item_id for lot in lots}) > 1 else ("item",)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len(str(2**63))
