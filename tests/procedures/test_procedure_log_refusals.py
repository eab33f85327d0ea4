"""What the logging page refuses, in words, with everything as it was typed."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.catalog.models import Item, Location
from inventory.procedures import register
from inventory.procedures.models import KitLine, Procedure, ProcedureType
from inventory.procedures.register import KitLineFacts
from tests.clinic import (
    NOW,
    gauze,
    lidocaine,
    mara,
    needle,
    on_hand,
    place,
    procedure_type,
    received,
)
from tests.procedures.tablet import Tablet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


class TestTooLittleStock:
    def test_a_short_line_says_so_before_anybody_logs(self, page: Tablet) -> None:
        received(lidocaine(), 60, "ELSE1", where="room-2")

        page.press("look", **{page.field(lidocaine(), "quantity"): "50"})

        assert "50 mL wanted, 40 mL here; 60 mL in Room 2." in page.words

    def test_what_the_press_would_take_tells_what_is_short_too(self, page: Tablet) -> None:
        page.press("look", **{page.field(lidocaine(), "quantity"): "50"})

        assert "Not enough here of Lidocaine 1%" in page.words

    def test_logging_moves_nothing_and_keeps_what_was_typed(self, page: Tablet) -> None:
        typed = {page.field(lidocaine(), "quantity"): "50", "encounter_ref": "E-7"}

        page.log(**typed)

        assert page.response.status_code == 409
        assert "Nothing was logged and nothing has moved: there is not enough" in page.words
        assert page.quantity(lidocaine()) == "50"
        assert page.fields["encounter_ref"] == "E-7"
        assert on_hand(needle()) == 64

    def test_after_a_delivery_the_same_page_can_be_logged(self, page: Tablet) -> None:
        page.log(**{page.field(lidocaine(), "quantity"): "50"})
        received(lidocaine(), 20, "NEW1")

        assert page.log().logged().lines.count() == 3

    def test_none_anywhere_is_said(self, page: Tablet) -> None:
        page.press("look", **{page.field(needle(), "quantity"): "65"})

        assert "65 wanted, 64 here; none that may be used elsewhere" in page.words


class TestAKitThatDanaChangesMeanwhile:
    CHANGED = "Nothing was logged yet: the kit was changed meanwhile. Look at the supplies"

    def test_more_for_each_site_is_shown_first(self, page: Tablet) -> None:
        asks_for(lidocaine(), "5", KitLine.Per.SITE)

        page.log()

        assert page.response.status_code == 422
        assert self.CHANGED in page.words
        assert page.quantity(lidocaine()) == "5"
        assert (on_hand(lidocaine()), Procedure.objects.count()) == (40, 0)

    def test_a_supply_that_is_new_in_the_kit_is_shown_first(self, page: Tablet) -> None:
        received(bandage(), 20)
        register.add_kit_line(procedure_type(), KitLineFacts(item=bandage(), quantity=Decimal(3)))

        page.log()

        assert self.CHANGED in page.words
        assert page.quantity(bandage()) == "3"
        assert on_hand(bandage()) == 20

    def test_one_more_press_logs_what_she_sees_by_now(self, page: Tablet) -> None:
        asks_for(lidocaine(), "5", KitLine.Per.SITE)
        page.log()

        page.log().logged()

        assert on_hand(lidocaine()) == 35

    def test_nothing_that_she_typed_is_lost(self, page: Tablet) -> None:
        asks_for(lidocaine(), "5", KitLine.Per.SITE)

        page.log(**{page.field(needle(), "quantity"): "2", "encounter_ref": "E-7"})

        assert page.quantity(needle()) == "2"
        assert page.fields["encounter_ref"] == "E-7"

    def test_it_is_said_though_something_else_is_to_be_put_right(self, page: Tablet) -> None:
        asks_for(lidocaine(), "5", KitLine.Per.SITE)

        page.log(**{page.field(needle(), "quantity"): "x"})

        assert self.CHANGED in page.words

    def test_it_is_said_though_the_sites_were_typed_just_before(self, page: Tablet) -> None:
        asks_for(lidocaine(), "5", KitLine.Per.SITE)

        page.log(sites="2")

        assert self.CHANGED in page.words
        assert page.quantity(lidocaine()) == "10"

    def test_an_amount_of_her_own_is_logged_whatever_the_kit_asks_for(self, page: Tablet) -> None:
        asks_for(lidocaine(), "5", KitLine.Per.SITE)

        page.log(**{page.field(lidocaine(), "quantity"): "2"}).logged()

        assert on_hand(lidocaine()) == 38

    def test_an_amount_for_another_item_is_not_taken_of_the_one_she_saw(self, page: Tablet) -> None:
        line = KitLine.objects.get(item=lidocaine())
        register.change_kit_line(line, KitLineFacts(item=bandage(), quantity=Decimal(12)))

        page.log().logged()

        assert on_hand(lidocaine()) == 39

    def test_a_supply_that_the_kit_has_no_more_is_logged_as_she_saw_it(self, page: Tablet) -> None:
        register.remove_kit_line(KitLine.objects.get(item=lidocaine()))

        page.log().logged()

        assert on_hand(lidocaine()) == 39


class TestARoomThatDanaPutsOutOfUseMeanwhile:
    @pytest.fixture
    def closed(self, page: Tablet) -> Tablet:
        """The page of room 1, which is out of use by now; the annex has needles too."""
        received(needle(), 10, "N2", where="annex")
        page.press("look", **{page.field(needle(), "quantity"): "2"})
        Location.objects.filter(code="room-1").update(is_active=False)
        return page

    def test_nothing_is_logged_and_it_is_said(self, closed: Tablet) -> None:
        closed.log()

        assert closed.response.status_code == 422
        assert "Room 1 is not in use any more: choose where it was done." in closed.words
        assert not Procedure.objects.exists()

    def test_the_page_stays_with_that_room_and_what_was_typed(self, closed: Tablet) -> None:
        closed.log(encounter_ref="E-7")

        assert closed.fields["location"] == "room-1"
        assert closed.quantity(needle()) == "2"
        assert closed.fields["encounter_ref"] == "E-7"

    def test_a_second_press_is_refused_too(self, closed: Tablet) -> None:
        closed.log().log()

        assert "Room 1 is not in use any more" in closed.words
        assert not Procedure.objects.exists()

    def test_it_is_logged_where_she_says_then(self, closed: Tablet) -> None:
        closed.log().press(f"drop:{closed.key(lidocaine())}", f"drop:{closed.key(gauze())}")

        procedure = closed.log(location="annex").logged()

        assert procedure.location == place("annex")
        assert on_hand(needle()) == 72

    def test_a_press_on_a_line_still_looks_at_the_shelf_of_that_room(self, closed: Tablet) -> None:
        closed.press(f"more:{closed.key(needle())}")

        assert "64 here" in closed.words

    def test_the_next_page_begins_elsewhere(self, closed: Tablet) -> None:
        closed.log().open(procedure_type())

        assert closed.fields["location"] == "annex"

    @pytest.mark.parametrize("sent", ["room-9", "", "\x00"])
    def test_a_place_that_nobody_knows_is_not_guessed(self, page: Tablet, sent: str) -> None:
        page.log(location=sent)

        assert page.response.status_code == 422
        assert "Where it was done is not known here: choose the place." in page.words
        assert not Procedure.objects.exists()


class TestATypeThatDanaPutsOutOfUseMeanwhile:
    @pytest.fixture
    def retired(self, page: Tablet) -> Tablet:
        ProcedureType.objects.update(is_active=False)
        return page

    def test_nothing_is_logged_and_it_is_said(self, retired: Tablet) -> None:
        retired.log()

        assert retired.response.status_code == 422
        assert "Trigger point, 1 or 2 is not in use any more: choose another" in retired.words
        assert not Procedure.objects.exists()

    def test_the_page_still_shows_the_supplies_that_it_says_it_takes(self, retired: Tablet) -> None:
        retired.log(**{retired.field(needle(), "quantity"): "2"})

        assert retired.quantity(needle()) == "2"
        assert "2 Needle 25G" in retired.words

    def test_the_page_still_shows_what_was_chosen(self, retired: Tablet) -> None:
        retired.log()

        assert f"type:{procedure_type().code}" in retired.buttons
        assert "Trigger point, 1 or 2 not in use" in retired.words

    def test_every_type_in_use_can_be_chosen_instead(self, page: Tablet) -> None:
        for number in range(5):
            register.add_type(register.TypeFacts(code=f"knee-{number}", name=f"Knee {number}"))
        ProcedureType.objects.filter(code=procedure_type().code).update(is_active=False)

        page.log()

        assert {f"type:knee-{number}" for number in range(5)} < set(page.buttons)

    def test_without_a_type_the_page_says_that_it_takes_nothing(self, page: Tablet) -> None:
        page.log(type="gone")

        assert "This takes Nothing yet." in page.words


class TestWhenAndForWhom:
    def test_it_may_be_back_dated_within_the_limit(self, page: Tablet) -> None:
        procedure = page.log(performed_at="2026-11-20T09:30").logged()

        assert timezone.localtime(procedure.performed_at).isoformat() == "2026-11-20T09:30:00-06:00"
        assert procedure.logged_at == NOW

    def test_further_back_is_refused_in_words(self, page: Tablet) -> None:
        page.log(performed_at="2026-11-10T09:30")

        assert page.response.status_code == 422
        assert "logged within 7 days; this one was 13 days ago" in page.words

    @pytest.mark.parametrize(
        "typed",
        ["2026-11-24T09:00", "9999-12-31T23:59", "0001-01-01T00:00", "soon", "2026-13-01T1"],
    )
    def test_no_such_time_is_a_sentence(self, page: Tablet, typed: str) -> None:
        page.log(performed_at=typed)

        assert page.response.status_code == 422
        assert not Procedure.objects.exists()

    @pytest.mark.parametrize(
        "typed", ["Jane Miller", "123-45-6789", "04/12/1961", "E\x001", "x" * 33]
    )
    def test_an_encounter_that_could_be_a_person_is_refused(self, page: Tablet, typed: str) -> None:
        page.log(encounter_ref=typed)

        assert page.response.status_code == 422
        assert not Procedure.objects.exists()

    def test_a_lot_that_was_usable_then_may_be_used_in_a_back_dated_one(self, page: Tablet) -> None:
        received(needle(), 5, "N0", date(2026, 11, 21))

        page.press("look", performed_at="2026-11-20T09:30")

        assert "Lot N0 · expires Nov 21, 2026" in page.words


class TestOddSubmissions:
    def test_a_forged_page_never_breaks(self, page: Tablet) -> None:
        page.press(
            "more:",
            "switch:k1",
            "from:a1:x",
            "add:99999999999999999999",
            "type:\x00",
            "offer:k0",
            **{"line-a1-item": "x", "line-a2-item": "9" * 18},
            left_out=",,x",
            shown_for="a,b",
        )

        assert page.response.status_code == 200

    def test_a_line_that_is_not_understood_is_said_before_anything_is_logged(
        self, page: Tablet
    ) -> None:
        page.log(**{"line-a1-item": "999999", "line-a1-quantity": "1"})

        assert "Some supplies of the page were not understood" in page.words
        assert not Procedure.objects.exists()

    def test_without_a_type_there_is_nothing_to_log(self, page: Tablet) -> None:
        page.log(type="gone")

        assert "Choose the kind of procedure first" in page.words

    def test_a_clinic_without_places_says_so(self, kind: ProcedureType) -> None:
        Location.objects.update(is_active=False)

        page = Tablet(mara()).open()

        assert "There is no place in use yet" in page.words


def bandage() -> Item:
    facts = {"name": "Bandage", "kind": "dressing"}
    return Item.objects.get_or_create(sku="bandage", defaults=facts)[0]


def asks_for(item: Item, quantity: str, per: str) -> None:
    """The kit asks for another quantity of an item that it has."""
    facts = KitLineFacts(item=item, quantity=Decimal(quantity), per=per)
    register.change_kit_line(KitLine.objects.get(item=item), facts)
