"""What is on the shelf, holding by holding, and one holding alone."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.stock.requests import Want
from tests.clinic import (
    TODAY,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    opened_vial,
    otto,
    received,
    signed_in,
    used,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def stock_list(query: str = "", who: User | None = None) -> str:
    answer = signed_in(who or mara()).get(f"/stock/{query}")
    assert answer.status_code == 200
    return answer.text


def test_a_stranger_sees_no_stock() -> None:
    assert Client().get("/stock/").status_code == 302


def test_somebody_without_a_role_sees_no_stock() -> None:
    assert signed_in(otto()).get("/stock/").status_code == 403


def test_each_opened_vial_is_a_row_of_its_own() -> None:
    received(lidocaine(), 40)
    used(Want(lidocaine(), Decimal(4)))
    shown = stock_list()
    assert (">1 vial<" in shown, ">open vial<" in shown) == (True, True)


def test_an_empty_holding_is_not_shown() -> None:
    received(needle(), 1)
    used(Want(needle(), Decimal(1)))
    assert needle().name not in stock_list()


def test_a_nurse_may_handle_stock_from_here() -> None:
    assert 'href="/stock/receive/"' in stock_list()


def test_a_viewer_may_not() -> None:
    assert 'href="/stock/receive/"' not in stock_list(who=vic())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?item=lido", {"lidocaine"}),
        ("?item=b2", {"needle"}),
        ("?location=room-2", {"needle"}),
        ("?kind=needle", {"needle"}),
        ("?show=usable", {"lidocaine"}),
        ("?show=unusable", {"needle"}),
        ("?show=opened", set()),
    ],
)
def test_the_list_narrows(query: str, found: set[str]) -> None:
    received(lidocaine(), 40)
    received(needle(), 5, lot="B2", where="room-2", expires_on=TODAY - timedelta(days=1))
    shown = stock_list(query)
    names = {"lidocaine": lidocaine().name, "needle": needle().name}
    assert {name for name, words in names.items() if words in shown} == found


@pytest.mark.parametrize("query", ["?item=%00", "?kind=nothing", "?location=%F0%9F", "?sort=nope"])
def test_an_odd_address_is_answered(query: str) -> None:
    received(lidocaine(), 40)
    assert "On the shelf" in stock_list(query)


def test_the_workbook_holds_numbers_and_dates() -> None:
    received(lidocaine(), 40)
    received(gauze(), 7)
    answer = signed_in(mara()).get("/stock/?export=xlsx&sort=item")
    rows = list(load_workbook(BytesIO(answer.getvalue())).worksheets[0].values)
    heading = next(row for row in rows if "Lot" in row)
    body = [dict(zip(heading, row, strict=True)) for row in rows[rows.index(heading) + 1 :]]
    lidocaines = next(row for row in body if row["Item"] == lidocaine().name)
    assert (lidocaines["Quantity"], f"{lidocaines['Use until']:%Y-%m-%d}") == (40, "2027-12-31")


def test_a_longer_list_costs_no_more_queries(django_assert_max_num_queries: object) -> None:
    for number in range(12):
        received(kenalog(), 3, lot=f"K{number}")
    client = signed_in(mara())
    client.get("/stock/")
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        client.get("/stock/")


def test_an_opened_vial_has_a_page_with_its_beyond_use_date() -> None:
    received(lidocaine(), 40)
    used(Want(lidocaine(), Decimal(4)))
    shown = signed_in(vic()).get(f"/stock/holdings/{opened_vial(lidocaine()).pk}/").text
    assert ("Beyond-use date" in shown, "Dec 21, 2026" in shown) == (True, True)


def test_a_holding_shows_what_happened_to_it() -> None:
    shelf = received(needle(), 5)
    used(Want(needle(), Decimal(2)))
    shown = signed_in(vic()).get(f"/stock/holdings/{shelf.pk}/").text
    assert ("Received" in shown, "Used" in shown) == (True, True)


@pytest.mark.parametrize("number", [404, 99999999999999999999])
def test_a_holding_that_is_not_there_is_not_found(number: int) -> None:
    assert signed_in(mara()).get(f"/stock/holdings/{number}/").status_code == 404
