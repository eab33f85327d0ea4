"""The reports: a page that lists them, and one page and one workbook for each."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.catalog.models import Clinic
from inventory.reports.definition import Answer
from inventory.reports.drawing import draw
from inventory.reports.every import BY_CODE, REPORTS
from inventory.reports.forms import ReportForm
from inventory.reports.periods import usual_periods
from inventory.reports.tables import ReportTable, columns_of
from inventory.sheets.pages import table_page, without_export
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, PURCHASER, VIEWER, allow

NO_ANSWER = Answer((), (), "")


@allow(MANAGER, PURCHASER, VIEWER)
@require_safe
def report_index(request: AuthenticatedRequest) -> HttpResponse:
    """Show what can be asked."""
    return render(request, "reports/report_index.html", {"reports": REPORTS, "title": "Reports"})


@allow(MANAGER, PURCHASER, VIEWER)
@require_safe
def report_detail(request: AuthenticatedRequest, report: str) -> HttpResponse:
    """Show what a report answers, as a picture and as a table that is a workbook too."""
    if report not in BY_CODE:
        raise Http404("There is no such report.")
    found, today = BY_CODE[report], timezone.localdate()
    form = ReportForm(found, request.GET, today)
    if form.asked is None and "export" in request.GET:
        messages.error(request, " ".join(form.sentences))
        return HttpResponseRedirect(without_export(request))
    answer = found.answer(form.asked) if form.asked else NO_ANSWER
    return table_page(
        request,
        ReportTable,
        answer.rows,
        title=found.title,
        template="reports/report_detail.html",
        fragment="reports/_report.html",
        filter_form=form,
        table_options={"extra_columns": columns_of(answer)},
        above=[[f"{Clinic.objects.get(pk=1).name}: {found.title}"], *map(list, form.words())],
        below=[[], *([line] for line in (answer.notes if answer.rows else [answer.nothing]))],
        context={
            "report": found,
            "answer": answer,
            "asked": form.asked,
            "drawn": draw(answer),
            "periods": usual_periods(today) if "period" in found.filters else (),
        },
    )
