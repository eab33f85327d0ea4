"""The home page, for each role."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from inventory.accounts.models import User
from inventory.stock import ledger
from inventory.stock.requests import StockLine, Want, WasteReason
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    otto,
    place,
    priya,
    procedure_type,
    received,
    signed_in,
    used,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def home(who: User) -> str:
    response = signed_in(who).get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_stranger_is_sent_to_sign_in() -> None:
    assert Client().get("/").status_code == 302


def test_somebody_without_a_role_is_refused() -> None:
    assert signed_in(otto()).get("/").status_code == 403


@pytest.mark.parametrize("who", [mara, dana, priya, vic])
def test_everybody_with_a_role_has_a_home_in_an_empty_clinic(who: object) -> None:
    assert "Monday, November 23" in home(who())  # type: ignore[operator]


# A nurse


def test_a_nurse_begins_with_the_procedure_logged_most_where_she_works() -> None:
    procedure_type("aaa-never-used", "Aaa, never used")
    logged()
    page = home(mara())
    assert page.index("Trigger point, 1 or 2") < page.index("Aaa, never used")


def test_a_nurses_tile_leads_to_its_kit() -> None:
    logged()
    assert 'href="/procedures/log/?type=tpi-1-2"' in home(mara())


def test_a_nurse_hears_of_what_needs_her_in_her_own_room() -> None:
    received(needle(), 5, where="room-1", expires_on=TODAY - timedelta(days=1))
    received(kenalog(), 5, where="room-2", expires_on=TODAY - timedelta(days=1))
    logged(where="room-1")
    needs = home(mara())
    assert (needle().name in needs, kenalog().name in needs) == (True, False)


def test_a_nurse_is_not_sent_to_order() -> None:
    received(needle(reorder_point=100), 5)
    logged()
    assert "/purchasing/reorder/" not in home(mara())


def test_a_nurse_sees_her_last_procedures() -> None:
    procedure = logged().procedure
    assert f'href="/procedures/{procedure.pk}/"' in home(mara())


def test_a_nurse_sees_no_cost() -> None:
    received(needle(), 5, expires_on=TODAY + timedelta(days=5), unit_cost=Decimal("7.77"))
    assert "$" not in home(mara())


# A manager


def test_a_manager_sees_what_expires_and_what_it_is_worth() -> None:
    received(kenalog(), 4, expires_on=TODAY + timedelta(days=20), unit_cost=Decimal("14.5"))
    page = home(dana())
    assert "$58" in page


def test_a_manager_sees_how_much_there_is_to_discard() -> None:
    received(lidocaine(), 40, expires_on=TODAY - timedelta(days=1))
    assert "0 open vials past beyond-use, 1 expired lot" in home(dana())


def test_a_manager_sees_waste_against_the_month_before() -> None:
    shelf = received(kenalog(), 90, unit_cost=Decimal(10))
    line = StockLine(kenalog(), Decimal(2), holding=shelf)
    for days, times in ((40, 2), (3, 1)):
        for _ in range(times):
            at = NOW - timedelta(days=days)
            ledger.waste(
                by=mara(),
                location=place(),
                lines=[line],
                reason=WasteReason.BROKEN,
                happened_at=at,
                now=at,
            )
    page = home(dana())
    assert ("$20" in page, "▼ 50%" in page) == (True, True)


def test_a_manager_is_sent_to_order_what_is_low() -> None:
    received(needle(reorder_point=100), 5)
    assert 'aria-label="Order: Needle 25G 1½ in"' in home(dana())


def test_the_picture_leads_to_the_lots_of_its_month() -> None:
    received(kenalog(), 4, expires_on=TODAY + timedelta(days=20), unit_cost=Decimal(10))
    assert "expires_from=2026-12-01&amp;expires_to=2026-12-31" in home(dana())


def test_no_style_is_written_into_the_page() -> None:
    received(kenalog(), 4, expires_on=TODAY + timedelta(days=20), unit_cost=Decimal(10))
    assert "style=" not in home(dana())


def test_a_manager_who_sees_no_more_than_eight_is_told_of_the_rest() -> None:
    for number in range(12):
        received(needle(), 1, lot=f"N{number}", expires_on=TODAY - timedelta(days=2))
    assert "9 more, and what can wait" in home(dana())


# Somebody who only looks


def test_a_viewer_is_shown_stock_where_others_discard_it() -> None:
    received(needle(), 5, expires_on=TODAY - timedelta(days=1))
    page = home(vic())
    assert ("See stock" in page, "/stock/discard/" in page) == (True, False)


# The count in the navigation


@pytest.mark.usefixtures("counted_flags")
def test_the_navigation_counts_what_cannot_wait() -> None:
    received(needle(), 5, expires_on=TODAY - timedelta(days=1))
    received(kenalog(), 5, expires_on=TODAY + timedelta(days=80))
    # The needles that expired are the only ones there were.
    assert 'aria-label="2 open"' in home(vic())


@pytest.mark.usefixtures("counted_flags")
def test_a_page_without_navigation_counts_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        Client().get("/sign-in/")


@pytest.mark.usefixtures("counted_flags")
def test_nothing_urgent_shows_no_count() -> None:
    received(needle(), 5)
    used(Want(needle(), Decimal(1)))
    assert " open</span>" not in home(vic())
