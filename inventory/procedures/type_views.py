"""Procedure types and their kits: everyone reads, the manager changes."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.procedures import register
from inventory.procedures.models import KitLine, ProcedureType
from inventory.procedures.type_filters import ProcedureTypeFilter
from inventory.procedures.type_forms import KitLineForm, TypeAddForm, TypeForm
from inventory.procedures.type_tables import KitTable, ProcedureTypeTable
from inventory.sheets.pages import table_page
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, allow

either = require_http_methods(["GET", "HEAD", "POST"])


@allow(*EVERYONE)
@require_safe
def procedure_type_list(request: AuthenticatedRequest) -> HttpResponse:
    return table_page(
        request,
        ProcedureTypeTable,
        ProcedureType.objects.annotate(kit_lines=Count("kit")),
        ProcedureTypeFilter,
        title="Procedure types",
        template="procedures/procedure_type_list.html",
    )


@allow(*EVERYONE)
@require_safe
def procedure_type_detail(request: AuthenticatedRequest, code: str) -> HttpResponse:
    procedure_type = get_object_or_404(ProcedureType, code=code)
    kit = procedure_type.kit.select_related("item").prefetch_related("substitutes__item")
    return table_page(
        request,
        KitTable,
        kit,
        title=procedure_type.name,
        template="procedures/procedure_type_detail.html",
        export_name=f"kit {code}",
        context={"procedure_type": procedure_type, "kit": kit},
    )


@allow(MANAGER)
@either
def procedure_type_add(request: AuthenticatedRequest) -> HttpResponse:
    form = TypeAddForm(request.POST or None)
    if made := form.carry_out(lambda: _add_type(form)):
        messages.success(request, f"{made} is added. What does it take?")
        return redirect("procedure_type_detail", made.code)
    context = {"title": "Add a procedure type", "form": form}
    return render(request, "procedures/procedure_type_add.html", context)


@allow(MANAGER)
@either
def procedure_type_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    procedure_type = get_object_or_404(ProcedureType, code=code)
    form = TypeForm(request.POST or None, initial=vars(procedure_type))
    if form.carry_out(lambda: register.change_type(procedure_type, form.facts(code))):
        messages.success(request, f"{procedure_type} is changed.")
        return redirect("procedure_type_detail", code)
    context = {
        "title": f"Change {procedure_type}",
        "form": form,
        "procedure_type": procedure_type,
    }
    return render(request, "procedures/procedure_type_edit.html", context)


@allow(MANAGER)
@either
def kit_line_add(request: AuthenticatedRequest, code: str) -> HttpResponse:
    procedure_type = get_object_or_404(ProcedureType, code=code)
    form = KitLineForm(request.POST or None)
    if line := form.carry_out(lambda: register.add_kit_line(procedure_type, form.facts())):
        messages.success(request, f"{line.item} is in the kit.")
        again = "another" in request.POST
        return redirect("kit_line_add" if again else "procedure_type_detail", code)
    context = {
        "title": f"Add a supply: {procedure_type}",
        "form": form,
        "procedure_type": procedure_type,
    }
    return render(request, "procedures/kit_line_add.html", context)


@allow(MANAGER)
@either
def kit_line_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    line = _line_or_404(pk)
    form = KitLineForm(request.POST or None, line=line)
    if form.carry_out(lambda: register.change_kit_line(line, form.facts())):
        messages.success(request, f"{line.item} is changed in the kit.")
        return redirect("procedure_type_detail", line.procedure_type.code)
    context = {
        "title": f"{line.item}: {line.procedure_type}",
        "form": form,
        "line": line,
        "procedure_type": line.procedure_type,
    }
    return render(request, "procedures/kit_line_edit.html", context)


@allow(MANAGER)
@require_POST
def kit_line_move(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """`to=up` or `to=down`."""
    line = _line_or_404(pk)
    register.move_kit_line(line, up=request.POST.get("to") == "up")
    return redirect("procedure_type_detail", line.procedure_type.code)


@allow(MANAGER)
@require_POST
def kit_line_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    line = _line_or_404(pk)
    register.remove_kit_line(line)
    messages.success(request, f"{line.item} is no longer in the kit.")
    return redirect("procedure_type_detail", line.procedure_type.code)


def _add_type(form: TypeAddForm) -> ProcedureType:
    begin_with: ProcedureType | None = form.cleaned_data["kit_of"]
    kit = register.kit_facts(begin_with) if begin_with else []
    return register.add_type(form.facts(form.cleaned_data["code"]), kit)


def _line_or_404(pk: int) -> KitLine:
    lines = KitLine.objects.select_related("item", "procedure_type")
    return get_object_or_404(lines.prefetch_related("substitutes__item"), pk=pk)
