"""Receiving against an order: the receive page of stock, with what is expected beside the list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders.desk import OrderDelivery
from inventory.purchasing.orders.errors import WrongStatus
from inventory.purchasing.orders.receive_record import NOT_SENT
from inventory.purchasing.orders.views import either, order_of
from inventory.stock.receiving.views import put_on_list, take_in
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, NURSE, PURCHASER, allow


@allow(NURSE, MANAGER, PURCHASER)
@either
def order_receive(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take in what came of an order, all of it or a part."""
    order = order_of(pk)
    # Who has a list already keeps it, and is refused beside it.
    if request.method != "POST" and order.status != PurchaseOrder.Status.SENT:
        messages.error(request, str(WrongStatus(order, NOT_SENT)))
        return redirect("order_detail", pk)
    return take_in(request, OrderDelivery(order, request.POST.get("seen")))


@allow(NURSE, MANAGER, PURCHASER)
@require_POST
def order_receive_scan(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take what was scanned or pressed into the list; nothing is received by it."""
    return put_on_list(request, OrderDelivery(order_of(pk), request.POST.get("seen")))
