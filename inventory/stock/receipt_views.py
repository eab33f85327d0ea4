"""Taking a delivery in."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.catalog.models import Location
from inventory.stock import ledger
from inventory.stock.backdating import check_received_at
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.models import Movement
from inventory.stock.receipt_forms import (
    ReceiptForm,
    ReceiptLines,
    as_initial,
    empty_lines,
    sent_lines,
    values_sent,
)
from inventory.stock.requests import ReceiptLine
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import MANAGER, NURSE, PURCHASER, allow

MORE = "more"


@allow(NURSE, MANAGER, PURCHASER)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_add(request: AuthenticatedRequest) -> HttpResponse:
    """Take lots in, several at once; a short-dated one is taken in with a warning."""
    if request.method != "POST":
        form = ReceiptForm(initial=as_initial(timezone.localdate(), _last_place()))
        return _page(request, form, empty_lines(_asked_items(request)))
    if MORE in request.POST:
        form = ReceiptForm(initial=request.POST.dict())
        return _page(request, form, empty_lines(values_sent(request.POST)))
    form, lines = ReceiptForm(request.POST), sent_lines(request.POST)
    valid = [form.is_valid(), lines.is_valid()]
    if all(valid) and (received := lines.lines(form.from_whom)):
        try:
            return redirect(form.submit(request, lambda: _receive(request, form, received)))
        except InvalidLine as refusal:
            if not lines.refuse(refusal):
                form.refuse(refusal)
        except (StockRefusal, SubmissionDiffers) as refusal:
            form.add_error(None, str(refusal))
    return _page(request, form, lines, status=422)


def _receive(request: AuthenticatedRequest, form: ReceiptForm, lines: Sequence[ReceiptLine]) -> str:
    """Take it in, and return the address of the movement."""
    now = timezone.now()
    happened_at = form.happened_at(now)
    check_received_at(happened_at, now)
    receipt = ledger.receive(
        by=request.user,
        location=form.cleaned_data["location"],
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
    messages.success(request, f"Received {count} line{'' if count == 1 else 's'}.")
    return reverse("movement_detail", args=[receipt.movement.pk])


def _page(
    request: AuthenticatedRequest, form: ReceiptForm, lines: ReceiptLines, status: int = 200
) -> HttpResponse:
    context = {"title": "Receive a delivery", "form": form, "lines": lines, "more": MORE}
    return render(request, "stock/receipt_add.html", context, status=status)


def _asked_items(request: AuthenticatedRequest) -> list[dict[str, str]]:
    """Return a line for each `?item=`."""
    return [{"item": sku} for sku in request.GET.getlist("item")[:20]]


def _last_place() -> Location | None:
    """Return where the last delivery went: the next one most likely goes there too."""
    receipt = Movement.objects.filter(kind=Movement.Kind.RECEIPT).order_by("-pk").first()
    entry = receipt.entries.select_related("location").first() if receipt else None
    return entry.location if entry else None
