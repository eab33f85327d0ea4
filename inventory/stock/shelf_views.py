"""Moving, discarding, returning and counting what is in one place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.catalog.models import Location, LocationLevel, Supplier
from inventory.stock import ledger
from inventory.stock.discards import obvious_reason
from inventory.stock.errors import ChangedSinceShown, InvalidLine, StockRefusal
from inventory.stock.holding_words import holding_words, state_pill
from inventory.stock.models import Entry, Holding, Movement
from inventory.stock.pointing import NobodyKnows, PointsAtNothing, point_at
from inventory.stock.requests import StockLine, WasteReason
from inventory.stock.shelf import check_as_shown, why_not_usable
from inventory.stock.shelf_forms import (
    FIELD,
    CountForm,
    NotOnTheShelf,
    ReturnForm,
    ShelfForm,
    TransferForm,
    WasteForm,
    first_to_expire_first,
    is_id,
    named_in,
)
from inventory.stock.suggestions import to_par
from inventory.stock.usable import usable_until, why_words
from inventory.web.forms import QuantityField
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.pills import Pill
from inventory.web.roles import MANAGER, NURSE, PURCHASER, allow
from inventory.web.words import amount_words

SESSION_LOCATION = "location_code"
WORDS_MAX = 100

either = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Shelf:
    """What one of these pages is about: a place, perhaps one holding or one item of it."""

    location: Location | None
    holding: Holding | None
    words: str
    holdings: list[Holding]
    opened_only: bool = False

    @property
    def has_opened(self) -> bool:
        """Whether any of these is an opened vial."""
        return any(holding.is_opened for holding in self.holdings)


@allow(NURSE, MANAGER)
@either
def transfer_add(request: AuthenticatedRequest) -> HttpResponse:
    """Move stock to another place. `?from=`, `?to=`, `?item=`, and `?holding=` with `?quantity=`
    choose beforehand; `?opened=1` lists opened vials alone."""
    shelf = _shelf(request, "from")
    destination = Location.objects.filter(code=_asked(request, "to"), is_active=True).first()
    form = TransferForm(
        request.POST or None,
        holdings=shelf.holdings,
        quantities=_of_holding(request, shelf.holding) or _to_par(shelf, destination),
        initial={"destination": destination.code if destination else None},
    )

    def move() -> str:
        source, now = _place(shelf), timezone.now()
        movement = ledger.transfer(
            by=request.user,
            source=source,
            destination=form.cleaned_data["destination"],
            lines=form.lines(),
            reason=form.cleaned_data["reason"],
            happened_at=now,
            now=now,
        )
        messages.success(request, f"Moved to {form.cleaned_data['destination']}.")
        return reverse("movement_detail", args=[movement.pk])

    return _answer(request, form, move, shelf, "transfer_add", "Move stock")


@allow(NURSE, MANAGER)
@either
def waste_add(request: AuthenticatedRequest) -> HttpResponse:
    """Discard stock, with the reason. `?holding=` and `?location=` choose beforehand."""
    shelf = _shelf(request, "location")
    form = WasteForm(
        request.POST or None,
        holdings=shelf.holdings,
        quantities=_all_of(shelf.holding),
        initial={"reason": _why_discarded(shelf.holding)},
    )

    def discard() -> str:
        now = timezone.now()
        movement = ledger.waste(
            by=request.user,
            location=_place(shelf),
            lines=form.lines(),
            reason=WasteReason(form.cleaned_data["reason"]),
            happened_at=now,
            now=now,
        )
        messages.success(request, "Discarded. The stock is lower by exactly this.")
        return reverse("movement_detail", args=[movement.pk])

    return _answer(request, form, discard, shelf, "waste_add", "Discard stock")


@allow(NURSE, MANAGER, PURCHASER)
@either
def return_add(request: AuthenticatedRequest) -> HttpResponse:
    """Send stock back to a supplier. `?holding=` and `?location=` choose beforehand."""
    shelf = _unusable_first(_shelf(request, "location"))
    supplier = _sold_by(shelf.holdings)
    form = ReturnForm(
        request.POST or None,
        holdings=shelf.holdings,
        quantities=_of_holding(request, shelf.holding),
        initial={"supplier": supplier.code if supplier else None, "reason": _why_sent(shelf)},
    )

    def send_back() -> str:
        now = timezone.now()
        movement = ledger.return_to_supplier(
            by=request.user,
            location=_place(shelf),
            lines=form.lines(),
            supplier=form.cleaned_data["supplier"],
            reference=form.cleaned_data["reference"],
            reason=form.cleaned_data["reason"],
            happened_at=now,
            now=now,
        )
        messages.success(request, f"Sent back to {form.cleaned_data['supplier']}.")
        return reverse("movement_detail", args=[movement.pk])

    return _answer(request, form, send_back, shelf, "return_add", "Return to a supplier")


@allow(NURSE, MANAGER)
@either
def count_add(request: AuthenticatedRequest) -> HttpResponse:
    """Count what is in a place. `?location=` and `?holding=` choose beforehand."""
    shelf = _shelf(request, "location")
    form = CountForm(request.POST or None, holdings=shelf.holdings, quantities={})

    def count() -> str:
        now, lines = timezone.now(), form.lines()
        with ledger.together(line.item for line in lines):
            _check_as_shown(form, lines)
            counted = ledger.count(
                by=request.user,
                location=_place(shelf),
                lines=lines,
                reason=form.cleaned_data["reason"],
                happened_at=now,
                now=now,
            )
        messages.success(request, _outcome(counted))
        return reverse("movement_detail", args=[counted.movement.pk])

    if scan := _scanned(request):
        return _at_scanned(request, shelf, scan)
    return _answer(request, form, count, shelf, "count_add", "Count stock")


def _check_as_shown(form: CountForm, lines: Sequence[StockLine]) -> None:
    try:
        check_as_shown(lines, form.shown_before())
    except ChangedSinceShown as refusal:
        form.tell(refusal.changes)
        raise


def _answer(
    request: AuthenticatedRequest,
    form: ShelfForm,
    act: Callable[[], str],
    shelf: Shelf,
    noun: str,
    title: str,
) -> HttpResponse:
    """Go to what was made of the form, or show it, with the reasons where it was refused."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(form.submit(request, act))
        except InvalidLine as refusal:
            form.refuse(refusal)
        except (StockRefusal, SubmissionDiffers) as refusal:
            form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return render(request, f"stock/{noun}.html", _context(form, shelf, title), status=status)


