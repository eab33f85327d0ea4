"""What a procedure took is read back from its entries, as the ledger had said it."""

from datetime import date
from decimal import Decimal

import pytest

from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.read import taken_by_procedure, taken_lines
from inventory.procedures.record import Logged, void
from tests.clinic import NOW, gauze, kenalog, lidocaine, logged, mara, received

pytestmark = pytest.mark.django_db


def shelf() -> None:
    received(lidocaine(), 20, "A1", date(2027, 1, 31))
    received(lidocaine(), 20, "B2", date(2027, 6, 30))
    received(kenalog(), 3, "K1")
    received(gauze(), 10)


def of_everything(lidocaine_ml: int = 25) -> Logged:
    return logged(
        LineWanted(lidocaine(), Decimal(lidocaine_ml)),
        LineWanted(kenalog(), Decimal("0.3")),
        LineWanted(gauze(), Decimal(2)),
        LineWanted(kenalog(), Decimal("0.2")),
    )


def test_it_says_what_the_ledger_said_when_it_was_taken() -> None:
    shelf()
    done = of_everything()

    read = taken_lines(done.procedure)

    assert [(line.item, line.quantity, line.discarded, line.taken) for line in read] == [
        (line.want.item, line.want.quantity, line.discarded, line.taken) for line in done.lines
    ]


def test_a_vial_that_was_open_before_is_not_opened_by_it() -> None:
    shelf()
    of_everything(5)

    (line, *_) = taken_lines(of_everything(5).procedure)

    assert [(taken.quantity, taken.opened) for taken in line.taken] == [(5, False)]


def test_a_voided_one_still_says_what_it_had_taken() -> None:
    shelf()
    procedure = of_everything().procedure
    before = taken_lines(procedure)

    void(procedure, by=mara(), reason="a slip", supplies=Procedure.Supplies.RETURNED, now=NOW)

    assert taken_lines(procedure) == before


def test_units_are_billed_for_single_dose_containers_alone() -> None:
    shelf()
    billing = [line.billing for line in taken_lines(of_everything().procedure)]

    assert billing[0] is None
    assert billing[1] is not None
    assert (billing[1].hcpcs, billing[1].modifier) == ("J3301", "JW")


def test_many_procedures_are_read_with_three_questions(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    shelf()
    procedures = [of_everything(2).procedure, of_everything(2).procedure]

    with django_assert_num_queries(3):
        read = taken_by_procedure(procedures)

    assert {pk: len(lines) for pk, lines in read.items()} == {p.pk: 4 for p in procedures}
