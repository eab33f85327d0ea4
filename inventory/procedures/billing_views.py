"""What a month's single doses are billed by, on the screen and as a workbook."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.procedures.billing_forms import BillingFilter
from inventory.procedures.billing_report import claim_lines, doses_of_month, summary_by_code
from inventory.procedures.billing_tables import ClaimLineTable, CodeSummaryTable, DoseTable
from inventory.sheets.pages import table_page, table_sheet
from inventory.sheets.workbook import Sheet
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, has_role
from inventory.web.tables import Table


@allow(*EVERYONE)
@require_safe
def billing_report(request: AuthenticatedRequest) -> HttpResponse:
    """Show the billing units of a month's single doses, with JW or JZ, and what they add up to."""
    today = timezone.localdate()
    asked = BillingFilter(request.GET, today)
    doses = asked.narrow(doses_of_month(asked.first))
    options = {"shows_encounters": has_role(request, NURSE, MANAGER)}
    return table_page(
        request,
        DoseTable,
        doses,
        title="Billing units",
        template="procedures/billing_report.html",
        fragment="procedures/_billing_table.html",
        export_name=f"billing units {asked.first:%Y-%m}",
        filter_form=asked,
        table_options=options,
        more_sheets=lambda table: _more_sheets(table, options),
        context={
            "asked": asked,
            "summary": CodeSummaryTable(summary_by_code(doses), today=today),
            "missing": sum(dose.is_missing for dose in doses),
        },
    )


def _more_sheets(table: Table, options: dict[str, bool]) -> list[Sheet]:
    """The lines of the claims, in the order of the table, and what each code adds up to."""
    doses = [row.record for row in table.rows]
    lines = ClaimLineTable(claim_lines(doses), today=table.today, **options)
    return [
        table_sheet(lines, "Claim lines"),
        table_sheet(CodeSummaryTable(summary_by_code(doses), today=table.today), "By code"),
    ]
