"""Planning the rows of an upload, and keeping what came of it for the pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count

from inventory.imports.kinds import Columns, Kind, Source
from inventory.imports.models import Import, ImportRow, KnownName
from inventory.imports.planned import Answers, Outcome, PlannedRow
from inventory.imports.sheets import ReadFile, read_file
from inventory.imports.stored import PLANNED, stored_facts
from inventory.web.transactions import all_or_nothing

BATCH = 500
COUNTS = {
    Outcome.ACCEPT: "accepted",
    Outcome.DECIDE: "undecided",
    Outcome.REJECT: "refused",
    Outcome.IGNORE: "left_out",
}


def plan(
    upload: Import, kind: Kind, read: ReadFile | None = None, *, today: date
) -> list[PlannedRow]:
    """Plan the rows of an open upload with what people have said so far. Raises FileRefused."""
    read = read or read_file(bytes(upload.content or b""), upload.file_name)
    source = Source(
        rows=read.rows,
        today=today,
        columns=columns_of(upload),
        hidden_sheets=read.hidden_sheets,
        place=upload.place.code if upload.place else "",
        answers=answers_of(upload),
        known_names=known_names(),
    )
    return list(kind.plan(source))


@all_or_nothing
def plan_anew(
    upload: Import, kind: Kind, read: ReadFile | None = None, *, today: date
) -> list[PlannedRow]:
    """Plan the rows, and keep what has changed of them. Raises FileRefused."""
    rows = plan(upload, kind, read, today=today)
    kept = list(upload.rows.all())
    if [(row.sheet, row.number) for row in kept] == [(row.sheet, row.row) for row in rows]:
        _keep_changes(kind, kept, rows)
    else:
        _keep_all(upload, kind, kept, rows)
    accepted = (row for row in rows if row.outcome == Outcome.ACCEPT)
    upload.summary = kind.summary(accepted)
    upload.save(update_fields=["summary"])
    count_rows(upload)
    return rows


def count_rows(upload: Import) -> None:
    """Keep how many rows there are of each outcome."""
    counted = upload.rows.order_by().values_list("outcome").annotate(rows=Count("pk"))
    counts = dict(counted.values_list("outcome", "rows"))
    for outcome, name in COUNTS.items():
        setattr(upload, name, counts.get(outcome.value, 0))
    upload.save(update_fields=COUNTS.values())


def columns_of(upload: Import) -> dict[str, Columns]:
    """Return what the columns of each sheet were said to mean."""
    return {
        sheet: {int(index): name for index, name in columns.items()}
        for sheet, columns in upload.columns.items()
    }


def answers_of(upload: Import) -> Answers:
    """Return what was answered so far, by row."""
    answered = upload.rows.exclude(answers={}).values_list("sheet", "number", "answers")
    return {(sheet, number): answers for sheet, number, answers in answered}


def known_names() -> dict[str, str]:
    """Return the items, by SKU, that people have said they mean by a name."""
    return dict(KnownName.objects.values_list("name", "item__sku"))


def _keep_changes(kind: Kind, kept: Sequence[ImportRow], rows: Sequence[PlannedRow]) -> None:
    changed = []
    for stored, row in zip(kept, rows, strict=True):
        facts = stored_facts(kind, row)
        if any(getattr(stored, name) != facts[name] for name in PLANNED):
            _set(stored, facts)
            changed.append(stored)
    ImportRow.objects.bulk_update(changed, PLANNED, batch_size=BATCH)


def _keep_all(
    upload: Import, kind: Kind, kept: Sequence[ImportRow], rows: Sequence[PlannedRow]
) -> None:
    """Other columns make other rows; what was answered stays with its row."""
    answers = {(row.sheet, row.number): row.answers for row in kept if row.answers}
    upload.rows.all().delete()
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                upload=upload,
                sheet=row.sheet,
                number=row.row,
                answers=answers.get((row.sheet, row.row), {}),
                **stored_facts(kind, row),
            )
            for row in rows
        ),
        batch_size=BATCH,
    )


def _set(stored: ImportRow, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(stored, name, value)
