"""Rows as a file says them, and files that people send, for the tests of the kinds of import."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inventory.imports.kinds import Source
from inventory.imports.models import Import
from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.record import bring_in
from inventory.imports.register import kind_named
from inventory.imports.row_draft import ToldRow
from inventory.imports.sheets import matched_sheets, read_file
from inventory.imports.upload_record import Upload, answer_rows, match_columns, take_in
from inventory.sheets.cells import SheetCell
from tests.clinic import NOW, TODAY, dana, place

GivenAnswers = Mapping[int, Mapping[str, str]]
"""Answers by the number of the row, then by the name of the question."""

NO_ANSWERS: GivenAnswers = {}
DATA = Path(__file__).parent / "data"


def told(row: int = 2, *, is_alone: bool = False, **cells: Any) -> ToldRow:
    """A row of a text file; what says nothing is left out."""
    return ToldRow("", row, {name: SheetCell(value) for name, value in cells.items()}, is_alone)


def sentences(row: PlannedRow) -> dict[str, str]:
    """Return what is said of a row, by column."""
    return {message.column: message.text for message in row.messages}


def sentence(row: PlannedRow) -> str:
    """Return all that is said of a row."""
    return " ".join(message.text for message in row.messages)


def asked(row: PlannedRow) -> dict[str, list[str]]:
    """Return the values that each question of a row offers."""
    return {each.name: [choice.value for choice in each.choices] for each in row.questions}


def outcomes(rows: list[PlannedRow]) -> list[str]:
    return [row.outcome.value for row in rows]


def planned(
    kind: str, text: str, answers: GivenAnswers = NO_ANSWERS, where: str = ""
) -> list[PlannedRow]:
    """Plan a text file; answers are by the number of the row."""
    found = kind_named(kind)
    assert found
    source = Source(
        rows=read_file(text.encode(), "rows.csv").rows,
        today=TODAY,
        place=where,
        answers={("", row): given for row, given in answers.items()},
    )
    return list(found.plan(source))


def sent(kind: str, content: bytes | str, name: str = "rows.csv", where: str = "") -> Import:
    """Upload a file and agree with what its columns seem to mean, as Dana does."""
    found = kind_named(kind)
    assert found
    data = content.encode() if isinstance(content, str) else content
    upload = Upload(name, data, place(where) if where else None)
    taken = take_in(found, upload, by=dana(), now=NOW, today=TODAY)
    if not taken.is_matched:
        sheets = matched_sheets(read_file(data, name), found, {})
        match_columns(taken, found, sheets, by=dana(), now=NOW, today=TODAY)
    return taken


def answered(upload: Import, answers: Mapping[str, str]) -> None:
    """Answer every question of these names, as Dana does."""
    found = kind_named(upload.kind)
    assert found
    waiting = upload.rows.filter(outcome=Outcome.DECIDE)
    answer_rows(upload, found, waiting, answers, today=TODAY)


def brought_in(upload: Import) -> Import:
    """Press the button."""
    found = kind_named(upload.kind)
    assert found
    return bring_in(upload, found, by=dana(), now=NOW)
