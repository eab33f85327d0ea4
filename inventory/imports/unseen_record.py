"""A file that is brought in without anybody looking at its rows: by a command, by a machine."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from inventory.accounts.models import User
from inventory.imports.errors import BroughtInBefore
from inventory.imports.kinds import Kind, Source
from inventory.imports.models import Import
from inventory.imports.plan_record import known_names
from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.record import Progress, bring_in_unseen, no_progress
from inventory.imports.sheets import matched_sheets, read_file
from inventory.imports.stored import value_text
from inventory.imports.upload_record import Upload, brought_in_before, known_layouts


@dataclass(frozen=True)
class Report:
    """What becomes, or became, of each row. `before` brought the same file in earlier; `written`
    says whether this run wrote the accepted rows."""

    rows: Sequence[PlannedRow]
    before: Import | None = None
    written: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each outcome."""
        counted = Counter(row.outcome for row in self.rows)
        return {outcome.value: counted[outcome] for outcome in Outcome}


def import_unseen(
    kind: Kind,
    sent: Upload,
    *,
    by: User | None,
    now: datetime,
    today: date,
    progress: Progress = no_progress,
) -> Report:
    """Say what becomes of each row of a file, and write the accepted ones when `by` somebody.

    The same file again writes nothing. Raises FileRefused or RowsRefused; then nothing was
    written.
    """
    before = brought_in_before(kind, sent.content_hash)
    if before or by is None:
        return Report(_looked_at(kind, sent, today, went_in=before is not None), before)
    try:
        rows = bring_in_unseen(kind, sent, by=by, now=now, progress=progress)
    except BroughtInBefore as refusal:
        # Somebody else was faster by a moment.
        return Report(_looked_at(kind, sent, today, went_in=True), refusal.before)
    return Report(rows, written=any(row.outcome == Outcome.ACCEPT for row in rows))


def report_row(row: PlannedRow, fields: Sequence[str]) -> dict[str, Any]:
    """Return a row as the API tells it: these fields, null where nothing is understood of one."""
    values: Mapping[str, Any] = row.values
    return {
        "sheet": row.sheet,
        "row": row.row,
        "outcome": row.outcome.value,
        **{name: value_text(values.get(name)) or None for name in fields},
        "messages": [{"column": message.column, "text": message.text} for message in row.messages],
    }


def report_body(report: Report, fields: Sequence[str]) -> dict[str, Any]:
    """Return the report as the API answers it and the command writes it."""
    return {
        "rows": [report_row(row, fields) for row in report.rows],
        "counts": report.counts,
        "already_imported": report.before is not None,
    }


def _looked_at(kind: Kind, sent: Upload, today: date, *, went_in: bool) -> list[PlannedRow]:
    read = read_file(sent.content, sent.file_name)
    sheets = matched_sheets(read, kind, known_layouts(kind))
    source = Source(
        rows=read.rows,
        today=today,
        columns={each.sheet: each.columns for each in sheets},
        hidden_sheets=read.hidden_sheets,
        place=sent.place.code if sent.place else "",
        known_names=known_names(),
        went_in=went_in,
    )
    return list(kind.plan(source))
