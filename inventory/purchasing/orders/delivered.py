"""How long orders took to come. A receipt that was undone counts for nothing."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from inventory.purchasing.lead_times import Observed, days_taken
from inventory.purchasing.models import OrderReceipt


def lead_times_by_item(suppliers: Collection[int] | None = None) -> Observed:
    """Return the observed lead times in the clinic's days, by supplier and item: one query.

    Each order says one for its supplier, by its first receipt, and one for each of its items.
    """
    receipts = OrderReceipt.objects.net().filter(line__order__sent_at__isnull=False)
    if suppliers is not None:
        receipts = receipts.filter(line__order__supplier__in=suppliers)
    orders: dict[int, tuple[int, datetime, datetime]] = {}
    by_item: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = receipts.order_by("line__order").values_list(
        "line__order", "line__order__supplier", "line__item", "line__order__sent_at"
    )
    for order, supplier, item, sent_at, came_at in rows.annotate(Min("movement__happened_at")):
        by_item[supplier, item].append(_days(sent_at, came_at))
        _, _, first = orders.get(order, (supplier, sent_at, came_at))
        orders[order] = (supplier, sent_at, min(first, came_at))
    by_supplier: dict[int, list[int]] = defaultdict(list)
    for supplier, sent_at, came_at in orders.values():
        by_supplier[supplier].append(_days(sent_at, came_at))
    return Observed(by_supplier, by_item)


def _days(sent_at: datetime, came_at: datetime) -> int:
    return days_taken(timezone.localdate(sent_at), timezone.localdate(came_at))
