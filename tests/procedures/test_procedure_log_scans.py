"""Mara scans what she takes: the line picks that lot, and what must not be used is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.stock import ledger
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import Want
from inventory.stock.vial_codes import vial_code
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    opened_vial,
    place,
    procedure_type,
    received,
    used,
)
from tests.procedures.tablet import Tablet, trigger_point, xylocaine
from tests.scanning.goods import BOX, NEEDLE, UNKNOWN, VIAL, carries, label, run_together
from tests.worlds import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def two_lots() -> None:
    # The first goes first unless somebody chooses.
    received(lidocaine(), 40, "A1", TODAY + timedelta(days=200))
    received(lidocaine(), 40, "B2", TODAY + timedelta(days=400))
    carries(lidocaine(), "gtin", VIAL)
    carries(needle(), "gtin", NEEDLE)
    trigger_point()
    received(needle(), 64, "N1")
    received(gauze(), 100)


room = built_once(two_lots)


@pytest.fixture
def late(room: None) -> Holding:
    return Holding.objects.with_lot().get(lot__number="B2")


@pytest.fixture
def page(room: None) -> Tablet:
    """The trigger point page in a room that holds two lots of lidocaine, needles and gauze."""
    return Tablet(mara()).open(procedure_type())


def chosen(page: Tablet, item: object = None) -> str:
    return page.fields[page.field(item or lidocaine(), "holding")]  # type: ignore[arg-type]


def lines(page: Tablet) -> dict[str, str]:
    return {name: value for name, value in page.fields.items() if name.startswith("line-")}


def test_a_scan_picks_that_lot_on_its_line(page: Tablet, late: Holding) -> None:
    page.press(f"scan:{label(VIAL, 'B2', serial='77')}")

    assert chosen(page) == str(late.pk)
    assert page.log().logged().movement.entries.filter(holding__lot=late.lot).exists()


def test_what_is_typed_into_the_box_is_scanned_by_whatever_is_pressed(
    page: Tablet, late: Holding
) -> None:
    page.press("look", scan=label(VIAL, "B2"))

    assert chosen(page) == str(late.pk)


def test_scans_that_came_while_an_answer_was_under_way_all_count(page: Tablet) -> None:
    carries(kenalog(), "ref", "K40")
    received(kenalog(), 3, "9F7K2")

    page.press(f"scan:{label(VIAL, 'B2')}", "scan:K40", "more:sites")

    assert page.has(kenalog())
    assert page.quantity(lidocaine()) == "2"


def test_an_item_that_the_kit_does_not_have_gets_a_line(page: Tablet) -> None:
    received(xylocaine(), 20, "X1")
    page.press(f"drop:{page.key(lidocaine())}")
    carries(xylocaine(), "ref", "X120")

    page.press("scan:X120")

    assert page.has(xylocaine())


def test_a_substitute_takes_the_place_of_what_it_stands_in_for(page: Tablet) -> None:
    held = received(xylocaine(), 20, "X1")
    carries(xylocaine(), "gtin", UNKNOWN)

    page.press(f"scan:{label(UNKNOWN, 'X1')}")

    assert not page.has(lidocaine())
    assert chosen(page, xylocaine()) == str(held.pk)


def test_an_optional_supply_of_the_kit_comes_in_as_the_kit_has_it(page: Tablet) -> None:
    received(kenalog(), 3, "9F7K2")
    carries(kenalog(), "ref", "K40")

    assert page.press("scan:K40").quantity(kenalog()) == "0.5"


def test_a_code_without_a_lot_leaves_the_lot_to_first_expiry(page: Tablet) -> None:
    page.press(f"drop:{page.key(needle())}").press(f"scan:{NEEDLE}")

    assert page.has(needle())
    assert chosen(page, needle()) == ""


def test_the_label_of_an_opened_vial_picks_that_vial(page: Tablet, late: Holding) -> None:
    used(Want(lidocaine(), Decimal(1), lot=late.lot))
    vial = opened_vial(lidocaine())

    page.press(f"scan:{vial_code(vial.pk)}")

    assert chosen(page) == str(vial.pk)


def test_an_opened_vial_of_the_lot_goes_before_another_is_opened(
    page: Tablet, late: Holding
) -> None:
    used(Want(lidocaine(), Decimal(1), lot=late.lot))

    page.press(f"scan:{label(VIAL, 'B2')}")

    assert chosen(page) == str(opened_vial(lidocaine()).pk)


def test_an_expired_lot_is_refused_in_words(page: Tablet) -> None:
    received(lidocaine(), 20, "OLD", TODAY - timedelta(days=1))

    page.press(f"scan:{label(VIAL, 'OLD')}")

    assert "Lot OLD of Lidocaine" in page.words
    assert "must not be used: it is expired" in page.words
    assert chosen(page) == ""


def test_a_lot_that_was_usable_then_is_picked_for_a_back_dated_procedure(page: Tablet) -> None:
    yesterday = TODAY - timedelta(days=1)
    old = received(lidocaine(), 20, "OLD", yesterday)

    page.press(f"scan:{label(VIAL, 'OLD')}", performed_at=f"{yesterday}T09:30")

    assert "must not be used" not in page.words
    assert chosen(page) == str(old.pk)


def test_a_lot_that_was_expired_then_is_refused_for_a_back_dated_procedure(page: Tablet) -> None:
    received(lidocaine(), 20, "OLD", TODAY - timedelta(days=2))

    page.press(f"scan:{label(VIAL, 'OLD')}", performed_at=f"{TODAY - timedelta(days=1)}T09:30")

    assert "must not be used: it is expired" in page.words


def test_a_held_lot_is_refused_in_words(page: Tablet, late: Holding) -> None:
    ledger.set_lot_status(late.lot, by=dana(), status=Lot.Status.RECALLED, reason="notice", now=NOW)

    page.press(f"scan:{label(VIAL, 'B2')}")

    assert "must not be used: it is recalled" in page.words
    assert chosen(page) == ""


def test_a_lot_that_is_elsewhere_says_where(page: Tablet) -> None:
    received(lidocaine(), 20, "C3", where="storeroom")

    page.press(f"scan:{label(VIAL, 'C3')}")

    assert "Lot C3 of Lidocaine" in page.words
    assert "is not in Room 1, by the ledger, but in Storeroom." in page.words


def test_a_lot_that_was_never_received_is_not_taken(page: Tablet) -> None:
    page.press(f"scan:{label(VIAL, 'ZZ9')}")

    assert "No lot ZZ9 of Lidocaine" in page.words
    assert chosen(page) == ""


def test_a_lot_in_doubt_is_asked_for_and_not_filled_in(page: Tablet) -> None:
    received(lidocaine(), 20, "61021543")

    page.press(f"scan:{run_together(VIAL)}")

    assert "nobody can tell where the lot ends" in page.words
    assert chosen(page) == ""


def test_a_code_that_nobody_knows_may_be_named(page: Tablet) -> None:
    page.press(f"scan:{BOX}")

    assert f"Nobody has said yet what the code {BOX} stands for." in page.words
    assert "Say which item it is" in page.words


@pytest.mark.parametrize("text", ["nonsense", "\x00", "]d2", "x" * 500, "VIAL-1-11"])
def test_what_is_no_code_changes_nothing(page: Tablet, text: str) -> None:
    before = lines(page)

    page.press(f"scan:{text}")

    assert lines(page) == before
    assert "Expected" in page.words or "not known here" in page.words


def test_nothing_is_logged_with_a_scan_that_nobody_has_looked_at(page: Tablet) -> None:
    page.log(scan=label(VIAL, "B2"))

    assert page.response.status_code == 422
    assert "something was scanned with it" in page.words
    assert on_hand(lidocaine()) == 80


def test_without_a_type_a_scan_is_put_off(page: Tablet) -> None:
    fresh = Tablet(mara()).open()

    fresh.press("look", scan=label(VIAL, "B2"))

    assert "Choose the kind of procedure first, then scan." in fresh.words


def test_a_vial_that_is_in_another_room_says_so(page: Tablet) -> None:
    place("room-2")
    received(lidocaine(), 20, "R2", date(2027, 1, 1), where="room-2")
    used(Want(lidocaine(), Decimal(1)), where="room-2")

    page.press(f"scan:{vial_code(opened_vial(lidocaine()).pk)}")

    assert "is not in Room 1, by the ledger, but in Room 2." in page.words
