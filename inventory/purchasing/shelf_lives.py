"""How long lots lasted when they came: what the next delivery can be expected to last too."""

from collections import defaultdict
from collections.abc import Collection
from statistics import median_low

from django.db.models import Window
from django.db.models.functions import RowNumber

from inventory.stock.models import Lot

LATEST_LOTS = 5


def shelf_life_by_item(items: Collection[int] | None = None) -> dict[int, int]:
    """Return the usual days from receipt to expiry of each item's latest lots: one query.

    None: of all items.
    """
    lots = Lot.objects.filter(expires_on__isnull=False, received_at__isnull=False)
    if items is not None:
        lots = lots.filter(item__in=items)
    place = Window(RowNumber(), partition_by="item", order_by=["-received_at", "-pk"])
    latest = lots.order_by().annotate(place=place).filter(place__lte=LATEST_LOTS)
    days: dict[int, list[int]] = defaultdict(list)
    for item, expires_on, received_at in latest.values_list("item", "expires_on", "received_at"):
        if expires_on is not None and received_at is not None:
            # A day more or less does not matter here; a clock for each lot would.
            days[item].append((expires_on - received_at.date()).days)
    return {item: max(0, median_low(each)) for item, each in days.items()}
