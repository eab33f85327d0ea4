"""An order leaves: mailed with its workbook, or downloaded and sent by the person."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.catalog.models import Clinic
from inventory.catalog.register import learn_supplier_email
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import record
from inventory.purchasing.orders.errors import (
    BeingSent,
    ChangedMeanwhile,
    NotMailed,
    OrderRefusal,
    WrongStatus,
)
from inventory.purchasing.orders.forms import LetterForm, SeenForm
from inventory.purchasing.orders.letter import file_name, usual_letter, workbook_of
from inventory.purchasing.orders.send_record import send
from inventory.purchasing.orders.views import BUYERS, either, order_of
from inventory.sheets.workbook import xlsx_response
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, allow

APPROVE_FIRST = "Its workbook is there once it is approved."
BY_HAND = "by-hand"


@allow(*BUYERS)
@either
def order_send(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Mail an approved order with its workbook, or note that the person sent it."""
    order = order_of(pk)
    if order.status != PurchaseOrder.Status.APPROVED:
        messages.error(request, str(WrongStatus(order, record.APPROVED_FIRST)))
        return redirect("order_detail", pk)
    if request.method != "POST":
        return _page(request, order, _proposed(request, order))
    by_hand = request.POST.get("do") == BY_HAND
    form = SeenForm(request.POST) if by_hand else LetterForm(request.POST, supplier=order.supplier)
    if form.is_valid():
        try:
            sent = _sent(request, order, form)
        except ChangedMeanwhile as refusal:
            form.look_again(refusal, refusal.order)
        except (BeingSent, NotMailed) as refusal:
            form.add_error(None, str(refusal))
        except OrderRefusal as refusal:
            messages.error(request, str(refusal))
            return redirect("order_detail", pk)
        else:
            how = f"mailed to {sent.sent_to}" if sent.sent_to else "noted as sent by you"
            messages.success(request, f"{sent} is {how}. It is on order now.")
            return redirect("order_detail", pk)
    return _page(request, order, form, status=422)


@allow(*EVERYONE)
@require_safe
def order_workbook(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Download the order as the supplier gets it."""
    order = order_of(pk)
    if order.approved_at is None:
        messages.error(request, str(WrongStatus(order, APPROVE_FIRST)))
        return redirect("order_detail", pk)
    return xlsx_response(workbook_of(order), file_name(order))


def _proposed(request: AuthenticatedRequest, order: PurchaseOrder) -> LetterForm:
    letter = asdict(usual_letter(order, request.user, timezone.localdate()))
    return LetterForm(initial={"version": order.version, **letter}, supplier=order.supplier)


def _sent(request: AuthenticatedRequest, order: PurchaseOrder, form: SeenForm) -> PurchaseOrder:
    if not isinstance(form, LetterForm):
        return record.mark_sent(order, seen=form.seen, by=request.user, now=timezone.now())
    sent = send(order, form.letter(), seen=form.seen, by=request.user)
    if form.remembers and learn_supplier_email(sent.supplier, sent.sent_to):
        messages.info(request, f"Orders of {sent.supplier} go to {sent.sent_to} from now on.")
    return sent


def _page(
    request: AuthenticatedRequest, order: PurchaseOrder, form: SeenForm, status: int = 200
) -> HttpResponse:
    if not isinstance(form, LetterForm):
        for sentence in form.non_field_errors():
            messages.error(request, str(sentence))
        form = _proposed(request, order)
    context = {
        "title": f"Send {order}",
        "order": order,
        "form": form,
        "by_hand": BY_HAND,
        "clinic": Clinic.objects.get(pk=1),
    }
    return render(request, "purchasing/order_send.html", context, status=status)