def _context(form: ShelfForm, shelf: Shelf, title: str) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "title": title,
        "form": form,
        "shelf": shelf,
        "locations": Location.objects.filter(is_active=True),
        "rows": [(row, *_seen(row.holding, today)) for row in form.rows()],
    }


def _scanned(request: AuthenticatedRequest) -> str:
    """Return what was scanned on the page, or before it: its form, or its address, says it."""
    sent = request.POST if request.method == "POST" else request.GET
    return sent.get("scan", "").strip()


def _at_scanned(request: AuthenticatedRequest, shelf: Shelf, scan: str) -> HttpResponse:
    """Show the page with what was typed on it, at the row of what was scanned. Nothing is counted
    by it."""
    form = CountForm(
        None, holdings=shelf.holdings, quantities={}, initial=_typed(request, shelf.holdings)
    )
    said = {}
    try:
        pointed = point_at(scan)
        form.stand_at(pointed)
        if pointed.question:
            said = {"refusal": f"{pointed.item}: {pointed.question}"}
    except NobodyKnows as unknown:
        said = {"refusal": str(unknown), "scan": scan, "unknown": unknown.text}
    except (PointsAtNothing, NotOnTheShelf) as refusal:
        said = {"refusal": str(refusal)}
    return render(request, "stock/count_add.html", {**_context(form, shelf, "Count stock"), **said})


def _typed(request: AuthenticatedRequest, holdings: Iterable[Holding]) -> dict[str, Any]:
    """Return what was typed on the page so far, as it was typed."""
    names = [*CountForm.base_fields, *(f"{FIELD}{holding.pk}" for holding in holdings)]
    return {name: request.POST[name] for name in names if name in request.POST}


def _seen(holding: Holding, today: date) -> tuple[str, date | None, Pill]:
    """Return a holding's containers, last usable day and state."""
    until = usable_until(holding.lot.expires_on, holding.beyond_use_on)
    return holding_words(holding), until, state_pill(holding, today)


