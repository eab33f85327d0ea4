"""Suppliers, and which offer an item is ordered by."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import SupplierOffer
from inventory.catalog.register import (
    NotAccepted,
    SupplierFacts,
    Taken,
    add_item,
    add_offer,
    add_supplier,
    change_offer,
    change_supplier,
)
from tests.catalog.facts import (
    harbor,
    lidocaine,
    needle,
    northgate,
    offer,
    preferred_supplier,
    what_was_wrong,
)

pytestmark = pytest.mark.django_db


def test_the_first_offer_of_an_item_is_the_preferred_one() -> None:
    item = add_item(lidocaine())

    add_offer(northgate(), item, offer())
    add_offer(harbor(), item, offer(order_code="HW-1"))

    assert preferred_supplier(item) == "northgate"


def test_the_first_offer_may_be_refused_the_preference() -> None:
    assert not add_offer(northgate(), add_item(lidocaine()), offer(preferred=False)).preferred


def test_a_preferred_offer_takes_the_place_of_the_former() -> None:
    item = add_item(lidocaine())
    add_offer(northgate(), item, offer())

    add_offer(harbor(), item, offer(preferred=True))

    assert preferred_supplier(item) == "harbor"


def test_an_offer_that_ends_is_no_longer_preferred() -> None:
    item = add_item(lidocaine())
    only = add_offer(northgate(), item, offer())

    changed = change_offer(only, offer(preferred=True, is_active=False))

    assert not changed.preferred


def test_an_offer_may_become_the_preferred_one_later() -> None:
    item = add_item(lidocaine())
    add_offer(northgate(), item, offer())
    second = add_offer(harbor(), item, offer())

    change_offer(second, offer(preferred=True, pack_price=Decimal("80.00")))

    assert preferred_supplier(item) == "harbor"


@pytest.mark.parametrize(
    ("order_code", "sentence"),
    [
        ("NG-10117", "offers Lidocaine 1% 20 mL multi-dose vial with the order code NG-10117"),
        ("", "offers Lidocaine 1% 20 mL multi-dose vial with no order code already"),
    ],
)
def test_a_supplier_uses_an_order_code_of_an_item_once(order_code: str, sentence: str) -> None:
    item = add_item(lidocaine())
    add_offer(northgate(), item, offer(order_code=order_code))

    with pytest.raises(Taken, match=sentence) as refusal:
        add_offer(northgate(), item, offer(order_code=order_code))

    assert refusal.value.field == "order_code"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"pack_quantity": Decimal(510)}, "pack_quantity", "a multiple of 20 mL, but got 510 mL"),
        ({"pack_quantity": Decimal(0)}, "pack_quantity", "above 0, but got 0"),
        ({"pack_price": Decimal("1.005")}, "pack_price", "at most 2 decimals, but got 1.005"),
        ({"pack_price": Decimal(-1)}, "pack_price", "of 0 or more, but got -1"),
        ({"lead_time_days": -1}, "lead_time_days", "from 0 to 3,650, but got -1"),
        ({"minimum_packs": 0}, "minimum_packs", "from 1 to 1,000,000, but got 0"),
        ({"order_code": "x" * 65}, "order_code", "at most 64 characters, but got 65"),
    ],
)
def test_it_refuses_an_offer_that_cannot_be(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    item = add_item(lidocaine())

    with pytest.raises(NotAccepted) as refusal:
        add_offer(northgate(), item, offer(**changes))

    assert sentence in what_was_wrong(refusal.value)[field]
    assert not SupplierOffer.objects.exists()


def test_a_refused_offer_leaves_the_preferred_one_in_place() -> None:
    item = add_item(lidocaine())
    add_offer(northgate(), item, offer())

    with pytest.raises(NotAccepted):
        add_offer(harbor(), item, offer(preferred=True, pack_quantity=Decimal(1)))

    assert preferred_supplier(item) == "northgate"


def test_pieces_are_sold_whole() -> None:
    with pytest.raises(NotAccepted, match=r"a whole number of pieces, but got 0\.5"):
        add_offer(northgate(), add_item(needle()), offer(pack_quantity=Decimal("0.5")))


def test_a_supplier_code_is_given_once() -> None:
    northgate()

    with pytest.raises(Taken, match=r"The code northgate is taken by another supplier\."):
        add_supplier(SupplierFacts(code="northgate", name="Somebody else"))


def test_it_refuses_an_address_to_which_no_order_can_be_mailed() -> None:
    with pytest.raises(NotAccepted, match=r"like orders@example\.com, but got “orders”"):
        add_supplier(SupplierFacts(code="northgate", name="Northgate", email="orders"))


def test_a_supplier_is_changed_but_keeps_its_code() -> None:
    supplier = northgate()

    change_supplier(supplier, SupplierFacts(code="else", name="Northgate", is_active=False))

    supplier.refresh_from_db()
    assert (supplier.code, supplier.name, supplier.is_active) == ("northgate", "Northgate", False)
