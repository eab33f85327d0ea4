"""The discard list: what must not be used, by place, ticked off together."""

from dataclasses import replace
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inventory.sheets.pages import table_page
from inventory.stock.costs import total_of
from inventory.stock.discard_forms import REASONS, DiscardForm, numbers_in
from inventory.stock.discard_tables import DiscardTable
from inventory.stock.discards import discards_of, not_usable
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.models import Movement
from inventory.stock.opened_views import own_location
from inventory.stock.place_filters import PlaceFilter
from inventory.stock.waste_costs import waste_lines
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, has_role

MOST_MOVEMENTS = 500


@allow(*EVERYONE)
@require_safe
def discard_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show what must not be used, by place, what is to go ticked beforehand."""
    return _list(request, None)


@allow(NURSE, MANAGER)
@require_POST
def discard_add(request: AuthenticatedRequest) -> HttpResponse:
    """Discard all that is ticked, or nothing when any of it has changed since."""
    form = DiscardForm(request.POST)
    if form.is_valid():
        try:
            return redirect(
                form.submit(request, lambda: form.discard(request.user, timezone.now()))
            )
        except (InvalidLine, StockRefusal, SubmissionDiffers) as refusal:
            form.add_error(None, str(refusal))
    response = _list(request, form)
    response.status_code = 422
    return response


@allow(*EVERYONE)
@require_safe
def discard_done(request: AuthenticatedRequest) -> HttpResponse:
    """Show what some waste movements threw away, where, and what it cost."""
    numbers = numbers_in(request.GET.get("movements", ""), MOST_MOVEMENTS)
    found = Movement.objects.filter(pk__in=numbers, kind=Movement.Kind.WASTE)
    movements = list(found.select_related("by", "reversed_by").order_by("pk"))
    lines = waste_lines(movements)
    context = {
        "title": "Discarded",
        "movements": [
            (each, lines[each.pk], total_of(line.cost for line in lines[each.pk]))
            for each in movements
        ],
        "total": total_of(line.cost for each in movements for line in lines[each.pk]),
    }
    return render(request, "stock/discard_done.html", context)


def _list(request: AuthenticatedRequest, form: DiscardForm | None) -> HttpResponse:
    """Answer with the list as it is now; what a refused form had ticked stays ticked."""
    today = timezone.localdate()
    asked = PlaceFilter(request.GET, queryset=not_usable(today))
    rows = discards_of(asked.qs, own_location(request), today)
    if form is not None:
        rows = [
            replace(row, is_ticked=bool(reason), reason=reason or row.reason)
            for row in rows
            for reason in [form.reason_of(row.holding)]
        ]
    return table_page(
        request,
        DiscardTable,
        rows,
        title="To discard",
        template="stock/discard_list.html",
        fragment="stock/_discards.html",
        # The address of a refused form takes no questions.
        filter_form=None if form else asked.form,
        context={
            "form": form,
            "key": (form and form["submission_key"].value()) or uuid4(),
            "reasons": REASONS,
            "handles": has_role(request, NURSE, MANAGER),
        },
    )
