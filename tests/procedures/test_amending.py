"""What was logged wrongly is logged again as it really was, in one step that tells both."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.catalog.models import Location
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.read import taken_lines
from inventory.procedures.record import (
    AlreadyVoided,
    Amended,
    MayNotVoid,
    ProcedureWanted,
    amend,
    record,
)
from inventory.stock import ledger
from inventory.stock.audit import check_ledger
from inventory.stock.errors import InvalidLine, NotEnoughStock
from inventory.stock.models import Entry, Holding, Lot
from inventory.stock.requests import StockLine, WasteReason
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
    person,
    place,
    procedure_type,
    received,
    signed_in,
)
from tests.procedures.tablet import Tablet, trigger_point

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

HALF = Decimal("0.5")
WHY = "4 mL were given, not 14"


def amended(procedure: Procedure, *lines: LineWanted, **changes: object) -> Amended:
    wanted = ProcedureWanted(procedure.type, procedure.location, procedure.performed_at)
    facts = {**vars(wanted), "lines": lines, **changes}
    return amend(procedure, ProcedureWanted(**facts), by=mara(), reason=WHY, now=NOW)


class TestInOneStep:
    def test_the_two_name_each_other(self) -> None:
        received(lidocaine(), 20)
        wrong = logged(LineWanted(lidocaine(), Decimal(14))).procedure

        both = amended(wrong, LineWanted(lidocaine(), Decimal(4)))

        assert both.voided.status == Procedure.Status.VOIDED
        assert both.voided.void_reason == WHY
        assert both.logged.procedure.amends == both.voided
        assert on_hand(lidocaine()) == 16
        assert check_ledger().holds

    def test_the_last_vial_can_be_amended(self) -> None:
        received(kenalog(), 1)
        wrong = logged(LineWanted(kenalog(), HALF)).procedure

        both = amended(wrong, LineWanted(kenalog(), Decimal(1)))

        [line] = both.logged.lines
        assert (line.want.quantity, line.discarded) == (1, 0)

    def test_too_little_for_the_right_one_leaves_the_wrong_one_alone(self) -> None:
        received(kenalog(), 1)
        wrong = logged(LineWanted(kenalog(), HALF)).procedure

        with pytest.raises(NotEnoughStock):
            amended(wrong, LineWanted(kenalog(), Decimal(2)))

        wrong.refresh_from_db()
        assert wrong.status == Procedure.Status.LOGGED
        assert on_hand(kenalog()) == 0

    def test_a_vial_that_others_drew_from_stays_open_and_is_drawn_from_again(self) -> None:
        received(lidocaine(), 20)
        wrong = logged(LineWanted(lidocaine(), Decimal(6))).procedure
        logged(LineWanted(lidocaine(), Decimal(2)))

        amended(wrong, LineWanted(lidocaine(), Decimal(4)))

        assert Holding.objects.opened().count() == 1
        assert opened_vial(lidocaine()).quantity == 14

    def test_what_was_amended_is_not_amended_again(self) -> None:
        received(needle(), 9)
        wrong = logged(LineWanted(needle(), Decimal(3))).procedure
        amended(wrong, LineWanted(needle(), Decimal(2)))

        with pytest.raises(AlreadyVoided):
            amended(wrong, LineWanted(needle(), Decimal(1)))
        assert on_hand(needle()) == 7

    def test_the_amendment_can_be_amended(self) -> None:
        received(needle(), 9)
        first = logged(LineWanted(needle(), Decimal(3))).procedure
        second = amended(first, LineWanted(needle(), Decimal(2))).logged.procedure

        third = amended(second, LineWanted(needle(), Decimal(1))).logged.procedure

        assert third.amends == second
        assert on_hand(needle()) == 8

    def test_nothing_is_amended_without_a_reason(self) -> None:
        received(needle(), 9)
        wrong = logged(LineWanted(needle(), Decimal(3))).procedure
        wanted = ProcedureWanted(wrong.type, wrong.location, NOW, lines=())

        with pytest.raises(InvalidLine, match="Say why"):
            amend(wrong, wanted, by=mara(), reason=" ", now=NOW)


class TestWhenItWas:
    def test_it_keeps_its_day_however_long_ago(self) -> None:
        at = NOW - timedelta(days=40)
        received(needle(), 9, at=at - timedelta(days=1))
        wrong = logged(LineWanted(needle(), Decimal(3)), at=at).procedure
        wanted = ProcedureWanted(wrong.type, wrong.location, at, lines=())

        both = amend(wrong, wanted, by=dana(), reason=WHY, now=NOW)

        procedure = both.logged.procedure
        assert (procedure.performed_at, procedure.logged_at) == (at, NOW)
        assert procedure.movement.happened_at == at
        assert procedure.movement.recorded_at == NOW

    def test_it_is_not_moved_to_another_day_beyond_the_limit(self) -> None:
        received(needle(), 9)
        wrong = logged(LineWanted(needle(), Decimal(3))).procedure

        with pytest.raises(InvalidLine, match="within 7 days"):
            amended(wrong, performed_at=NOW - timedelta(days=8))


class TestWhoMay:
    def test_a_nurse_amends_her_own(self) -> None:
        received(needle(), 9)
        wrong = logged(LineWanted(needle(), Decimal(3))).procedure

        assert amended(wrong).logged.procedure.logged_by == mara()

    def test_another_nurse_is_told_whom_to_ask(self) -> None:
        jonas = person("jonas", "Jonas", "Weber", "nurse")
        received(needle(), 9)
        wanted = ProcedureWanted(procedure_type(), place(), NOW, lines=())
        hers = record(wanted, by=mara(), now=NOW).procedure

        with pytest.raises(MayNotVoid, match="logged by Mara Ortiz"):
            amend(hers, wanted, by=jonas, reason=WHY, now=NOW)

    def test_a_nurse_has_a_week(self) -> None:
        received(needle(), 9)
        hers = logged(LineWanted(needle(), Decimal(3))).procedure
        wanted = ProcedureWanted(hers.type, hers.location, NOW, lines=())

        with pytest.raises(MayNotVoid, match="within 7 days; this one was logged 8 days ago"):
            amend(hers, wanted, by=mara(), reason=WHY, now=NOW + timedelta(days=8))

    def test_a_manager_may_at_any_time(self) -> None:
        received(needle(), 9)
        hers = logged(LineWanted(needle(), Decimal(3))).procedure
        wanted = ProcedureWanted(hers.type, hers.location, NOW, lines=())

        later = NOW + timedelta(days=300)
        both = amend(hers, wanted, by=dana(), reason=WHY, now=later)

        assert both.logged.procedure.logged_by == dana()


class TestOfWhatIsNotThereAnyMore:
    """Only the encounter's number was wrong: the supplies stay taken from where they were."""

    @pytest.fixture
    def procedure(self) -> Procedure:
        """5 mL of a vial that is good for a day, drawn four days ago; 2 mL more were drawn then."""
        received(lidocaine(beyond_use_days=1), 40, at=NOW - timedelta(days=9))
        then = NOW - timedelta(days=4)
        procedure = logged(LineWanted(lidocaine(), Decimal(5)), at=then).procedure
        logged(LineWanted(lidocaine(), Decimal(2)), at=then)
        return procedure

    def put_right(self, procedure: Procedure) -> Procedure:
        lot = Lot.objects.get()
        line = LineWanted(lidocaine(), Decimal(5), lot=lot)
        new = amended(procedure, line, encounter_ref="E-10492").logged.procedure
        assert check_ledger().differences == []
        assert new.encounter_ref == "E-10492"
        return new

    def test_a_vial_past_its_time_gives_nothing_twice(self, procedure: Procedure) -> None:
        self.put_right(procedure)

        assert opened_vial(lidocaine()).quantity == 13
        assert not Entry.objects.filter(kind=Entry.Kind.WASTE).exists()

    def test_a_vial_that_was_discarded_is_not_opened_anew(self, procedure: Procedure) -> None:
        vial = opened_vial(lidocaine())
        ledger.waste(
            by=mara(),
            location=place(),
            lines=[StockLine(lidocaine(), vial.quantity, holding=vial)],
            reason=WasteReason.EXPIRED,
            happened_at=NOW,
            now=NOW,
        )

        self.put_right(procedure)

        assert on_hand(lidocaine()) == 20
        assert Holding.objects.filter(opened_at__isnull=False).count() == 1

    def test_the_new_one_says_what_the_old_one_took_and_is_undone_as_it_would_be(
        self, procedure: Procedure
    ) -> None:
        new = self.put_right(procedure)

        (line,) = taken_lines(new)
        assert (line.quantity, line.taken[0].holding) == (5, opened_vial(lidocaine()))
        assert (
            amended(new, LineWanted(lidocaine(), Decimal(5), lot=Lot.objects.get())).voided == new
        )

    def test_another_quantity_is_drawn_as_it_is_today(self, procedure: Procedure) -> None:
        amended(procedure, LineWanted(lidocaine(), Decimal(4), lot=Lot.objects.get()))

        assert check_ledger().differences == []
        assert Procedure.objects.latest("pk").lines.get().quantity == 4