def _shelf(request: AuthenticatedRequest, parameter: str) -> Shelf:
    """Read the place, and what is in it, from the address; at first where the person works."""
    number = _asked(request, "holding")
    if is_id(number) and (holding := Holding.objects.with_lot().filter(pk=int(number)).first()):
        return Shelf(holding.location, holding, "", [holding])
    code = _asked(request, parameter) or request.session.get(SESSION_LOCATION, "")
    location = Location.objects.filter(code=code).first()
    words = _asked(request, "item")
    there = Holding.objects.on_hand().with_lot().filter(location=location)
    for word in words.split():
        there = there.filter(Q(lot__item__name__icontains=word) | Q(lot__item__sku__icontains=word))
    opened_only = bool(_asked(request, "opened"))
    holdings = first_to_expire_first(there.opened() if opened_only else there)
    return Shelf(location, None, words, holdings + _gone(request, holdings), opened_only)


def _gone(request: AuthenticatedRequest, holdings: Iterable[Holding]) -> list[Holding]:
    """Return what the form names but is not there any more: the ledger refuses it, so that a number
    that somebody entered is never passed over in silence."""
    missing = named_in(request.POST) - {each.pk for each in holdings}
    return list(Holding.objects.with_lot().filter(pk__in=missing))


def _asked(request: AuthenticatedRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "")[:WORDS_MAX].strip()


def _place(shelf: Shelf) -> Location:
    if shelf.location is None:
        raise InvalidLine("location", "Choose a location first.")
    return shelf.location


def _all_of(holding: Holding | None) -> Mapping[int, Decimal]:
    return {holding.pk: holding.quantity} if holding else {}


def _of_holding(request: AuthenticatedRequest, holding: Holding | None) -> Mapping[int, Decimal]:
    """Return the quantity that the address asks for, in the item's unit; all where it asks for none
    that there is."""
    if holding is None:
        return {}
    try:
        asked = QuantityField(min_value=0).clean(_asked(request, "quantity"))
    except ValidationError:
        return _all_of(holding)
    return {holding.pk: asked} if 0 < asked < holding.quantity else _all_of(holding)


def _to_par(shelf: Shelf, destination: Location | None) -> Mapping[int, Decimal]:
    """Return what would fill the destination up to par of the one item that is asked for."""
    items = {holding.lot.item_id: holding.lot.item for holding in shelf.holdings}
    if destination is None or not shelf.words or len(items) != 1:
        return {}
    level = LocationLevel.objects.filter(item__in=items, location=destination).first()
    if level is None:
        return {}
    today = timezone.localdate()
    there = Holding.objects.on_hand().usable_on(today)
    there = there.filter(lot__item__in=items, location=destination)
    held = sum((holding.quantity for holding in there), Decimal(0))
    return to_par(shelf.holdings, level.par_level - held, today)


def _why_discarded(holding: Holding | None) -> str:
    return (holding and obvious_reason(holding, timezone.localdate())) or ""


def _unusable_first(shelf: Shelf) -> Shelf:
    """What cannot be used is what mostly goes back."""
    today = timezone.localdate()
    rows = sorted(shelf.holdings, key=lambda holding: not why_not_usable(holding, today))
    return replace(shelf, holdings=rows)


def _sold_by(holdings: Iterable[Holding]) -> Supplier | None:
    """Return whom all of these lots came from; None where they differ, or one is not known of."""
    lots = {holding.lot_id for holding in holdings}
    received = Entry.objects.filter(
        holding__lot__in=lots,
        kind=Entry.Kind.RECEIPT,
        movement__kind=Movement.Kind.RECEIPT,
        movement__reversed_by__isnull=True,
    )
    came_from = set(received.order_by().values_list("holding__lot", "movement__supplier"))
    suppliers = {supplier for _, supplier in came_from}
    known = {lot for lot, _ in came_from} == lots
    if not known or len(suppliers) != 1:
        return None
    return Supplier.objects.filter(pk__in=suppliers).first()


def _why_sent(shelf: Shelf) -> str:
    if shelf.holding is None:
        return ""
    why = why_words(why_not_usable(shelf.holding, timezone.localdate()))
    return f"{why[:1].upper()}{why[1:]}"


def _outcome(count: ledger.Count) -> str:
    """Return "Counted 3 holdings: 1 differs. Needle 25G: 2 less than expected."""
    differing = [line for line in count.lines if line.variance]
    counted = f"Counted {len(count.lines)}: "
    if not differing:
        return f"{counted}all as expected."
    each = [
        f"{line.holding.lot.item} {amount_words(abs(line.variance), line.holding.lot.item.unit)}"
        f" {'more' if line.variance > 0 else 'less'}"
        for line in differing
    ]
    return f"{counted}{', '.join(each)} than expected."
