"""What the commands that bring a file in have in common; each names its kind."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone
from tqdm import tqdm

from inventory.accounts.models import User
from inventory.catalog.models import Location
from inventory.imports.kinds import Kind, RowsRefused
from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.preview import PILLS
from inventory.imports.unseen_record import Report, import_unseen, report_body
from inventory.imports.upload_record import Upload
from inventory.sheets.cells import FileRefused
from inventory.sheets.reading import MOST_BYTES
from inventory.web.roles import roles_of_person
from inventory.web.words import day_words

EXIT = (
    " Ends with 0 when the file was read and, with --commit, every row that is accepted was written"
    " (or the same file was brought in before); rows that are refused or need a decision stay out"
    " and are listed. Ends with 1 when the file or the commit is refused: then nothing was written."
)


class ImportCommand(BaseCommand):
    """Says what becomes of each row of a file; writes the accepted ones when asked to."""

    kind: Kind

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        self.help = (
            f"Bring in a file: {self.kind.title.lower()}. {self.kind.about} A dry run unless"
            f" --commit is given.{EXIT}"
        )
        return super().create_parser(*args, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a workbook (.xlsx) or .csv")
        if self.kind.takes_place:
            parser.add_argument("--location", metavar="CODE", help="for rows that name no place")
        parser.add_argument("--commit", action="store_true", help="write the accepted rows")
        parser.add_argument("--report", metavar="FILE.json", type=Path, help="every row, as JSON")
        parser.add_argument(
            "--by", metavar="USERNAME", help="who brings it in; else the first who may"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        sent = Upload(options["file"].name, _content(options["file"]), _place(options))
        by = self._person(options["by"]) if options["commit"] else None
        now = timezone.now()
        try:
            with tqdm(unit=" rows", desc="written", leave=False, disable=by is None) as bar:

                def written(rows: int) -> None:
                    bar.update(rows)

                report = import_unseen(
                    self.kind,
                    sent,
                    by=by,
                    now=now,
                    today=timezone.localdate(now),
                    progress=written,
                )
        except (FileRefused, RowsRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["report"]:
            _write_report(options["report"], self.kind, report)
        for row in report.rows:
            if row.outcome in {Outcome.DECIDE, Outcome.REJECT}:
                self.stdout.write(_line(row))
        self.stdout.write(_ending(report, committed=by is not None))

    def _person(self, username: str | None) -> User:
        """Return who brings it in. Raises CommandError for nobody who may."""
        people = User.objects.filter(is_active=True)
        if username is not None:
            person = people.filter(username=username).first()
            if person is None or roles_of_person(person).isdisjoint(self.kind.roles):
                raise CommandError(
                    f"Expected the username of somebody who may bring this in, got {username!r}."
                )
            return person
        may = people.filter(Q(is_superuser=True) | Q(groups__name__in=self.kind.roles))
        person = may.order_by("pk").first()
        if person is None:
            raise CommandError("Nobody may bring this in yet. Add a manager, or say --by.")
        return person


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as failure:
        raise CommandError(f"Cannot read {path}: {failure.strerror}.") from failure


def _place(options: dict[str, Any]) -> Location | None:
    code = options.get("location")
    if not code:
        return None
    place = Location.objects.filter(code=code, is_active=True).first()
    if place is None:
        raise CommandError(f"There is no location {code}.")
    return place


def _write_report(path: Path, kind: Kind, report: Report) -> None:
    text = json.dumps(report_body(report, kind.reported), indent=2, ensure_ascii=False)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as failure:
        raise CommandError(f"Cannot write {path}: {failure.strerror}.") from failure


def _line(row: PlannedRow) -> str:
    where = f"{row.sheet}, row {row.row}" if row.sheet else f"Row {row.row}"
    said = " ".join(dict.fromkeys(message.text for message in row.messages))
    return f"{where}, {PILLS[row.outcome].word}: {said}"


def _ending(report: Report, *, committed: bool) -> str:
    counts = ", ".join(
        f"{report.counts[outcome.value]} {pill.word}" for outcome, pill in PILLS.items()
    )
    if report.before is not None:
        day = report.before.committed_at
        when = f" on {day_words(day)}" if day else ""
        return f"{counts}. This very file was brought in{when}: nothing was written."
    if report.written:
        return f"{counts}. {report.counts[Outcome.ACCEPT.value]} rows were written."
    return f"{counts}. {'Nothing' if committed else 'A dry run: nothing'} was written."
