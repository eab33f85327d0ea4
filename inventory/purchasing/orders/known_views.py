"""What is known from orders of an item and of a supplier, and what was spent."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.catalog.models import Item, Supplier, SupplierOffer
from inventory.purchasing.lead_times import LeadTime, learned, learned_lead_time
from inventory.purchasing.models import OrderLine, OrderLineQuerySet, PurchaseOrder
from inventory.purchasing.orders.delivered import lead_times_by_item
from inventory.purchasing.orders.filters import SpendFilter
from inventory.purchasing.orders.spend import spend
from inventory.purchasing.orders.tables import SpendTable
from inventory.sheets.pages import table_page
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, PURCHASER, VIEWER, allow, has_role

LAST_PRICES = 5


@dataclass(frozen=True)
class Lead:
    """What an offer says of its lead time, and what was learned from orders."""

    offer: SupplierOffer
    learned: LeadTime | None


@allow(*EVERYONE)
@require_safe
def item_orders(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    """Show what of an item is on order, what it cost lately, and how long it took to come."""
    item = get_object_or_404(Item, sku=sku)
    offers = list(item.offers.filter(is_active=True).select_related("supplier"))
    observed = lead_times_by_item([offer.supplier_id for offer in offers])
    leads = [Lead(o, learned_lead_time(observed, o.supplier_id, item.pk)) for o in offers]
    sent = OrderLine.objects.filter(item=item, order__sent_at__isnull=False)
    sent = sent.exclude(order__status=PurchaseOrder.Status.CANCELLED)
    sent = sent.with_received().with_paid()
    context = {
        "title": f"Orders of {item}",
        "item": item,
        "lines": _on_order().filter(item=item),
        "bought": sent.select_related("order__supplier").order_by("-pk")[:LAST_PRICES],
        "leads": [lead for lead in leads if lead.learned],
        "plans": has_role(request, MANAGER, PURCHASER, VIEWER),
    }
    return render(request, _part_or_page(request, "item"), context)


@allow(*EVERYONE)
@require_safe
def supplier_orders(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show what is on order with a supplier, and how long its orders took."""
    supplier = get_object_or_404(Supplier, code=code)
    days = lead_times_by_item([supplier.pk]).by_supplier.get(supplier.pk, ())
    context = {
        "title": f"Orders with {supplier}",
        "supplier": supplier,
        "lines": _on_order().filter(order__supplier=supplier),
        "learned": learned(days),
    }
    return render(request, _part_or_page(request, "supplier"), context)


@allow(MANAGER, PURCHASER, VIEWER)
@require_safe
def spend_report(request: AuthenticatedRequest) -> HttpResponse:
    """Show what was ordered and received, by month and supplier."""
    asked = SpendFilter(request.GET, timezone.localdate())
    return table_page(
        request,
        SpendTable,
        spend(asked.first, asked.after, asked.whom),
        title="Spend",
        template="purchasing/spend_report.html",
        fragment="purchasing/_spend_table.html",
        filter_form=asked,
        context={"first": asked.first, "last": _last(asked.after)},
    )


def _on_order() -> OrderLineQuerySet:
    lines = OrderLine.objects.on_order().with_due().order_by("order_id", "position")
    return lines.select_related("order__supplier", "item")


def _part_or_page(request: AuthenticatedRequest, noun: str) -> str:
    part = f"purchasing/_{noun}_orders.html"
    return part if request.htmx else f"purchasing/{noun}_orders.html"


def _last(after: date) -> date:
    return after - timedelta(days=1)
