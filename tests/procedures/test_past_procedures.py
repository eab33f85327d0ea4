"""Procedures from before: the pages that show them, and what the database keeps of them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from inventory.procedures.models import PastProcedure, PastProcedureLine
from inventory.procedures.past_record import PastWanted, take_back, take_in
from inventory.stock.models import PastFile, PastUse
from tests.clinic import NOW, dana, kenalog, mara, place, priya, procedure_type, signed_in, vic

pytestmark = pytest.mark.django_db

LONG_AGO = NOW - timedelta(days=365)


@pytest.fixture
def procedure() -> PastProcedure:
    """One that used half a vial of Kenalog a year ago."""
    wanted = PastWanted(
        procedure_type(),
        place(),
        LONG_AGO,
        muscles=2,
        sites=4,
        provider="Dr. Reyes",
        encounter_ref="E-60111",
        supplies=[(kenalog(), Decimal("0.5"))],
    )
    take_in("2025.csv", [wanted], by=dana(), now=NOW)
    return PastProcedure.objects.get()


# The pages


def test_the_list_shows_what_files_brought(procedure: PastProcedure) -> None:
    page = signed_in(mara()).get("/procedures/before/").content.decode()

    assert "Trigger point, 1 or 2" in page
    assert "Nov 23, 2025, 10:15" in page
    assert "E-60111" in page
    assert "2025.csv" in page


def test_a_viewer_does_not_see_the_encounter(procedure: PastProcedure) -> None:
    viewer = signed_in(vic())

    assert "E-60111" not in viewer.get("/procedures/before/").content.decode()
    assert "E-60111" not in viewer.get(f"/procedures/before/{procedure.pk}/").content.decode()


def test_the_list_is_filtered_by_day(procedure: PastProcedure) -> None:
    page = signed_in(mara()).get("/procedures/before/?since=2026-01-01").content.decode()

    assert "Nothing matches what you asked for." in page


def test_the_list_comes_as_a_workbook(procedure: PastProcedure) -> None:
    answer = signed_in(mara()).get("/procedures/before/?export=xlsx")

    assert "procedures-before-vialkeeper" in answer["Content-Disposition"]


def test_a_day_without_a_time_is_shown_as_a_day() -> None:
    midnight = LONG_AGO.replace(hour=6, minute=0)
    take_in("2025.csv", [PastWanted(procedure_type(), place(), midnight)], by=dana(), now=NOW)

    page = signed_in(mara()).get("/procedures/before/").content.decode()

    assert "Nov 23, 2025<" in page


def test_one_of_them_says_what_was_used_and_discarded(procedure: PastProcedure) -> None:
    page = signed_in(mara()).get(f"/procedures/before/{procedure.pk}/").content.decode()

    assert "Kenalog-40 1 mL single-dose vial" in page
    assert "0.5 mL of a single-dose container" in page
    assert "It moved no stock and bills nothing" in page


def test_a_manager_takes_a_whole_file_back(procedure: PastProcedure) -> None:
    manager = signed_in(dana())
    address = f"/procedures/before/files/{procedure.file_id}/"

    answer = manager.post(f"{address}take-back/", {"reason": "wrong year"})

    assert answer.status_code == 302
    assert not PastProcedure.objects.exists()
    page = manager.get(address).content.decode()
    assert "wrong year" in page
    assert "None any more" in page


def test_without_a_reason_nothing_is_taken_back(procedure: PastProcedure) -> None:
    address = f"/procedures/before/files/{procedure.file_id}/take-back/"

    answer = signed_in(dana()).post(address, {"reason": ""})

    assert answer.status_code == 422
    assert "Say why the file is taken back." in answer.content.decode()
    assert PastProcedure.objects.exists()


@pytest.mark.parametrize("who", [mara, priya, vic])
def test_nobody_but_a_manager_takes_a_file_back(who: object, procedure: PastProcedure) -> None:
    assert callable(who)
    address = f"/procedures/before/files/{procedure.file_id}/take-back/"

    assert signed_in(who()).post(address, {"reason": "wrong"}).status_code == 403
    assert PastProcedure.objects.exists()


def test_the_list_of_files_keeps_what_was_taken_back(procedure: PastProcedure) -> None:
    take_back(procedure.file, by=dana(), reason="wrong year", now=NOW)

    page = signed_in(dana()).get("/procedures/before/files/").content.decode()

    assert "2025.csv" in page
    assert "taken back" in page


# What the database refuses

ROWS = (PastUse, PastProcedure, PastProcedureLine)


def run(sql: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


@pytest.mark.parametrize("model", ROWS)
def test_no_row_is_changed_even_after_its_file_was_taken_back(
    model: type[PastUse], procedure: PastProcedure
) -> None:
    table = model._meta.db_table
    change = f"UPDATE {table} SET id = id + 1000"

    with pytest.raises(DatabaseError, match="never changed"):
        run(change)
    PastFile.objects.update(taken_back_at=NOW, taken_back_by=dana())
    with pytest.raises(DatabaseError, match="never changed"):
        run(change)


@pytest.mark.parametrize("model", ROWS)
def test_no_row_goes_while_its_file_counts(model: type[PastUse], procedure: PastProcedure) -> None:
    with pytest.raises(DatabaseError, match="never changed"):
        run(f"DELETE FROM {model._meta.db_table}")
    assert model.objects.count() == 1


def test_rows_go_once_their_file_was_taken_back(procedure: PastProcedure) -> None:
    take_back(procedure.file, by=dana(), reason="wrong", now=NOW)

    assert [model.objects.count() for model in ROWS] == [0, 0, 0]
