"""Logging a procedure, voiding it, amending it. Each is one transaction: all of it or nothing."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from inventory.accounts.models import User
from inventory.catalog.models import Clinic, Location
from inventory.procedures.kits import LineWanted, kit_lines, kit_wants
from inventory.procedures.models import Procedure, ProcedureLine, ProcedureType
from inventory.procedures.read import TakenLine, taken_lines
from inventory.stock import ledger
from inventory.stock.backdating import check_performed_at
from inventory.stock.drawing import Use, UsedLine
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.requests import Want
from inventory.web.roles import MANAGER, roles_of_person
from inventory.web.transactions import all_or_nothing

COUNT_MAX = 99

# A number is in every encounter's reference; letters alone are most likely somebody's name.
ENCOUNTER_REF = re.compile(r"\A(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._/-]{0,31}\Z")
# Shapes that identify a person: social security number, date, telephone number.
PERSONAL = re.compile(
    r"\A(\d{3}-\d{2}-\d{4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(\d{3}[-.])?\d{3}[-.]\d{4}|\d{9,11})\Z"
)


class AlreadyVoided(StockRefusal):
    """A procedure is voided at most once."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        super().__init__(f"Procedure {procedure.pk} was voided already.")


class MayNotVoid(StockRefusal):
    """A nurse takes back what she logged herself, for some days; a manager anything."""


@dataclass(frozen=True)
class ProcedureWanted:
    """A procedure as somebody asks to log it; without `lines` the kit without its optional ones."""

    type: ProcedureType
    location: Location
    performed_at: datetime
    muscles: int = 1
    sites: int = 1
    provider: str = ""
    encounter_ref: str = ""
    lines: Sequence[LineWanted] | None = None


@dataclass(frozen=True)
class Logged:
    """The procedure and what the ledger took for each of its lines."""

    procedure: Procedure
    lines: list[UsedLine]


@dataclass(frozen=True)
class Amended:
    """A procedure that was voided, and the one that was logged in its place."""

    voided: Procedure
    logged: Logged


def record(wanted: ProcedureWanted, *, by: User, now: datetime) -> Logged:
    """Log a procedure and take its supplies.

    Raises InvalidLine for what cannot be understood, and what `ledger.use` refuses.
    """
    _check(wanted)
    check_performed_at(wanted.performed_at, now)
    return _record(wanted, by=by, now=now)


@all_or_nothing
def void(
    procedure: Procedure, *, by: User, reason: str, supplies: Procedure.Supplies, now: datetime
) -> Procedure:
    """Take a procedure back, once; its supplies are put back or counted as wasted.

    Raises InvalidLine without a reason, MayNotVoid, and AlreadyVoided.
    """
    fresh = _own_to_void(procedure, by, reason, now)
    ledger.reverse(
        fresh.movement,
        by=by,
        reason=reason,
        happened_at=now,
        now=now,
        supplies_wasted=supplies == Procedure.Supplies.WASTED,
    )
    return _marked_voided(fresh, by, reason, supplies, now)


def _own_to_void(procedure: Procedure, by: User, reason: str, now: datetime) -> Procedure:
    if not reason.strip():
        raise InvalidLine("reason", "Say why the procedure is voided.")
    check_may_void(procedure, by, now)
    fresh = Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    if fresh.status == Procedure.Status.VOIDED:
        raise AlreadyVoided(fresh)
    return fresh


def _marked_voided(
    fresh: Procedure, by: User, reason: str, supplies: Procedure.Supplies, now: datetime
) -> Procedure:
    fresh.status = Procedure.Status.VOIDED
    fresh.voided_at, fresh.voided_by = now, by
    fresh.void_reason, fresh.void_supplies = reason, supplies
    fresh.save(update_fields=["status", "voided_at", "voided_by", "void_reason", "void_supplies"])
    return fresh


def amend(
    procedure: Procedure, wanted: ProcedureWanted, *, by: User, reason: str, now: datetime
) -> Amended:
    """Void a procedure and log it again as it really was, in one step; the two name each other.

    What it took goes back first, so that the new one can take it. Where that is the same, of the
    same lots, it stays taken from where it was: a vial may be past its time, discarded or elsewhere
    by now. Raises what `void` and `record` raise; then nothing has changed.
    """
    _check(wanted)
    check_performed_at(wanted.performed_at, now, instead_of=procedure.performed_at)
    return _amend(procedure, wanted, by=by, reason=reason, now=now)


@all_or_nothing
def _amend(
    procedure: Procedure, wanted: ProcedureWanted, *, by: User, reason: str, now: datetime
) -> Amended:
    # Whoever voids a procedure locks its row before the items; so does this.
    list(Procedure.objects.select_for_update(of=("self",)).filter(pk=procedure.pk))
    items = [line.item for line in procedure.lines.select_related("item")]
    with ledger.together([*items, *(line.item for line in _lines(wanted))]):
        taken = taken_lines(procedure)
        if _takes_the_same(procedure, taken, wanted):
            return _with_the_same_supplies(procedure, taken, wanted, by, reason, now)
        voided = void(
            procedure, by=by, reason=reason, supplies=Procedure.Supplies.RETURNED, now=now
        )
        return Amended(voided, _record(wanted, by=by, now=now, amends=voided))


