"""The clinic's own demand and terms, read from its ledger and its offers.

What was voided is no use, and past use that came in files counts. Of containers for one dose what
was thrown away with the rest was needed as well, as everywhere in purchasing. Stock that was not
there was not used either: the ledger cannot say what would have been.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from statistics import median_low

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.catalog.models import Item
from inventory.purchasing.backtest.files import DemandBySku
from inventory.purchasing.backtest.simulate import Terms
from inventory.purchasing.offers import Offer, usual_offers
from inventory.stock.models import Entry, Lot, PastUse

NOTHING = Decimal(0)


def clinic_demand() -> DemandBySku:
    """Return what was needed on each of the clinic's days, by sku. Two queries."""
    items = {item.pk: item for item in Item.objects.order_by("sku")}
    needed: dict[int, dict[date, Decimal]] = {pk: defaultdict(Decimal) for pk in items}
    entries = Entry.objects.filter(kind__in=(Entry.Kind.USE, Entry.Kind.WASTE)).order_by()
    # What takes a use back belongs to the day of that use, not to the day of the second thought.
    rows = entries.annotate(moment=Coalesce("movement__reverses__happened_at", "happened_at"))
    for item, kind, moment, quantity in rows.values_list(
        "item", "kind", "moment", "quantity"
    ).iterator():
        if kind == Entry.Kind.USE or items[item].is_single_dose:
            needed[item][timezone.localdate(moment)] -= quantity
    past = PastUse.objects.order_by()
    for item, moment, used, discarded in past.values_list(
        "item", "used_at", "quantity", "discarded"
    ).iterator():
        more = discarded if items[item].is_single_dose else NOTHING
        needed[item][timezone.localdate(moment)] += used + more
    demand = {
        items[pk].sku: {day: amount for day, amount in days.items() if amount > 0}
        for pk, days in needed.items()
    }
    return {sku: days for sku, days in demand.items() if days}


def clinic_terms(skus: Iterable[str]) -> dict[str, Terms]:
    """Return how each item is bought: as its usual offer says, and for as long as its lots last.

    Without an offer a pack is one container or one piece that comes at the usual lead time, at what
    its lots cost. Four queries.
    """
    items = list(Item.objects.filter(sku__in=list(skus)))
    offers = usual_offers(item.pk for item in items)
    lives, costs = _lots(items)
    return {
        item.sku: _terms(item, offers.get(item.pk), lives.get(item.pk), costs.get(item.pk))
        for item in items
    }


def _terms(
    item: Item, offer: Offer | None, shelf_life: int | None, unit_cost: Decimal | None
) -> Terms:
    if offer:
        return Terms(
            lead_time_days=offer.lead_time_days,
            pack_size=offer.pack_quantity,
            pack_price=offer.pack_price,
            shelf_life_days=shelf_life,
            minimum_packs=offer.minimum_packs,
        )
    pack = item.container_volume or Decimal(1)
    price = pack * unit_cost if unit_cost is not None else Terms.pack_price
    return Terms(pack_size=pack, pack_price=price, shelf_life_days=shelf_life)


def _lots(items: Iterable[Item]) -> tuple[Mapping[int, int], Mapping[int, Decimal]]:
    """Return for how many days the middle lot of an item could be used when it came, and what a
    unit of its last lot cost; an item without such lots is not in it."""
    lives: dict[int, list[int]] = defaultdict(list)
    costs: dict[int, Decimal] = {}
    lots = Lot.objects.filter(item__in=items, received_at__isnull=False)
    for item, received_at, expires_on, unit_cost in lots.order_by("received_at", "pk").values_list(
        F("item_id"), "received_at", "expires_on", "unit_cost"
    ):
        if expires_on is not None:
            lives[item].append((expires_on - timezone.localdate(received_at)).days)
        if unit_cost is not None:
            costs[item] = unit_cost
    return {item: max(1, median_low(days)) for item, days in lives.items()}, costs
