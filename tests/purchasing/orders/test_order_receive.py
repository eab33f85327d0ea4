"""Receiving against an order, at the desk where every delivery is scanned in."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from inventory.accounts.models import User
from inventory.catalog.models import Item, Supplier, SupplierOffer
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import record
from inventory.purchasing.orders.words import Confirmed
from inventory.stock.models import Lot, Movement
from tests.clinic import NOW, dana, gauze, mara, needle, on_hand, place, priya, signed_in
from tests.purchasing.orders.desk import again, approved, came, line, offer, sent, undo_last
from tests.stock.receiving.desk import Counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


class OrderCounter(Counter):
    """A person at the receive page of an order."""

    def __init__(self, order: PurchaseOrder, who: User | None = None) -> None:
        self.path = f"/purchasing/orders/{order.pk}/receive/"
        super().__init__(who)


def boxes(order: PurchaseOrder, count: str, who: User | None = None, **typed: str) -> Counter:
    """So many boxes of needles on the list, of a lot that is typed."""
    counter = OrderCounter(order, who).press("add:needle-25g-15")
    return counter.type_in(
        0, lot="N1", expires_on="2029-09-30", measure="of-100", quantity=count, **typed
    )


def test_the_page_knows_who_sells_it_and_what_is_expected() -> None:
    counter = OrderCounter(sent(3))

    assert counter.fields["supplier"] == "northgate"
    assert counter.fields["reference"] == "PO-2026-0001"
    assert "300 expected · 0 on the list · 300 still open" in counter.said


def test_of_an_order_of_which_the_supplier_confirmed_nothing_nothing_is_expected() -> None:
    order = sent(3)
    record.confirm(order, {1: Confirmed(0)}, seen=order.version, by=priya(), now=NOW)

    assert "Nothing of it is still expected." in OrderCounter(order).said


def test_what_is_on_the_list_is_shown_beside_what_is_expected() -> None:
    counter = boxes(sent(3), "2").press("scan")

    assert "300 expected · 200 on the list · 100 still open" in counter.said
    assert "for a pack of 100; ordered at $11.00" in counter.said


@pytest.mark.parametrize("who", [mara, priya, dana])
def test_a_part_is_received_and_the_rest_stays_open(who: Callable[[], User]) -> None:
    order = sent(3)

    counter = boxes(order, "2", who())
    counter.receive()

    assert "PO-2026-0001: The rest is still open." in counter.said
    assert (on_hand(needle()), line(order).received, line(order).open) == (200, 200, 100)
    assert Lot.objects.get().unit_cost == Decimal("0.11")


def test_with_the_rest_the_order_is_received() -> None:
    order = sent(3)
    boxes(order, "2").receive()

    counter = boxes(order, "1")
    counter.receive()

    assert "All of it is here now." in counter.said
    assert not again(order).has_open_lines


def test_whoever_received_it_undoes_it_and_the_order_is_open_again() -> None:
    order, nurse = sent(3), mara()
    boxes(order, "3", nurse).receive()
    movement = Movement.objects.get()

    page = signed_in(nurse).get(f"/stock/movements/{movement.pk}/").text
    form = {"submission_key": "undo", "reason": "Counted wrong"}
    signed_in(nurse).post(f"/stock/movements/{movement.pk}/reverse/", form)

    assert f'href="/purchasing/orders/{order.pk}/">PO-2026-0001</a>' in page
    assert (on_hand(needle()), line(order).open) == (0, 300)


def test_boxes_that_a_colleague_received_meanwhile_are_asked_about_first() -> None:
    order = sent(3)
    maras, priyas = boxes(order, "2", mara()), boxes(order, "2", priya())
    maras.receive()

    priyas.press("scan").receive()

    receipt = Movement.objects.get()
    assert f"Mara Ortiz received something of PO-2026-0001 ({receipt}" in priyas.said
    assert "100 expected · 200 on the list · 0 still open" in priyas.said
    assert "Received 1 line into" not in priyas.said
    assert on_hand(needle()) == 200


def test_what_came_besides_is_received_with_a_second_press() -> None:
    order = sent(3)
    maras, priyas = boxes(order, "2", mara()), boxes(order, "1", priya())
    maras.receive()
    priyas.receive()

    priyas.receive()

    assert "PO-2026-0001: All of it is here now." in priyas.said
    assert on_hand(needle()) == 300


def test_a_receipt_that_was_undone_is_asked_about_by_nobody() -> None:
    order = sent(3)
    counter = boxes(order, "2")
    came(order, 100)
    undo_last()

    counter.receive()

    assert on_hand(needle()) == 200


def test_a_receipt_from_somebody_else_than_was_asked_is_warned_about() -> None:
    order = sent(3)
    Supplier.objects.create(code="harbor", name="Harbor Surgical")

    counter = boxes(order, "3").enter(supplier="harbor")
    counter.receive()

    came_from = f"but {Movement.objects.get()} came from Harbor Surgical."
    assert f"PO-2026-0001 was sent to Northgate Medical Supply, {came_from}" in counter.said
    assert on_hand(needle()) == 300


@pytest.mark.parametrize("seen", ["", "-1", "seven", "9" * 40, "١"])
def test_a_receipt_number_that_no_page_sends_hinders_nobody(seen: str) -> None:
    counter = boxes(sent(3), "3").enter(seen=seen)

    counter.receive()

    assert on_hand(needle()) == 300


def test_a_price_that_is_another_is_learned_and_said() -> None:
    order = sent(3)

    counter = boxes(order, "3", price="11.80")
    counter.receive()

    assert (
        "Northgate Medical Supply's price of Needle 25G 1½ in went from $11.00 to" in counter.said
    )
    assert (offer().pack_price, line(order).pack_price) == (Decimal("11.80"), Decimal("11.00"))


@pytest.mark.parametrize(
    ("confirmed", "sentence"),
    [
        (
            "12.00",
            "price of Needle 25G 1½ in went from $11.00 to $12.00, as confirmed.",
        ),
        ("11.50", "went from $11.00 to $12.00; $11.50 was confirmed."),
    ],
)
def test_a_price_is_held_against_what_was_confirmed(confirmed: str, sentence: str) -> None:
    order = sent(3)
    said = {1: Confirmed(3, Decimal(confirmed))}
    record.confirm(order, said, seen=order.version, by=priya(), now=NOW)

    against = came(again(order), 100, unit_price="0.12")

    assert str(against.prices[0]).endswith(sentence)


def test_more_than_was_ordered_and_what_was_not_is_warned_about_and_received() -> None:
    order = sent(1)
    gauze()
    counter = boxes(order, "3").press("add:gauze-2x2")
    warned = counter.said

    counter.receive()

    for sentence in (
        "Needle 25G 1½ in: 200 more than is open on PO-2026-0001.",
        "Gauze 2 × 2 in is not on PO-2026-0001: 1 came all the same.",
    ):
        assert sentence in warned
        assert sentence in counter.said
    assert (on_hand(needle()), on_hand(gauze()), line(order).open) == (300, 1, 0)


def test_a_delivery_that_the_ledger_refuses_counts_for_nothing() -> None:
    order = sent(3)

    counter = boxes(order, "3").type_in(0, expires_on="")
    counter.receive()

    assert "needs its expiry date" in counter.said
    assert (line(order).received, Movement.objects.count()) == (0, 0)


def test_it_goes_where_the_order_said() -> None:
    order = sent(3)
    order.deliver_to = place("room-2")
    order.save()

    page = signed_in(mara()).get(f"/purchasing/orders/{order.pk}/receive/").text

    assert '<option value="room-2" selected>' in page


def test_only_an_order_that_was_sent_is_received_against() -> None:
    order = approved(3)

    page = signed_in(mara()).get(f"/purchasing/orders/{order.pk}/receive/", follow=True).text

    assert "was approved by Dana Lindqvist" in page
    assert "Only an order that was sent and has not ended is received against." in page


@pytest.mark.parametrize(
    ("quantity", "price", "sentence"),
    [
        ("1", "12345678", "Expected a pack of Needle 25G 1½ in to cost at most $999,999,999.00"),
        ("999999999", "999999999", "Expected all of Needle 25G 1½ in to cost at most"),
    ],
)
def test_a_price_that_nobody_pays_is_no_price_and_nothing_is_received(
    quantity: str, price: str, sentence: str
) -> None:
    order = sent(3)
    counter = OrderCounter(order).press("add:needle-25g-15")
    counter.type_in(
        0, lot="N1", expires_on="2029-09-30", measure="unit", quantity=quantity, price=price
    ).receive()

    assert sentence in counter.said
    assert "Received 1 line into" not in counter.said
    assert (on_hand(needle()), line(order).received) == (0, 0)
    assert offer().pack_price == 11


def test_a_price_that_nobody_entered_teaches_nothing() -> None:
    order = sent(3)
    SupplierOffer.objects.update(pack_price=Decimal("12.50"))

    boxes(order, "3").receive()

    assert SupplierOffer.objects.get().pack_price == Decimal("12.50")
    assert order.lines.with_paid().get().paid == Decimal("33.00")  # type: ignore[attr-defined]


def test_what_costs_less_than_half_a_cent_is_not_free_from_now_on() -> None:
    order = sent(1000, offer(pack_quantity=1, pack_price=Decimal("0.01")))
    counter = OrderCounter(order).press("add:needle-25g-15")
    counter.type_in(
        0, lot="N1", expires_on="2029-09-30", measure="of-1000", quantity="1", price="4.00"
    ).receive()

    assert SupplierOffer.objects.get().pack_price == Decimal("0.01")


def test_what_came_for_nothing_is_free_once_and_no_price() -> None:
    came(sent(3), 100, unit_price="0")

    assert offer().pack_price == 11


def test_a_price_of_somebody_else_teaches_nothing() -> None:
    order = sent(3)
    Supplier.objects.create(code="harbor", name="Harbor Surgical")

    boxes(order, "3", price="19").enter(supplier="harbor").receive()

    assert offer().pack_price == 11


def test_the_price_that_the_page_shows_is_no_other_price_though_it_is_rounded() -> None:
    order = sent(3, offer(pack_price=Decimal("11.35")))
    counter = OrderCounter(order).press("add:needle-25g-15")
    counter.type_in(0, lot="N1", expires_on="2029-09-30", measure="unit", quantity="300")
    assert "for a piece; ordered at $0.11" in counter.press("scan").said

    counter.type_in(0, price="0.11").receive()

    assert SupplierOffer.objects.get().pack_price == Decimal("11.35")
    assert order.lines.with_paid().get().paid == Decimal("34.05")  # type: ignore[attr-defined]


def test_a_slip_in_a_price_is_put_right_by_undoing_the_receipt() -> None:
    order = sent(3)
    boxes(order, "3", price="110").receive()
    undo_last()

    boxes(order, "3", price="11").receive()

    assert (Lot.objects.get().unit_cost, offer().pack_price) == (Decimal("0.11"), 11)


def test_a_list_is_not_lost_when_the_order_is_closed_meanwhile() -> None:
    order = sent(3)
    counter = boxes(order, "3")
    record.close_short(order, reason="Not needed", seen=order.version, by=dana(), now=NOW)

    counter.receive()

    assert "was closed by Dana Lindqvist" in counter.said
    assert "is taken in with Receive on the Stock page" in counter.said
    assert counter.line()["lot"] == "N1"
    assert on_hand(needle()) == 0


def test_an_item_put_out_of_use_meanwhile_is_named() -> None:
    order = sent(3)
    Item.objects.update(is_active=False)

    counter = OrderCounter(order).press("add:needle-25g-15")

    assert "Needle 25G 1½ in is not in use. A manager puts it back in use" in counter.said
