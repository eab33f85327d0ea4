"""Mara changes the lines of the page: amounts, lots, items, and what must not be used."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.catalog.models import Item
from inventory.procedures.models import ProcedureLine
from inventory.stock import ledger
from inventory.stock.models import Lot
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    lidocaine,
    needle,
    on_hand,
    received,
    used,
)
from tests.procedures.tablet import Tablet, xylocaine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


class TestScaling:
    def test_the_kit_follows_the_sites(self, page: Tablet) -> None:
        page.press("more:sites").press("more:sites").press("more:sites")

        assert page.quantity(lidocaine()) == "4"
        assert page.quantity(needle()) == "1"

    def test_presses_that_came_while_an_answer_was_under_way_all_count(self, page: Tablet) -> None:
        page.press("more:sites", "more:sites", "more:muscles")

        assert (page.quantity(lidocaine()), page.quantity(gauze())) == ("3", "4")

    def test_what_she_changed_by_hand_stays(self, page: Tablet) -> None:
        page.press("look", **{page.field(lidocaine(), "quantity"): "2.5"})

        page.press("more:sites")

        assert page.quantity(lidocaine()) == "2.5"

    def test_what_she_took_out_does_not_come_back_by_itself(self, page: Tablet) -> None:
        page.press(f"drop:{page.key(gauze())}").press("more:muscles")

        assert not page.has(gauze())

    def test_what_she_took_out_is_one_press_away(self, page: Tablet) -> None:
        key = page.key(needle())

        page.press(f"drop:{key}").press(f"offer:{key}")

        assert page.quantity(needle()) == "1"

    def test_a_line_that_comes_to_nothing_is_gone_and_comes_back(self, page: Tablet) -> None:
        assert not page.press("less:muscles").has(gauze())
        assert page.press("more:muscles").quantity(gauze()) == "2"

    def test_sites_typed_and_logged_at_once_are_shown_first(self, page: Tablet) -> None:
        page.log(sites="6")

        assert page.response.status_code == 422
        assert "scaled for the muscles and sites you typed" in page.words
        assert page.quantity(lidocaine()) == "6"
        assert page.log().logged().sites == 6

    @pytest.mark.parametrize("typed", ["-1", "100", "x", "1e9", "9" * 5000, "NaN", "\x00"])
    def test_a_count_that_is_none_is_a_sentence(self, page: Tablet, typed: str) -> None:
        page.log(sites=typed)

        assert page.response.status_code == 422
        assert "Expected 0 to 99 sites" in page.words


class TestChangingALine:
    def test_plus_goes_by_whole_steps(self, page: Tablet) -> None:
        key = page.key(lidocaine())
        page.press("look", **{f"line-{key}-quantity": "1.25"})

        assert page.press(f"more:{key}").quantity(lidocaine()) == "2"

    def test_minus_never_reaches_nothing(self, page: Tablet) -> None:
        key = page.key(needle())

        assert page.press(f"less:{key}", f"less:{key}").quantity(needle()) == "1"

    def test_a_substitute_takes_the_place_with_the_same_amount(self, page: Tablet) -> None:
        received(xylocaine(), 20, "X1")
        page.press("more:sites", f"switch:{page.key(lidocaine())}:{xylocaine().pk}")

        page.log()

        assert (on_hand(xylocaine()), on_hand(lidocaine())) == (18, 40)

    def test_a_substitute_still_follows_the_sites(self, page: Tablet) -> None:
        page.press(f"switch:{page.key(lidocaine())}:{xylocaine().pk}").press("more:sites")

        assert page.quantity(xylocaine()) == "2"

    def test_she_can_add_a_supply_that_the_kit_does_not_have(self, page: Tablet) -> None:
        swab = Item.objects.create(sku="swab", name="Povidone swab", kind="prep")
        received(swab, 5, "P1")
        page.press("find", find="povi swab")
        assert f"add:{swab.pk}" in page.buttons

        page.press(f"add:{swab.pk}").log()

        assert on_hand(swab) == 4

    def test_another_lot_is_taken_when_she_says_so(self, page: Tablet) -> None:
        later = received(needle(), 10, "N2", date(2030, 1, 31))

        page.press(f"from:{page.key(needle())}:{later.pk}").log()

        later.refresh_from_db()
        assert later.quantity == 9

    def test_a_choice_can_be_left_to_first_expiry_again(self, page: Tablet) -> None:
        later = received(needle(), 10, "N2", date(2030, 1, 31))
        key = page.key(needle())

        page.press(f"from:{key}:{later.pk}").press(f"from:{key}:0").log()

        later.refresh_from_db()
        assert later.quantity == 10

    def test_a_choice_that_is_gone_by_now_is_said_and_nothing_is_logged(self, page: Tablet) -> None:
        last = received(needle(), 1, "N2", date(2030, 1, 31))
        page.press(f"from:{page.key(needle())}:{last.pk}")
        used(Want(needle(), Decimal(1), holding=last))

        page.log()

        assert page.response.status_code == 422
        assert "What was chosen is not here any more" in page.words

    @pytest.mark.parametrize(
        "typed",
        ["", "0", "-1", "1e99", "NaN", "sNaN", "Infinity", "0.0001", "a\x00b", "9" * 60],
    )
    def test_a_quantity_that_is_none_is_a_sentence_at_its_line(
        self, page: Tablet, typed: str
    ) -> None:
        page.log(**{page.field(lidocaine(), "quantity"): typed})

        assert page.response.status_code == 422
        assert f'id="problem-{page.key(lidocaine())}"' in page.response.content.decode()
        assert on_hand(lidocaine()) == 40

    def test_half_a_needle_is_refused(self, page: Tablet) -> None:
        page.log(**{page.field(needle(), "quantity"): "0.5"})

        assert "counted in whole pieces; 0.5 came" in page.words


class TestWhatMustNotBeUsed:
    def test_a_held_lot_is_shown_with_why_and_never_chosen(self, page: Tablet) -> None:
        hold(received(needle(), 10, "N0", date(2027, 1, 31)).lot)

        page.press("look")

        assert "Lot N1 · expires Sep 2029" in page.words
        assert "quarantined" in page.words

    def test_an_expired_lot_needs_a_reason(self, page: Tablet) -> None:
        expired = received(needle(), 10, "N0", TODAY - timedelta(days=1))
        page.press(f"from:{page.key(needle())}:{expired.pk}")

        page.log()

        assert page.response.status_code == 422
        assert "This must not be used: it is expired. If it really was used, say why." in page.words
        assert on_hand(needle()) == 74

    def test_with_a_reason_the_record_tells_the_truth(self, page: Tablet) -> None:
        expired = received(needle(), 10, "N0", TODAY - timedelta(days=1))
        page.press(f"from:{page.key(needle())}:{expired.pk}")

        page.log(**{page.field(needle(), "reason"): "Found it after the fact"})

        line = ProcedureLine.objects.exclude(unusable_reason="").get()
        assert (line.unusable_lot, line.unusable_reason) == (
            expired.lot,
            "Found it after the fact",
        )

    def test_a_reason_that_nothing_asks_for_is_not_kept(self, page: Tablet) -> None:
        page.log(**{page.field(needle(), "reason"): "just so"})

        assert not ProcedureLine.objects.exclude(unusable_reason="").exists()


def hold(lot: Lot) -> None:
    ledger.set_lot_status(
        lot, by=dana(), status=Lot.Status.QUARANTINED, reason="label query", now=NOW
    )
