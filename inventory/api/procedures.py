"""Procedures: logged, read, voided; and what became of a lot."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from inventory.api.answers import (
    BillingOut,
    LoggedOut,
    ProcedureLineOut,
    ProcedureOut,
    RaisedFlagOut,
    TakenOut,
    as_json,
)
from inventory.api.auth import ApiRequest, may
from inventory.api.lookups import location_named, row_at, type_named
from inventory.api.paging import NEWEST_FIRST, Listed, PageQuery, page
from inventory.api.schemas import ProcedureIn, VoidIn
from inventory.api.stock_lines import lines_wanted
from inventory.api.submissions import IDEMPOTENT, carry_out
from inventory.attention.flags import flags_for_items
from inventory.catalog.models import Item
from inventory.procedures.billing import billing_units
from inventory.procedures.models import Procedure, ProcedureLine
from inventory.procedures.record import Logged, ProcedureWanted, record, void
from inventory.stock.models import Entry, Lot
from inventory.web.roles import EVERYONE, MANAGER, NURSE

router = Router(tags=["Procedures"])


@router.post(
    "/procedures", auth=may(NURSE, MANAGER), response={201: LoggedOut}, openapi_extra=IDEMPOTENT
)
def procedure_add(request: ApiRequest, body: ProcedureIn) -> HttpResponse:
    """Log a procedure and take its supplies: all of them or none."""
    return carry_out(request, body, lambda: _log(request, body))


@router.get("/procedures", auth=may(*EVERYONE), response=Listed[ProcedureOut])
def procedure_list(request: ApiRequest, query: Query[PageQuery]) -> HttpResponse:
    """List the procedures, the one logged last first."""
    return as_json(page(_procedures(), query, NEWEST_FIRST, procedure_out))


@router.get("/procedures/{int:procedure_id}", auth=may(*EVERYONE), response=ProcedureOut)
def procedure_detail(request: ApiRequest, procedure_id: int) -> HttpResponse:
    """Return one procedure, with what it took."""
    return as_json(procedure_out(row_at(_procedures(), "procedure", procedure_id)))


@router.post(
    "/procedures/{int:procedure_id}/void",
    auth=may(NURSE, MANAGER),
    response=ProcedureOut,
    openapi_extra=IDEMPOTENT,
)
def procedure_void(request: ApiRequest, procedure_id: int, body: VoidIn) -> HttpResponse:
    """Take a procedure back, once: its supplies are put back, or counted as wasted."""
    procedure = row_at(Procedure.objects.all(), "procedure", procedure_id)
    return carry_out(request, body, lambda: _void(request, procedure, body), status=200)


def procedure_out(procedure: Procedure) -> ProcedureOut:
    """Answer a procedure, fetched with its lines and entries."""
    return _procedure(procedure, _lines_of(procedure))


def _log(request: ApiRequest, body: ProcedureIn) -> LoggedOut:
    now = timezone.now()
    wanted = ProcedureWanted(
        type=type_named("type", body.type),
        location=location_named("location", body.location),
        performed_at=body.performed_at or now,
        muscles=1 if body.muscles is None else body.muscles,
        sites=1 if body.sites is None else body.sites,
        provider=body.provider or "",
        encounter_ref=body.encounter_ref or "",
        lines=None if body.lines is None else lines_wanted(body.lines),
    )
    logged = record(wanted, by=request.auth, now=now)
    items = {line.want.item.pk for line in logged.lines}
    flags = flags_for_items(timezone.localdate(now), items, wanted.location)
    answer = _procedure(logged.procedure, _lines_as_logged(logged))
    return LoggedOut(
        **dict(answer),
        flags=[
            RaisedFlagOut(kind=flag.kind, item=flag.item.sku, message=flag.message)
            for flag in flags
        ],
    )


def _void(request: ApiRequest, procedure: Procedure, body: VoidIn) -> ProcedureOut:
    void(
        procedure,
        by=request.auth,
        reason=body.reason,
        supplies=Procedure.Supplies(body.supplies),
        now=timezone.now(),
    )
    return procedure_out(_procedures().get(pk=procedure.pk))


def _procedures() -> QuerySet[Procedure]:
    return Procedure.objects.select_related("type", "location", "logged_by").prefetch_related(
        "lines__item", "movement__entries__holding__lot"
    )


def _procedure(procedure: Procedure, lines: list[ProcedureLineOut]) -> ProcedureOut:
    return ProcedureOut(
        id=procedure.pk,
        status=procedure.status,
        type=procedure.type.code,
        location=procedure.location.code,
        performed_at=procedure.performed_at,
        muscles=procedure.muscles,
        sites=procedure.sites,
        provider=procedure.provider or None,
        encounter_ref=procedure.encounter_ref or None,
        logged_at=procedure.logged_at,
        logged_by=procedure.logged_by.username,
        voided_at=procedure.voided_at,
        void_reason=procedure.void_reason or None,
        void_supplies=procedure.void_supplies or None,
        lines=lines,
    )


def _lines_as_logged(logged: Logged) -> list[ProcedureLineOut]:
    """The lines as the ledger has just answered them: no query."""
    return [
        _line(
            line.want.item,
            line.want.quantity,
            line.discarded,
            line.want.unusable_reason if line.unusable_lot else "",
            [
                _taken(taken.holding.pk, taken.holding.lot, taken.quantity, taken.opened)
                for taken in line.taken
            ],
        )
        for line in logged.lines
    ]


def _lines_of(procedure: Procedure) -> list[ProcedureLineOut]:
    """The same lines from what was written; the entries must have been fetched."""
    entries = list(procedure.movement.entries.all())
    used: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == Entry.Kind.USE:
            used[entry.line].append(entry)
    opened = {entry.holding_id for entry in entries if entry.kind == Entry.Kind.OPEN}
    return [_line_of(line, used[line.position], opened) for line in procedure.lines.all()]


def _line_of(line: ProcedureLine, used: Iterable[Entry], opened: set[int]) -> ProcedureLineOut:
    item = line.item
    return _line(
        item,
        line.quantity,
        line.discarded,
        line.unusable_reason,
        [
            _taken(
                entry.holding_id,
                entry.holding.lot,
                -entry.quantity,
                item.is_single_dose or entry.holding_id in opened,
            )
            for entry in used
        ],
    )


def _line(
    item: Item, quantity: Decimal, discarded: Decimal, reason: str, taken: list[TakenOut]
) -> ProcedureLineOut:
    return ProcedureLineOut(
        item=item.sku,
        quantity=quantity,
        discarded=discarded,
        billing=_billing(item, quantity, discarded),
        use_unusable_reason=reason or None,
        taken=taken,
    )


def _taken(holding_id: int, lot: Lot, quantity: Decimal, opened: bool) -> TakenOut:
    return TakenOut(
        holding=holding_id,
        lot=lot.number or None,
        expires_on=lot.expires_on,
        quantity=quantity,
        opened=opened,
    )


def _billing(item: Item, administered: Decimal, discarded: Decimal) -> BillingOut | None:
    if not item.is_single_dose:
        return None
    units = billing_units(
        hcpcs=item.hcpcs,
        billing_unit=item.billing_unit,
        item_unit=item.unit,
        strength=item.strength,
        administered=administered,
        discarded=discarded,
    )
    if units is None:
        return None
    return BillingOut(
        hcpcs=units.hcpcs,
        administered_units=units.administered,
        discarded_units=units.discarded,
        modifier=units.modifier,
    )
