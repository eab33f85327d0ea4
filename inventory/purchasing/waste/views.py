"""What to do before it expires, on the screen and as a workbook."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.purchasing.waste.advice import advice_rows
from inventory.purchasing.waste.forms import WasteFilter
from inventory.purchasing.waste.smaller import vial_advice
from inventory.purchasing.waste.tables import BESIDE, VialAdviceTable, WasteAdviceTable
from inventory.sheets.pages import table_page, table_sheet
from inventory.stock.costs import total_of
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, VIEWER, allow, has_role

TITLE = "Before it expires"
SMALLER = "Smaller vials"


@allow(*EVERYONE)
@require_safe
def waste_advice(request: AuthenticatedRequest) -> HttpResponse:
    """Show what will expire unused, what it costs, and what to do about it."""
    today = timezone.localdate()
    asked = WasteFilter(request.GET, today)
    rows = asked.narrow(advice_rows(today, asked.until))
    # Who treats patients moves stock, and does not choose what is bought.
    buys = has_role(request, MANAGER, PURCHASER, VIEWER)
    vials = VialAdviceTable(vial_advice(today) if buys else [], today=today, prefix="vials-")
    options = {
        "exclude": () if "export" in request.GET else BESIDE,
        "may_move": has_role(request, NURSE, MANAGER),
        "may_return": has_role(request, NURSE, MANAGER, PURCHASER),
    }
    totals = {
        "lost": total_of(row.cost for row in rows if row.unused),
        "saved": total_of(row.saved for row in rows if row.carries),
        "a_year": total_of(row.record.found.saved_a_year for row in vials.rows),
    }
    return table_page(
        request,
        WasteAdviceTable,
        rows,
        title=TITLE,
        template="purchasing/waste_advice.html",
        fragment="purchasing/_waste_advice_table.html",
        filter_form=asked,
        table_options=options,
        more_sheets=lambda _: [table_sheet(vials, SMALLER)] if len(vials.rows) else [],
        context={"vials": vials, "totals": totals},
    )
