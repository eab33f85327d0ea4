"""Taking a delivery in: scanned or picked by name into a list, then received at once."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from inventory.catalog.models import Item, Location
from inventory.stock import ledger
from inventory.stock.backdating import check_received_at
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.models import Movement
from inventory.stock.receiving.desk import Desk, has_scans, pressed
from inventory.stock.receiving.draft import Draft
from inventory.stock.receiving.forms import ReceiptForm, ReceiptLines, as_initial, sent_draft
from inventory.stock.receiving.scanned import with_item
from inventory.stock.requests import ReceiptLine
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import MANAGER, NURSE, PURCHASER, allow

MOST_ASKED = 20
NOT_YET = "Nothing was received yet. "


@allow(NURSE, MANAGER, PURCHASER)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_add(request: AuthenticatedRequest) -> HttpResponse:
    """Take lots in, many at once; a short-dated one is taken in with a warning."""
    if request.method != "POST":
        form = ReceiptForm(initial=as_initial(timezone.localdate(), _last_place()))
        return _page(request, form, Desk(_asked_items(request)))
    form, desk = ReceiptForm(request.POST), _sent(request)
    lines = ReceiptLines(desk.draft, form.from_whom)
    if why_not := _not_yet(request, desk):
        desk = pressed(desk, request.POST)
        return _page(request, form, desk.refused(why_not), status=422)
    received = lines.received()
    if form.is_valid() and received:
        try:
            return redirect(form.submit(request, lambda: _receive(request, form, received)))
        except InvalidLine as refusal:
            if not lines.refuse(refusal):
                form.refuse(refusal)
        except (StockRefusal, SubmissionDiffers) as refusal:
            desk = desk.refused(f"{NOT_YET}{refusal}")
    return _page(request, form, desk, lines, status=422)


@allow(NURSE, MANAGER, PURCHASER)
@require_POST
def receipt_scan(request: AuthenticatedRequest) -> HttpResponse:
    """Take what was scanned or pressed into the list; nothing is received by it."""
    desk = pressed(_sent(request), request.POST)
    lines = ReceiptLines(desk.draft, ReceiptForm(request.POST).from_whom)
    # As it was typed, and not judged yet.
    return _page(request, ReceiptForm(initial=request.POST.dict()), desk, lines)


def _receive(request: AuthenticatedRequest, form: ReceiptForm, lines: Sequence[ReceiptLine]) -> str:
    """Take it in, and return the address of the movement."""
    now = timezone.now()
    happened_at, location = form.happened_at(now), form.cleaned_data["location"]
    check_received_at(happened_at, now)
    receipt = ledger.receive(
        by=request.user,
        location=location,
        lines=lines,
        supplier=form.from_whom,
        reference=form.cleaned_data["reference"],
        happened_at=happened_at,
        now=now,
    )
    for line in receipt.lines:
        for warning in line.warnings:
            messages.warning(request, f"{line.lot.item}: {warning}")
    count = len(receipt.lines)
    messages.success(request, f"Received {count} line{'' if count == 1 else 's'} into {location}.")
    return reverse("movement_detail", args=[receipt.movement.pk])


def _not_yet(request: AuthenticatedRequest, desk: Desk) -> str:
    """Return why the list is to be looked at once more before it is received."""
    if desk.refusals:
        return f"{NOT_YET}Look at the list, then press Receive it."
    if has_scans(request.POST):
        return f"{NOT_YET}What was scanned last is on the list now: look at it, then receive."
    if desk.draft.unknown:
        return f"{NOT_YET}Say first which item the code stands for, or leave it out."
    return "" if desk.draft.lines else "Scan a package first, or search an item by its name."


def _page(
    request: AuthenticatedRequest,
    form: ReceiptForm,
    desk: Desk,
    lines: ReceiptLines | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the whole page, or for a press the parts of it that change."""
    context = {
        "title": "Receive a delivery",
        "form": form,
        "desk": desk,
        "lines": lines or ReceiptLines(desk.draft, form.from_whom),
    }
    if request.htmx:
        return render(request, "stock/_receipt_answer.html", context)
    return render(request, "stock/receipt_add.html", context, status=status)


def _sent(request: AuthenticatedRequest) -> Desk:
    draft, refusals = sent_draft(request.POST)
    return Desk(draft, refusals=tuple(refusals))


def _asked_items(request: AuthenticatedRequest) -> Draft:
    """Return a list with a line for each `?item=`."""
    asked = [sku for sku in request.GET.getlist("item")[:MOST_ASKED] if "\0" not in sku]
    draft = Draft()
    for item in Item.objects.filter(sku__in=asked, is_active=True):
        draft = with_item(draft, item)
    return replace(draft, touched=None)


def _last_place() -> Location | None:
    """Return where the last delivery went: the next one most likely goes there too."""
    receipt = Movement.objects.filter(kind=Movement.Kind.RECEIPT).order_by("-pk").first()
    entry = receipt.entries.select_related("location").first() if receipt else None
    return entry.location if entry else None
