"""What was done before procedures were logged here: the list, one of them, and their files."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.procedures.models import PastProcedure
from inventory.procedures.past_filters import PastProcedureFilter
from inventory.procedures.past_tables import (
    PastFileTable,
    PastProcedureTable,
    file_pill,
    performed_words,
    with_what_it_holds,
)
from inventory.procedures.tables import encounter
from inventory.sheets.pages import table_page
from inventory.stock.models import PastFile
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, has_role


@allow(*EVERYONE)
@require_safe
def past_procedure_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the procedures that files brought, the newest first."""
    return table_page(
        request,
        PastProcedureTable,
        PastProcedure.objects.select_related("type", "location", "file"),
        PastProcedureFilter,
        title="Before Vialkeeper",
        template="procedures/past_procedure_list.html",
        export_name="procedures before Vialkeeper",
        table_options={"shows_encounters": _treats(request)},
    )


@allow(*EVERYONE)
@require_safe
def past_procedure_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show what a past procedure used, and where that is known from."""
    procedures = PastProcedure.objects.select_related("type", "location", "file__taken_in_by")
    procedure = get_object_or_404(procedures, pk=pk)
    context = {
        "title": procedure.type.name,
        "procedure": procedure,
        "performed": performed_words(procedure.performed_at, timezone.localdate()),
        "uses": [line.use for line in procedure.lines.select_related("use__item")],
        "encounter": encounter(procedure.encounter_ref, shown=_treats(request)),
    }
    return render(request, "procedures/past_procedure_detail.html", context)


@allow(*EVERYONE)
@require_safe
def past_file_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the files that past procedures came in, also those that were taken back."""
    files = with_what_it_holds(PastFile.objects.all())
    return table_page(request, PastFileTable, files, title="Files of past procedures")


@allow(*EVERYONE)
@require_safe
def past_file_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show what became of a file of past procedures."""
    file = get_object_or_404(with_what_it_holds(PastFile.objects.all()), pk=pk)
    context = {"title": file.name, "file": file, "state": file_pill(file)}
    return render(request, "procedures/past_file_detail.html", context)


def _treats(request: AuthenticatedRequest) -> bool:
    """Encounter references are for those who work with patients."""
    return has_role(request, NURSE, MANAGER)
