"""`manage.py import_items` and its siblings: a dry run unless told otherwise."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inventory.catalog.models import Item, ItemCode, Supplier, SupplierOffer
from inventory.procedures.models import PastProcedure
from inventory.procedures.starter import load_starter
from inventory.stock.models import PastFile
from tests.clinic import dana, mara, needle
from tests.imports.told import DATA

pytestmark = pytest.mark.django_db


def run(command: str, file: Path, *options: str) -> str:
    out = StringIO()
    call_command(command, str(file), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Two items, and one that nobody could make anything of."""
    file = tmp_path / "items.csv"
    file.write_text("name,kind,storage\nNeedle 25G,Needle,\nNeedle 27G,Needle,\n,Needle,attic\n")
    return file


def test_a_dry_run_writes_nothing_and_says_what_is_refused(rows: Path) -> None:
    told = run("import_items", rows)

    assert "Row 4, refused: Expected the name of the item, but got nothing." in told
    assert "2 will do" in told
    assert not Item.objects.exists()


def test_with_commit_the_accepted_rows_are_written(rows: Path) -> None:
    dana()

    run("import_items", rows, "--commit")

    assert Item.objects.count() == 2


def test_the_report_tells_each_row(rows: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    run("import_items", rows, "--report", str(report))

    body = json.loads(report.read_text())
    assert body["counts"] == {"accept": 2, "decide": 0, "reject": 1, "ignore": 0}
    assert body["rows"][0]["sku"] == "needle-25g"
    assert body["rows"][2]["messages"][0] == {
        "column": "name",
        "text": "Expected the name of the item, but got nothing.",
    }


def test_a_nurse_brings_no_items_in(rows: Path) -> None:
    mara()

    with pytest.raises(CommandError, match="somebody who may bring this in"):
        run("import_items", rows, "--commit", "--by", "mara")
    assert not Item.objects.exists()


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "items.xlsx"
    file.write_bytes(b"%PDF-1.7 no workbook")

    with pytest.raises(CommandError, match="Expected"):
        run("import_items", file)


def test_codes_go_in_by_command() -> None:
    dana()
    run("import_items", DATA / "catalog.csv", "--commit")

    run("import_codes", DATA / "catalog_codes.csv", "--commit", "--by", "dana")

    assert ItemCode.objects.count() == 149


def test_offers_of_known_suppliers_go_in_by_command(tmp_path: Path) -> None:
    dana()
    needle()
    Supplier.objects.create(code="acme", name="Acme")
    file = tmp_path / "offers.csv"
    file.write_text(
        "supplier,sku,pack,price,lead time\n"
        "Acme,needle-25g-15,box of 100,9.80,3\n"
        "Somebody else,needle-25g-15,box of 100,9.70,3\n"
    )

    told = run("import_offers", file, "--commit")

    assert SupplierOffer.objects.get().supplier.name == "Acme"
    assert "Row 3, needs a decision" in told


def test_past_procedures_go_in_by_command() -> None:
    dana()
    load_starter(lambda _: None)

    run("import_procedures", DATA / "procedures.csv", "--commit", "--location", "room-1")
    again = run("import_procedures", DATA / "procedures.csv", "--commit")

    assert PastProcedure.objects.count() == 42
    assert PastFile.objects.get().name == "procedures.csv"
    assert "nothing was written" in again
