"""What was logged: today's list, who sees which reference, and the same rows as a workbook."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.procedures.models import Procedure
from inventory.procedures.record import ProcedureWanted, record, void
from tests.clinic import NOW, dana, mara, place, priya, procedure_type, signed_in, vic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

DAY = timedelta(days=1)


def logged(days_ago: int = 0, by: User | None = None, **changes: Any) -> Procedure:
    at = NOW - days_ago * DAY
    wanted = ProcedureWanted(procedure_type(), place(), at, lines=[], **changes)
    return record(wanted, by=by or mara(), now=at).procedure


def listed(who: User, **query: str) -> str:
    response = signed_in(who).get(reverse("procedure_list"), query)
    assert response.status_code == 200
    return response.content.decode()


def shows(page: str, procedure: Procedure) -> bool:
    return reverse("procedure_detail", args=[procedure.pk]) in page


def test_it_begins_with_today() -> None:
    today, yesterday = logged(), logged(days_ago=1)

    page = listed(mara())

    assert "Today&#x27;s procedures" in page
    assert (shows(page, today), shows(page, yesterday)) == (True, False)


def test_other_days_can_be_asked_for() -> None:
    today, yesterday = logged(), logged(days_ago=1)

    page = listed(mara(), since="2026-11-22", until="2026-11-22")

    assert "Today&#x27;s procedures" not in page
    assert (shows(page, today), shows(page, yesterday)) == (False, True)


def test_all_days_are_shown_when_the_days_are_cleared() -> None:
    long_ago = logged(days_ago=300)

    assert shows(listed(mara(), since="", until=""), long_ago)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"type": "tpi-1-2"}, True),
        ({"location": "room-1"}, True),
        ({"location": "room-2"}, False),
        ({"provider": "reyes"}, True),
        ({"provider": "okafor"}, False),
        ({"by": "mara"}, True),
        ({"by": "dana"}, False),
        ({"status": "voided"}, False),
    ],
)
def test_it_can_be_narrowed(query: dict[str, str], found: bool) -> None:
    place("room-2")
    dana()
    procedure = logged(provider="Dr. Reyes")

    assert shows(listed(mara(), **query), procedure) is found


def test_a_voided_one_says_so() -> None:
    void(logged(), by=mara(), reason="a slip", supplies=Procedure.Supplies.RETURNED, now=NOW)

    assert '<span class="pill pill-held">voided</span>' in listed(mara())


@pytest.mark.parametrize("someone", [mara, dana])
def test_those_who_treat_patients_see_the_encounter(someone: Any) -> None:
    logged(encounter_ref="E-10492")

    assert "E-10492" in listed(someone())


@pytest.mark.parametrize("someone", [vic, priya])
def test_others_see_only_that_there_is_one(someone: Any) -> None:
    logged(encounter_ref="E-10492")

    page = listed(someone())

    assert "E-10492" not in page
    assert "•••" in page


def test_the_workbook_has_the_same_rows_and_hides_the_same() -> None:
    logged(encounter_ref="E-10492", provider="Dr. Reyes")
    logged(days_ago=1)

    response = signed_in(vic()).get(reverse("procedure_list"), {"export": "xlsx"})

    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert cells.count("Trigger point, 1 or 2") == 1
    assert "•••" in cells
    assert "E-10492" not in cells


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "9999-12-31", "0001-01-01", "\x00"])
def test_a_day_that_is_none_is_answered(day: str) -> None:
    assert "Expected a day" in listed(mara(), since=day)
