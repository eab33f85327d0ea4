"""The home page, and the flags."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inventory.attention.flags import collapsed, flags_of_item, pressing, varied
from inventory.attention.forms import FlagFilter
from inventory.attention.home import figures, procedures_of
from inventory.attention.review import mark_reviewed
from inventory.attention.rows import rows_for
from inventory.attention.shared import open_flags_of
from inventory.attention.tables import ONLY_IN_THE_SHEET, FlagTable
from inventory.catalog.models import Item, Location
from inventory.procedures.models import ProcedureLine
from inventory.procedures.usual import last_location, types_by_use
from inventory.sheets.pages import table_page
from inventory.stock.models import Lot, Movement
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, allow, roles_of

ROWS_ON_HOME = 8
TILES = 7
SESSION_LOCATION = "location_code"


@allow(*EVERYONE)
@require_safe
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Show what this person has to do or decide, and the way there."""
    today, roles = timezone.localdate(), roles_of(request)
    nurses, manages = NURSE in roles, bool({MANAGER, PURCHASER} & roles)
    location = _own_location(request) if nurses else None
    flags = open_flags_of(request, today)
    here = open_flags_of(request, today, None if manages else location)
    needs = pressing(collapsed(here, None if manages else location))
    shown = varied(needs)[:ROWS_ON_HOME]
    context: dict[str, Any] = {
        "location": location,
        "needs": rows_for(roles, shown, today),
        "more": len(needs) - len(shown),
        "day": procedures_of(today, location),
    }
    if nurses and location:
        context["tiles"] = types_by_use(location, today)[:TILES]
    if MANAGER in roles:
        context["is_new"] = not Movement.objects.exists()
    if manages:
        context["figures"] = figures(today, flags)
    return render(request, "attention/home.html", context)


@allow(*EVERYONE)
@require_safe
def flag_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show all that needs a person; an item's supply flags as one, unless a kind is asked for."""
    today, asked = timezone.localdate(), FlagFilter(request.GET)
    flags = asked.narrow(open_flags_of(request, today, asked.place))
    shown = flags if asked.asks_for_a_kind else collapsed(flags)
    return table_page(
        request,
        FlagTable,
        rows_for(roles_of(request), shown, today),
        title="Flags",
        template="attention/flag_list.html",
        filter_form=asked,
        table_options={"exclude": () if "export" in request.GET else ONLY_IN_THE_SHEET},
    )


@allow(*EVERYONE)
@require_safe
def item_flags(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    """Show the open flags of one item, as a part of its page."""
    item = get_object_or_404(Item, sku=sku)
    today = timezone.localdate()
    rows = rows_for(roles_of(request), collapsed(flags_of_item(today, item)), today)
    return render(request, _part_or_page(request), {"rows": rows, "title": f"Flags of {item}"})


@allow(*EVERYONE)
@require_safe
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


def _own_location(request: AuthenticatedRequest) -> Location | None:
    """Return where the logging page would begin for this person."""
    locations = Location.objects.filter(is_active=True)
    kept = locations.filter(code=request.session.get(SESSION_LOCATION, "")).first()
    return kept or last_location(request.user.pk) or locations.first()


def _part_or_page(request: AuthenticatedRequest) -> str:
    return "attention/_flags.html" if request.htmx else "attention/flags_page.html"
