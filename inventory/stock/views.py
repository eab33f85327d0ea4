"""What is on the shelf, the story of each lot, and the ledger."""

from django.contrib import messages
from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inventory.sheets.pages import table_page
from inventory.stock.costs import Total, total_of
from inventory.stock.errors import ForManagers, StockRefusal
from inventory.stock.filters import EntryFilter, HoldingFilter, LotFilter
from inventory.stock.forms import LotStatusForm, ReversalForm
from inventory.stock.history import told
from inventory.stock.history_words import movement_sentence
from inventory.stock.holding_words import holding_words, state_pill
from inventory.stock.lot_words import lot_pill
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.opened import can_be_opened, opening_url
from inventory.stock.tables import EntryTable, LotTable, LotUseTable, StockTable
from inventory.stock.trace import latest, totals, uses
from inventory.stock.undo_rules import may_reverse
from inventory.stock.waste_costs import waste_lines
from inventory.web.fields import QuantityField
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, allow, has_role, roles_of

NOTHING = Value(0, output_field=QuantityField())
# A lot's page names so many receipts, disposals and returns; the ledger has them all.
FEW = 20
UNDO_REASON = "Received by mistake"


@allow(*EVERYONE)
@require_safe
def stock_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show all that is there, opened vials one by one; reads balances, never the ledger."""
    holdings, handles = Holding.objects.on_hand().with_lot(), has_role(request, NURSE, MANAGER)
    return table_page(
        request,
        StockTable,
        holdings.order_by(Lower("lot__item__name"), "lot__expires_on", "location__name", "pk"),
        HoldingFilter,
        title="On the shelf",
        template="stock/stock_list.html",
        export_name="stock",
        table_options={"handles": handles},
        context={
            "handles": handles,
            "receives": has_role(request, NURSE, MANAGER, PURCHASER),
        },
    )


@allow(*EVERYONE)
@require_safe
def holding_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show one holding: an opened vial, or the sealed stock of a lot in one place."""
    holdings = Holding.objects.with_lot().select_related("opened_by")
    holding, today = get_object_or_404(holdings, pk=pk), timezone.localdate()
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
            "opening_url": opening_url(holding) if can_be_opened(holding, today) else "",
            "state": state_pill(holding, today),
            "handles": has_role(request, NURSE, MANAGER),
            "sends_back": has_role(request, NURSE, MANAGER, PURCHASER),
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
    form = LotStatusForm(initial={"status": lot.status}, roles=roles_of(request))
    return _lot_page(request, lot, form)


@allow(NURSE, MANAGER)
@require_POST
def lot_status(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Hold a lot, with a reason; managers recall and release it too."""
    lot = get_object_or_404(Lot.objects.select_related("item"), pk=pk)
    form, status = LotStatusForm(request.POST, roles=roles_of(request)), 422
    if form.is_valid():
        try:
            url = form.submit(request, lambda: form.change(lot, request.user))
        except ForManagers as refusal:
            form.add_error(None, str(refusal))
            status = 403
        except SubmissionDiffers as refusal:
            form.add_error(None, str(refusal))
        else:
            lot.refresh_from_db(fields=["status"])
            messages.success(request, f"{lot.subject} is {lot.get_status_display().lower()} now.")
            return redirect(url)
    response = _lot_page(request, lot, form)
    response.status_code = status
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
    return render(request, "stock/movement_detail.html", _movement_context(request, movement))


@allow(NURSE, MANAGER, PURCHASER)
@require_POST
def movement_reverse(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Put a movement right by its opposite; a procedure's is voided with the procedure."""
    movement = get_object_or_404(_movements(), pk=pk)
    if not _may_reverse(request, movement):
        allowed = "managers; a receipt, on its day, for whoever received it"
        return render(request, "403.html", {"allowed": allowed}, status=403)
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
    context = _movement_context(request, _movements().get(pk=pk)) | {"form": form}
    return render(request, "stock/movement_detail.html", context, status=409)


def _entries() -> QuerySet[Entry]:
    return Entry.objects.select_related("movement__by", "holding__lot", "item", "location")


def _movements() -> QuerySet[Movement]:
    # Procedures stand above this package; the ledger's page only says whose movement it is.
    return Movement.objects.select_related(
        "by", "supplier", "reverses", "reversed_by", "procedure__type"
    )


def _may_reverse(request: AuthenticatedRequest, movement: Movement) -> bool:
    return may_reverse(movement, request.user.pk, roles_of(request), timezone.localdate())


def _movement_context(request: AuthenticatedRequest, movement: Movement) -> dict[str, object]:
    knows_costs = has_role(request, MANAGER, PURCHASER)
    is_receipt = movement.kind == Movement.Kind.RECEIPT
    return {
        "title": str(movement),
        "movement": movement,
        "sentence": movement_sentence(told(movement)),
        "procedure": getattr(movement, "procedure", None),
        "count_line": movement.count_sheet_lines.select_related("sheet__location").first(),
        # Orders stand above this package too; the page says which one was received.
        "order_receipt": movement.order_receipts.select_related("line__order").first(),
        "undone_by": getattr(movement, "reversed_by", None),
        "entries": _entries().filter(movement=movement),
        "form": ReversalForm(initial={"reason": UNDO_REASON} if is_receipt else None),
        "may_reverse": _may_reverse(request, movement),
        "receives": has_role(request, NURSE, MANAGER, PURCHASER),
        "wasted": _waste_cost(movement) if knows_costs else None,
    }


def _waste_cost(movement: Movement) -> Total | None:
    """Return what the movement threw away, at cost; None where that was nothing."""
    lines = waste_lines([movement]).get(movement.pk, [])
    return total_of(line.cost for line in lines) if lines else None


def _lot_page(request: AuthenticatedRequest, lot: Lot, form: LotStatusForm) -> HttpResponse:
    today = timezone.localdate()
    may_hold = has_role(request, NURSE, MANAGER) and (
        form.is_bound or form.decides or lot.status == Lot.Status.AVAILABLE
    )
    holdings = Holding.objects.on_hand().with_lot().filter(lot=lot).order_by("pk")
    context = {
        "lot": lot,
        "pill": lot_pill(lot, today),
        "totals": totals(lot),
        "receipts": latest(lot, Entry.Kind.RECEIPT, FEW),
        "disposals": latest(lot, Entry.Kind.WASTE, FEW),
        "returns": latest(lot, Entry.Kind.RETURN, FEW),
        "holdings": [
            (holding, holding_words(holding), state_pill(holding, today)) for holding in holdings
        ],
        "changes": lot.status_changes.select_related("by").prefetch_related("hold__recalls"),
        "form": form if may_hold else None,
        "handles": has_role(request, NURSE, MANAGER),
        "sends_back": has_role(request, NURSE, MANAGER, PURCHASER),
    }
    return table_page(
        request,
        LotUseTable,
        uses(lot).select_related("by", "procedure__type"),
        title=f"{lot.item}, lot {lot}" if lot.number else f"{lot.item}, not tracked by lot",
        template="stock/lot_detail.html",
        export_name=f"uses of lot {lot}",
        table_options={"unit": lot.item.unit},
        context=context,
    )
