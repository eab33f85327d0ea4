"""A voided procedure says of each supply what became of it: back, sealed again, or wasted."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.catalog.models import Location
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import void
from inventory.stock import ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import StockLine, WasteReason
from inventory.stock.trace import trace
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
    person,
    place,
    received,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def voided(procedure: Procedure, *, days_later: int = 0) -> str:
    """Void it, the supplies put back, and read its page."""
    now = NOW + timedelta(days=days_later)
    void(procedure, by=dana(), reason="slip", supplies=Procedure.Supplies.RETURNED, now=now)
    assert check_ledger().differences == []
    for lot in Lot.objects.all():
        story = trace(lot).totals
        gone = story.used + story.wasted + story.returned
        assert story.received == story.on_hand + gone - story.counted
    page = signed_in(mara()).get(reverse("procedure_detail", args=[procedure.pk]))
    return " ".join(page.content.decode().split())


def lidocaine_used(quantity: int = 4) -> Procedure:
    return logged(LineWanted(lidocaine(), Decimal(quantity))).procedure


def test_pieces_are_back() -> None:
    received(gauze(), 10)
    procedure = logged(LineWanted(gauze(), Decimal(2))).procedure

    assert "2 Gauze 2 × 2 in: back." in voided(procedure)


def test_a_single_dose_vial_is_back_whole_and_sealed() -> None:
    received(kenalog(), 2, "9F7K2")
    procedure = logged(LineWanted(kenalog(), Decimal("0.5"))).procedure

    assert f"1 vial of {kenalog()}, lot 9F7K2: back, sealed." in voided(procedure)
    assert on_hand(kenalog()) == 2


def test_a_vial_that_nothing_else_happened_to_is_sealed_again() -> None:
    received(lidocaine(), 20)

    words = voided(lidocaine_used())

    assert "in its vial, which is sealed again." in words
    assert not Holding.objects.opened().on_hand().exists()


def test_a_vial_that_others_drew_from_takes_its_part_back() -> None:
    received(lidocaine(), 20)
    first = lidocaine_used()
    lidocaine_used(2)

    assert "4 mL Lidocaine 1% 20 mL multi-dose vial, lot A1: back in the open vial." in voided(
        first
    )
    assert opened_vial(lidocaine()).quantity == 18


def test_two_lines_from_one_vial_go_back_together() -> None:
    received(lidocaine(), 20)
    lidocaine_used(1)
    lines = LineWanted(lidocaine(), Decimal(4)), LineWanted(lidocaine(), Decimal(5))

    voided(logged(*lines).procedure)

    assert opened_vial(lidocaine()).quantity == 19


def test_nothing_goes_back_into_a_vial_that_was_discarded() -> None:
    received(lidocaine(), 20)
    first = lidocaine_used()
    vial = opened_vial(lidocaine())
    ledger.waste(
        by=mara(),
        location=place(),
        lines=[StockLine(lidocaine(), vial.quantity, holding=vial)],
        reason=WasteReason.BROKEN,
        happened_at=NOW,
        now=NOW,
    )

    assert "counted as wasted, for the vial is gone, full or may not be used" in voided(first)
    assert on_hand(lidocaine()) == 0


def test_nothing_goes_back_into_a_vial_past_its_beyond_use_date() -> None:
    received(lidocaine(), 20)
    first = lidocaine_used()
    lidocaine_used(2)

    assert "counted as wasted" in voided(first, days_later=29)
    assert on_hand(lidocaine()) == 14


def test_on_its_last_day_a_vial_still_takes_its_part_back() -> None:
    received(lidocaine(), 20)
    first = lidocaine_used()
    lidocaine_used(2)

    assert "back in the open vial" in voided(first, days_later=28)


def test_nothing_goes_back_into_a_vial_of_a_recalled_lot() -> None:
    lot = received(lidocaine(), 20).lot
    first = lidocaine_used()
    lidocaine_used(2)
    ledger.set_lot_status(lot, by=dana(), status=Lot.Status.RECALLED, reason="notice", now=NOW)

    assert "counted as wasted" in voided(first)


def test_a_vial_that_is_held_for_a_while_takes_its_part_back() -> None:
    lot = received(lidocaine(), 20).lot
    first = lidocaine_used()
    lidocaine_used(2)
    held = Lot.Status.QUARANTINED
    ledger.set_lot_status(lot, by=dana(), status=held, reason="wet box", now=NOW)

    assert "back in the open vial" in voided(first)
    assert on_hand(lidocaine()) == 18


def test_a_vial_that_was_counted_full_has_no_room() -> None:
    received(lidocaine(), 20)
    first = lidocaine_used(4)
    ledger.count(
        by=mara(),
        location=place(),
        lines=[StockLine(lidocaine(), Decimal(20), holding=opened_vial(lidocaine()))],
        reason="it was never drawn from",
        happened_at=NOW,
        now=NOW,
    )

    assert "counted as wasted, for the vial is gone, full or may not be used" in voided(first)
    assert opened_vial(lidocaine()).quantity == 20


class TestWherePatientsAreTreated:
    """CDC: a multi-dose vial that enters an immediate treatment area is for that patient only."""

    @pytest.fixture(autouse=True)
    def treatment_area(self) -> Location:
        room = place("room-3")
        Location.objects.filter(pk=room.pk).update(treatment_area=True)
        return place("room-3")

    def used_there(self, quantity: int = 4) -> Procedure:
        return logged(LineWanted(lidocaine(), Decimal(quantity)), where="room-3").procedure

    def test_a_vial_closes_with_its_procedure(self) -> None:
        received(lidocaine(), 40, where="room-3")

        [line] = logged(LineWanted(lidocaine(), Decimal(4)), where="room-3").lines

        assert (line.want.quantity, line.discarded) == (4, 16)
        assert not Holding.objects.opened().on_hand().exists()
        assert on_hand(lidocaine()) == 20

    def test_a_vial_that_was_brought_open_closes_too(self) -> None:
        received(lidocaine(), 20)
        lidocaine_used(4)
        vial = opened_vial(lidocaine())
        line = StockLine(lidocaine(), holding=vial)
        ledger.transfer(
            by=mara(),
            source=place(),
            destination=place("room-3"),
            lines=[line],
            happened_at=NOW,
            now=NOW,
        )

        self.used_there(4)

        assert on_hand(lidocaine()) == 0

    def test_two_lines_share_the_vial_before_it_closes(self) -> None:
        received(lidocaine(), 20, where="room-3")
        lines = LineWanted(lidocaine(), Decimal(4)), LineWanted(lidocaine(), Decimal(5))

        first, second = logged(*lines, where="room-3").lines

        assert (first.discarded, second.discarded) == (0, 11)

    def test_a_void_seals_it_again(self) -> None:
        received(lidocaine(), 20, where="room-3")

        assert "sealed again" in voided(self.used_there())
        assert Holding.objects.sealed().on_hand().get().quantity == 20

    def test_a_void_fills_the_vial_that_was_brought_open(self) -> None:
        self.test_a_vial_that_was_brought_open_closes_too()
        last = Procedure.objects.latest("pk")

        assert "back in the open vial" in voided(last)
        assert opened_vial(lidocaine()).quantity == 16

    def test_what_an_earlier_room_took_cannot_go_back_into_it(self) -> None:
        self.test_a_vial_that_was_brought_open_closes_too()
        first = Procedure.objects.earliest("pk")

        assert "counted as wasted" in voided(first)
        assert on_hand(lidocaine()) == 0


class TestWhoMay:
    def test_another_nurse_asks_her_or_a_manager(self) -> None:
        received(gauze(), 10)
        procedure = logged(LineWanted(gauze(), Decimal(2))).procedure
        jonas = signed_in(person("jonas", "Jonas", "Weber", "nurse"))

        answer = jonas.post(
            reverse("procedure_void", args=[procedure.pk]),
            {"reason": "slip", "supplies": "returned"},
            follow=True,
        )

        assert "This was logged by Mara Ortiz." in answer.content.decode()
        assert on_hand(gauze()) == 8

    def test_she_is_told_before_she_types_a_reason(self) -> None:
        received(gauze(), 10)
        procedure = logged(LineWanted(gauze(), Decimal(2)), at=NOW - timedelta(days=30)).procedure

        answer = signed_in(mara()).get(reverse("procedure_void", args=[procedure.pk]), follow=True)

        assert "within 7 days; this one was logged 30 days ago" in answer.content.decode()


def test_the_expiry_day_itself_still_takes_its_part_back() -> None:
    received(lidocaine(), 20, expires_on=date(2026, 11, 25))
    first = lidocaine_used()
    lidocaine_used(2)

    assert "back in the open vial" in voided(first, days_later=(date(2026, 11, 25) - TODAY).days)


def void_page(procedure: Procedure) -> str:
    return signed_in(dana()).get(reverse("procedure_void", args=[procedure.pk])).text


def counted(quantity: int) -> None:
    line = StockLine(needle(), Decimal(quantity), lot=Lot.objects.get(item=needle()))
    ledger.count(
        by=mara(), location=place(), lines=[line], reason="shelf check", happened_at=NOW, now=NOW
    )


def test_what_a_count_has_found_since_is_said_before_it_is_put_back_once_more() -> None:
    received(needle(), 10)
    procedure = logged(LineWanted(needle(), Decimal(2))).procedure
    counted(10)

    page = void_page(procedure)

    assert "Needle 25G 1½ in, lot A1 in Room 1 was counted on Nov 23, 2026, 10:15" in page
    assert "putting it back adds it once more" in page


def test_a_count_that_found_what_was_expected_says_nothing_against_it() -> None:
    received(needle(), 10)
    procedure = logged(LineWanted(needle(), Decimal(2))).procedure
    counted(8)

    assert "putting it back adds" not in void_page(procedure)
