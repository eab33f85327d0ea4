"""Opening a vial ahead of its use, without a procedure."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.accounts.models import User
from inventory.catalog.models import Location
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    opened_vial,
    priya,
    received,
    signed_in,
    used,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

ADDRESS = "/stock/opened/add/"


def shown(query: str = "", who: User | None = None) -> str:
    answer = signed_in(who or mara()).get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    return answer.text


def pressed(holding: object, who: User | None = None, key: str | None = None) -> Any:
    fields = {"submission_key": key or str(uuid4()), "holding": str(holding)}
    return signed_in(who or mara()).post(ADDRESS, fields, follow=True)


def can_be_pressed(sealed: Holding, page: str) -> bool:
    return f'name="holding" value="{sealed.pk}"' in page


def openings() -> int:
    return Movement.objects.filter(kind=Movement.Kind.OPEN).count()


def test_a_vial_is_opened_full_by_the_nurse_who_pressed_and_labelled_next() -> None:
    sealed = received(lidocaine(), 60)
    answer = pressed(sealed.pk)
    vial = opened_vial(lidocaine())
    sealed.refresh_from_db()
    assert (sealed.quantity, vial.quantity, on_hand(lidocaine())) == (40, 20, 60)
    assert (vial.opened_by, vial.opened_at) == (mara(), NOW)
    assert vial.beyond_use_on == TODAY + timedelta(days=28)
    assert answer.redirect_chain == [(f"/stock/holdings/{vial.pk}/label/", 302)]
    assert "Label it now." in answer.text


def test_the_page_says_until_when_it_could_be_used() -> None:
    received(lidocaine(beyond_use_days=10), 20)
    received(lidocaine(), 20, "SOON", expires_on=TODAY + timedelta(days=6))
    page = shown()
    assert ("Dec 3, 2026" in page, page.count("Nov 29, 2026")) == (True, 2)


def test_two_presses_of_one_button_open_one_vial() -> None:
    sealed, key = received(lidocaine(), 60), str(uuid4())
    first, second = (pressed(sealed.pk, key=key) for _ in range(2))
    assert first.redirect_chain == second.redirect_chain
    assert openings() == 1


def test_the_last_vial_is_opened_by_one_of_two_nurses() -> None:
    sealed = received(lidocaine(), 20)
    pressed(sealed.pk)
    answer = pressed(sealed.pk, who=dana())
    assert (answer.status_code, openings()) == (422, 1)
    assert "Not enough stock" in answer.text


def test_only_multi_dose_vials_that_may_be_used_are_offered() -> None:
    good = received(lidocaine(), 20, "GOOD")
    expired = received(lidocaine(), 20, "OLD", expires_on=TODAY - timedelta(days=1))
    recalled = received(lidocaine(), 20, "BACK")
    ledger.set_lot_status(
        recalled.lot, by=dana(), status=Lot.Status.RECALLED, reason="Notice", now=NOW
    )
    single, piece = received(kenalog(), 5), received(needle(), 5)
    page = shown()
    others = (expired, recalled, single, piece)
    assert can_be_pressed(good, page)
    assert [can_be_pressed(each, page) for each in others] == [False] * 4


def test_what_is_open_in_the_same_place_is_pointed_out() -> None:
    received(lidocaine(), 60)
    used(Want(lidocaine(), Decimal(4)))
    assert "one is open here, 16 mL left" in shown()


@pytest.mark.parametrize(
    ("lot", "sentence"),
    [("OLD", "cannot be used: expired Nov 22, 2026"), ("BACK", "cannot be used: recalled")],
)
def test_a_lot_that_became_unusable_meanwhile_stays_sealed(lot: str, sentence: str) -> None:
    sealed = received(lidocaine(), 20, lot)
    if lot == "OLD":
        Lot.objects.filter(number=lot).update(expires_on=TODAY - timedelta(days=1))
    else:
        recalled = Lot.Status.RECALLED
        ledger.set_lot_status(sealed.lot, by=dana(), status=recalled, reason="Notice", now=NOW)
    answer = pressed(sealed.pk)
    assert (answer.status_code, openings()) == (422, 0)
    assert sentence in answer.text


@pytest.mark.parametrize(
    ("holding", "sentence"),
    [
        ("", "Choose the lot to open a vial of."),
        ("1\0", "Null characters are not allowed."),
        *((odd, "Expected sealed stock that is known") for odd in ("0", "x", "9" * 40, "<b>")),
    ],
)
def test_nonsense_opens_nothing_and_is_answered(holding: str, sentence: str) -> None:
    received(lidocaine(), 20)
    answer = pressed(holding)
    assert (answer.status_code, openings()) == (422, 0)
    assert sentence in answer.text


def test_a_single_dose_vial_is_opened_when_it_is_used() -> None:
    answer = pressed(received(kenalog(), 5).pk)
    assert (answer.status_code, openings()) == (422, 0)
    assert "is no multi-dose vial" in answer.text


def test_an_opened_vial_is_not_opened_again() -> None:
    received(lidocaine(), 40)
    used(Want(lidocaine(), Decimal(4)))
    answer = pressed(opened_vial(lidocaine()).pk)
    assert (answer.status_code, openings()) == (422, 0)


def test_where_patients_are_treated_the_vial_waits_for_its_one_patient() -> None:
    sealed = received(lidocaine(), 20)
    Location.objects.update(treatment_area=True)
    pressed(sealed.pk)
    assert opened_vial(lidocaine()).quantity == 20


def test_the_shelf_and_the_lot_in_a_place_lead_to_it() -> None:
    sealed = received(lidocaine(), 20)
    nurse = signed_in(mara())
    link = f"{ADDRESS}?q=lido-1-20+A1&amp;location=room-1"
    for path in ("/stock/", f"/stock/holdings/{sealed.pk}/"):
        assert link in nurse.get(path).text
    assert can_be_pressed(sealed, shown("?q=lido-1-20+A1&location=room-1"))


@pytest.mark.parametrize("who", [priya, vic])
def test_those_who_do_not_handle_stock_open_nothing(who: Any) -> None:
    sealed = received(lidocaine(), 20)
    assert pressed(sealed.pk, who=who()).status_code == 403
    assert (openings(), ADDRESS in signed_in(who()).get("/stock/").text) == (0, False)
