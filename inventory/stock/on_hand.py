"""How much there is: of items, and in locations. One query each, by the one rule of `usable_on`."""

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from inventory.catalog.models import Item, Location, LocationLevel, SupplierOffer
from inventory.stock.models import Holding
from inventory.web.fields import QuantityField

NOTHING = Value(0, output_field=QuantityField())


def with_on_hand(items: QuerySet[Item], today: date) -> QuerySet[Item]:
    """Annotate items with `on_hand` and `usable`, in each item's unit."""
    there = Holding.objects.on_hand().filter(lot__item=OuterRef("pk"))
    return items.annotate(
        on_hand=_total(there, "lot__item"), usable=_total(there.usable_on(today), "lot__item")
    )


def with_preferred_supplier(items: QuerySet[Item]) -> QuerySet[Item]:
    """Annotate items with the name of the supplier where they are ordered first."""
    preferred = SupplierOffer.objects.filter(item=OuterRef("pk"), preferred=True)
    return items.annotate(preferred_supplier=Subquery(preferred.values("supplier__name")[:1]))


def with_items_on_hand(locations: QuerySet[Location]) -> QuerySet[Location]:
    """Annotate locations with `items_on_hand`, the number of different items."""
    there = Q(holdings__quantity__gt=0)
    return locations.annotate(
        items_on_hand=Count("holdings__lot__item", filter=there, distinct=True)
    )


def with_usable_there(levels: QuerySet[LocationLevel], today: date) -> QuerySet[LocationLevel]:
    """Annotate the levels of locations with `usable`, what may be used there of the item."""
    there = Holding.objects.on_hand().usable_on(today)
    here = there.filter(lot__item=OuterRef("item"), location=OuterRef("location"))
    return levels.annotate(usable=_total(here, "location"))


def _total(holdings: QuerySet[Holding], key: str) -> Coalesce:
    totals = holdings.order_by().values(key).annotate(total=Sum("quantity")).values("total")
    return Coalesce(Subquery(totals), NOTHING)
