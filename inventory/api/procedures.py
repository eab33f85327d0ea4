"""Procedures: logged, read, voided."""

from collections.abc import Sequence
from datetime import datetime

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
from inventory.api.paging import NEWEST_FIRST, Listed, PageQuery, page_of_rows
from inventory.api.schemas import AmendIn, ProcedureIn, VoidIn
from inventory.api.stock_lines import lines_wanted
from inventory.api.submissions import IDEMPOTENT, carry_out
from inventory.attention.flags import flags_for_items
from inventory.procedures.billing import BillingUnits
from inventory.procedures.models import Procedure, ProcedureLine
from inventory.procedures.read import TakenLine, taken_by_procedure
from inventory.procedures.record import Logged, ProcedureWanted, amend, record, void
from inventory.procedures.units import dated_codes, line_units
from inventory.stock.drawing import UsedLine
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
    found, following = page_of_rows(_procedures(), query, NEWEST_FIRST)
    shown = procedure_outs(found, encounters=_treats(request))
    return as_json(Listed(items=shown, next=following))


@router.get("/procedures/{int:procedure_id}", auth=may(*EVERYONE), response=ProcedureOut)
def procedure_detail(request: ApiRequest, procedure_id: int) -> HttpResponse:
    """Return one procedure, with what it took."""
    procedure = row_at(_procedures(), "procedure", procedure_id)
    return as_json(procedure_outs([procedure], encounters=_treats(request))[0])


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


@router.post(
    "/procedures/{int:procedure_id}/amend",
    auth=may(NURSE, MANAGER),
    response={201: LoggedOut},
    openapi_extra=IDEMPOTENT,
)
def procedure_amend(request: ApiRequest, procedure_id: int, body: AmendIn) -> HttpResponse:
    """Void a procedure, its supplies put back, and log it again as it really was: in one step.

    Without `performed_at` it keeps the time of the one that it amends.
    """
    procedure = row_at(Procedure.objects.select_related("logged_by"), "procedure", procedure_id)
    return carry_out(request, body, lambda: _amend(request, procedure, body))


def procedure_outs(
    procedures: Sequence[Procedure], *, encounters: bool = True
) -> list[ProcedureOut]:
    """Answer procedures, fetched with what they name, with what they took: three queries.

    Without `encounters` their references are left out.
    """
    taken = taken_by_procedure(procedures)
    outs = [_procedure(procedure, taken[procedure.pk]) for procedure in procedures]
    return outs if encounters else [out.model_copy(update={"encounter_ref": None}) for out in outs]


def _treats(request: ApiRequest) -> bool:
    """Encounter references are for those who work with patients, as on the pages."""
    return not request.roles.isdisjoint((NURSE, MANAGER))


def _log(request: ApiRequest, body: ProcedureIn) -> LoggedOut:
    now = timezone.now()
    logged = record(_wanted(body, body.performed_at or now), by=request.auth, now=now)
    return _logged(logged, now)


def _amend(request: ApiRequest, procedure: Procedure, body: AmendIn) -> LoggedOut:
    now = timezone.now()
    wanted = _wanted(body, body.performed_at or procedure.performed_at)
    both = amend(procedure, wanted, by=request.auth, reason=body.reason, now=now)
    return _logged(both.logged, now)


def _wanted(body: ProcedureIn, performed_at: datetime) -> ProcedureWanted:
    return ProcedureWanted(
        type=type_named("type", body.type),
        location=location_named("location", body.location),
        performed_at=performed_at,
        muscles=1 if body.muscles is None else body.muscles,
        sites=1 if body.sites is None else body.sites,
        provider=body.provider or "",
        encounter_ref=body.encounter_ref or "",
        lines=None if body.lines is None else lines_wanted(body.lines),
    )


def _logged(logged: Logged, now: datetime) -> LoggedOut:
    items = {line.want.item.pk for line in logged.lines}
    flags = flags_for_items(timezone.localdate(now), items, logged.procedure.location)
    answer = _procedure(logged.procedure, _as_logged(logged))
    return LoggedOut(
        **dict(answer),
        flags=[
            RaisedFlagOut(kind=flag.kind, item=flag.item.sku, message=flag.message)
            for flag in flags
        ],
    )


def _as_logged(logged: Logged) -> list[TakenLine]:
    """What each line took, as the ledger has just answered it: no line is read back."""
    lines = [_line_of(used) for used in logged.lines]
    day = timezone.localdate(logged.procedure.performed_at)
    units = line_units(lines, day, dated_codes(line.item for line in lines))
    return [
        TakenLine(
            line=line,
            item=line.item,
            quantity=line.quantity,
            discarded=line.discarded,
            taken=used.taken,
            billing=billing,
        )
        for line, used, billing in zip(lines, logged.lines, units, strict=True)
    ]


def _line_of(used: UsedLine) -> ProcedureLine:
    return ProcedureLine(
        item=used.want.item,
        quantity=used.want.quantity,
        discarded=used.discarded,
        unusable_reason=used.want.unusable_reason if used.unusable_lot else "",
    )


def _void(request: ApiRequest, procedure: Procedure, body: VoidIn) -> ProcedureOut:
    void(
        procedure,
        by=request.auth,
        reason=body.reason,
        supplies=Procedure.Supplies(body.supplies),
        now=timezone.now(),
    )
    return procedure_outs([_procedures().get(pk=procedure.pk)])[0]


def _procedures() -> QuerySet[Procedure]:
    return Procedure.objects.select_related("type", "location", "logged_by")


def _procedure(procedure: Procedure, lines: Sequence[TakenLine]) -> ProcedureOut:
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
        amends=procedure.amends_id,
        lines=[_line(line) for line in lines],
    )


def _line(line: TakenLine) -> ProcedureLineOut:
    return ProcedureLineOut(
        item=line.item.sku,
        quantity=line.quantity,
        discarded=line.discarded,
        billing=_billing(line.billing) if line.billing else None,
        use_unusable_reason=line.line.unusable_reason or None,
        taken=[
            TakenOut(
                holding=taken.holding.pk,
                lot=taken.holding.lot.number or None,
                expires_on=taken.holding.lot.expires_on,
                quantity=taken.quantity,
                opened=taken.opened,
            )
            for taken in line.taken
        ],
    )


def _billing(units: BillingUnits) -> BillingOut:
    return BillingOut(
        hcpcs=units.hcpcs,
        administered_units=units.administered,
        discarded_units=units.discarded,
        modifier=units.modifier,
    )
