"""The board of opened vials: what is left, until when; open one, discard one, print labels."""

from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.catalog.models import Item, Location
from inventory.sheets.pages import table_page
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.lot_words import reason_words
from inventory.stock.models import Holding
from inventory.stock.opened import OpenedVial, board, opened_vials
from inventory.stock.opened_forms import OpenedDiscardForm, OpenForm
from inventory.stock.opened_tables import OpenedTable, SealedTable
from inventory.stock.place_filters import PlaceFilter
from inventory.stock.requests import WasteReason
from inventory.stock.shelf_views import SESSION_LOCATION
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, has_role
from inventory.web.words import amount_words

# What a person says of a vial that could still be used; the rest is obvious.
REASONS = (
    (WasteReason.BROKEN, "Broken"),
    (WasteReason.CONTAMINATED, "Contaminated"),
    (WasteReason.OTHER, "Empty, or another reason"),
)


@allow(*EVERYONE)
@require_safe
def opened_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show every opened vial by place, the person's own first, what ends soonest first."""
    asked = PlaceFilter(request.GET, queryset=opened_vials())
    rows = board(asked.qs, own_location(request), timezone.localdate())
    return table_page(
        request,
        OpenedTable,
        rows,
        title="Opened vials",
        template="stock/opened_list.html",
        fragment="stock/_opened.html",
        filter_form=asked.form,
        context={
            "handles": has_role(request, NURSE, MANAGER),
            # A press is counted once for each vial: one key serves them all.
            "key": uuid4(),
            "reasons": REASONS,
        },
    )


@allow(NURSE, MANAGER)
@require_POST
def opened_discard(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Throw away what is left in an opened vial, and go back to the board as it was asked for."""
    vial = get_object_or_404(Holding.objects.opened().with_lot(), pk=pk)
    back = f"{reverse('opened_list')}?{request.GET.urlencode()}"
    form = OpenedDiscardForm(request.POST)

    def discard() -> str:
        form.discard(vial, request.user, timezone.now())
        what = amount_words(vial.quantity, vial.lot.item.unit)
        why = reason_words(form.cleaned_data["reason"]).lower()
        messages.success(request, f"Discarded: {vial.lot.full_name}, {what}, {why}.")
        return back

    if form.is_valid():
        try:
            return redirect(form.submit(request, discard))
        except (InvalidLine, StockRefusal, SubmissionDiffers) as refusal:
            form.add_error(None, str(refusal))
    for error in (error for errors in form.errors.values() for error in errors):
        messages.error(request, str(error))
    return redirect(back)


@allow(NURSE, MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def opened_add(request: AuthenticatedRequest) -> HttpResponse:
    """Open one vial ahead of its use, by one press beside its lot; its label comes next."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(form.submit(request, lambda: _open(request, form)))
        except (InvalidLine, StockRefusal, SubmissionDiffers) as refusal:
            form.add_error(None, str(refusal))
    today, own = timezone.localdate(), own_location(request)
    beforehand = {"location": own.code} if own else {}
    asked = PlaceFilter(request.GET or beforehand, queryset=_sealed_vials(today))
    response = table_page(
        request,
        SealedTable,
        asked.qs,
        title="Open a vial",
        template="stock/opened_add.html",
        filter_form=asked.form,
        table_options={"opened": _opened_already(today)},
        context={"form": form, "key": form["submission_key"].value()},
    )
    if request.method == "POST":
        response.status_code = 422
    return response


def own_location(request: AuthenticatedRequest, asked: str = "") -> Location | None:
    """Return the place that was asked for, or else the one where the person works."""
    code = asked.replace("\0", "") or request.session.get(SESSION_LOCATION, "")
    return Location.objects.filter(code=code).first()


def _open(request: AuthenticatedRequest, form: OpenForm) -> str:
    url = form.open(request.user, timezone.now())
    sealed = form.cleaned_data["holding"]
    messages.success(request, f"Opened: {sealed.lot.full_name}. Label it now.")
    return url


def _sealed_vials(today: date) -> QuerySet[Holding]:
    sealed = Holding.objects.sealed().on_hand().usable_on(today).with_lot()
    multi_dose = sealed.filter(lot__item__container=Item.Container.MULTI_DOSE_VIAL)
    soonest = F("lot__expires_on").asc(nulls_last=True)
    return multi_dose.order_by(Lower("lot__item__name"), soonest, "location__name", "pk")


def _opened_already(today: date) -> dict[tuple[int, int], OpenedVial]:
    """Return the vial that would be drawn from next, by the ids of its item and its place."""
    rows = board(opened_vials().usable_on(today), None, today)
    return {(row.holding.lot.item_id, row.holding.location_id): row for row in reversed(rows)}