class TestOnTheTablet:
    @pytest.fixture
    def wrong(self) -> Procedure:
        """Two needles instead of one, of the lot that does not expire first."""
        trigger_point()
        received(needle(), 20, "N2", date(2030, 1, 31))
        received(lidocaine(), 40)
        received(gauze(), 10)
        lines = [
            LineWanted(needle(), Decimal(2)),
            LineWanted(lidocaine(), Decimal(3)),
            LineWanted(gauze(), Decimal(2)),
        ]
        wanted = ProcedureWanted(
            procedure_type(), place(), NOW, 2, 3, "Dr. Reyes", "E-10492", lines=lines
        )
        procedure = record(wanted, by=mara(), now=NOW).procedure
        received(needle(), 20, "N1", date(2028, 1, 31))
        return procedure

    @pytest.fixture
    def page(self, wrong: Procedure) -> Tablet:
        tablet = Tablet(mara())
        answer = tablet.client.get(reverse("procedure_log"), {"amend": wrong.pk})
        return tablet._read(answer)

    def test_it_begins_with_what_was_logged(self, page: Tablet) -> None:
        assert page.quantity(needle()) == "2"
        assert page.quantity(lidocaine()) == "3"
        assert page.fields["encounter_ref"] == "E-10492"
        assert page.fields["performed_at"] == "2026-11-23T10:15"
        assert (page.fields["muscles"], page.fields["sites"]) == ("2", "3")

    def test_a_line_stays_with_the_lot_that_it_came_from(self, page: Tablet) -> None:
        assert "lot N2" in page.words.replace("Lot", "lot")
        page.log(**{page.field(needle(), "quantity"): "1", "amend_reason": WHY})

        assert page.logged().movement.entries.get(item=needle()).holding.lot.number == "N2"

    def test_who_had_two_lots_has_both_after_the_number_alone_is_put_right(self) -> None:
        received(needle(), 2, "N1", date(2028, 1, 31))
        received(needle(), 20, "N2", date(2030, 1, 31))
        logged(LineWanted(needle(), Decimal(4)))
        received(needle(), 20, "N3", date(2029, 1, 31))
        tablet = Tablet(mara())
        page = tablet._read(
            tablet.client.get(reverse("procedure_log"), {"amend": Procedure.objects.get().pk})
        )

        page.log(encounter_ref="E-10492", amend_reason=WHY)

        entries = page.logged().movement.entries.values_list("holding__lot__number", "quantity")
        assert set(entries) == {("N1", Decimal(-2)), ("N2", Decimal(-2))}

    def test_a_lot_that_was_recalled_since_is_not_exchanged_in_silence(self) -> None:
        lot = received(needle(), 2, "N1", date(2028, 1, 31)).lot
        received(needle(), 20, "N2", date(2030, 1, 31))
        logged(LineWanted(needle(), Decimal(4)))
        recalled = Lot.Status.RECALLED
        ledger.set_lot_status(lot, by=dana(), status=recalled, reason="notice", now=NOW)
        tablet = Tablet(mara())
        page = tablet._read(
            tablet.client.get(reverse("procedure_log"), {"amend": Procedure.objects.get().pk})
        )

        page.log(encounter_ref="E-10492", amend_reason=WHY)

        assert "must not be used: it is recalled. If it really was used, say why." in page.words
        assert Procedure.objects.get().status == Procedure.Status.LOGGED

    def test_what_would_be_put_back_counts_as_here(self, page: Tablet) -> None:
        assert "22" in page.words or "20 here" in page.words
        assert "wanted" not in page.words

    def test_the_last_vial_counts_once_as_here(self) -> None:
        received(kenalog(), 1)
        taken = logged(LineWanted(kenalog(), HALF)).procedure
        page = Tablet(mara())
        page._read(page.client.get(reverse("procedure_log"), {"amend": taken.pk}))

        assert "1 vial here" in page.words
        assert "none left after this" in page.words

        page.log()

        assert "1 vial here" in page.words

    def test_saving_voids_the_old_and_logs_the_new(self, page: Tablet, wrong: Procedure) -> None:
        page.log(**{page.field(needle(), "quantity"): "1", "amend_reason": WHY})

        new = page.logged()
        wrong.refresh_from_db()
        assert (new.amends, wrong.status) == (wrong, Procedure.Status.VOIDED)
        assert new.performed_at == wrong.performed_at
        assert on_hand(needle()) == 39

    def test_a_second_press_amends_once(self, page: Tablet) -> None:
        sent = {page.field(needle(), "quantity"): "1", "amend_reason": WHY}
        before = dict(page.fields)
        page.log(**sent)
        first = page.logged()
        page.fields = before
        page.log(**sent)

        assert page.logged() == first
        assert Procedure.objects.count() == 2

    def test_without_a_reason_nothing_is_changed(self, page: Tablet, wrong: Procedure) -> None:
        page.log()

        assert "Say why the procedure is amended." in page.words
        wrong.refresh_from_db()
        assert wrong.status == Procedure.Status.LOGGED

    def test_each_page_leads_to_the_other(self, page: Tablet, wrong: Procedure) -> None:
        page.log(amend_reason=WHY)
        new = page.logged()
        old_page = signed_in(mara()).get(reverse("procedure_detail", args=[wrong.pk]))
        new_page = signed_in(mara()).get(reverse("procedure_detail", args=[new.pk]))

        assert reverse("procedure_detail", args=[new.pk]) in old_page.content.decode()
        assert reverse("procedure_detail", args=[wrong.pk]) in new_page.content.decode()
        assert WHY in new_page.content.decode()

    def test_what_was_voided_meanwhile_is_said(self, page: Tablet, wrong: Procedure) -> None:
        amended(wrong)
        page.log(amend_reason=WHY)

        assert f"Procedure {wrong.pk} was voided already." in page.words
        assert Procedure.objects.count() == 2

    @pytest.mark.parametrize("number", ["0", "999", "x", "9" * 40])
    def test_an_address_that_names_none_leads_to_the_list(self, number: str) -> None:
        place()
        answer = signed_in(mara()).get(reverse("procedure_log"), {"amend": number}, follow=True)

        assert answer.redirect_chain[-1][0] == reverse("procedure_list")
        assert "There is no such procedure." in answer.content.decode()

    def test_the_place_where_she_works_stays_what_it_was(self, wrong: Procedure) -> None:
        client = signed_in(mara())
        client.get(reverse("procedure_log"), {"location": place("room-2").code})
        client.get(reverse("procedure_log"), {"amend": wrong.pk})

        assert client.session.get("location_code") != "room-1"

    def test_a_closed_room_can_still_be_amended(self, wrong: Procedure) -> None:
        place("room-2")
        Location.objects.filter(code="room-1").update(is_active=False)
        tablet = Tablet(mara())
        tablet._read(tablet.client.get(reverse("procedure_log"), {"amend": wrong.pk}))
        tablet.log(amend_reason=WHY)

        assert tablet.logged().location == wrong.location

    def test_the_button_is_for_who_may(self, wrong: Procedure) -> None:
        jonas = person("jonas", "Jonas", "Weber", "nurse")
        url = reverse("procedure_detail", args=[wrong.pk])

        assert "?amend=" in signed_in(mara()).get(url).content.decode()
        assert "?amend=" not in signed_in(jonas).get(url).content.decode()
