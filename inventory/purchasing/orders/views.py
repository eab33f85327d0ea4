"""Orders: their list, one of them with its lines, and its draft, changed in place."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.catalog.models import Item
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import draft_record, record
from inventory.purchasing.orders.draft_record import Drafted
from inventory.purchasing.orders.errors import ChangedMeanwhile, OrderRefusal
from inventory.purchasing.orders.filters import OrderFilter
from inventory.purchasing.orders.forms import CopyForm, DraftForm, OrderAddForm, PicksForm
from inventory.purchasing.orders.tables import BESIDE, NOT_YET, OrderLineTable, OrderTable
from inventory.purchasing.orders.words import is_coming, receipts_of, state_pill, timeline
from inventory.sheets.pages import table_page
from inventory.stock.receiving.scanned import find_items
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, allow, has_role
from inventory.web.submissions import submit_once
from inventory.web.transactions import all_or_nothing

NOTHING = Decimal(0)
BUYERS = (MANAGER, PURCHASER)
Status = PurchaseOrder.Status

either = require_http_methods(["GET", "HEAD", "POST"])


@allow(*EVERYONE)
@require_safe
def order_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the orders, the newest first."""
    return table_page(
        request,
        OrderTable,
        orders().with_value().order_by("-pk"),
        OrderFilter,
        title="Orders",
        template="purchasing/order_list.html",
        context={"buys": has_role(request, *BUYERS)},
    )


@allow(*EVERYONE)
@require_safe
def order_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show an order with its lines; a draft to be changed, for those who may."""
    order = order_of(pk)
    if order.status == Status.DRAFT and has_role(request, *BUYERS) and "export" not in request.GET:
        return _draft_page(request, order, DraftForm(None, order=order, today=timezone.localdate()))
    hidden: tuple[str, ...] = () if "export" in request.GET else BESIDE
    hidden += NOT_YET if order.sent_at is None else ()
    hidden += ("open",) if order.status in PurchaseOrder.ENDED else ("given_up",)
    return table_page(
        request,
        OrderLineTable,
        order.lines.with_received().with_paid().select_related("item").order_by("position"),
        title=f"Order {order}",
        template="purchasing/order_detail.html",
        export_name=f"order {order}",
        table_options={"exclude": hidden},
        context=_facts(request, order),
    )


@allow(*BUYERS)
@either
def order_add(request: AuthenticatedRequest) -> HttpResponse:
    """Begin an order; a supplier who has a draft already is gone on with."""
    form = OrderAddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        supplier = form.cleaned_data["supplier"]
        drafted = draft_record.begin(supplier, by=request.user, now=timezone.now())
        if not drafted.is_new:
            messages.warning(request, f"{supplier} has this draft already: go on with it.")
        return redirect("order_detail", drafted.order.pk)
    context = {"title": "Begin an order", "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "purchasing/order_add.html", context, status=status)


@allow(*BUYERS)
@require_POST
def order_draft(request: AuthenticatedRequest) -> HttpResponse:
    """Make drafts of what was ticked in a report, one for each supplier."""
    form = PicksForm(request.POST)
    if not form.is_valid():
        for sentence in form.non_field_errors():
            messages.error(request, str(sentence))
        return redirect("reorder_report")

    @all_or_nothing
    def act() -> str:
        now = timezone.now()
        made = [
            draft_record.draft(
                supplier, picks, deliver_to=form.deliver_to, by=request.user, now=now
            )
            for supplier, picks in sorted(form.picks.items(), key=lambda each: each[0].pk)
        ]
        for drafted in made:
            _tell(request, drafted)
        if len(made) == 1:
            return reverse("order_detail", args=[made[0].order.pk])
        return f"{reverse('order_list')}?state=draft"

    for sentence in form.left_out:
        messages.warning(request, sentence)
    try:
        key = form.cleaned_data["submission_key"]
        return redirect(submit_once(request, key, act) if key else act())
    except (OrderRefusal, SubmissionDiffers) as refusal:
        messages.error(request, f"Nothing was drafted. {refusal}")
        return redirect("reorder_report")


@allow(*BUYERS)
@either
def order_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Keep what was entered into a draft, then do what the button that was pressed says."""
    order = order_of(pk)
    return _edited(request, order) if request.method == "POST" else redirect("order_detail", pk)


