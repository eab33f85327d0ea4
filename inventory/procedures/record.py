"""Logging a procedure, and voiding it. Each is one transaction: all of it or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.accounts.models import User
from inventory.catalog.models import Location
from inventory.procedures.kits import LineWanted, kit_lines, kit_wants
from inventory.procedures.models import Procedure, ProcedureLine, ProcedureType
from inventory.stock import ledger
from inventory.stock.backdating import check_performed_at
from inventory.stock.drawing import UsedLine
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.requests import Want

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


def record(wanted: ProcedureWanted, *, by: User, now: datetime) -> Logged:
    """Log a procedure and take its supplies.

    Raises InvalidLine for what cannot be understood, and what `ledger.use` refuses.
    """
    check_performed_at(wanted.performed_at, now)
    check_encounter_ref(wanted.encounter_ref)
    for field, number in (("muscles", wanted.muscles), ("sites", wanted.sites)):
        if not 0 <= number <= COUNT_MAX:
            raise InvalidLine(field, f"Expected 0 to {COUNT_MAX} {field}; {number} came.")
    lines = wanted.lines
    if lines is None:
        lines = kit_wants(kit_lines(wanted.type), wanted.muscles, wanted.sites)
    with transaction.atomic():
        used = ledger.use(
            by=by,
            location=wanted.location,
            wants=[
                Want(line.item, line.quantity, line.lot, line.holding, line.unusable_reason)
                for line in lines
            ],
            happened_at=wanted.performed_at,
            now=now,
        )
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


def void(
    procedure: Procedure, *, by: User, reason: str, supplies: Procedure.Supplies, now: datetime
) -> Procedure:
    """Take a procedure back, once; its supplies are put back or counted as wasted.

    Raises InvalidLine without a reason, and AlreadyVoided.
    """
    if not reason.strip():
        raise InvalidLine("reason", "Say why the procedure is voided.")
    with transaction.atomic():
        fresh = Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
        if fresh.status == Procedure.Status.VOIDED:
            raise AlreadyVoided(fresh)
        ledger.reverse(
            fresh.movement,
            by=by,
            reason=reason,
            happened_at=now,
            now=now,
            supplies_wasted=supplies == Procedure.Supplies.WASTED,
        )
        fresh.status = Procedure.Status.VOIDED
        fresh.voided_at, fresh.voided_by = now, by
        fresh.void_reason, fresh.void_supplies = reason, supplies
        fresh.save(
            update_fields=["status", "voided_at", "voided_by", "void_reason", "void_supplies"]
        )
    return fresh


def check_encounter_ref(text: str) -> None:
    """Refuse anything but an opaque reference: no name, date, telephone or record number shape."""
    if text and (not ENCOUNTER_REF.match(text) or PERSONAL.match(text)):
        raise InvalidLine(
            "encounter_ref",
            "Expected the chart's encounter number, as in E-10492 (32 letters, digits and hyphens"
            " at most), never a name, a date or a telephone number.",
        )
