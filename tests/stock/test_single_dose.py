"""A single-dose container is for one procedure: it leaves whole, and nothing of it comes back.

Joint Commission and CDC: a single-dose vial is for one patient and one procedure; what is left is
discarded, never pooled or stored. Which container it is says the label, not the preservative.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Item
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import void
from inventory.stock import ledger
from inventory.stock.errors import InvalidLine, NotEnoughStock
from inventory.stock.models import Entry, Holding
from inventory.stock.requests import ReceiptLine, StockLine, WasteReason
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    logged,
    mara,
    on_hand,
    opened_vial,
    place,
    received,
)

pytestmark = pytest.mark.django_db

HALF = Decimal("0.5")


def ampule(**changes: Any) -> Item:
    """5 mL of lidocaine without a preservative, to be broken off."""
    facts: dict[str, Any] = {
        "name": "Lidocaine 1% preservative-free 5 mL ampule",
        "kind": "local_anesthetic",
        "unit": "mL",
        "container": "ampule",
        "container_volume": 5,
    }
    return Item.objects.get_or_create(sku="lido-1-pf-5-amp", defaults=facts | changes)[0]


def take(item: Item, *quantities: str | Decimal) -> Procedure:
    """Mara logs one procedure with a line for each quantity."""
    return logged(*(LineWanted(item, Decimal(quantity)) for quantity in quantities)).procedure


def left_the_shelf(procedure: Procedure) -> dict[str, Decimal]:
    """How much a procedure administered and how much it wasted."""
    totals = {"use": Decimal(0), "waste": Decimal(0)}
    for entry in Entry.objects.filter(movement=procedure.movement_id):
        totals[entry.kind] -= entry.quantity
    return totals


@pytest.mark.parametrize(
    ("item", "volume", "dose"), [(kenalog, 1, "0.5"), (ampule, 5, "2"), (ampule, 5, "5")]
)
def test_administered_and_discarded_are_the_labelled_volume(
    item: Callable[[], Item], volume: int, dose: str
) -> None:
    received(item(), 3 * volume)

    totals = left_the_shelf(take(item(), dose))

    assert totals == {"use": Decimal(dose), "waste": volume - Decimal(dose)}
    assert on_hand(item()) == 2 * volume


@pytest.mark.parametrize(("item", "volume"), [(kenalog, 1), (ampule, 5)])
def test_the_next_procedure_takes_a_container_of_its_own(
    item: Callable[[], Item], volume: int
) -> None:
    received(item(), 3 * volume)

    take(item(), HALF)
    take(item(), HALF)

    assert on_hand(item()) == volume


@pytest.mark.parametrize(("item", "volume"), [(kenalog, 1), (ampule, 5)])
def test_what_was_left_of_the_last_one_is_not_there_for_the_next_procedure(
    item: Callable[[], Item], volume: int
) -> None:
    received(item(), volume)
    take(item(), HALF)

    with pytest.raises(NotEnoughStock) as refusal:
        take(item(), HALF)

    assert refusal.value.shortages[0].available == 0


@pytest.mark.parametrize(("item", "volume"), [(kenalog, 1), (ampule, 5)])
def test_it_is_never_kept_open(item: Callable[[], Item], volume: int) -> None:
    received(item(), volume)

    take(item(), HALF)

    assert not Holding.objects.opened().exists()


def test_several_draws_of_one_procedure_share_a_container() -> None:
    received(kenalog(), 3)

    procedure = take(kenalog(), "0.25", "0.5")

    assert left_the_shelf(procedure) == {"use": Decimal("0.75"), "waste": Decimal("0.25")}
    assert on_hand(kenalog()) == 2


def test_a_second_draw_that_needs_more_opens_another_and_uses_up_the_first() -> None:
    received(kenalog(), 3)

    procedure = take(kenalog(), "0.75", "0.75")

    assert left_the_shelf(procedure) == {"use": Decimal("1.5"), "waste": HALF}
    assert on_hand(kenalog()) == 1


def test_a_dose_of_several_containers_discards_of_the_last_one_only() -> None:
    received(kenalog(), 5)

    (line,) = take(kenalog(), "2.25").lines.all()

    assert (line.quantity, line.discarded) == (Decimal("2.25"), Decimal("0.75"))
    assert on_hand(kenalog()) == 2


def test_containers_of_two_lots_are_not_poured_together() -> None:
    received(kenalog(), 1, "SOON", date(2026, 12, 31))
    received(kenalog(), 1, "LATE", date(2027, 12, 31))

    procedure = take(kenalog(), "1.5")

    wasted = Entry.objects.get(movement=procedure.movement_id, kind="waste")
    assert (wasted.holding.lot.number, wasted.quantity) == ("LATE", -HALF)


def test_taken_back_it_is_whole_and_sealed_again() -> None:
    received(ampule(), 5)
    procedure = take(ampule(), "2")

    void(procedure, by=mara(), reason="a slip", supplies=Procedure.Supplies.RETURNED, now=NOW)

    assert Holding.objects.sealed().get().quantity == 5


@pytest.mark.parametrize("preservative_free", [True, False, None])
def test_a_preservative_does_not_make_a_single_dose_vial_last(
    preservative_free: bool | None,
) -> None:
    # Kenalog-40 in its 1 mL single-dose vial contains benzyl alcohol.
    received(kenalog(preservative_free=preservative_free), 1)

    take(kenalog(), HALF)

    assert on_hand(kenalog()) == 0


@pytest.mark.parametrize("preservative_free", [True, False, None])
def test_nor_does_its_lack_make_a_multi_dose_vial_a_single_dose(
    preservative_free: bool | None,
) -> None:
    received(lidocaine(preservative_free=preservative_free), 20)

    take(lidocaine(), "4")

    assert opened_vial(lidocaine()).quantity == 16


@pytest.mark.parametrize("item", [kenalog, ampule])
def test_half_of_one_is_neither_received_nor_moved_nor_discarded_nor_counted(
    item: Callable[[], Item],
) -> None:
    holding = received(item(), 10)
    line = StockLine(item(), HALF, lot=holding.lot)
    at: dict[str, Any] = {"by": dana(), "happened_at": NOW, "now": NOW}
    asked: list[Callable[[], object]] = [
        lambda: ledger.receive(
            location=place(), lines=[ReceiptLine(item(), HALF, "B2", TODAY)], **at
        ),
        lambda: ledger.transfer(source=place(), destination=place("room-2"), lines=[line], **at),
        lambda: ledger.waste(location=place(), lines=[line], reason=WasteReason.BROKEN, **at),
        lambda: ledger.count(location=place(), lines=[line], reason="weekly", **at),
    ]

    for act in asked:
        with pytest.raises(InvalidLine, match="whole containers"):
            act()

    assert on_hand(item()) == 10
