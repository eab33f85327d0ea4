"""Mara logs procedures: what the page shows before, and what one press then takes."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.catalog.models import Item, Location
from inventory.procedures import register
from inventory.procedures.models import KitLine, Procedure, ProcedureType
from inventory.procedures.register import KitLineFacts
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
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
    procedure_type,
    received,
    signed_in,
    used,
    vic,
)
from tests.procedures.tablet import Tablet, xylocaine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


class TestTheUsualCase:
    def test_a_nurse_logs_the_kit_with_one_press(self, page: Tablet) -> None:
        procedure = page.log().logged()

        assert procedure.logged_by == mara()
        assert procedure.performed_at == NOW
        assert (on_hand(needle()), on_hand(lidocaine()), on_hand(gauze())) == (63, 39, 98)

    def test_afterwards_she_sees_what_was_taken(self, page: Tablet) -> None:
        page.log()

        assert page.response["Location"].endswith("?logged=1")

    def test_the_optional_lines_stay_on_the_shelf(self, page: Tablet) -> None:
        page.log()

        assert on_hand(kenalog()) == 3

    def test_nothing_is_taken_before_she_logs(self, page: Tablet) -> None:
        page.press("more:sites").press("more:sites")

        assert on_hand(lidocaine()) == 40
        assert not Procedure.objects.exists()

    def test_a_double_tap_logs_once(self, page: Tablet) -> None:
        first = page.log().logged()
        again = page.log().logged()

        assert first == again
        assert on_hand(needle()) == 63

    def test_a_double_tap_is_answered_even_when_the_first_took_the_last(self, page: Tablet) -> None:
        used(Want(lidocaine(), Decimal(39)))
        page.press(f"from:{page.key(lidocaine())}:{opened_vial(lidocaine()).pk}")
        first = page.log().logged()

        assert page.log().logged() == first

    def test_a_changed_page_is_not_mistaken_for_the_one_logged_before(self, page: Tablet) -> None:
        page.log()
        page.log(**{page.field(needle(), "quantity"): "2"})

        assert page.response.status_code == 422
        assert "logged already, and has been changed since" in page.words
        assert Procedure.objects.count() == 1

    def test_the_place_and_the_provider_stay_as_chosen_last(self, page: Tablet) -> None:
        place("room-2")
        page.press("look", location="room-2", other_provider="Dr. Reyes")

        page.open(procedure_type())

        assert page.fields["location"] == "room-2"
        assert page.fields["provider"] == "Dr. Reyes"

    def test_the_types_used_most_here_come_first(self, page: Tablet) -> None:
        knee = register.add_type(register.TypeFacts(code="knee", name="A knee"))
        for _ in range(2):
            logged()

        page.open()

        types = [value for value in page.buttons if value.startswith("type:")]
        assert types[:2] == [f"type:{procedure_type().code}", f"type:{knee.code}"]

    def test_another_type_keeps_what_was_typed(self, page: Tablet) -> None:
        knee = register.add_type(
            register.TypeFacts(code="knee", name="Knee"),
            [KitLineFacts(item=needle(), quantity=Decimal(1), per=KitLine.Per.SITE)],
        )

        page.press(f"type:{knee.code}", encounter_ref="E-10492")

        assert page.fields["type"] == "knee"
        assert page.fields["encounter_ref"] == "E-10492"
        assert not page.has(lidocaine())


class TestWhatThePageTells:
    def test_each_line_says_its_lot_until_when_and_how_much_is_here(self, page: Tablet) -> None:
        assert "Lot N1 · expires Sep 2029 · 64 here" in page.words

    def test_an_opened_vial_says_what_is_left_and_its_beyond_use_date(self, page: Tablet) -> None:
        used(Want(lidocaine(), Decimal(8)))

        page.press("look")

        assert "open vial · 12 mL left" in page.words
        assert "Lot AB4410C · use by Dec 21, in 28 days" in page.words
        assert "1 mL Lidocaine 1%, 11 mL left in the vial" in page.words

    def test_a_vial_that_will_be_opened_says_so(self, page: Tablet) -> None:
        assert "opens a vial" in page.words
        assert "expires Dec 31, in 38 days · then use by Dec 21" in page.words

    def test_a_steroid_shows_milligrams_and_what_will_be_discarded(self, page: Tablet) -> None:
        page.press(offered(page))

        assert "Kenalog-40 1 mL 20 mg" in page.words
        assert "single dose: 0.5 mL will be discarded" in page.words
        assert "1 vial Kenalog-40: 0.5 mL given, 0.5 mL discarded" in page.words

    def test_it_warns_when_little_is_left(self, page: Tablet) -> None:
        page.press(offered(page)).press(f"more:{page.key(kenalog())}")
        page.press(f"more:{page.key(kenalog())}")

        assert "1 vial left after this" in page.words

    def test_in_a_treatment_area_a_multi_dose_vial_is_for_one_patient(self, page: Tablet) -> None:
        assert "for one patient only here" not in page.words
        Location.objects.update(treatment_area=True)

        page.press("look")

        assert "for one patient only here" in page.words
        assert "one patient: 19 mL will be discarded" in page.words
        assert "1 mL Lidocaine 1%, 19 mL discarded: the vial is for one patient" in page.words

    def test_a_vial_in_which_nothing_will_be_left_has_no_day_to_be_used_by(
        self, page: Tablet
    ) -> None:
        Location.objects.update(treatment_area=True)

        page.press("look")

        assert "then use by" not in page.words
        assert "expires Dec 31, in 38 days · one patient: 19 mL will be discarded" in page.words

    def test_two_sources_of_one_line_say_how_much_comes_from_each(self, page: Tablet) -> None:
        used(Want(lidocaine(), Decimal(18)))

        page.press("look", sites="5")

        assert "2 mL from lot AB4410C · use by" in page.words
        assert "3 mL from lot AB4410C · expires" in page.words

    def test_prep_supplies_are_one_row_until_somebody_wants_to_change_them(
        self, page: Tablet
    ) -> None:
        assert "Prep: 2 gauze" in page.words
        more = f"more:{page.key(gauze())}"
        assert more not in page.buttons

        page.press("prep")

        assert more in page.buttons

    def test_the_page_asks_as_many_questions_for_ten_lines_as_for_three(self, page: Tablet) -> None:
        few = queries_of_a_press(page)
        for number in range(7):
            item = Item.objects.create(sku=f"thing-{number}", name=f"Thing {number}", kind="other")
            register.add_kit_line(procedure_type(), KitLineFacts(item=item, quantity=Decimal(1)))
            received(item, 10, f"L{number}")
        page.open(procedure_type())

        assert queries_of_a_press(page) == few


class TestWhoMay:
    def test_vic_the_viewer_may_neither_look_nor_log(self, kind: ProcedureType) -> None:
        address = reverse("procedure_log")

        assert signed_in(vic()).get(address).status_code == 403
        assert signed_in(vic()).post(address, {"do": "log"}).status_code == 403

    def test_dana_the_manager_may_log_too(self, kind: ProcedureType) -> None:
        assert Tablet(dana()).open(kind).log().logged().logged_by == dana()


class TestThroughHtmx:
    def test_a_press_is_answered_with_the_parts_that_change(self, page: Tablet) -> None:
        response = page.client.post(
            reverse("procedure_log"),
            page.fields | {"do": "more:sites"},
            headers={"HX-Request": "true"},
        )

        parts = response.content.decode()
        assert "<html" not in parts
        assert 'id="supplies"' in parts
        assert 'id="takes"' in parts
        assert response["HX-Replace-Url"].endswith("?type=tpi-1-2")

    def test_the_search_finds_by_sku_what_is_here_first(self, page: Tablet) -> None:
        received(xylocaine(), 20, "X1", where="room-2")

        found = page.client.get(reverse("procedure_supply_search"), {"find": "1-20"})

        text = found.content.decode()
        assert text.index("Lidocaine") < text.index("Xylocaine")

    @pytest.mark.parametrize("text", ["", "\x00", "%", "no such thing", "x" * 5000])
    def test_an_odd_search_is_answered(self, page: Tablet, text: str) -> None:
        found = page.client.get(reverse("procedure_supply_search"), {"find": text})

        assert found.status_code == 200


def offered(page: Tablet) -> str:
    """The button that adds the optional steroid."""
    return next(value for value in page.buttons if value.startswith("offer:"))


def queries_of_a_press(page: Tablet) -> int:
    page.press("look")
    with CaptureQueriesContext(connection) as asked:
        page.client.post(
            reverse("procedure_log"), page.fields | {"do": "look"}, headers={"HX-Request": "true"}
        )
    return len(asked)