@allow(MANAGER)
@either
def order_approve(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Keep what was entered into a draft, and approve it."""
    order = order_of(pk)
    if request.method != "POST":
        return redirect("order_detail", pk)
    return _edited(request, order, approves=True)


@allow(*BUYERS)
@require_POST
def order_copy(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Draft the same once more."""
    order, form = order_of(pk), CopyForm(request.POST)
    if not form.is_valid():
        return redirect("order_detail", pk)

    def act() -> str:
        again = draft_record.copy(order, by=request.user, now=timezone.now())
        messages.success(
            request,
            f"{again} is a copy of {order}; what is still offered is at the price of today.",
        )
        return reverse("order_detail", args=[again.pk])

    try:
        return redirect(form.submit(request, act))
    except (OrderRefusal, SubmissionDiffers) as refusal:
        messages.error(request, str(refusal))
        return redirect("order_detail", pk)


def orders() -> Any:
    """Return the orders with all that a page says of them."""
    return PurchaseOrder.objects.with_people().with_progress()


def order_of(pk: int) -> PurchaseOrder:
    """Return an order of `orders`, or answer 404."""
    order: PurchaseOrder = get_object_or_404(orders(), pk=pk)
    return order


def _facts(request: AuthenticatedRequest, order: PurchaseOrder) -> dict[str, Any]:
    """Return what the page of an order says besides its lines."""
    has_open, has_receipts = order.has_open_lines, order.has_receipts  # type: ignore[attr-defined]
    is_open = order.status == Status.SENT and has_open
    return {
        "order": order,
        "state": state_pill(order, timezone.localdate()),
        "is_coming": is_coming(order),
        "happened": timeline(order),
        "receipts": receipts_of(order),
        "copy_form": CopyForm(),
        "buys": has_role(request, *BUYERS),
        "may_receive": is_open and has_role(request, NURSE, *BUYERS),
        "may_close": is_open,
        "may_cancel": order.status not in PurchaseOrder.ENDED and not has_receipts,
    }


def _draft_page(
    request: AuthenticatedRequest, order: PurchaseOrder, form: DraftForm, status: int = 200
) -> HttpResponse:
    words = request.GET.get("find", "") or request.POST.get("find", "")
    context = {
        "title": f"Order {order}",
        "form": form,
        "total": sum((line.cost or NOTHING for line in form.lines), NOTHING),
        "find": words,
        "found": find_items(words),
        **_facts(request, order),
    }
    return render(request, "purchasing/order_edit.html", context, status=status)


def _edited(
    request: AuthenticatedRequest, order: PurchaseOrder, *, approves: bool = False
) -> HttpResponse:
    """Keep what a draft says, and press the button; a refusal comes with what was typed.

    Whether it is approved is said by the address alone, for not everybody may.
    """
    form = DraftForm(request.POST, order=order, today=timezone.localdate())
    if form.is_valid():
        try:
            return redirect(_pressed(request, order, form, approves=approves))
        except ChangedMeanwhile as refusal:
            form.look_again(refusal, refusal.order)
        except OrderRefusal as refusal:
            order = order_of(order.pk)
            if order.status != Status.DRAFT:
                messages.error(request, str(refusal))
                return redirect("order_detail", order.pk)
            form.look_again(refusal, order)
    elif order.status != Status.DRAFT:
        return redirect("order_detail", order.pk)
    return _draft_page(request, order, form, status=422)


def _pressed(
    request: AuthenticatedRequest, order: PurchaseOrder, form: DraftForm, *, approves: bool
) -> str:
    """Do what the button says, after what was entered is kept; return where to go."""
    who_and_when: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    order = draft_record.change(order, form.change(), seen=form.seen, **who_and_when)
    page = reverse("order_detail", args=[order.pk])
    seen: dict[str, Any] = {"seen": order.version, **who_and_when}
    verb, _, what = request.POST.get("do", "").partition(":")
    if approves:
        record.approve(order, **seen)
        messages.success(request, f"{order} is approved. Send it now, or later.")
    elif verb == "remove" and what.isascii() and what.isdigit() and len(what) <= 18:
        draft_record.remove_line(order, int(what), **seen)
    elif verb == "add":
        item = Item.objects.filter(sku=what.replace("\0", ""), is_active=True).first()
        if item is not None:
            draft_record.add_line(order, item, **seen)
            messages.success(request, f"{item} is on the order now: look at its packs.")
    elif verb == "find" and (words := request.POST.get("find", "").replace("\0", "").strip()):
        return f"{page}?{urlencode({'find': words[:100]})}#find"
    else:
        messages.success(request, "Saved.")
    return page


def _tell(request: AuthenticatedRequest, drafted: Drafted) -> None:
    """Say what became of the picks of one supplier."""
    order = drafted.order
    link = format_html('<a href="{}">{}</a>', reverse("order_detail", args=[order.pk]), order)
    place = order.deliver_to
    where = f", to be delivered to {place}" if place else ""
    words = (
        "{} is drafted for {}{}."
        if drafted.is_new
        else "Added to {}, the draft of {} that was there{}."
    )
    messages.success(request, format_html(words, link, order.supplier, where))
    for sentence in drafted.added_up:
        messages.warning(request, sentence)
