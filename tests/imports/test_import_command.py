"""`manage.py import_stock`: a stock sheet from the shell."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from inventory.imports.models import Import, ImportRow
from inventory.procedures.starter import load_starter
from inventory.stock.audit import check_ledger
from inventory.stock.models import Movement
from tests.clinic import dana, lidocaine, mara, on_hand
from tests.imports.test_clinic_stock import BLANK_ROW, EXPECTED, WORKBOOK
from tests.imports.uploads import LIDOCAINE, TONER, Desk, clinic, csv_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day_of_the_expectation")]


@pytest.fixture
def on_the_day_of_the_expectation() -> Any:
    with time_machine.travel("2026-11-22T16:00:00+00:00", tick=False):
        yield


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    clinic()
    file = tmp_path / "stock.csv"
    file.write_bytes(csv_of(LIDOCAINE, TONER))
    return file


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import_stock", *map(str, arguments), stdout=out)
    return out.getvalue()


def as_expected(rows: dict[tuple[str, int], dict[str, Any]]) -> None:
    """Hold each row against what a careful person makes of the clinic's workbook."""
    for expected in EXPECTED:
        row = rows.get((expected["sheet"], int(expected["row"])))
        if row is None:
            assert expected["why"] == BLANK_ROW
            continue
        names = {"verdict": "outcome", "place": "location"}
        told = {
            name: row[names.get(name, name)] or ""
            for name in ("verdict", "item", "quantity", "lot", "expires_on", "place")
        }
        assert told == {name: expected[name] for name in told}, expected["why"]


def test_the_clinics_own_workbook_is_read_as_a_careful_person_would(tmp_path: Path) -> None:
    load_starter(lambda _said: None)

    run(WORKBOOK, "--report", tmp_path / "report.json")

    body = json.loads((tmp_path / "report.json").read_text())
    as_expected({(row["sheet"], row["row"]): row for row in body["rows"]})
    assert not Movement.objects.exists()


def test_the_clinics_own_workbook_goes_in_on_the_pages_as_expected() -> None:
    load_starter(lambda _said: None)
    desk = Desk()
    upload = desk.matched(desk.upload(WORKBOOK.read_bytes(), WORKBOOK.name))
    as_expected(
        {
            (row.sheet, row.number): {
                "outcome": row.outcome,
                **{
                    name: row.understood.get(name)
                    for name in ("item", "quantity", "lot", "expires_on", "location")
                },
            }
            for row in upload.rows.all()
        }
    )
    desk.confirm_names(upload)

    desk.commit(upload)

    accepted = upload.rows.filter(outcome="accept")
    assert accepted.count() == sum(each["verdict"] == "accept" for each in EXPECTED)
    assert sum(movement.entries.count() for movement in Movement.objects.all()) == accepted.count()
    assert check_ledger().holds


def test_it_is_a_dry_run_unless_told_otherwise(sheet: Path) -> None:
    said = run(sheet)

    assert "1 will do" in said
    assert "A dry run: nothing was written." in said
    assert "Row 3, refused" in said
    assert not Import.objects.exists()


def test_with_commit_the_accepted_rows_are_written(sheet: Path) -> None:
    dana()

    said = run(sheet, "--commit")

    assert "1 rows were written." in said
    assert on_hand(lidocaine()) == 40
    assert Movement.objects.get().by == dana()


def test_the_same_file_again_writes_nothing_and_says_so(sheet: Path) -> None:
    dana()
    run(sheet, "--commit")

    said = run(sheet, "--commit")

    assert "This very file was brought in on Nov 22, 2026: nothing was written." in said
    assert on_hand(lidocaine()) == 40


def test_the_location_is_for_rows_that_name_none(sheet: Path) -> None:
    dana()
    sheet.write_bytes(csv_of((*LIDOCAINE[:4], "", "")))

    run(sheet, "--commit", "--location", "storeroom")

    assert ImportRow.objects.get().understood["location"] == "storeroom"


def test_it_is_brought_in_by_whom_it_is_said(sheet: Path) -> None:
    dana()
    other = mara()
    other.is_superuser = True
    other.save()

    run(sheet, "--commit", "--by", "mara")

    assert Movement.objects.get().by == other


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--commit", "--by", "mara"], "somebody who may bring this in"),
        (["--commit", "--by", "nobody"], "somebody who may bring this in"),
        (["--location", "attic"], "There is no location attic."),
        (["--report", "/nowhere/at/all.json"], "Cannot write"),
    ],
)
def test_what_cannot_be_done_is_refused(sheet: Path, arguments: list[str], sentence: str) -> None:
    dana()
    mara()

    with pytest.raises(CommandError, match=sentence):
        run(sheet, *arguments)

    assert not Movement.objects.exists()


def test_somebody_has_to_be_there_to_bring_it_in(sheet: Path) -> None:
    with pytest.raises(CommandError, match="Nobody may bring this in yet"):
        run(sheet, "--commit")


def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "stock.pdf"
    file.write_bytes(b"%PDF-1.7")

    with pytest.raises(CommandError, match="Expected a workbook"):
        run(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        run(tmp_path / "stock.csv")
