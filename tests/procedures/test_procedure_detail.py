"""A logged procedure: what it took, every entry, and taking it back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.catalog.models import Location
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import ProcedureWanted, record
from inventory.stock.models import Entry
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    on_hand,
    opened_vial,
    place,
    priya,
    procedure_type,
    received,
    signed_in,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

HALF = Decimal("0.5")


@pytest.fixture
def procedure() -> Procedure:
    """2 mL of lidocaine from a new vial, half a vial of Kenalog, and gauze."""
    received(lidocaine(), 20, "AB4410C")
    received(kenalog(), 2, "9F7K2")
    received(gauze(), 10)
    return logged(
        LineWanted(lidocaine(), Decimal(2)),
        LineWanted(kenalog(), HALF),
        LineWanted(gauze(), Decimal(2)),
    ).procedure


@pytest.fixture
def treated() -> Procedure:
    """2 mL of lidocaine from a new vial, where patients are treated: the rest is discarded."""
    received(lidocaine(), 20, "AB4410C")
    Location.objects.update(treatment_area=True)
    return logged(LineWanted(lidocaine(), Decimal(2))).procedure


def page_of(procedure: Procedure, client: Client | None = None, **query: str) -> str:
    client = client or signed_in(mara())
    response = client.get(reverse("procedure_detail", args=[procedure.pk]), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def voided(procedure: Procedure, **sent: str) -> Any:
    return signed_in(mara()).post(reverse("procedure_void", args=[procedure.pk]), sent)


class TestLookingAtIt:
    def test_it_tells_the_lots_the_opened_vial_and_what_was_discarded(
        self, procedure: Procedure
    ) -> None:
        page = page_of(procedure)

        assert "lot AB4410C</a>, use by Dec 21, 2026" in page
        assert "vial opened" in page
        assert "0.5 mL of a single-dose container" in page

    def test_an_emptied_vial_tells_no_day_to_be_used_by(self, treated: Procedure) -> None:
        page = page_of(treated)

        assert "vial opened" in page
        assert "use by" not in page

    def test_a_sealed_lot_tells_when_it_expires(self, procedure: Procedure) -> None:
        assert "lot 9F7K2</a>, expires Dec 31, 2027" in page_of(procedure)

    def test_it_tells_the_billing_units_of_a_single_dose(self, procedure: Procedure) -> None:
        assert "J3301: 2 units administered, 2 discarded, JW" in page_of(procedure)

    def test_it_shows_every_entry(self, procedure: Procedure) -> None:
        rows = page_of(procedure).split("Every entry")[1].count('<td data-label="Item">')

        assert rows == Entry.objects.filter(movement=procedure.movement_id).count() == 6

    def test_right_after_logging_it_says_so(self, procedure: Procedure) -> None:
        assert "Logged. 3 supplies were taken from Room 1." in page_of(procedure, logged="1")
        assert "Logged. 3 supplies" not in page_of(procedure)

    def test_a_back_dated_one_shows_both_times(self) -> None:
        wanted = ProcedureWanted(procedure_type(), place(), NOW - timedelta(days=3), lines=[])
        page = page_of(record(wanted, by=mara(), now=NOW).procedure)

        assert "Nov 20, 10:15" in page
        assert "10:15 by Mara Ortiz" in page
        assert "back-dated" in page

    @pytest.mark.parametrize("someone", [vic, priya])
    def test_others_do_not_see_the_encounter(self, someone: Any) -> None:
        wanted = ProcedureWanted(procedure_type(), place(), NOW, encounter_ref="E-10492", lines=[])
        procedure = record(wanted, by=mara(), now=NOW).procedure

        assert "E-10492" not in page_of(procedure, signed_in(someone()))

    def test_what_could_not_be_used_waits_for_a_manager(self) -> None:
        expired = received(needle(), 5, "N0", TODAY - timedelta(days=1))
        line = LineWanted(needle(), Decimal(1), holding=expired, unusable_reason="in a hurry")
        procedure = logged(line).procedure

        assert "Used all the same: in a hurry" in page_of(procedure)
        assert "Mark as seen" not in page_of(procedure)
        assert "Mark as seen" in page_of(procedure, signed_in(dana()))

    def test_it_asks_as_many_questions_for_three_lines_as_for_one(
        self, procedure: Procedure, django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in(mara())
        with django_assert_max_num_queries(60) as few:
            page_of(logged(LineWanted(kenalog(), HALF)).procedure, client)

        with django_assert_max_num_queries(len(few)):
            page_of(procedure, client)


class TestTakingItBack:
    def test_supplies_that_were_not_used_are_put_back(self, procedure: Procedure) -> None:
        response = voided(procedure, reason="Wrong room", supplies="returned")

        assert response["Location"] == reverse("procedure_detail", args=[procedure.pk])
        assert (on_hand(lidocaine()), on_hand(kenalog()), on_hand(gauze())) == (20, 2, 10)

    def test_supplies_that_were_used_up_stay_gone(self, procedure: Procedure) -> None:
        voided(procedure, reason="Patient left", supplies="wasted")

        assert (on_hand(lidocaine()), on_hand(kenalog())) == (18, 1)
        assert opened_vial(lidocaine()).quantity == 18

    def test_the_page_then_says_who_why_and_what_became_of_them(self, procedure: Procedure) -> None:
        voided(procedure, reason="Wrong room", supplies="returned")

        page = page_of(procedure)

        assert "by Mara Ortiz: Wrong room" in page
        assert "lot AB4410C: in its vial, which is sealed again." in page
        assert "Used, undone" in page

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"supplies": "returned"}, "Say why the procedure is voided."),
            ({"reason": "Wrong room"}, "Say what became of the supplies"),
            ({"reason": "Wrong room", "supplies": "sold"}, "Say what became of the supplies"),
            ({"reason": "a\x00b", "supplies": "returned"}, "a character that cannot be shown"),
        ],
    )
    def test_it_needs_a_reason_and_a_choice(
        self, procedure: Procedure, sent: dict[str, str], sentence: str
    ) -> None:
        response = voided(procedure, **sent)

        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert on_hand(lidocaine()) == 18

    def test_a_second_time_says_that_it_was_done(self, procedure: Procedure) -> None:
        voided(procedure, reason="Wrong room", supplies="returned")
        client = signed_in(mara())

        response = client.post(
            reverse("procedure_void", args=[procedure.pk]),
            {"reason": "Again", "supplies": "wasted"},
            follow=True,
        )

        assert f"Procedure {procedure.pk} was voided already." in response.content.decode()
        assert on_hand(kenalog()) == 2

    def test_vic_the_viewer_may_not(self, procedure: Procedure) -> None:
        address = reverse("procedure_void", args=[procedure.pk])

        assert signed_in(vic()).get(address).status_code == 403
        assert signed_in(vic()).post(address, {"reason": "x"}).status_code == 403
        assert "Undo" not in page_of(procedure, signed_in(vic()))

    def test_a_procedure_that_is_none_is_not_found(self) -> None:
        client = signed_in(mara())

        assert client.get(reverse("procedure_void", args=[999])).status_code == 404
        assert client.get(f"/procedures/{'9' * 40}/").status_code == 404
