"""The home page, and the flags."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from inventory.attention.flags import collapsed, flags_of_item, open_flags, pressing
from inventory.attention.forms import FlagFilter
from inventory.attention.home import figures, procedures_of, usual_types
from inventory.attention.review import mark_reviewed
from inventory.attention.rows import rows_for
from inventory.attention.tables import FlagTable
from inventory.catalog.models import Item, Location
from inventory.procedures.models import ProcedureLine
from inventory.sheets.pages import table_page
from inventory.stock.models import Lot
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, allow, roles_of

ROWS_ON_HOME = 8
SESSION_LOCATION = "location_code"


@allow(*EVERYONE)
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Show what this person has to do or decide, and the way there."""
    today, roles = timezone.localdate(), roles_of(request)
    location = _last_location(request)
    nurses, manages = NURSE in roles, bool({MANAGER, PURCHASER} & roles)
    flags = open_flags(today)
    here = open_flags(today, location) if nurses and not manages and location else flags
    needs = pressing(collapsed(here))
    context: dict[str, Any] = {
        "location": location,
        "needs": rows_for(roles, needs[:ROWS_ON_HOME], today),
        "more": max(0, len(needs) - ROWS_ON_HOME),
        "day": procedures_of(today, location if nurses else None),
    }
    if nurses:
        context["types"] = usual_types(location, today)
    if manages:
        context["figures"] = figures(today, flags)
    return render(request, "attention/home.html", context)


@allow(*EVERYONE)
def flag_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show all that needs a person; an item's supply flags as one, unless a kind is asked for."""
    today, asked = timezone.localdate(), FlagFilter(request.GET)
    flags = asked.narrow(open_flags(today, asked.place))
    shown = flags if asked.asks_for_a_kind else collapsed(flags)
    return table_page(
        request,
        FlagTable,
        rows_for(roles_of(request), shown, today),
        title="Flags",
        template="attention/flag_list.html",
        filter_form=asked,
    )


@allow(*EVERYONE)
def item_flags(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    """Show the open flags of one item, as a part of its page."""
    item = get_object_or_404(Item, sku=sku)
    today = timezone.localdate()
    rows = rows_for(roles_of(request), collapsed(flags_of_item(today, item)), today)
    return render(request, _part_or_page(request), {"rows": rows, "title": f"Flags of {item}"})


@allow(*EVERYONE)
def lot_flags(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the open flags of one lot, as a part of its page."""
    lot = get_object_or_404(Lot.objects.select_related("item"), pk=pk)
    today = timezone.localdate()
    flags = [flag for flag in flags_of_item(today, lot.item) if flag.lot == lot]
    rows = rows_for(roles_of(request), flags, today)
    return render(request, _part_or_page(request), {"rows": rows, "title": f"Flags of lot {lot}"})


@allow(MANAGER)
@require_POST
def flag_review(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Mark a line that took what could not be used as seen."""
    line = get_object_or_404(ProcedureLine.objects.exclude(unusable_reason=""), pk=pk)
    if mark_reviewed(line, by=request.user, now=timezone.now()):
        messages.success(request, "Marked as seen. The flag is gone.")
    else:
        messages.info(request, "Somebody had marked it as seen already.")
    return redirect("procedure_detail", line.procedure_id)


def _last_location(request: AuthenticatedRequest) -> Location | None:
    """Where this person logged last; the logging page keeps it."""
    code = request.session.get(SESSION_LOCATION)
    return Location.objects.filter(code=code, is_active=True).first() if code else None


def _part_or_page(request: AuthenticatedRequest) -> str:
    return "attention/_flags.html" if request.htmx else "attention/flags_page.html"
