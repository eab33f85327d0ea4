"""Logging a procedure and taking it back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.catalog.models import Clinic, Item
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import KitLine, Procedure
from inventory.procedures.record import AlreadyVoided, ProcedureWanted, record, void
from inventory.stock.errors import InvalidLine, NotEnoughStock
from tests.clinic import (
    NOW,
    dana,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    on_hand,
    place,
    procedure_type,
    received,
)

pytestmark = pytest.mark.django_db


def trigger_point(**changes: object) -> ProcedureWanted:
    return ProcedureWanted(procedure_type(), place(), NOW, **changes)  # type: ignore[arg-type]


def kit(*lines: tuple[Item, str, str, bool]) -> None:
    for item, quantity, per, optional in lines:
        KitLine.objects.create(
            procedure_type=procedure_type(),
            item=item,
            quantity=quantity,
            per=per,
            optional=optional,
        )


def test_without_lines_the_kit_is_taken_scaled_by_muscles_and_sites() -> None:
    kit((lidocaine(), "1", "site", False), (needle(), "1", "muscle", False))
    received(lidocaine(), 20)
    received(needle(), 100)
    record(trigger_point(muscles=2, sites=4), by=mara(), now=NOW)
    assert (on_hand(lidocaine()), on_hand(needle())) == (16, 98)


def test_an_optional_line_is_not_taken_unless_somebody_asks() -> None:
    kit((needle(), "1", "procedure", False), (kenalog(), "1", "procedure", True))
    received(needle(), 100)
    procedure = record(trigger_point(), by=mara(), now=NOW).procedure
    assert [line.item for line in procedure.lines.all()] == [needle()]


def test_half_a_needle_a_muscle_is_a_whole_needle_for_one() -> None:
    kit((needle(), "0.5", "muscle", False))
    received(needle(), 100)
    record(trigger_point(muscles=3), by=mara(), now=NOW)
    assert on_hand(needle()) == 98


def test_no_muscles_take_no_needles() -> None:
    kit((needle(), "1", "muscle", False))
    assert record(trigger_point(muscles=0), by=mara(), now=NOW).lines == []


def test_given_lines_are_taken_exactly() -> None:
    kit((needle(), "1", "procedure", False))
    received(lidocaine(), 20)
    logged(LineWanted(lidocaine(), Decimal(3)))
    assert on_hand(lidocaine()) == 17


def test_too_little_stock_logs_nothing() -> None:
    received(needle(), 1)
    with pytest.raises(NotEnoughStock):
        logged(LineWanted(needle(), Decimal(2)))
    assert not Procedure.objects.exists()


@pytest.mark.parametrize("days", [0, 7])
def test_a_procedure_may_be_logged_late(days: int) -> None:
    wanted = ProcedureWanted(procedure_type(), place(), NOW - timedelta(days=days), lines=())
    procedure = record(wanted, by=mara(), now=NOW).procedure
    assert (NOW - procedure.performed_at).days == days
    assert procedure.logged_at == NOW


@pytest.mark.parametrize(
    ("performed_at", "sentence"),
    [
        (NOW - timedelta(days=8), "logged within 7 days; this one was 8 days ago"),
        (NOW + timedelta(hours=1), "in the future"),
    ],
)
def test_too_late_or_too_early_is_refused(performed_at: object, sentence: str) -> None:
    wanted = ProcedureWanted(procedure_type(), place(), performed_at, lines=())  # type: ignore[arg-type]
    with pytest.raises(InvalidLine, match=sentence):
        record(wanted, by=mara(), now=NOW)


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (1, "is logged within 1 day; this one was 2 days ago."),
        (0, "is logged on its day; this one was 2 days ago."),
    ],
)
def test_a_short_limit_is_said_in_its_own_words(limit: int, sentence: str) -> None:
    Clinic.objects.update(procedure_backdating_days=limit)
    wanted = ProcedureWanted(procedure_type(), place(), NOW - timedelta(days=2), lines=())
    with pytest.raises(InvalidLine, match=sentence):
        record(wanted, by=mara(), now=NOW)


def test_the_limit_is_counted_in_calendar_days_of_the_clinic() -> None:
    just_after_midnight = NOW.replace(day=16, hour=6, minute=1)
    wanted = ProcedureWanted(procedure_type(), place(), just_after_midnight, lines=())
    assert record(wanted, by=mara(), now=NOW.replace(hour=23)).procedure.pk


@pytest.mark.parametrize(
    "text",
    ["Ortiz, Maria", "maria@example.com", "123-45-6789", "4/30/1971", "1971-04-30", "555-123-4567",
     "123456789", "9" * 33, "E 1", "E\x001", "Ortiz", "Maria-Ortiz", "M.Ortiz"],
)  # fmt: skip
def test_an_encounter_reference_never_names_a_person(text: str) -> None:
    with pytest.raises(InvalidLine, match="never a name, a date or a telephone number"):
        record(trigger_point(encounter_ref=text, lines=()), by=mara(), now=NOW)


@pytest.mark.parametrize("text", ["E-10492", "60111", "V2026.118/3"])
def test_an_opaque_encounter_reference_is_kept(text: str) -> None:
    procedure = record(trigger_point(encounter_ref=text, lines=()), by=mara(), now=NOW).procedure
    assert procedure.encounter_ref == text


def test_who_used_an_expired_lot_says_why_and_the_line_keeps_it() -> None:
    lot = received(lidocaine(), 20, "OLD", date(2026, 11, 1)).lot
    logged(LineWanted(lidocaine(), Decimal(1), lot=lot, unusable_reason="noticed too late"))
    line = Procedure.objects.get().lines.get()
    assert (line.unusable_lot, line.unusable_reason) == (lot, "noticed too late")


class TestVoiding:
    @pytest.fixture(autouse=True)
    def _one_procedure(self, db: None) -> None:
        received(kenalog(), 5)
        self.procedure = logged(LineWanted(kenalog(), Decimal("0.5"))).procedure

    def void(self, supplies: str = "returned", reason: str = "wrong room") -> Procedure:
        return void(
            self.procedure,
            by=dana(),
            reason=reason,
            supplies=Procedure.Supplies(supplies),
            now=NOW,
        )

    def test_the_supplies_are_put_back(self) -> None:
        assert self.void().status == "voided"
        assert on_hand(kenalog()) == 5

    def test_or_they_stay_gone_as_waste(self) -> None:
        self.void("wasted")
        assert on_hand(kenalog()) == 4

    def test_a_second_time_is_refused_and_puts_nothing_back(self) -> None:
        self.void()
        with pytest.raises(AlreadyVoided):
            self.void()
        assert on_hand(kenalog()) == 5

    def test_it_needs_a_reason(self) -> None:
        with pytest.raises(InvalidLine, match="Say why"):
            self.void(reason="  ")

    def test_the_record_keeps_who_when_and_why(self) -> None:
        self.void()
        procedure = Procedure.objects.get()
        assert (procedure.voided_by, procedure.void_reason) == (dana(), "wrong room")
        assert procedure.movement.reversed_by.reason == "wrong room"
