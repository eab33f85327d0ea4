"""Priya's desk: what is ordered of Northgate, sent, and received, on Monday, November 23, 2026."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory.catalog.models import Item, SupplierOffer
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import draft_record, record
from inventory.purchasing.orders.draft_record import Pick
from inventory.purchasing.orders.matching import Came
from inventory.purchasing.orders.receive_record import Against, receive_against
from inventory.stock import ledger
from inventory.stock.models import Movement
from inventory.stock.requests import ReceiptLine
from tests.clinic import NOW, dana, needle, place, priya
from tests.purchasing import shop


def offer(item: Item | None = None, **fields: Any) -> SupplierOffer:
    """A pack of 100 at $11.00 from Northgate, of the needle unless another item is said."""
    item = item or needle()
    found = SupplierOffer.objects.filter(item=item, supplier=shop.northgate()).first()
    return found or shop.offer(item, **fields)


def drafted(packs: int = 3, *offers: SupplierOffer) -> PurchaseOrder:
    """A draft of so many packs of each offer; of the needle where none is said."""
    picks = [Pick(each.item, each, packs) for each in offers or (offer(),)]
    return draft_record.draft(picks[0].offer.supplier, picks, by=priya(), now=NOW).order  # type: ignore[union-attr]


def approved(packs: int = 3, *offers: SupplierOffer) -> PurchaseOrder:
    order = drafted(packs, *offers)
    return record.approve(order, seen=order.version, by=dana(), now=NOW)


def sent(packs: int = 3, *offers: SupplierOffer, at: datetime = NOW) -> PurchaseOrder:
    order = approved(packs, *offers)
    return record.mark_sent(order, seen=order.version, by=priya(), now=at)


def came(
    order: PurchaseOrder,
    quantity: int,
    item: Item | None = None,
    *,
    unit_price: str | None = "0.11",
    days: int = 0,
    package: int = 100,
    seen: int | None = None,
) -> Against:
    """Receive so much against the order, so many days after it was sent."""
    item, at = item or needle(), NOW + timedelta(days=days)
    price = None if unit_price is None else Decimal(unit_price)
    cost = price and price.quantize(Decimal("0.0001"))
    lot = ReceiptLine(item, Decimal(quantity), "A1", shop.FAR, cost)
    receipt = ledger.receive(
        by=dana(), location=place("storeroom"), lines=[lot], happened_at=at, now=at
    )
    lots = [Came(item.pk, Decimal(quantity), Decimal(package), price)]
    return receive_against(order, receipt.movement, lots, seen=seen, by=dana(), now=at)


def undo_last() -> None:
    receipt = Movement.objects.filter(kind="receipt").latest("pk")
    ledger.reverse(receipt, by=dana(), reason="Counted wrong", happened_at=NOW, now=NOW)


def line(order: PurchaseOrder) -> Any:
    """The first line of an order, with what is open of it."""
    return order.lines.with_received().get(position=1)


def again(order: PurchaseOrder) -> Any:
    """The order as it is by now."""
    return PurchaseOrder.objects.with_people().with_progress().get(pk=order.pk)
