"""Past procedures from a file: a whole year of them, and a file that was a mistake."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from inventory.demo.cast import Cast
from inventory.demo.year import FILE as THE_YEAR
from inventory.demo.year import planned_year
from inventory.imports.models import Import
from inventory.imports.past.record import take_back
from inventory.procedures.models import PastProcedure, PastProcedureLine
from inventory.procedures.starter import load_starter
from inventory.stock.errors import InvalidLine
from inventory.stock.models import Entry, Movement, PastFile, PastUse
from inventory.stock.past_use_record import TakenBackAlready
from tests.clinic import NOW, dana, kenalog, place, procedure_type
from tests.deep import DEEP
from tests.imports.told import DATA, brought_in, outcomes, planned, sent, sentence

pytestmark = pytest.mark.django_db

FIRST_WEEKS = 450
THE_YEAR_IS_OVER = datetime(2026, 10, 31, 12, tzinfo=UTC)
WHAT_THE_YEAR_ADDS_UP_TO = DATA / "year_used.csv"


def the_year_used() -> dict[str, Decimal]:
    """How much of each item the made-up year used, as its makers have counted it."""
    lines = Path(WHAT_THE_YEAR_ADDS_UP_TO).read_text().split()[1:]
    return {sku: Decimal(amount) for sku, amount in (line.split(",") for line in lines)}


def used_by_the_demo(procedures: int) -> dict[str, Decimal]:
    """How much of each item the first procedures used, as the demo replays them."""
    cast, total = Cast({}), defaultdict[str, Decimal](Decimal)
    for each in planned_year(THE_YEAR_IS_OVER)[:procedures]:
        for sku, quantity in cast.used_by(each).items():
            total[sku] += quantity
    return total


def used() -> dict[str, Decimal]:
    rows = PastUse.objects.order_by().values_list("item__sku").annotate(Sum("quantity"))
    return dict(rows)


def a_file(day: str = "2025-11-03") -> str:
    return (
        "date,type,room,encounter,used\n"
        f"{day} 08:07,tpi-1-2,room-1,E-1,kenalog-40-1=0.5\n"
        f"{day} 09:07,tpi-1-2,room-1,E-2,kenalog-40-1=1\n"
    )


@pytest.fixture
def _a_clinic() -> None:
    procedure_type()
    place()
    kenalog()


# A whole year; every day its first weeks


def test_a_year_of_procedures_adds_up_to_what_was_used() -> None:
    load_starter(lambda _: None)
    heading, *rows = THE_YEAR.read_text().splitlines(keepends=True)
    rows = rows if DEEP else rows[:FIRST_WEEKS]

    upload = sent("procedures", "".join([heading, *rows]), "procedures.csv")
    done = brought_in(upload)

    last_day = "Oct 30, 2026" if DEEP else "Dec 15, 2025"
    assert done.accepted == len(rows)
    assert done.written == f"{len(rows):,} past procedures from Nov 3, 2025 to {last_day}"
    assert used() == (the_year_used() if DEEP else used_by_the_demo(len(rows)))
    assert PastProcedure.objects.count() == len(rows)
    assert not Movement.objects.exists()


def test_a_row_with_an_offset_and_amounts_as_json_goes_in_as_well() -> None:
    load_starter(lambda _: None)

    rows = planned("procedures", (DATA / "procedures.csv").read_text())

    assert Counter(outcomes(rows)) == {"accept": 42}
    assert str(rows[0].values["performed_at"]) == "2025-11-03 08:07:00-06:00"


# A small file


@pytest.mark.usefixtures("_a_clinic")
def test_it_moves_no_stock_and_a_single_dose_leaves_whole() -> None:
    brought_in(sent("procedures", a_file(), "2025.csv"))

    assert [(use.quantity, use.discarded) for use in PastUse.objects.all()] == [
        (Decimal("0.5"), Decimal("0.5")),
        (1, 0),
    ]
    assert not Entry.objects.exists()
    file = PastFile.objects.get()
    assert (file.name, file.taken_in_by, file.taken_in_at) == ("2025.csv", dana(), NOW)


@pytest.mark.usefixtures("_a_clinic")
def test_the_same_procedures_in_another_file_change_nothing() -> None:
    brought_in(sent("procedures", a_file()))

    rows = planned("procedures", a_file() + "\n")

    assert set(outcomes(rows)) == {"ignore"}
    assert sentence(rows[0]) == "Known already, from a file that was imported before."


@pytest.mark.usefixtures("_a_clinic")
def test_a_column_headed_with_an_item_says_how_much_was_used() -> None:
    (row,) = planned("procedures", "date,type,room,kenalog-40-1\n11/3/2025,tpi-1-2,room-1,0.75\n")

    assert row.values["supplies"] == '{"kenalog-40-1": "0.75"}'


# Taking a file back


@pytest.mark.usefixtures("_a_clinic")
def test_a_file_that_was_a_mistake_goes_as_a_whole_and_says_so() -> None:
    brought_in(sent("procedures", a_file()))
    brought_in(sent("procedures", a_file("2025-11-04"), "kept.csv"))
    mistake = PastFile.objects.order_by("pk")[0]

    take_back(mistake, by=dana(), reason="another clinic's", now=NOW)

    assert {procedure.file.name for procedure in PastProcedure.objects.all()} == {"kept.csv"}
    assert PastProcedureLine.objects.count() == PastUse.objects.count() == 2
    mistake.refresh_from_db()
    assert (mistake.taken_back_by, mistake.taken_back_reason) == (dana(), "another clinic's")


@pytest.mark.usefixtures("_a_clinic")
def test_a_file_that_was_taken_back_may_be_brought_in_again() -> None:
    brought_in(sent("procedures", a_file()))
    take_back(PastFile.objects.get(), by=dana(), reason="too early", now=NOW)

    brought_in(sent("procedures", a_file()))

    assert PastProcedure.objects.count() == 2
    assert Import.objects.count() == 1


@pytest.mark.usefixtures("_a_clinic")
def test_a_file_is_taken_back_once_and_with_a_reason() -> None:
    brought_in(sent("procedures", a_file()))
    file = PastFile.objects.get()

    with pytest.raises(InvalidLine, match="Say why the file is taken back"):
        take_back(file, by=dana(), reason=" ", now=NOW)
    take_back(file, by=dana(), reason="wrong", now=NOW)
    with pytest.raises(TakenBackAlready):
        take_back(file, by=dana(), reason="wrong", now=NOW)
