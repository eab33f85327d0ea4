"""Whom an item is bought from."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from inventory.catalog.models import Supplier, SupplierOffer
from inventory.purchasing.planning.ordering import NOTHING, Need, suggested_packs
from inventory.purchasing.reasons import days_words
from inventory.web.decimals import plain

# Beyond, another WHERE costs more than it saves.
FEW_ITEMS = 500
YEAR_DAYS = 365
WORTHLESS = Decimal("Infinity")
IN_TIME = "comes before the stock is gone"
ADVANTAGES = (
    IN_TIME,
    "is preferred",
    "costs least for what will be used",
    "costs least in all",
    "comes sooner",
    "was entered first",
)
# What makes an offer the usual one, as `_preference` takes it.
USUAL_BY = ("preferred", "pack_price", "pack_quantity", "lead_time_days", "pk")
Preference = tuple[bool, Decimal, int, int]


class Offer(NamedTuple):
    """A `SupplierOffer` in use, by the names of its fields: a report weighs thousands of them."""

    pk: int
    item_id: int
    supplier: Supplier
    order_code: str
    pack_quantity: Decimal
    pack_price: Decimal
    lead_time_days: int
    minimum_packs: int
    preferred: bool

    @property
    def supplier_id(self) -> int:
        return self.supplier.pk

    @property
    def as_shown(self) -> str:
        """Which offer it is, and what its pack holds, as in "12:25": what a page sends back."""
        return f"{self.pk}:{plain(self.pack_quantity)}"


LeadTimes = Callable[[Offer], int]


def offers_by_item(items: Iterable[int]) -> Mapping[int, Sequence[Offer]]:
    """Return the offers in use of each item, the usual one first, suppliers included: two queries.

    The preferred offer, else the cheapest for one unit, else the soonest; suppliers and offers out
    of use are left out, and so are items that nobody sells.
    """
    wanted = frozenset(items)
    suppliers = Supplier.objects.filter(is_active=True).in_bulk()
    offers = SupplierOffer.objects.filter(is_active=True).order_by()
    if len(wanted) <= FEW_ITEMS:
        offers = offers.filter(item__in=wanted)
    found: dict[int, list[Offer]] = defaultdict(list)
    for pk, item, supplier, *terms in offers.values_list(*Offer._fields):
        if item in wanted and supplier in suppliers:
            found[item].append(Offer(pk, item, suppliers[supplier], *terms))
    return {
        item: each if len(each) == 1 else sorted(each, key=_preference_of)
        for item, each in found.items()
    }


def usual_offers(items: Iterable[int]) -> dict[int, Offer]:
    """Return the first of `offers_by_item` of each item."""
    return {item: offers[0] for item, offers in offers_by_item(items).items()}


def usual_lead_times(items: Collection[int] | None) -> dict[int, tuple[int, int]]:
    """Return whose offer is the usual one of each item (None: of all items), by the supplier's id,
    and how many days it says that a delivery takes: one query."""
    offers = SupplierOffer.objects.filter(is_active=True, supplier__is_active=True).order_by()
    if items is not None:
        offers = offers.filter(item__in=items)
    found: dict[int, list[tuple[Preference, int]]] = defaultdict(list)
    for item, supplier, *terms in offers.values_list("item", "supplier", *USUAL_BY):
        found[item].append((_preference(*terms), supplier))
    return {
        item: (supplier, preference[2])
        for item, (preference, supplier) in ((item, min(each)) for item, each in found.items())
    }


def best_offer(offers: Sequence[Offer], need: Need, lead_time_of: LeadTimes) -> Offer:
    """Return which of an item's offers to order what it needs from.

    One that comes before the stock is gone, else the preferred one, else the one that costs least
    for a unit that will be used: what its packs or its minimum bring beyond what can be used before
    it expires, or in a year, is paid for too. Else the sooner.
    """
    if len(offers) == 1:
        return offers[0]
    return min(offers, key=lambda offer: _drawbacks(offer, need, lead_time_of(offer)))


def why_best(best: Offer, offers: Sequence[Offer], need: Need, lead_time_of: LeadTimes) -> str:
    """Return what speaks for the best of these offers against the second best, in words."""
    others = [
        _drawbacks(offer, need, lead_time_of(offer)) for offer in offers if offer.pk != best.pk
    ]
    if not others:
        return "nobody else sells it"
    its_own = _drawbacks(best, need, lead_time_of(best))
    differs = (its != other for its, other in zip(its_own, min(others), strict=True))
    return next(why for why, differ in zip(ADVANTAGES, differs, strict=True) if differ)


def offer_words(chosen: tuple[str, int], usual: tuple[str, int], why: str) -> str:
    """Return why an order goes to another supplier than usual: each a name and a lead time.

    For instance "from Harbor in 2 days: Northgate would take 7", or "from Harbor, not Northgate: it
    costs least for what will be used".
    """
    name, days = chosen
    other, other_days = usual
    if why == IN_TIME:
        return f"from {name} in {days_words(days)}: {other} would take {other_days}"
    return f"from {name}, not {other}: it {why}"


def _drawbacks(
    offer: Offer, need: Need, lead_time: int
) -> tuple[bool, bool, Decimal, Decimal, int, int]:
    """Return what `ADVANTAGES` are the want of, the weightiest first."""
    unit, whole = _costs(offer, need)
    return need.is_late(lead_time), not offer.preferred, unit, whole, lead_time, offer.pk


def _costs(offer: Offer, need: Need) -> tuple[Decimal, Decimal]:
    """Return what a unit that will be used costs, and what the whole order does."""
    packs = suggested_packs(need, offer.pack_quantity, offer.minimum_packs) or offer.minimum_packs
    bought, cost = packs * offer.pack_quantity, packs * offer.pack_price
    usable = bought
    if need.most is not None:
        usable = min(bought, need.most)
    elif need.daily_usage > NOTHING:
        usable = min(bought, need.daily_usage * YEAR_DAYS)
    return cost / usable if usable > NOTHING else WORTHLESS, cost


def _preference_of(offer: Offer) -> Preference:
    return _preference(*(getattr(offer, term) for term in USUAL_BY))


def _preference(
    preferred: bool, pack_price: Decimal, pack_quantity: Decimal, lead_time_days: int, pk: int
) -> Preference:
    return not preferred, pack_price / pack_quantity, lead_time_days, pk
