"""The list of all flags, its parts on other pages, and marking one as seen."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.catalog.models import LocationLevel
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import ProcedureLine
from tests.clinic import (
    TODAY,
    dana,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    place,
    received,
    signed_in,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

YESTERDAY = TODAY - timedelta(days=1)


def flag_list(query: str = "", who: User | None = None) -> str:
    response = signed_in(who or dana()).get(f"/flags/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_may_read_the_flags() -> None:
    received(lidocaine(), 40, expires_on=YESTERDAY)
    assert "2 vials (40 mL) in Room 1; expired Nov 22, 2026, yesterday." in flag_list(who=vic())


def test_the_flags_narrow_to_a_kind() -> None:
    received(lidocaine(reorder_point=100), 40)
    received(needle(), 5, expires_on=YESTERDAY)
    shown = flag_list("?kind=low")
    assert (lidocaine().name in shown, needle().name in shown) == (True, False)


def test_all_that_has_to_be_discarded_is_one_choice() -> None:
    received(lidocaine(reorder_point=100), 40)
    received(needle(), 5, expires_on=YESTERDAY)
    shown = flag_list("?kind=discard")
    assert (lidocaine().name in shown, needle().name in shown) == (False, True)


def test_the_flags_narrow_to_a_place() -> None:
    received(needle(), 5, where="room-1", expires_on=YESTERDAY)
    received(lidocaine(), 20, where="room-2", expires_on=YESTERDAY)
    shown = flag_list("?location=room-1")
    assert (lidocaine().name in shown, needle().name in shown) == (False, True)


def test_the_flags_narrow_to_what_cannot_wait() -> None:
    received(needle(), 5, expires_on=TODAY + timedelta(days=80))
    assert needle().name not in flag_list("?severity=soon")


def test_a_kind_that_is_asked_for_is_told_in_full() -> None:
    received(needle(reorder_point=100), 50, where="storeroom")
    LocationLevel.objects.create(
        item=needle(), location=place("room-1"), reorder_point=10, par_level=50
    )
    both, together = flag_list("?kind=low"), flag_list()
    assert (both.count("reorder point"), together.count("reorder point")) == (2, 1)


@pytest.mark.parametrize(
    "query", ["?kind=nonsense", "?location=nowhere", "?severity=%00", "?item=%00&sort=-due_on"]
)
def test_what_makes_no_sense_narrows_nothing(query: str) -> None:
    received(needle(), 5, expires_on=YESTERDAY)
    assert needle().name in flag_list(query)


def test_the_workbook_has_the_rows_of_the_page_with_typed_cells() -> None:
    received(lidocaine(), 40, expires_on=YESTERDAY)
    answer = signed_in(dana()).get("/flags/?kind=discard&export=xlsx")
    rows = list(load_workbook(BytesIO(answer.getvalue())).worksheets[0].values)
    heading = next(row for row in rows if "Due" in row)
    row = dict(zip(heading, rows[rows.index(heading) + 1], strict=True))
    assert (row["What"], row["Quantity"], f"{row['Due']:%Y-%m-%d}", row["How urgent"]) == (
        "expired",
        40,
        "2026-11-22",
        "Urgent",
    )


def test_flags_sort_by_urgency_and_back() -> None:
    received(needle(), 5, expires_on=YESTERDAY)
    received(lidocaine(), 40, expires_on=TODAY + timedelta(days=80))
    shown = flag_list("?sort=-due_on")
    assert shown.index(lidocaine().name) < shown.index(f"{needle().name}, lot A1")


# Parts of other pages


def test_an_items_page_gets_its_flags_alone() -> None:
    received(lidocaine(), 40, expires_on=YESTERDAY)
    part = signed_in(mara()).get("/flags/of-item/lido-1-20/", headers={"hx-request": "true"})
    assert ("expired Nov 22" in part.text, "<html" in part.text) == (True, False)


def test_without_script_an_items_flags_are_a_page() -> None:
    received(lidocaine(), 40, expires_on=YESTERDAY)
    assert "<html" in signed_in(mara()).get("/flags/of-item/lido-1-20/").text


def test_a_lots_flags_leave_out_other_lots() -> None:
    received(lidocaine(), 40, expires_on=YESTERDAY)
    good = received(lidocaine(), 40, lot="B2")
    answer = signed_in(mara()).get(f"/flags/of-lot/{good.lot_id}/")
    assert "Nothing needs anybody here." in answer.text


@pytest.mark.parametrize(
    "path", ["of-item/unknown/", "of-lot/999/", "of-lot/99999999999999999999/"]
)
def test_what_is_not_there_has_no_flags(path: str) -> None:
    assert signed_in(mara()).get(f"/flags/{path}").status_code == 404


# Seen by a manager


def unusable_line() -> ProcedureLine:
    expired = received(kenalog(), 2, expires_on=YESTERDAY)
    line = LineWanted(kenalog(), Decimal(1), lot=expired.lot, unusable_reason="The only one left")
    return logged(line).procedure.lines.get()


def test_a_manager_marks_the_use_of_an_expired_lot_as_seen() -> None:
    line = unusable_line()
    signed_in(dana()).post(f"/flags/review/{line.pk}/")
    line.refresh_from_db()
    assert (line.reviewed_by, "to review" in flag_list()) == (dana(), False)


def test_marking_it_twice_keeps_who_saw_it_first() -> None:
    line = unusable_line()
    for _ in range(2):
        answer = signed_in(dana()).post(f"/flags/review/{line.pk}/")
    assert answer.status_code == 302


def test_a_nurse_may_not_mark_it_as_seen() -> None:
    line = unusable_line()
    assert signed_in(mara()).post(f"/flags/review/{line.pk}/").status_code == 403


def test_a_line_that_needs_no_look_cannot_be_marked() -> None:
    received(needle(), 5)
    line = logged(LineWanted(needle(), Decimal(1))).procedure.lines.get()
    assert signed_in(dana()).post(f"/flags/review/{line.pk}/").status_code == 404
