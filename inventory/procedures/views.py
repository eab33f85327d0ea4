"""What was logged: the day's list, a procedure with every entry, and taking it back."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from inventory.procedures import record
from inventory.procedures.filters import DAYS, ProcedureFilter
from inventory.procedures.forms import VoidForm
from inventory.procedures.log_words import dose
from inventory.procedures.models import Procedure
from inventory.procedures.put_back import corrected_words, put_back_words
from inventory.procedures.read import corrected_since, taken_lines
from inventory.procedures.record import AlreadyVoided, MayNotVoid, check_may_void
from inventory.procedures.tables import ProcedureTable, encounter, state_pill
from inventory.sheets.pages import table_page
from inventory.stock.backdating import is_backdated
from inventory.stock.errors import StockRefusal
from inventory.stock.models import Entry
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, has_role


@allow(*EVERYONE)
@require_safe
def procedure_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show today's procedures, or those of the days asked for."""
    rows = Procedure.objects.select_related("type", "location", "logged_by")
    today = timezone.localdate().isoformat()
    asked = any(request.GET.get(name, today) != today for name in DAYS)
    return table_page(
        request,
        ProcedureTable,
        rows,
        ProcedureFilter,
        title="Procedures" if asked else "Today's procedures",
        template="procedures/procedure_list.html",
        export_name="procedures",
        table_options={"shows_encounters": _treats(request)},
    )


@allow(*EVERYONE)
@require_safe
def procedure_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show what a procedure took, every entry of it, and what it was voided by."""
    procedure = get_object_or_404(_procedures(), pk=pk)
    lines = taken_lines(procedure)
    entries = list(_entries(procedure))
    undone_by = getattr(procedure.movement, "reversed_by", None)
    context = {
        "title": procedure.type.name,
        "procedure": procedure,
        "lines": [(line, dose(line.item, line.quantity)) for line in lines],
        "entries": entries,
        "undone_by": undone_by,
        "put_back": put_back_words(entry for entry in entries if entry.movement == undone_by),
        "amended_by": getattr(procedure, "amended_by", None),
        "may_void": _may_void(request, procedure),
        "encounter": encounter(procedure.encounter_ref, shown=_treats(request)),
        "state": state_pill(procedure),
        "just_logged": request.GET.get("logged") == "1",
        "back_dated": is_backdated(procedure.performed_at, procedure.logged_at),
    }
    return render(request, "procedures/procedure_detail.html", context)


@allow(NURSE, MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_void(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a procedure back, with its reason; its supplies are put back or counted as wasted."""
    procedure = get_object_or_404(_procedures(), pk=pk)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            voided = _void(request, procedure, form.cleaned_data)
        except (AlreadyVoided, MayNotVoid) as refusal:
            messages.info(request, str(refusal))
        except StockRefusal as refusal:
            form.add_error(None, str(refusal))
            return _void_page(request, procedure, form, status=409)
        else:
            messages.success(request, _voided_words(voided))
        return redirect("procedure_detail", procedure.pk)
    if why_not := _why_not_void(request, procedure):
        messages.info(request, why_not)
        return redirect("procedure_detail", procedure.pk)
    return _void_page(request, procedure, form, status=422 if form.errors else 200)


def _void(
    request: AuthenticatedRequest, procedure: Procedure, cleaned: dict[str, Any]
) -> Procedure:
    return record.void(
        procedure,
        by=request.user,
        reason=cleaned["reason"],
        supplies=Procedure.Supplies(cleaned["supplies"]),
        now=timezone.now(),
    )


def _void_page(
    request: AuthenticatedRequest, procedure: Procedure, form: VoidForm, status: int
) -> HttpResponse:
    context = {
        "title": "Void a procedure",
        "procedure": procedure,
        "lines": [(line, dose(line.item, line.quantity)) for line in taken_lines(procedure)],
        "corrected": corrected_words(corrected_since(procedure)),
        "form": form,
    }
    return render(request, "procedures/procedure_void.html", context, status=status)


def _voided_words(procedure: Procedure) -> str:
    if procedure.void_supplies == Procedure.Supplies.RETURNED:
        return "The procedure is voided. What became of its supplies is told below."
    return "The procedure is voided; its supplies are counted as wasted."


def _procedures() -> QuerySet[Procedure]:
    return Procedure.objects.select_related(
        "type",
        "location",
        "logged_by",
        "voided_by",
        "movement__reversed_by",
        "amended_by",
        "amends",
    )


def _entries(procedure: Procedure) -> QuerySet[Entry]:
    """Every entry of the procedure's movement and of its reversal, in the order written."""
    movements = [procedure.movement_id]
    undone_by = getattr(procedure.movement, "reversed_by", None)
    if undone_by:
        movements.append(undone_by.pk)
    return (
        Entry.objects.filter(movement__in=movements)
        .select_related("movement", "holding__lot", "item", "location")
        .order_by("pk")
    )


def _may_void(request: AuthenticatedRequest, procedure: Procedure) -> bool:
    return has_role(request, NURSE, MANAGER) and not _why_not_void(request, procedure)


def _why_not_void(request: AuthenticatedRequest, procedure: Procedure) -> str:
    if procedure.status == Procedure.Status.VOIDED:
        return str(AlreadyVoided(procedure))
    try:
        check_may_void(procedure, request.user, timezone.now())
    except MayNotVoid as refusal:
        return str(refusal)
    return ""


def _treats(request: AuthenticatedRequest) -> bool:
    """Encounter references are for those who work with patients."""
    return has_role(request, NURSE, MANAGER)
