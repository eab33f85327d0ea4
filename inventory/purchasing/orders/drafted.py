"""What stands on drafts. It is not on order, for nobody has decided to buy it yet; but whoever
looks at what to order must not draft it twice."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.catalog.models import Location, Site
from inventory.purchasing.models import OrderLine, PurchaseOrder


@dataclass(frozen=True)
class OnDraft:
    """A line of a draft: so many packs of so much, in the item's unit, on an order by its number
    and its key."""

    order: str
    order_id: int
    packs: int
    pack_quantity: Decimal

    @property
    def quantity(self) -> Decimal:
        return self.packs * self.pack_quantity


def drafted_by_item(places: Collection[int] = ()) -> Mapping[int, Sequence[OnDraft]]:
    """Return what is on drafts by item id, the oldest draft first: one query.

    With the ids of locations: what is to be delivered there.
    """
    lines = OrderLine.objects.filter(order__status=PurchaseOrder.Status.DRAFT)
    if places:
        lines = lines.filter(order__deliver_to__in=places)
    found: dict[int, list[OnDraft]] = defaultdict(list)
    fields = ("item_id", "order__number", "order_id", "packs", "pack_quantity")
    for item, *line in lines.order_by("order_id", "position").values_list(*fields):
        found[item].append(OnDraft(*line))
    return found


def place_of_delivery(place: Location | Site | None) -> Location | None:
    """Return where an order for this place is to be delivered: at a site, where the last one went,
    else the first of its locations in which no patients are treated."""
    if not isinstance(place, Site):
        return place
    there = PurchaseOrder.objects.filter(deliver_to__site=place, deliver_to__is_active=True)
    last = there.select_related("deliver_to").order_by("-pk").first()
    if last:
        return last.deliver_to
    return place.locations.filter(is_active=True).order_by("treatment_area", "name").first()