def _takes_the_same(
    procedure: Procedure, taken: Sequence[TakenLine], wanted: ProcedureWanted
) -> bool:
    """Whether an amendment takes as much of the same lots, in the same place in the same minute."""
    then, asked_for = (_minute(each.performed_at) for each in (procedure, wanted))
    if (wanted.location, asked_for) != (procedure.location, then):
        return False
    before: dict[tuple[int, int | None], Decimal] = defaultdict(Decimal)
    after: dict[tuple[int, int | None], Decimal] = defaultdict(Decimal)
    for line in taken:
        for drawn in line.taken:
            lot = drawn.holding.lot_id if line.item.lot_tracked else None
            before[line.item.pk, lot] += drawn.quantity
    for asked in _lines(wanted):
        chosen = asked.holding.lot if asked.holding else asked.lot
        lot = chosen.pk if chosen and asked.item.lot_tracked else None
        after[asked.item.pk, lot] += asked.quantity
    return dict(before) == dict(after)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _with_the_same_supplies(
    procedure: Procedure,
    taken: Sequence[TakenLine],
    wanted: ProcedureWanted,
    by: User,
    reason: str,
    now: datetime,
) -> Amended:
    fresh = _own_to_void(procedure, by, reason, now)
    movement = ledger.use_again(fresh.movement, by=by, reason=reason, now=now)
    voided = _marked_voided(fresh, by, reason, Procedure.Supplies.RETURNED, now)
    lines = [
        UsedLine(
            Want(line.item, line.quantity, unusable_reason=line.line.unusable_reason),
            line.discarded,
            line.taken,
            line.line.unusable_lot,
        )
        for line in taken
    ]
    # The page tells minutes alone.
    wanted = replace(wanted, performed_at=procedure.performed_at)
    return Amended(voided, _written(wanted, Use(movement, lines), by=by, now=now, amends=voided))


def check_may_void(procedure: Procedure, by: User, now: datetime) -> None:
    """Refuse a nurse who undoes another's procedure, or her own too late: MayNotVoid."""
    if MANAGER in roles_of_person(by):
        return
    if procedure.logged_by_id != by.pk:
        raise MayNotVoid(
            f"This was logged by {procedure.logged_by}. Ask them or a manager to undo it."
        )
    limit = Clinic.objects.values_list("nurse_void_days", flat=True).get(pk=1)
    days = (timezone.localdate(now) - timezone.localdate(procedure.logged_at)).days
    if days > limit:
        raise MayNotVoid(
            f"A nurse undoes a procedure within {limit} days; this one was logged {days} days ago."
            " Ask a manager."
        )


def check_encounter_ref(text: str) -> None:
    """Refuse anything but an opaque reference: no name, date, telephone or record number shape."""
    if text and (not ENCOUNTER_REF.match(text) or PERSONAL.match(text)):
        raise InvalidLine(
            "encounter_ref",
            "Expected the chart's encounter number, as in E-10492 (32 letters, digits and hyphens"
            " at most), never a name, a date or a telephone number.",
        )


def _check(wanted: ProcedureWanted) -> None:
    check_encounter_ref(wanted.encounter_ref)
    for field, number in (("muscles", wanted.muscles), ("sites", wanted.sites)):
        if not 0 <= number <= COUNT_MAX:
            raise InvalidLine(field, f"Expected 0 to {COUNT_MAX} {field}; {number} came.")


def _lines(wanted: ProcedureWanted) -> Sequence[LineWanted]:
    if wanted.lines is not None:
        return wanted.lines
    return kit_wants(kit_lines(wanted.type), wanted.muscles, wanted.sites)


@all_or_nothing
def _record(
    wanted: ProcedureWanted, *, by: User, now: datetime, amends: Procedure | None = None
) -> Logged:
    used = ledger.use(
        by=by,
        location=wanted.location,
        wants=[
            Want(line.item, line.quantity, line.lot, line.holding, line.unusable_reason)
            for line in _lines(wanted)
        ],
        happened_at=wanted.performed_at,
        now=now,
    )
    return _written(wanted, used, by=by, now=now, amends=amends)


def _written(
    wanted: ProcedureWanted, used: Use, *, by: User, now: datetime, amends: Procedure | None
) -> Logged:
    procedure = Procedure.objects.create(
        type=wanted.type,
        location=wanted.location,
        performed_at=wanted.performed_at,
        provider=wanted.provider,
        muscles=wanted.muscles,
        sites=wanted.sites,
        encounter_ref=wanted.encounter_ref,
        logged_at=now,
        logged_by=by,
        movement=used.movement,
        amends=amends,
    )
    ProcedureLine.objects.bulk_create(
        ProcedureLine(
            procedure_id=procedure.pk,
            position=position,
            item_id=line.want.item.pk,
            quantity=line.want.quantity,
            discarded=line.discarded,
            unusable_lot=line.unusable_lot,
            unusable_reason=line.want.unusable_reason if line.unusable_lot else "",
        )
        for position, line in enumerate(used.lines)
    )
    return Logged(procedure, used.lines)
