"""The board of opened vials: what is left in each, who opened it, and until when it may be used."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.catalog.models import Location
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot
from inventory.stock.opened import board, opened_vial
from inventory.stock.requests import StockLine, Want, WasteReason
from inventory.stock.shelf_views import SESSION_LOCATION
from inventory.stock.vial_codes import vial_code
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    mara,
    needle,
    otto,
    place,
    priya,
    received,
    signed_in,
    used,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

FAR = date(2027, 12, 31)


def shown(query: str = "", who: User | None = None) -> str:
    answer = signed_in(who or mara()).get(f"/stock/opened/{query}")
    assert answer.status_code == 200
    return answer.text


def words_of(page: str) -> str:
    return " ".join(strip_tags(page).split())


def opened(days_ago: int = 0, where: str = "room-1", expires_on: date = FAR) -> Holding:
    """A vial of lidocaine of which Mara took 4 mL so many days ago."""
    at = NOW - timedelta(days=days_ago)
    sealed = received(lidocaine(), 20, f"L{where}{days_ago}", expires_on, where, at=at)
    line = StockLine(lidocaine(), holding=sealed)
    vial = ledger.open_vial(by=mara(), location=place(where), line=line, happened_at=at, now=at)
    used(Want(lidocaine(), Decimal(4), holding=vial), where=where, at=at)
    return Holding.objects.with_lot().get(pk=vial.pk)


def held(vial: Holding, status: Lot.Status) -> Holding:
    ledger.set_lot_status(vial.lot, by=dana(), status=status, reason="Notice", now=NOW)
    return Holding.objects.with_lot().get(pk=vial.pk)


# What a row says


def test_a_vial_says_what_is_left_who_opened_it_when_and_until_when_it_is_good() -> None:
    opened(days_ago=2)
    page = words_of(shown())
    for words in (
        "Room 1",
        "16 of 20 mL",
        "Lot LROOM-12 · opened Nov 21, 10:15 by Mara Ortiz",
        "in 26 days use by Dec 19, 2026",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("days_ago", "tone", "words"),
    [
        (0, "usable", "in 28 days"),
        (24, "usable", "in 4 days"),
        (25, "soon", "in 3 days"),
        (27, "soon", "tomorrow"),
        (28, "soon", "today is the last day"),
        (29, "bad", "past since Nov 22"),
    ],
)
def test_it_counts_down_from_28_days(days_ago: int, tone: str, words: str) -> None:
    countdown = opened_vial(opened(days_ago), TODAY).countdown
    assert (countdown.tone, countdown.word) == (tone, words)


def test_the_rule_of_a_product_goes_before_the_28_days() -> None:
    lidocaine(beyond_use_days=7)
    assert opened_vial(opened(days_ago=2), TODAY).until == TODAY + timedelta(days=5)


@pytest.mark.parametrize("days", [None, 90])
def test_the_makers_date_goes_before_both(days: int | None) -> None:
    lidocaine(beyond_use_days=days)
    assert opened_vial(
        opened(expires_on=TODAY + timedelta(days=9)), TODAY
    ).until == TODAY + timedelta(days=9)


@pytest.mark.parametrize("status", [Lot.Status.RECALLED, Lot.Status.QUARANTINED])
def test_a_vial_on_hold_says_so_instead_of_a_countdown(status: Lot.Status) -> None:
    countdown = opened_vial(held(opened(), status), TODAY).countdown
    assert (countdown.tone, countdown.word) == ("held", status.label.lower())


def test_where_patients_are_treated_a_vial_is_for_one_patient() -> None:
    received(lidocaine(), 20)
    Location.objects.update(treatment_area=True)
    line = StockLine(lidocaine())
    ledger.open_vial(by=mara(), location=place(), line=line, happened_at=NOW, now=NOW)
    assert "one patient, closes with the procedure" in shown()


def test_a_vial_that_moved_with_its_nurse_is_shown_where_it_is() -> None:
    vial = opened()
    line, there = StockLine(vial.lot.item, holding=vial), place("room-2")
    ledger.transfer(
        by=mara(), source=place(), destination=there, lines=[line], happened_at=NOW, now=NOW
    )
    page = words_of(shown("?location=room-2"))
    assert "16 of 20 mL" in page
    assert "No opened vial matches" in shown("?location=room-1")


@pytest.mark.parametrize(
    ("days_ago", "status", "reason"),
    [
        (0, Lot.Status.AVAILABLE, None),
        (0, Lot.Status.QUARANTINED, None),
        (0, Lot.Status.RECALLED, WasteReason.RECALLED),
        (29, Lot.Status.AVAILABLE, WasteReason.BEYOND_USE),
        (29, Lot.Status.QUARANTINED, WasteReason.BEYOND_USE),
        (29, Lot.Status.RECALLED, WasteReason.RECALLED),
    ],
)
def test_the_reason_is_asked_only_where_it_is_not_obvious(
    days_ago: int, status: Lot.Status, reason: WasteReason | None
) -> None:
    vial = held(opened(days_ago), status)
    assert opened_vial(vial, TODAY).obvious_reason == reason
    asked = 'value="contaminated"' in shown()
    assert asked == (reason is None)


# Which rows, in which order


def test_what_ends_first_comes_first_in_the_room_where_one_works() -> None:
    late, soon, elsewhere = opened(), opened(20), opened(25, where="room-0")
    vials = [late, elsewhere, soon]
    assert [row.holding for row in board(vials, place("room-1"), TODAY)] == [soon, late, elsewhere]
    assert [row.holding for row in board(vials, None, TODAY)] == [elsewhere, soon, late]


def test_the_room_where_a_nurse_last_worked_stands_first_on_her_board() -> None:
    opened(where="room-1"), opened(where="room-2")
    nurse = signed_in(mara())
    session = nurse.session
    session[SESSION_LOCATION] = "room-2"
    session.save()
    page = nurse.get("/stock/opened/").text
    assert page.index('id="place-room-2"') < page.index('id="place-room-1"')


def test_neither_sealed_nor_empty_vials_are_on_the_board() -> None:
    received(lidocaine(), 40)
    used(Want(lidocaine(), Decimal(20)))
    received(needle(), 5)
    assert "No vial is open." in shown()


def test_a_scanned_label_finds_its_vial_alone() -> None:
    here, there = opened(), opened(where="room-2")
    page = shown(f"?q={vial_code(there.pk).lower()}")
    assert [f'href="/stock/holdings/{vial.pk}/"' in page for vial in (here, there)] == [False, True]


def test_words_find_vials_by_item_and_lot() -> None:
    opened()
    assert "1 opened vial" in words_of(shown("?q=lidocaine"))
    assert "No opened vial matches" in shown("?q=kenalog")


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?location=nowhere",
        "?location=%00",
        "?q=VIAL-99999999999999999999-00",
        "?q=VIAL-9223372036854775807-47",
        "?page=x&sort=nothing",
    ],
)
def test_an_odd_address_is_answered(query: str) -> None:
    opened()
    shown(query)


def test_the_board_goes_into_a_sheet() -> None:
    vial = opened()
    answer = signed_in(vic()).get("/stock/opened/?export=xlsx")
    sheet: Any = load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    told = dict(zip(rows[0], rows[1], strict=True))
    assert told["Location"] == "Room 1"
    assert told["Left"] == 16
    assert told["Opened by"] == "Mara Ortiz"
    assert told["State"] == "in 28 days"
    assert told["Label"] == vial_code(vial.pk)


# Who


@pytest.mark.parametrize(
    ("who", "handles"), [(mara, True), (dana, True), (priya, False), (vic, False)]
)
def test_all_look_and_those_who_treat_or_manage_handle(who: Any, handles: bool) -> None:
    vial = opened()
    page = shown(who=who())
    assert (f"/stock/opened/{vial.pk}/discard/" in page) == handles
    assert ("/stock/opened/add/" in page) == handles


def test_somebody_without_a_role_sees_no_board() -> None:
    assert signed_in(otto()).get("/stock/opened/").status_code == 403


def test_many_vials_take_no_more_queries_than_one() -> None:
    nurse = signed_in(mara())

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            nurse.get("/stock/opened/")
        return len(made)

    opened()
    queries()
    with_one = queries()
    for days_ago in (1, 2, 3):
        opened(days_ago)
    assert queries() == with_one


def test_single_dose_vials_never_stay_open() -> None:
    received(kenalog(), 1)
    used(Want(kenalog(), Decimal("0.5")))
    assert "No vial is open." in shown()
