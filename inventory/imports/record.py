"""Bringing accepted rows in: all of them in one transaction, once for each file."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.accounts.models import User
from inventory.imports.errors import (
    BroughtInBefore,
    ChangedSinceShown,
    ImportRefusal,
    NamesNotConfirmed,
    NothingToBringIn,
)
from inventory.imports.kinds import Kind, RowsRefused, Writing
from inventory.imports.meaning.likeness import names_to_confirm
from inventory.imports.models import Import
from inventory.imports.plan_record import count_rows, plan, plan_anew
from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.stored import values_as_text
from inventory.imports.upload_record import Upload, brought_in_before, keep_file
from inventory.web.transactions import all_or_nothing

Progress = Callable[[int], None]


def no_progress(_rows: int) -> None:
    """Tell nobody how many rows are written."""


@all_or_nothing
def bring_in(
    upload: Import, kind: Kind, *, by: User, now: datetime, progress: Progress = no_progress
) -> Import:
    """Write the accepted rows of an upload as they were shown; a second time nothing happens.

    Raises NamesNotConfirmed, NothingToBringIn, BroughtInBefore, ChangedSinceShown or RowsRefused;
    then nothing was written.
    """
    # Whoever is second waits here until the first is through.
    current = Import.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if not current.is_open:
        return current
    if before := brought_in_before(kind, current.content_hash):
        raise BroughtInBefore(before)
    if unconfirmed := len(names_to_confirm(current)):
        raise NamesNotConfirmed(unconfirmed)
    rows = plan(current, kind, today=timezone.localdate(now))
    _check_as_shown(current, rows)
    _claim(current, kind, by, now)
    return _write(current, kind, rows, by, now, progress)


@all_or_nothing
def bring_in_unseen(
    kind: Kind, sent: Upload, *, by: User, now: datetime, progress: Progress = no_progress
) -> list[PlannedRow]:
    """Take a file in and write what of it is accepted as it stands, with nobody looking at it.

    Returns all of its rows; with none accepted nothing is kept. Raises FileRefused,
    BroughtInBefore or RowsRefused; then nothing was written.
    """
    upload, read = keep_file(kind, sent, by=by, now=now)
    rows = plan_anew(upload, kind, read, today=timezone.localdate(now))
    if upload.accepted:
        _claim(upload, kind, by, now)
        _write(upload, kind, rows, by, now, progress)
    else:
        upload.delete()
    return rows


def show_refusal(
    upload: Import, kind: Kind, refusal: ImportRefusal | RowsRefused, *, today: date
) -> None:
    """Plan the rows as things are now; those that could not be written say why."""
    plan_anew(upload, kind, today=today)
    messages = refusal.messages if isinstance(refusal, RowsRefused) else {}
    for (sheet, number), message in messages.items():
        for row in upload.rows.filter(sheet=sheet, number=number, outcome=Outcome.ACCEPT):
            row.outcome = Outcome.REJECT
            row.messages = [*row.messages, [message.column, message.text]]
            row.save(update_fields=["outcome", "messages"])
    count_rows(upload)


def _claim(upload: Import, kind: Kind, by: User, now: datetime) -> None:
    """Mark it as brought in. Raises BroughtInBefore when another upload of the file was first."""
    try:
        # In a transaction of its own: the refusal has to ask who was first.
        with transaction.atomic():
            Import.objects.filter(pk=upload.pk).update(
                committed_at=now, committed_by=by, content=None
            )
    except IntegrityError as taken:
        before = brought_in_before(kind, upload.content_hash)
        if before is None:
            raise
        raise BroughtInBefore(before) from taken


def _check_as_shown(upload: Import, rows: Sequence[PlannedRow]) -> None:
    """Refuse when the rows that would be written are not those that were looked at."""
    accepted = upload.rows.filter(outcome=Outcome.ACCEPT)
    shown = {
        (sheet, number): values
        for sheet, number, values in accepted.values_list(
            "sheet", "number", "understood"
        ).iterator()
    }
    now = {(row.sheet, row.row): values_as_text(row) for row in _accepted(rows)}
    differing = sum(shown.get(key) != now.get(key) for key in shown.keys() | now.keys())
    if differing:
        raise ChangedSinceShown(differing)


def _write(
    upload: Import,
    kind: Kind,
    rows: Sequence[PlannedRow],
    by: User,
    now: datetime,
    progress: Progress,
) -> Import:
    accepted = _accepted(rows)
    if not accepted:
        raise NothingToBringIn
    written = kind.commit(accepted, Writing(by, now, upload.file_name, progress))
    links = [[link.label, link.address] for link in written.links]
    Import.objects.filter(pk=upload.pk).update(written=written.sentence, links=links)
    return Import.objects.select_related("committed_by").get(pk=upload.pk)


def _accepted(rows: Iterable[PlannedRow]) -> list[PlannedRow]:
    return [row for row in rows if row.outcome == Outcome.ACCEPT]
