"""Filling a place up to its par levels from another, on one page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.catalog.models import Location
from inventory.stock import ledger
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.models import Holding
from inventory.stock.restock import Restock, check_as_listed, restock
from inventory.stock.restock_forms import RestockForm
from inventory.stock.shelf_forms import named_in
from inventory.stock.shelf_views import SESSION_LOCATION
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import MANAGER, NURSE, allow

REASON = "Restock"
LOOK = "Nothing was moved. Look at what is marked."
CODE_MAX = 64


@allow(NURSE, MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def restock_add(request: AuthenticatedRequest) -> HttpResponse:
    """Fill `?to=`, at first where the person works, up to par from `?from=`, or from whoever can
    spare most of what is missing."""
    destination = _place(_code(request, "to") or request.session.get(SESSION_LOCATION, ""))
    if destination is None:
        return _page(request, None, None)
    listed = _list(request, destination)
    if request.method != "POST":
        return _page(request, listed, RestockForm(None, needs=listed.needs))
    named = Holding.objects.with_lot().filter(pk__in=named_in(request.POST))
    form = RestockForm(request.POST, needs=listed.needs, named=list(named))
    if not form.is_valid():
        return _page(request, listed, form, LOOK)
    try:
        return redirect(form.submit(request, lambda: _move(request, form, listed)))
    except InvalidLine as refusal:
        form.refuse(refusal)
        return _page(request, listed, form, LOOK)
    except (StockRefusal, SubmissionDiffers) as refusal:
        listed = _list(request, destination)
        anew = RestockForm(None, needs=listed.needs)
        anew.as_typed(request.POST, but=getattr(refusal, "changes", ()))
        return _page(request, listed, anew, str(refusal))


def _move(request: AuthenticatedRequest, form: RestockForm, listed: Restock) -> str:
    """Move all of it in one movement, if it is as it was listed, and return its address."""
    source, destination = listed.source, listed.destination
    if source is None:
        raise InvalidLine("from", "Nowhere in the clinic is any of it: choose another place.")
    lines, now = form.lines(), timezone.now()
    with ledger.together(line.item for line in lines):
        check_as_listed(listed.destination, source, lines, form.listed(), timezone.localdate(now))
        movement = ledger.transfer(
            by=request.user,
            source=source,
            destination=destination,
            lines=lines,
            reason=REASON,
            happened_at=now,
            now=now,
        )
    messages.success(request, f"{destination} is restocked from {source}.")
    return reverse("movement_detail", args=[movement.pk])


def _page(
    request: AuthenticatedRequest,
    listed: Restock | None,
    form: RestockForm | None,
    refusal: str = "",
) -> HttpResponse:
    refusals = (form and form.non_field_errors()) or [refusal]
    context = {
        "title": f"Restock {listed.destination}" if listed else "Restock",
        "listed": listed,
        "form": form,
        "rows": form.item_rows() if form else [],
        "refusals": [sentence for sentence in refusals if sentence],
        "locations": Location.objects.filter(is_active=True),
        "now": timezone.now(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "stock/restock_add.html", context, status=status)


def _list(request: AuthenticatedRequest, destination: Location) -> Restock:
    return restock(destination, _place(_code(request, "from")), timezone.localdate())


def _code(request: AuthenticatedRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "")[:CODE_MAX].strip()


def _place(code: str) -> Location | None:
    return Location.objects.filter(code=code, is_active=True).first()
