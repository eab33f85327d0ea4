"""What a procedure leaves to be done, and what needs somebody where it is logged.

The pages of procedures load these parts; `procedures` itself knows nothing of flags.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.attention.flags import collapsed, flags_for_items, open_flags, pressing
from inventory.attention.rows import rows_for
from inventory.attention.rules import Kind
from inventory.catalog.models import Location
from inventory.procedures.models import Procedure
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, allow, roles_of

ROWS_BESIDE_A_FORM = 4


@allow(*EVERYONE)
@require_safe
def procedure_flags(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the flags that the items of this procedure have raised here or in the clinic."""
    procedure = get_object_or_404(Procedure.objects.select_related("location"), pk=pk)
    items = set(procedure.lines.values_list("item", flat=True))
    today, own_page = timezone.localdate(), reverse("procedure_detail", args=[procedure.pk])
    flags = [
        flag
        for flag in flags_for_items(today, items, procedure.location)
        if flag.kind is not Kind.UNUSABLE_USED or flag.action_url == own_page
    ]
    context = {
        "rows": rows_for(roles_of(request), collapsed(flags), today),
        "title": "Flags that the procedure raised",
        "none": "It raised no flag.",
    }
    return render(request, _part_or_page(request), context)


@allow(*EVERYONE)
@require_safe
def location_flags(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show the few most urgent flags of one place, beside what somebody is doing there."""
    location = get_object_or_404(Location, code=code)
    today = timezone.localdate()
    flags = pressing(collapsed(open_flags(today, location), location))
    context = {
        "rows": rows_for(roles_of(request), flags[:ROWS_BESIDE_A_FORM], today),
        "more": max(0, len(flags) - ROWS_BESIDE_A_FORM),
        "location": location,
        "title": f"What needs you in {location}",
        "none": "Nothing needs you here.",
    }
    return render(request, _part_or_page(request), context)


def _part_or_page(request: AuthenticatedRequest) -> str:
    return "attention/_few_flags.html" if request.htmx else "attention/few_flags_page.html"
