"""Finding a supply that the kit does not have."""

from datetime import date

from django.db.models import Q

from inventory.catalog.models import Item, Location
from inventory.procedures.preview import Offer, usable_by_item
from inventory.stock.allocation import ZERO
from inventory.stock.shelf import read_shelf
from inventory.web.forms import UNPRINTABLE

CONSIDERED = 60
SHOWN = 12
TEXT_MAX = 100


def find_supplies(text: str, location: Location, today: date) -> list[Offer]:
    """Items whose name or SKU has every word of the text; what is here comes first.

    Two queries, none for an empty text.
    """
    words = UNPRINTABLE.sub(" ", text)[:TEXT_MAX].split()
    if not words:
        return []
    items = Item.objects.filter(is_active=True)
    for word in words:
        items = items.filter(Q(name__icontains=word) | Q(sku__icontains=word))
    found = {item.pk: item for item in items[:CONSIDERED]}
    here = usable_by_item(read_shelf(location, found).values(), today)
    offers = [Offer(str(pk), item, ZERO, here[pk]) for pk, item in found.items()]
    return sorted(offers, key=lambda offer: not offer.here)[:SHOWN]
