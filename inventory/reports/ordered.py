"""What was ordered in a period, with what has come of it by now; what was undone never came."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from inventory.purchasing.models import OrderLine, OrderReceipt, PurchaseOrder
from inventory.purchasing.orders import due
from inventory.reports import sums
from inventory.reports.definition import Asked
from inventory.reports.performance import Came, SentLine

Status = PurchaseOrder.Status
FACTS = (
    *("pk", "order", "item", "packs", "pack_quantity", "pack_price"),
    *("confirmed_packs", "confirmed_price", "offer__lead_time_days"),
    *("order__supplier", "order__sent_at", "order__ended_at", "order__status"),
    *due.FACTS,
)


def sent_lines(asked: Asked) -> list[SentLine]:
    """Return the lines of the orders that left in the period, with what has come of them by now:
    two queries."""
    begins, ends = sums.moments(asked)
    lines = OrderLine.objects.filter(order__sent_at__gte=begins, order__sent_at__lt=ends)
    receipts = OrderReceipt.objects.net().filter(line__in=lines.order_by().values("pk"))
    came: dict[int, list[Came]] = defaultdict(list)
    for line, at, quantity, cost in receipts.order_by().values_list(
        "line", "movement__happened_at", "quantity", "cost"
    ):
        came[line].append(Came(timezone.localdate(at), quantity, cost))
    found = lines.with_due().order_by("order", "position").values_list(*FACTS, named=True)
    return [_sent(line, came[line.pk]) for line in found]


def _sent(line: Any, came: Sequence[Came]) -> SentLine:
    is_closed = line.order__status == Status.CLOSED
    return SentLine(
        order=line.order,
        supplier=line.order__supplier,
        item=line.item,
        sent_on=timezone.localdate(line.order__sent_at),
        packs=line.packs,
        pack_quantity=line.pack_quantity,
        pack_price=line.pack_price,
        confirmed_packs=line.confirmed_packs,
        confirmed_price=line.confirmed_price,
        due_on=due.due_on(line.confirmed_on, line.own_day, line.since, line.longest_days),
        lead_time_days=line.offer__lead_time_days,
        closed_on=timezone.localdate(line.order__ended_at) if is_closed else None,
        is_cancelled=line.order__status == Status.CANCELLED,
        came=came,
    )
