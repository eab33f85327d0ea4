"""Receiving a delivery on the page."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from inventory.catalog.models import Supplier, SupplierOffer
from inventory.stock.models import Holding, Lot, Movement
from tests.clinic import (
    TODAY,
    dana,
    gauze,
    lidocaine,
    mara,
    needle,
    on_hand,
    place,
    priya,
    received,
    signed_in,
    vic,
)
from tests.walk import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def line(**facts: str) -> dict[str, str]:
    lidocaine()
    return {
        "item": "lido-1-20",
        "lot": "a1",
        "expires_on": "2027-12-31",
        "quantity": "2",
        "measure": "container",
        "price": "",
        **facts,
    }


def delivery(*lines: dict[str, str], **head: str) -> dict[str, str]:
    place("storeroom")
    form = {
        "location": "storeroom",
        "supplier": "",
        "reference": "",
        "received_on": TODAY.isoformat(),
        "submission_key": str(uuid4()),
    }
    for number, values in enumerate(lines):
        form |= {f"lines-{number}-{name}": value for name, value in values.items()}
    return form | head


def receive(form: dict[str, str], client: Client | None = None) -> Any:
    return (client or signed_in(mara())).post("/stock/receive/", form, follow=True)


def harbor() -> Supplier:
    return Supplier.objects.get_or_create(code="harbor", name="Harbor")[0]


def tray_of_25() -> None:
    SupplierOffer.objects.create(
        supplier=harbor(),
        item=lidocaine(),
        pack_quantity=500,
        pack_price=Decimal(75),
        lead_time_days=2,
    )


@pytest.mark.parametrize("who", [mara, dana, priya])
def test_whoever_opens_the_boxes_may_receive(who: Any) -> None:
    assert signed_in(who()).get("/stock/receive/").status_code == 200


def test_a_viewer_may_not() -> None:
    assert signed_in(vic()).get("/stock/receive/").status_code == 403


def test_a_nurse_receives_two_vials_into_the_storeroom() -> None:
    receive(delivery(line()))
    shelf = Holding.objects.get()
    assert (shelf.quantity, str(shelf.lot), shelf.location.code) == (40, "A1", "storeroom")


def test_a_delivery_has_several_lines() -> None:
    needle()
    needles = line(item="needle-25g-15", lot="N1", quantity="100", measure="unit")
    empty = line(quantity="", item="", lot="", expires_on="", measure="unit")
    receive(delivery(line(), needles, empty))
    assert (on_hand(lidocaine()), on_hand(needle())) == (40, 100)


def test_a_line_is_counted_in_packs_as_ordered() -> None:
    tray_of_25()
    receive(delivery(line(measure="pack", quantity="1")))
    assert on_hand(lidocaine()) == 500


def test_a_line_is_counted_in_packages_of_any_size() -> None:
    receive(delivery(line(measure="of-100", quantity="3")))
    assert on_hand(lidocaine()) == 300


def test_a_price_is_for_one_of_what_was_counted() -> None:
    receive(delivery(line(price="3")))
    assert Lot.objects.get().unit_cost == Decimal("0.15")


def test_without_a_price_the_offers_counts() -> None:
    tray_of_25()
    receive(delivery(line()))
    assert Lot.objects.get().unit_cost == Decimal("0.15")


def test_a_delivery_of_yesterday_is_dated_then() -> None:
    receive(delivery(line(), received_on="2026-11-22"))
    assert f"{Movement.objects.get().happened_at:%Y-%m-%d}" == "2026-11-22"


def test_supplier_and_delivery_note_are_kept() -> None:
    harbor()
    receive(delivery(line(), supplier="harbor", reference="DN-7"))
    movement = Movement.objects.get()
    assert (movement.supplier, movement.reference) == (harbor(), "DN-7")


def test_a_short_dated_lot_is_taken_in_with_a_warning() -> None:
    soon = (TODAY + timedelta(days=9)).isoformat()
    answer = receive(delivery(line(expires_on=soon)))
    assert ("short-dated" in answer.text, on_hand(lidocaine())) == (True, 40)


def test_the_expiry_of_a_known_lot_need_not_be_entered() -> None:
    received(lidocaine(), 40)
    receive(delivery(line(expires_on="")))
    assert on_hand(lidocaine()) == 80


def test_an_item_without_lots_needs_neither_lot_nor_expiry() -> None:
    gauze()
    receive(delivery(line(item="gauze-2x2", lot="", expires_on="", measure="unit")))
    assert on_hand(gauze()) == 2


def test_pressing_twice_receives_once() -> None:
    form = delivery(line())
    for _ in range(2):
        answer = receive(form)
    assert (answer.status_code, on_hand(lidocaine())) == (200, 40)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lot": ""}, "needs its lot number"),
        ({"expires_on": ""}, "needs its expiry date"),
        ({"quantity": "0"}, "greater than or equal to 0.001"),
        ({"quantity": "two"}, "Expected an amount like 2 or 0.5"),
        ({"quantity": "1.5"}, "whole containers of 20 mL"),
        ({"quantity": "999999999"}, "Expected a quantity above 0"),
        ({"measure": "pack"}, "No pack of Lidocaine"),
        ({"measure": "of-0"}, "Expected what Lidocaine"),
        ({"measure": "of-25"}, "whole containers of 20 mL"),
        ({"measure": "barrels"}, "choose it from the list"),
        ({"item": "unknown"}, "expected an item in use, but got “unknown”"),
        ({"expires_on": "31.12.2027"}, "Expected a day like 2027-04-30"),
        ({"lot": "A\0"}, "cannot be shown"),
        ({"price": "-1"}, "greater than or equal to 0"),
    ],
)
def test_it_refuses_what_it_cannot_understand(changes: dict[str, str], sentence: str) -> None:
    answer = receive(delivery(line(**changes)))
    assert (answer.status_code, sentence in answer.text, on_hand(lidocaine())) == (422, True, 0)


def test_pieces_do_not_come_in_vials() -> None:
    needle()
    answer = receive(delivery(line(item="needle-25g-15")))
    assert "comes in no vial" in answer.text


def test_a_known_lot_keeps_its_expiry_date() -> None:
    received(lidocaine(), 40, expires_on=date(2028, 1, 31))
    answer = receive(delivery(line()))
    assert ("is known to expire on Jan 31, 2028" in answer.text, on_hand(lidocaine())) == (True, 40)


def test_one_wrong_line_takes_none_in() -> None:
    receive(delivery(line(), line(lot="")))
    assert on_hand(lidocaine()) == 0


@pytest.mark.parametrize("day", ["2026-11-24", "2026-07-01"])
def test_it_refuses_the_future_and_long_ago(day: str) -> None:
    answer = receive(delivery(line(), received_on=day))
    assert (answer.status_code, on_hand(lidocaine())) == (422, 0)


def test_an_empty_delivery_is_asked_again() -> None:
    answer = receive(delivery())
    assert (answer.status_code, "Scan a package first" in answer.text) == (422, True)


def test_every_wrong_line_is_told_of_at_once() -> None:
    answer = receive(delivery(line(lot=""), line(lot="B2", quantity="")))
    assert "needs its lot number" in answer.text
    assert "Enter how many came." in answer.text


def test_what_was_typed_is_there_again_when_it_is_refused() -> None:
    page = fields_of(receive(delivery(line(lot="KEEP-ME", quantity="two", price="7"))).text)
    assert [page[f"lines-0-{name}"] for name in ("lot", "quantity", "price")] == [
        *("KEEP-ME", "two", "7"),
    ]


def test_an_item_in_the_address_is_on_the_list_beforehand() -> None:
    tray_of_25()
    fields = fields_of(signed_in(mara()).get("/stock/receive/?item=lido-1-20&item=x%00").text)
    assert (fields["lines-0-item"], fields["lines-0-measure"]) == ("lido-1-20", "of-500")


def test_a_delivery_of_a_hundred_lines_is_received_whole() -> None:
    receive(delivery(*(line(lot=f"L{number}") for number in range(100))))
    assert Holding.objects.count() == 100


def test_a_longer_one_is_asked_to_be_received_in_parts() -> None:
    answer = receive(delivery(*(line(lot=f"L{number}") for number in range(101))))
    assert "at most 100 lines; 101 came" in answer.text
    assert not Holding.objects.exists()
