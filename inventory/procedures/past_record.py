"""Keeping procedures from before they could be logged here, a whole file at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location
from inventory.procedures.models import PastProcedure, PastProcedureLine, ProcedureType
from inventory.stock.models import PastFile
from inventory.stock.past_use_record import (
    Used,
    forget_uses,
    keep_uses,
    open_file,
    take_back_file,
)
from inventory.web.transactions import all_or_nothing

AT_ONCE = 250


@dataclass(frozen=True)
class PastWanted:
    """A past procedure, and how much it used of each item in the item's unit."""

    type: ProcedureType
    location: Location
    performed_at: datetime
    muscles: int = 1
    sites: int = 1
    provider: str = ""
    encounter_ref: str = ""
    supplies: Sequence[tuple[Item, Decimal]] = ()


def no_progress(_procedures: int) -> None:
    """Tell nobody how many are written."""


@all_or_nothing
def take_in(
    file_name: str,
    procedures: Sequence[PastWanted],
    *,
    by: User,
    now: datetime,
    progress: Callable[[int], object] = no_progress,
) -> PastFile:
    """Keep the procedures of a file: all of them or none. They move no stock, and bill nothing."""
    file = open_file(file_name, by=by, now=now)
    for some in _batches(procedures):
        _keep(file, some)
        progress(len(some))
    return file


@all_or_nothing
def take_back(file: PastFile, *, by: User, reason: str, now: datetime) -> None:
    """Take a file back as a whole: what it said is gone, that it was here stays.

    Raises InvalidLine without a reason, TakenBackAlready.
    """
    take_back_file(file, by=by, reason=reason, now=now)
    PastProcedureLine.objects.filter(procedure__file=file).delete()
    PastProcedure.objects.filter(file=file).delete()
    forget_uses(file)


def _batches(procedures: Sequence[PastWanted]) -> Iterator[Sequence[PastWanted]]:
    for start in range(0, len(procedures), AT_ONCE):
        yield procedures[start : start + AT_ONCE]


def _keep(file: PastFile, procedures: Sequence[PastWanted]) -> None:
    kept = PastProcedure.objects.bulk_create(
        PastProcedure(
            file_id=file.pk,
            type_id=each.type.pk,
            location_id=each.location.pk,
            performed_at=each.performed_at,
            provider=each.provider,
            muscles=each.muscles,
            sites=each.sites,
            encounter_ref=each.encounter_ref,
        )
        for each in procedures
    )
    uses = keep_uses(
        file,
        (
            Used(item, each.location, each.performed_at, quantity)
            for each in procedures
            for item, quantity in each.supplies
        ),
    )
    positions = (
        (procedure.pk, position)
        for procedure, each in zip(kept, procedures, strict=True)
        for position in range(len(each.supplies))
    )
    PastProcedureLine.objects.bulk_create(
        PastProcedureLine(procedure_id=procedure, position=position, use_id=use.pk)
        for (procedure, position), use in zip(positions, uses, strict=True)
    )
