"""Multi-dose vials of which a smaller one would waste less: three queries, and the use by place.

The same drug is the same by its label: kind, unit, strength, HCPCS code, how it is stored, with or
without preservative, and the name as it stands before the volume. So "Lidocaine 1% 20 mL" goes with
"Lidocaine 1% 50 mL" and not with the one with epinephrine, nor with another brand. Single-dose
vials are not held against multi-dose ones: each is for one procedure, and what is drawn of it has
nothing to do with days. It is a person who reads this and decides; nothing is ordered by it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Item, Location
from inventory.purchasing.offers import Offer, usual_offers
from inventory.purchasing.planning.vials import SmallerVial, Vial, drug_name, smaller_vial
from inventory.purchasing.waste.use_by_place import daily_use_by_place
from inventory.stock.usable import DEFAULT_BEYOND_USE_DAYS

NOTHING = Decimal(0)


@dataclass(frozen=True)
class VialAdvice:
    """An item, the smaller one to buy in its place, and why. Costs are for one unit that is used.

    `used` is how much is drawn of an opened vial before it has to go, where most is drawn.
    """

    item: Item
    smaller: Item
    offer: Offer
    used: Decimal
    found: SmallerVial

    @property
    def days(self) -> int:
        return _days(self.item)


def vial_advice(today: date) -> list[VialAdvice]:
    """Return the items that a smaller vial would replace at less cost, the most saved first."""
    items = Item.objects.filter(is_active=True, container=Item.Container.MULTI_DOSE_VIAL)
    by_id = {item.pk: item for item in items.order_by("pk")}
    offers = usual_offers(by_id)
    use = daily_use_by_place(by_id.values(), today)
    # Where patients are treated a vial is for one of them, whatever the days.
    areas = set(Location.objects.filter(treatment_area=True).values_list("pk", flat=True))
    vials = {pk: _vial(by_id[pk], offer) for pk, offer in offers.items()}
    drugs: dict[tuple[object, ...], list[Vial]] = defaultdict(list)
    for pk, vial in vials.items():
        drugs[_drug(by_id[pk])].append(vial)
    by_sku = {item.sku: item for item in by_id.values()}
    advice = []
    for pk, vial in vials.items():
        dailies = [daily for place, daily in use[pk].items() if place not in areas]
        if found := smaller_vial(vial, drugs[_drug(by_id[pk])], dailies):
            smaller = by_sku[found.vial.sku]
            used = min(vial.volume, vial.days * max(dailies))
            advice.append(VialAdvice(by_id[pk], smaller, offers[smaller.pk], used, found))
    return sorted(advice, key=lambda each: (-each.found.saved_a_year, each.item.name.casefold()))


def _drug(item: Item) -> tuple[object, ...]:
    return (
        item.kind,
        item.unit,
        item.strength,
        item.hcpcs,
        item.storage,
        item.preservative_free,
        drug_name(item.name),
    )


def _vial(item: Item, offer: Offer) -> Vial:
    volume = item.container_volume or offer.pack_quantity
    price = offer.pack_price * volume / offer.pack_quantity
    return Vial(item.sku, volume, price, _days(item))


def _days(item: Item) -> int:
    return item.beyond_use_days or DEFAULT_BEYOND_USE_DAYS
