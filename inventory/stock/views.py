"""What is on the shelf, the story of each lot, and the ledger."""

from django.contrib import messages
from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inventory.sheets.pages import table_page
from inventory.stock.errors import StockRefusal
from inventory.stock.filters import EntryFilter, HoldingFilter, LotFilter
from inventory.stock.forms import LotStatusForm, ReversalForm
from inventory.stock.holding_words import holding_words, state_pill
from inventory.stock.lot_words import lot_pill
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.tables import EntryTable, LotTable, LotUse, LotUseTable, StockTable
from inventory.stock.trace import trace
from inventory.web.fields import QuantityField
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, allow, has_role

NOTHING = Value(0, output_field=QuantityField())


@allow(*EVERYONE)
@require_safe
def stock_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show all that is there, opened vials one by one; reads balances, never the ledger."""
    holdings = Holding.objects.on_hand().with_lot()
    return table_page(
        request,
        StockTable,
        holdings.order_by(Lower("lot__item__name"), "lot__expires_on", "location__name", "pk"),
        HoldingFilter,
        title="On the shelf",
        template="stock/stock_list.html",
        export_name="stock",
        context={
            "handles": has_role(request, NURSE, MANAGER),
            "receives": has_role(request, NURSE, MANAGER, PURCHASER),
        },
    )


@allow(*EVERYONE)
@require_safe
def holding_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show one holding: an opened vial, or the sealed stock of a lot in one place."""
    holdings = Holding.objects.with_lot().select_related("opened_by")
    holding = get_object_or_404(holdings, pk=pk)
    return table_page(
        request,
        EntryTable,
        _entries().filter(holding=holding).order_by("-pk"),
        title=f"{holding.lot.item}, {holding_words(holding) or 'loose'}",
        template="stock/holding_detail.html",
        export_name=f"holding {holding.pk}",
        table_options={"exclude": ("item", "lot")},
        context={
            "holding": holding,
            "state": state_pill(holding, timezone.localdate()),
            "handles": has_role(request, NURSE, MANAGER),
        },
    )


@allow(*EVERYONE)
@require_safe
def lot_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the lots, the first to expire first."""
    held = Coalesce(Sum("holdings__quantity", filter=Q(holdings__quantity__gt=0)), NOTHING)
    lots = Lot.objects.select_related("item").annotate(on_hand=held)
    return table_page(
        request,
        LotTable,
        lots.order_by(F("expires_on").asc(nulls_last=True), "number", "pk"),
        LotFilter,
        title="Lots",
    )


@allow(*EVERYONE)
@require_safe
def lot_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a lot's facts, where it is, and everything that became of it."""
    lot = get_object_or_404(Lot.objects.select_related("item"), pk=pk)
    return _lot_page(request, lot, LotStatusForm(initial={"status": lot.status}))


@allow(MANAGER)
@require_POST
def lot_status(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Hold, recall or release a lot, with a reason."""
    lot = get_object_or_404(Lot.objects.select_related("item"), pk=pk)
    form = LotStatusForm(request.POST)
    if form.is_valid():
        try:
            url = form.submit(request, lambda: form.change(lot, request.user))
        except SubmissionDiffers as refusal:
            form.add_error(None, str(refusal))
        else:
            lot.refresh_from_db(fields=["status"])
            messages.success(request, f"Lot {lot} is {lot.get_status_display().lower()} now.")
            return redirect(url)
    response = _lot_page(request, lot, form)
    response.status_code = 422
    return response


@allow(*EVERYONE)
@require_safe
def movement_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the ledger, a row per entry, newest first."""
    return table_page(
        request,
        EntryTable,
        _entries().order_by("-pk"),
        EntryFilter,
        title="Movements",
    )


@allow(*EVERYONE)
@require_safe
def movement_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a movement with every entry, and what it reverses or is reversed by."""
    movement = get_object_or_404(_movements(), pk=pk)
    return render(request, "stock/movement_detail.html", _movement_context(movement))


@allow(MANAGER)
@require_POST
def movement_reverse(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Put a movement right by its opposite; a procedure's is voided with the procedure."""
    movement = get_object_or_404(_movements(), pk=pk)
    if hasattr(movement, "procedure"):
        messages.error(request, "This belongs to a procedure. Void the procedure instead.")
        return redirect("movement_detail", movement.pk)
    form = ReversalForm(request.POST)
    if form.is_valid():
        try:
            url = form.submit(request, lambda: form.reverse(movement, request.user))
        except (StockRefusal, SubmissionDiffers) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Reversed: this is the movement that put it right.")
            return redirect(url)
    # As it is now: perhaps somebody else has just reversed it.
    context = _movement_context(_movements().get(pk=pk)) | {"form": form}
    return render(request, "stock/movement_detail.html", context, status=409)


def _entries() -> QuerySet[Entry]:
    return Entry.objects.select_related("movement__by", "holding__lot", "item", "location")


def _movements() -> QuerySet[Movement]:
    # Procedures stand above this package; the ledger's page only says whose movement it is.
    return Movement.objects.select_related(
        "by", "supplier", "reverses", "reversed_by", "procedure__type"
    )


def _movement_context(movement: Movement) -> dict[str, object]:
    return {
        "title": str(movement),
        "movement": movement,
        "procedure": getattr(movement, "procedure", None),
        "undone_by": getattr(movement, "reversed_by", None),
        "entries": _entries().filter(movement=movement),
        "form": ReversalForm(),
    }


def _lot_page(request: AuthenticatedRequest, lot: Lot, form: LotStatusForm) -> HttpResponse:
    today, story = timezone.localdate(), trace(lot)
    used_by = _movements().in_bulk([passage.movement.pk for passage in story.uses])
    uses = [
        LotUse(passage, getattr(used_by[passage.movement.pk], "procedure", None), lot.item.unit)
        for passage in reversed(story.uses)
    ]
    context = {
        "lot": lot,
        "pill": lot_pill(lot, today),
        "trace": story,
        "holdings": [
            (holding, holding_words(holding), state_pill(holding, today))
            for holding in story.holdings
            if holding.quantity
        ],
        "uses": uses,
        "changes": lot.status_changes.select_related("by").prefetch_related("hold__recalls"),
        "form": form,
        "handles": has_role(request, NURSE, MANAGER),
    }
    return table_page(
        request,
        LotUseTable,
        uses,
        title=f"{lot.item}, lot {lot}" if lot.number else f"{lot.item}, not tracked by lot",
        template="stock/lot_detail.html",
        export_name=f"uses of lot {lot}",
        context=context,
    )
