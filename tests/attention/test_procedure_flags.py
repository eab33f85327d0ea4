"""The flags beside the logging page, and those that a procedure raised."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from tests.clinic import NOW, TODAY, kenalog, logged, mara, needle, place, received, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

HTMX = {"HX-Request": "true"}


def flags_of(procedure: Procedure) -> str:
    address = reverse("procedure_flags", args=[procedure.pk])
    return signed_in(mara()).get(address, headers=HTMX).content.decode()


def test_a_procedure_that_leaves_too_little_says_so() -> None:
    received(kenalog(reorder_point=2), 3)

    page = flags_of(logged(LineWanted(kenalog(), Decimal(1))).procedure)

    assert '<span class="pill pill-soon">low</span>' in page
    assert "Kenalog-40" in page


def test_one_that_leaves_enough_raised_none() -> None:
    received(needle(), 100)

    assert "It raised no flag." in flags_of(logged(LineWanted(needle(), Decimal(1))).procedure)


def test_another_procedures_unusable_lot_is_not_this_ones_flag() -> None:
    expired = received(needle(), 5, "N0", TODAY - timedelta(days=1))
    received(needle(), 100, "N1")
    odd = LineWanted(needle(), Decimal(1), holding=expired, unusable_reason="by mistake")
    first, second = logged(odd).procedure, logged(LineWanted(needle(), Decimal(1))).procedure

    assert "to review" in flags_of(first)
    assert "to review" not in flags_of(second)


def test_beside_the_logging_page_stands_what_is_the_matter_there() -> None:
    received(needle(), 5, "N0", TODAY - timedelta(days=1), where="room-1")
    received(kenalog(), 5, "K0", TODAY - timedelta(days=1), where="room-2", at=NOW)

    address = reverse("location_flags", args=[place("room-1").code])
    page = signed_in(mara()).get(address, headers=HTMX).content.decode()

    assert "lot N0" in page
    assert "lot K0" not in page


def test_without_a_script_it_is_a_page_of_its_own() -> None:
    page = signed_in(mara()).get(reverse("location_flags", args=[place().code]))

    assert "Nothing needs you here." in page.content.decode()
    assert "<html" in page.content.decode()
