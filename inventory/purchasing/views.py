"""The reorder report, on the screen and as a workbook."""

from uuid import uuid4

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.catalog.models import Clinic
from inventory.purchasing.forms import ReorderFilter
from inventory.purchasing.orders.drafted import place_of_delivery
from inventory.purchasing.reorder_row import SupplierTotal, totals_by_supplier
from inventory.purchasing.tables import ReorderTable
from inventory.purchasing.workbook import reorder_workbook
from inventory.sheets.pages import dated_filename, sort_as_asked, table_page
from inventory.sheets.workbook import xlsx_response
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, PURCHASER, VIEWER, allow, has_role


@allow(MANAGER, PURCHASER, VIEWER)
@require_safe
def reorder_report(request: AuthenticatedRequest) -> HttpResponse:
    """Show what to order, why, from whom and for how much."""
    if request.GET.get("export") == "xlsx":
        return _download(request)
    asked = ReorderFilter(request.GET)
    report = asked.report(timezone.localdate())
    buys = has_role(request, MANAGER, PURCHASER)
    return table_page(
        request,
        ReorderTable,
        report.rows,
        title="Reorder",
        template="purchasing/reorder_report.html",
        fragment="purchasing/_reorder_table.html",
        filter_form=asked,
        table_options={"exclude": () if buys else ("pick",)},
        context={
            "totals": totals_by_supplier(report.rows),
            "whole": SupplierTotal(None, report.rows),
            "report": report,
            "nothing_matches": "Nothing fits the budget." if report.left_out else "",
            "buys": buys,
            "deliver_to": place_of_delivery(asked.place) if buys else None,
            "submission_key": uuid4(),
        },
    )


@allow(MANAGER, PURCHASER, VIEWER)
@require_safe
def reorder_export(request: AuthenticatedRequest) -> HttpResponse:
    """Download the same rows in the same order as a workbook."""
    return _download(request)


def _download(request: AuthenticatedRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = ReorderFilter(request.GET)
    table = ReorderTable(asked.report(today).rows, today=today)
    sort_as_asked(request, table)
    rows = [row.record for row in table.rows]
    workbook = reorder_workbook(rows, today, Clinic.objects.get(pk=1), asked.words())
    return xlsx_response(workbook, dated_filename("reorder", today))
