"""Several people at the same moment, in real threads on a real database."""

from decimal import Decimal

import pytest

from inventory.catalog.models import Supplier
from inventory.purchasing.models import OrderReceipt, PurchaseOrder
from inventory.purchasing.orders import draft_record, record
from inventory.purchasing.orders.draft_record import Pick
from inventory.stock.audit import check_ledger
from inventory.web.transactions import all_or_nothing
from tests.clinic import NOW, dana, needle, on_hand, place, priya
from tests.purchasing import shop
from tests.purchasing.orders.desk import again, came, drafted, line, offer, sent
from tests.stock.test_concurrency import all_at_once, kinds_of

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 6


def test_an_order_is_approved_once() -> None:
    order, manager = drafted(), dana()

    results = all_at_once(
        lambda _: record.approve(order, seen=1, by=manager, now=NOW), clients=CLIENTS
    )

    assert kinds_of(results) == {"PurchaseOrder": 1, "WrongStatus": CLIENTS - 1}
    assert again(order).version == 2


def test_everybody_who_begins_an_order_gets_a_number_of_their_own() -> None:
    purchaser = priya()
    suppliers = [Supplier.objects.create(code=f"s{n}", name=f"S{n}") for n in range(CLIENTS)]

    all_at_once(lambda n: draft_record.begin(suppliers[n], by=purchaser, now=NOW), clients=CLIENTS)

    numbers = PurchaseOrder.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"PO-2026-{n:04}" for n in range(1, CLIENTS + 1)]


def test_suggestions_of_several_people_make_one_draft() -> None:
    purchaser, pick = priya(), Pick(needle(), offer(), 1)

    all_at_once(
        lambda _: draft_record.draft(shop.northgate(), [pick], by=purchaser, now=NOW),
        clients=CLIENTS,
    )

    assert line(PurchaseOrder.objects.get()).packs == CLIENTS


def test_receipts_at_once_are_all_counted() -> None:
    order, _, _ = sent(3), dana(), place("storeroom")

    results = all_at_once(lambda _: came(order, 100), clients=CLIENTS)

    assert kinds_of(results) == {"Against": CLIENTS}
    assert (OrderReceipt.objects.count(), on_hand(needle())) == (CLIENTS, Decimal(600))
    assert line(order).open == 0
    assert check_ledger().holds


def test_of_all_who_opened_the_receive_page_before_anything_came_one_receives() -> None:
    order, _, _ = sent(3), dana(), place("storeroom")
    receive = all_or_nothing(lambda: came(order, 100, seen=0))

    results = all_at_once(lambda _: receive(), clients=CLIENTS)

    assert kinds_of(results) == {"Against": 1, "ReceivedMeanwhile": CLIENTS - 1}
    assert (OrderReceipt.objects.count(), on_hand(needle())) == (1, Decimal(100))
    assert check_ledger().holds
