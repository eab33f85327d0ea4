"""Taking a delivery in: scanned or picked by name into a list, then received at once."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from inventory.catalog.models import Item, Location
from inventory.stock import ledger
from inventory.stock.backdating import check_received_at
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.models import Movement
from inventory.stock.receiving.delivery import Delivery
from inventory.stock.receiving.desk import Desk, has_scans, pressed
from inventory.stock.receiving.draft import Draft
from inventory.stock.receiving.forms import ReceiptForm, ReceiptLines, as_initial, sent_draft
from inventory.stock.receiving.scanned import with_item
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import MANAGER, NURSE, PURCHASER, allow

MOST_ASKED = 20
NOT_YET = "Nothing was received yet. "


@allow(NURSE, MANAGER, PURCHASER)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_add(request: AuthenticatedRequest) -> HttpResponse:
    """Take lots in, many at once; a short-dated one is taken in with a warning."""
    return take_in(request, Delivery())


@allow(NURSE, MANAGER, PURCHASER)
@require_POST
def receipt_scan(request: AuthenticatedRequest) -> HttpResponse:
    """Take what was scanned or pressed into the list; nothing is received by it."""
    return put_on_list(request, Delivery())


def take_in(request: AuthenticatedRequest, delivery: Delivery) -> HttpResponse:
    """Answer the receive page of a delivery: show it, or take in what is on its list."""
    if request.method != "POST":
        initial = {**as_initial(timezone.localdate(), _last_place()), **delivery.initial()}
        form = ReceiptForm(initial=initial)
        return _page(request, delivery, form, Desk(_asked_items(request)))
    form, desk = ReceiptForm(request.POST), _sent(request)
    lines = ReceiptLines(desk.draft, form.from_whom, delivery.ordered)
    if why_not := _not_yet(request, desk):
        desk = pressed(desk, request.POST)
        return _page(request, delivery, form, desk.refused(why_not), status=422)
    if lines.can_be_received() and form.is_valid():
        try:
            return redirect(form.submit(request, lambda: _receive(request, delivery, form, lines)))
        except InvalidLine as refusal:
            if not lines.refuse(refusal):
                form.refuse(refusal)
        except (StockRefusal, SubmissionDiffers) as refusal:
            desk = desk.refused(f"{NOT_YET}{refusal}")
    return _page(request, delivery, form, desk, lines, status=422)


def put_on_list(request: AuthenticatedRequest, delivery: Delivery) -> HttpResponse:
    """Answer a press on the list of a delivery."""
    desk = pressed(_sent(request), request.POST)
    lines = ReceiptLines(desk.draft, ReceiptForm(request.POST).from_whom, delivery.ordered)
    # As it was typed, and not judged yet.
    return _page(request, delivery, ReceiptForm(initial=request.POST.dict()), desk, lines)


def _receive(
    request: AuthenticatedRequest, delivery: Delivery, form: ReceiptForm, lines: ReceiptLines
) -> str:
    """Take it in, and return the address to go to."""
    now = timezone.now()
    happened_at, location = form.happened_at(now), form.cleaned_data["location"]
    check_received_at(happened_at, now)
    receipt = ledger.receive(
        by=request.user,
        location=location,
        lines=[line.line() for line in lines.forms],
        supplier=form.from_whom,
        reference=form.cleaned_data["reference"],
        happened_at=happened_at,
        now=now,
    )
    # What refuses here takes the receipt back: nothing is said of it before.
    settled = delivery.settle(receipt.movement, lines.arrived())
    for line in receipt.lines:
        for warning in line.warnings:
            messages.warning(request, f"{line.lot.item}: {warning}")
    count = len(receipt.lines)
    messages.success(request, f"Received {count} line{'' if count == 1 else 's'} into {location}.")
    for warning in settled.warnings:
        messages.warning(request, warning)
    if settled.done:
        messages.success(request, settled.done)
    return settled.address


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
    delivery: Delivery,
    form: ReceiptForm,
    desk: Desk,
    lines: ReceiptLines | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the whole page, or for a press the parts of it that change."""
    lines = lines or ReceiptLines(desk.draft, form.from_whom, delivery.ordered)
    context = {
        "title": delivery.title,
        "delivery": delivery,
        "form": form,
        "desk": desk,
        "lines": lines,
        "expected": delivery.expected(lines.arrived()),
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
