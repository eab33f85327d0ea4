"""What is on order: the open quantity of orders that were approved or sent.

An approved order counts, although it has not left yet: somebody decided to buy, and whoever looks
at the position meanwhile must not order it again. A draft does not: nobody has. What the supplier
confirmed counts instead of what was ordered, and what was received of it, net of what was undone,
does not count any more. A line that got more than was ordered is at nothing, never below.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F

from inventory.catalog.models import Item
from inventory.purchasing.models import OrderLine
from inventory.purchasing.orders.due import FACTS, due_on

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Arrival:
    """What an order still brings of an item, and on which day it is expected (None: nobody
    knows)."""

    day: date | None
    quantity: Decimal
    order: str


def on_order_by_item(places: Collection[int] = ()) -> Mapping[int, Decimal]:
    """Return what is on order by item id, in the item's unit: one query.

    With the ids of locations: what is to be delivered there. An item of which nothing is on order
    is not in it.
    """
    lines = OrderLine.objects.on_order().order_by()
    if places:
        lines = lines.filter(order__deliver_to__in=places)
    open_now: dict[int, Decimal] = defaultdict(Decimal)
    for item, quantity in lines.values_list("item_id", F("open")):
        open_now[item] += quantity
    return open_now


def expected_arrivals(item: Item, today: date) -> list[Arrival]:
    """Return what is on order of an item and when it is expected, the soonest first: one query.

    What is late is expected today: nobody plans with a day that is past.
    """
    lines = OrderLine.objects.on_order().filter(item=item).order_by("order__number", "pk")
    arrivals = []
    for number, quantity, *facts in lines.with_due().values_list("order__number", "open", *FACTS):
        day = due_on(*facts)
        arrivals.append(Arrival(day and max(today, day), quantity, number))
    return sorted(arrivals, key=lambda arrival: arrival.day or date.max)
