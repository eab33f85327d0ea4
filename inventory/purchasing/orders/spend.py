"""What was ordered and what was received, by month and supplier: two queries.

Ordered is what left in that month, as confirmed where the supplier confirmed it. What was
cancelled is not bought, nor is what an order that was closed short did not bring. Received is what
came in that month and was not undone, at the prices that were paid.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from inventory.catalog.models import Supplier
from inventory.purchasing.models import OrderLine, OrderReceipt, PurchaseOrder
from inventory.web.days import midnight

NOTHING = Decimal(0)
CENT = Decimal("0.01")


@dataclass
class Spend:
    """One supplier in one month."""

    month: date
    supplier: Supplier
    numbers: set[int] = field(default_factory=set)
    ordered: Decimal = NOTHING
    received: Decimal = NOTHING
    without_price: set[int] = field(default_factory=set)

    @property
    def orders(self) -> int:
        """How many orders left."""
        return len(self.numbers)

    @property
    def unpriced(self) -> int:
        """How many lines have no price, and are not whole in the sums."""
        return len(self.without_price)

    def order(self, line: OrderLine) -> None:
        """Count a line that was ordered. Wants `with_received()`."""
        self.numbers.add(line.order_id)
        if line.price is None:
            self.without_price.add(line.pk)
        else:
            self.ordered += _cost(line, line.price)

    def receive(self, receipt: OrderReceipt) -> None:
        """Count what came."""
        if receipt.cost is None:
            self.without_price.add(receipt.line_id)
        else:
            self.received += receipt.cost


def spend(first: date, after: date, supplier: Supplier | None = None) -> list[Spend]:
    """Return a row for each month and supplier in which something was ordered or came."""
    whole: dict[tuple[date, int], Spend] = {}
    asked = {"order__supplier": supplier} if supplier else {}
    lines = OrderLine.objects.filter(
        order__sent_at__gte=midnight(first), order__sent_at__lt=midnight(after), **asked
    )
    lines = lines.exclude(order__status=PurchaseOrder.Status.CANCELLED).with_received()
    for line in lines.select_related("order__supplier").order_by():
        _of(whole, line.order.sent_at, line.order.supplier).order(line)
    received = {f"line__{name}": value for name, value in asked.items()}
    receipts = OrderReceipt.objects.net().filter(
        movement__happened_at__gte=midnight(first),
        movement__happened_at__lt=midnight(after),
        **received,
    )
    for receipt in receipts.select_related("movement", "line__order__supplier").order_by():
        _of(whole, receipt.movement.happened_at, receipt.line.order.supplier).receive(receipt)
    return sorted(whole.values(), key=lambda row: (-row.month.toordinal(), row.supplier.name))


def _cost(line: OrderLine, price: Decimal) -> Decimal:
    """Return what a line costs; of an order that was closed short what came of it."""
    if line.order.status != PurchaseOrder.Status.CLOSED:
        return line.promised_packs * price
    packs = min(line.promised_packs, line.received / line.pack_quantity)  # type: ignore[attr-defined]
    return Decimal(packs * price).quantize(CENT, ROUND_HALF_UP)


def _of(whole: dict[tuple[date, int], Spend], at: datetime | None, supplier: Supplier) -> Spend:
    day = timezone.localdate(at)
    month = day.replace(day=1)
    return whole.setdefault((month, supplier.pk), Spend(month, supplier))
