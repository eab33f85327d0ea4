"""What to do about it: flags, and what to order."""

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from inventory.api.answers import FlagOut, ReorderOut, as_json
from inventory.api.auth import ApiRequest, may
from inventory.api.lookups import location_named
from inventory.api.paging import Listed, PageQuery, page_of_list
from inventory.api.schemas import FlagQuery
from inventory.attention.flags import open_flags
from inventory.attention.sentences import Flag
from inventory.catalog.models import Clinic
from inventory.purchasing.reorder import reorder_rows
from inventory.purchasing.reorder_row import ReorderRow
from inventory.purchasing.workbook import reorder_workbook
from inventory.sheets.pages import dated_filename
from inventory.sheets.workbook import xlsx_response
from inventory.web.roles import EVERYONE

router = Router(tags=["What to do about it"])


@router.get("/flags", auth=may(*EVERYONE), response=Listed[FlagOut])
def flag_list(request: ApiRequest, query: Query[FlagQuery]) -> HttpResponse:
    """List what needs a person today, most urgent first."""
    location = location_named("location", query.location) if query.location else None
    flags = open_flags(timezone.localdate(), location)
    return as_json(page_of_list(flags, query, _flag))


@router.get("/reorder", auth=may(*EVERYONE), response=Listed[ReorderOut])
def reorder_report(request: ApiRequest, query: Query[PageQuery]) -> HttpResponse:
    """List what to order, and why, the most urgent first."""
    return as_json(page_of_list(reorder_rows(timezone.localdate()), query, _reorder))


@router.get("/reorder.xlsx", auth=may(*EVERYONE))
def reorder_sheet(request: ApiRequest) -> HttpResponse:
    """Return the same rows as a workbook: a summary, and a sheet for each supplier."""
    today = timezone.localdate()
    workbook = reorder_workbook(reorder_rows(today), today, Clinic.objects.get(pk=1))
    return xlsx_response(workbook, dated_filename("reorder", today))


def _flag(flag: Flag) -> FlagOut:
    return FlagOut(
        kind=flag.kind,
        severity=flag.severity,
        item=flag.item.sku,
        lot=(flag.lot.number or None) if flag.lot else None,
        location=flag.location.code if flag.location else None,
        quantity=flag.quantity,
        due_on=flag.due_on,
        message=flag.message,
    )


def _reorder(row: ReorderRow) -> ReorderOut:
    return ReorderOut(
        item=row.item.sku,
        supplier=row.supplier.code if row.supplier else None,
        on_hand=row.on_hand,
        usable=row.usable,
        on_order=row.on_order,
        position=row.position,
        daily_usage=row.daily_usage,
        days_of_supply=row.days_of_supply,
        reorder_point=row.reorder_point,
        suggested_quantity=row.suggested_quantity,
        packs=row.packs,
        pack_size=row.pack_size,
        cost=row.cost,
        will_expire_unused=row.will_expire_unused,
        reason=row.reason,
    )
