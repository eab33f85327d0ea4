"""What happened to an item, a lot, a holding and a place, and what a person did."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location
from inventory.sheets.pages import table_page
from inventory.stock import history
from inventory.stock.history import History, Subject
from inventory.stock.history_filters import HistoryFilter
from inventory.stock.history_tables import ONLY_IN_THE_SHEET, HistoryRows, HistoryTable
from inventory.stock.holding_words import holding_words
from inventory.stock.models import Holding, Lot
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, allow, has_role


@allow(*EVERYONE)
@require_safe
def item_history(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    item = get_object_or_404(Item, sku=sku)
    back = ("The item", reverse("item_detail", args=[sku]))
    return _history_page(request, history.of_item(item), item.name, back)


@allow(*EVERYONE)
@require_safe
def lot_history(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    lot = get_object_or_404(Lot.objects.select_related("item"), pk=pk)
    name = f"{lot.item}, lot {lot}" if lot.number else f"{lot.item}, not tracked by lot"
    back = ("The lot", reverse("lot_detail", args=[pk]))
    return _history_page(request, history.of_lot(lot), name, back)


@allow(*EVERYONE)
@require_safe
def holding_history(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the life of an opened vial, or of the sealed stock of a lot in one place."""
    holding = get_object_or_404(Holding.objects.with_lot(), pk=pk)
    what = "open vial" if holding.is_opened else f"sealed in {holding.location}"
    if not holding_words(holding):
        what = f"in {holding.location}"
    name = f"{holding.lot.full_name}, {what}"
    back = (
        "The vial" if holding.is_opened else "What is there",
        reverse("holding_detail", args=[pk]),
    )
    return _history_page(request, history.of_holding(holding), name, back)


@allow(*EVERYONE)
@require_safe
def location_history(request: AuthenticatedRequest, code: str) -> HttpResponse:
    location = get_object_or_404(Location, code=code)
    back = ("The location", reverse("location_detail", args=[code]))
    return _history_page(request, history.of_location(location), location.name, back)


@allow(*EVERYONE)
@require_safe
def person_history(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show what a person did: to managers, and to that person."""
    if pk != request.user.pk and not has_role(request, MANAGER):
        raise PermissionDenied
    person = get_object_or_404(User, pk=pk)
    own = pk == request.user.pk
    back = (
        ("My account", reverse("account"))
        if own
        else ("The person", reverse("person_edit", args=[pk]))
    )
    return _history_page(request, history.of_person(person), str(person), back)


def _history_page(
    request: AuthenticatedRequest, subject: Subject, name: str, back: tuple[str, str]
) -> HttpResponse:
    form = HistoryFilter(request.GET, of_one_person=subject.by is not None)
    hidden = ONLY_IN_THE_SHEET if subject.is_of_one_item else (*ONLY_IN_THE_SHEET, "quantity")
    return table_page(
        request,
        HistoryTable,
        HistoryRows(History(subject, form.asked)),
        title=f"History of {name}",
        template="stock/history.html",
        export_name=f"history {name}",
        filter_form=form,
        table_options={"exclude": () if "export" in request.GET else hidden},
        context={"back_to": back[0], "back": back[1]},
    )
