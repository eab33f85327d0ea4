"""Taking a file in, throwing it away, and what people say about it: its columns, its rows.

Nothing here writes stock or the catalog; `record` does, when a person commits.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location
from inventory.imports.errors import BroughtInBefore
from inventory.imports.kinds import Columns, Kind
from inventory.imports.meaning.likeness import LikelyName
from inventory.imports.models import KEPT, LONGEST_NAME, Import, ImportLayout, ImportRow, KnownName
from inventory.imports.plan_record import plan_anew
from inventory.imports.planned import Outcome
from inventory.imports.sheets import MatchedSheet, ReadFile, matched_sheets, read_file
from inventory.sheets.cell_text import plain
from inventory.web.transactions import all_or_nothing

LEAVE_OUT = {"row": "leave_out"}
LONGEST_FILE_NAME = 200


@dataclass(frozen=True)
class Upload:
    """A file as it was sent, and where its rows go that name no place."""

    file_name: str
    content: bytes
    place: Location | None = None

    @property
    def content_hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def brought_in_before(kind: Kind, content_hash: str) -> Import | None:
    """Return the import that brought this very file in, if one did."""
    committed = Import.objects.filter(committed_at__isnull=False).defer("content")
    same = committed.filter(kind=kind.code, content_hash=content_hash)
    return same.select_related("committed_by").first()


@all_or_nothing
def take_in(kind: Kind, sent: Upload, *, by: User, now: datetime, today: date) -> Import:
    """Keep a file, and plan its rows where it is known what its columns mean.

    Otherwise they are planned when a person has said so. A file that is open already is found
    again as it was left. Raises FileRefused or BroughtInBefore.
    """
    still_open = Import.objects.filter(
        kind=kind.code, content_hash=sent.content_hash, committed_at__isnull=True, place=sent.place
    )
    if found := still_open.first():
        return found
    upload, read = keep_file(kind, sent, by=by, now=now)
    if upload.is_matched:
        plan_anew(upload, kind, read, today=today)
    return upload


def keep_file(kind: Kind, sent: Upload, *, by: User, now: datetime) -> tuple[Import, ReadFile]:
    """Keep a file, its rows not planned yet, in the transaction of the caller.

    Raises FileRefused or BroughtInBefore.
    """
    clean_up(now)
    if before := brought_in_before(kind, sent.content_hash):
        raise BroughtInBefore(before)
    read = read_file(sent.content, sent.file_name)
    sheets = matched_sheets(read, kind, known_layouts(kind))
    upload = Import.objects.create(
        kind=kind.code,
        file_name=sent.file_name[:LONGEST_FILE_NAME],
        content_hash=sent.content_hash,
        content=sent.content,
        place=sent.place,
        columns={each.sheet: as_json(each.columns) for each in sheets},
        is_matched=all(each.known for each in sheets),
        uploaded_by=by,
        uploaded_at=now,
    )
    return upload, read


def clean_up(now: datetime) -> None:
    """Throw away uploads that nobody finished, and rows that did not go in long ago."""
    Import.objects.filter(committed_at__isnull=True, uploaded_at__lt=now - KEPT).delete()
    long_ago = ImportRow.objects.filter(upload__committed_at__lt=now - KEPT)
    long_ago.exclude(outcome=Outcome.ACCEPT).delete()


def throw_away(upload: Import) -> bool:
    """Forget an upload that was not brought in; say whether there was one."""
    deleted, _ = Import.objects.filter(pk=upload.pk, committed_at__isnull=True).delete()
    return bool(deleted)


def known_layouts(kind: Kind) -> dict[str, Columns]:
    """Return what people said of the columns of files before, by the layout's key."""
    known = ImportLayout.objects.filter(kind=kind.code).values_list("key", "columns")
    return {key: {int(index): name for index, name in columns.items()} for key, columns in known}


@all_or_nothing
def match_columns(
    upload: Import,
    kind: Kind,
    sheets: Sequence[MatchedSheet],
    *,
    by: User,
    now: datetime,
    today: date,
) -> None:
    """Say what the columns of each sheet mean, now and for every file with such headings."""
    upload.columns = {each.sheet: as_json(each.columns) for each in sheets}
    upload.is_matched = True
    upload.save(update_fields=["columns", "is_matched"])
    for each in sheets:
        if each.key:
            facts = {"columns": as_json(each.columns), "by": by, "since": now}
            ImportLayout.objects.update_or_create(kind=kind.code, key=each.key, defaults=facts)
    plan_anew(upload, kind, today=today)


@all_or_nothing
def answer_rows(
    upload: Import,
    kind: Kind,
    rows: QuerySet[ImportRow],
    answers: Mapping[str, str],
    *,
    today: date,
) -> int:
    """Answer the questions of some rows, the same for each; returns how many rows there were.

    What the rows were answered before stays, where it is not answered anew.
    """
    answered = list(rows.only("pk", "answers"))
    for row in answered:
        row.answers = {**row.answers, **answers}
    ImportRow.objects.bulk_update(answered, ["answers"], batch_size=500)
    plan_anew(upload, kind, today=today)
    return len(answered)


@all_or_nothing
def take_back_answers(upload: Import, kind: Kind, row: ImportRow, *, today: date) -> None:
    """Ask a row's questions again."""
    upload.rows.filter(pk=row.pk).update(answers={})
    plan_anew(upload, kind, today=today)


def know_name(name: str, item: Item, *, by: User, now: datetime) -> None:
    """Remember that people mean this item when they write this name."""
    if spelled := plain(name)[:LONGEST_NAME]:
        facts = {"item": item, "by": by, "since": now}
        KnownName.objects.update_or_create(name=spelled, defaults=facts)


@all_or_nothing
def know_names(
    upload: Import,
    kind: Kind,
    meant: Sequence[tuple[LikelyName, Item]],
    *,
    by: User,
    now: datetime,
) -> None:
    """Remember what many names mean, and plan the rows with that."""
    for each, item in meant:
        know_name(each.typed, item, by=by, now=now)
    plan_anew(upload, kind, today=timezone.localdate(now))


def as_json(columns: Columns) -> dict[str, str]:
    """Return columns as JSON keeps them."""
    return {str(index): name for index, name in columns.items()}
