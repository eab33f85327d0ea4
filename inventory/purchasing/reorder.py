"""What to order: every item whose position has come down to its reorder point, or that will be gone
before an order could come, and why.

The page, its workbook and the API all show these rows. The number of queries does not depend on
the number of items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from django.db.models import Exists, OuterRef

from inventory.catalog.models import Clinic, Item, Location, LocationLevel, Site
from inventory.purchasing.lead_times import Observed, lead_time_days
from inventory.purchasing.offers import Offer, best_offer, offer_words, offers_by_item, why_best
from inventory.purchasing.orders.delivered import lead_times_by_item
from inventory.purchasing.orders.drafted import OnDraft, drafted_by_item
from inventory.purchasing.orders.open import on_order_by_item
from inventory.purchasing.planning.expiry import most_to_order, will_expire_unused
from inventory.purchasing.planning.forecast import Forecast
from inventory.purchasing.planning.levels import Levels, Policy, levels
from inventory.purchasing.planning.ordering import NOTHING, Need, suggested_packs
from inventory.purchasing.reasons import Suggestion
from inventory.purchasing.reorder_row import ReorderRow
from inventory.purchasing.shelf_lives import shelf_life_by_item
from inventory.purchasing.shelves import Shelf, shelves_by_item
from inventory.purchasing.stocked import StockedItem
from inventory.purchasing.usage_book import FEW_ITEMS, Known, Places, known_by_item
from inventory.purchasing.what_if import AS_SET, WhatIf
from inventory.stock.models import Lot

# Of an item that nobody sells yet: about as long as finding somebody takes.
UNKNOWN_LEAD_TIME_DAYS = 7
NOWHERE = 0
# What an item needed is the same until it is used again.
ITEMS_REMEMBERED = 10_000
_levels = lru_cache(maxsize=ITEMS_REMEMBERED)(levels)


@dataclass(frozen=True)
class _Picture:
    """Everything that the rows are made of, by item id, read in a fixed number of queries."""

    today: date
    clinic: Clinic
    what_if: WhatIf
    place: Location | Site | None
    shelves: Mapping[int, Shelf]
    offers: Mapping[int, Sequence[Offer]]
    observed: Observed
    shelf_lives: Mapping[int, int]
    on_order: Mapping[int, Decimal]
    drafted: Mapping[int, Sequence[OnDraft]]
    known: Mapping[int, Known]

    def lead_time_days(self, offer: Offer) -> int:
        """How long a delivery takes: as orders that came have taught, else as the offer says."""
        return lead_time_days(
            self.observed, offer.supplier_id, offer.item_id, offered=offer.lead_time_days
        )


def reorder_rows(
    today: date, place: Location | Site | None = None, what_if: WhatIf = AS_SET
) -> list[ReorderRow]:
    """Return a row for each item to order, the most urgent first.

    With a location: the levels set for that place against what is usable there, and use there.
    With a site: what is learned from use there, against what is usable there; what is used there by
    nobody is none of its concern.
    """
    location = place if isinstance(place, Location) else None
    site = place if isinstance(place, Site) else None
    items = _levels_of(location) if location else _levels_of_clinic(site)
    picture = _picture(today, place, what_if, items)
    plans = [_plan(item, picture) for item in items]
    # A place is filled up from the storeroom: what a delivery takes is the clinic's concern.
    rows = [
        _row(plan, picture)
        for plan in plans
        if (plan.need.is_low if location else plan.need.is_due) and (plan.levels or not site)
    ]
    # Enough may be on its way although none of it is here yet.
    rows = [row for row in rows if row.packs]
    return sorted(rows, key=lambda row: row.urgency)


def row_of(item: Item, today: date) -> ReorderRow:
    """Return the row of an item, be it due or not (`is_due`)."""
    stocked = StockedItem.of(item)
    picture = _picture(today, None, AS_SET, [stocked])
    return _row(_plan(stocked, picture), picture)


def _locations_of(place: Location | Site | None) -> Places:
    if place is None:
        return ()
    if isinstance(place, Location):
        return (place.pk,)
    # A site without locations is no site at all, and never the whole clinic.
    return tuple(sorted(place.locations.values_list("pk", flat=True))) or (NOWHERE,)


def _levels_of_clinic(site: Site | None = None) -> list[StockedItem]:
    """Return all items that were ever stocked; for the clinic those with a reorder point too.

    What somebody set for the clinic is no level of one of its sites.
    """
    stocked = Exists(Lot.objects.filter(item=OuterRef("pk")))
    rows = Item.objects.filter(is_active=True).order_by().values_list(stocked, *StockedItem._fields)
    items = [(was_stocked, StockedItem(*fields)) for was_stocked, *fields in rows]
    if site:
        return [item._replace(reorder_point=None, par_level=None) for there, item in items if there]
    return [item for there, item in items if there or item.reorder_point is not None]


def _levels_of(location: Location) -> list[StockedItem]:
    levels = LocationLevel.objects.filter(location=location, item__is_active=True).order_by()
    own = ("reorder_point", "par_level")
    fields = [f if f in own else f"item__{f}" for f in StockedItem._fields]
    return [StockedItem(*row) for row in levels.values_list(*fields)]


@dataclass(frozen=True)
class _Plan:
    """What there is of an item, and what it needs."""

    item: StockedItem
    need: Need
    levels: Levels | None
    forecast: Forecast
    policy: Policy


def _picture(
    today: date, place: Location | Site | None, what_if: WhatIf, items: Sequence[StockedItem]
) -> _Picture:
    clinic = Clinic.objects.get(pk=1)
    places = _locations_of(place)
    ids = [item.pk for item in items]
    few = ids if len(ids) <= FEW_ITEMS else None
    return _Picture(
        today=today,
        clinic=clinic,
        what_if=what_if,
        place=place,
        shelves=shelves_by_item(today, clinic.expiring_days, places, few),
        offers=offers_by_item(ids),
        observed=lead_times_by_item(),
        shelf_lives=shelf_life_by_item(few),
        on_order=on_order_by_item(places),
        drafted=drafted_by_item(places),
        known=known_by_item(items, today, places),
    )


def _plan(item: StockedItem, picture: _Picture) -> _Plan:
    policy = picture.what_if.policy(picture.clinic, item)
    offers = picture.offers.get(item.pk, ())
    lead_time = picture.lead_time_days(offers[0]) if offers else None
    known = picture.known[item.pk]
    learned = None
    if not isinstance(picture.place, Location):
        days = UNKNOWN_LEAD_TIME_DAYS if lead_time is None else lead_time
        learned = _levels(known.forecast, days, policy)
    in_force = item if item.by_hand or learned is None else learned
    need = Need(
        usable=picture.shelves[item.pk].usable,
        reorder_point=in_force.reorder_point,
        par_level=in_force.par_level,
        on_order=picture.on_order.get(item.pk, NOTHING),
        daily_usage=known.daily,
        lead_time_days=lead_time,
        learned_from=known.forecast.daily if in_force is learned else None,
        no_cover=_no_cover(item, known.daily, lead_time, policy, picture),
        most=_most(item, known.daily, lead_time, picture) if in_force is learned else None,
    )
    return _Plan(item, need, learned, known.forecast, policy)


def _no_cover(
    item: StockedItem, daily: Decimal, lead_time: int | None, policy: Policy, picture: _Picture
) -> Decimal:
    """Return what will have expired unused by the time that the next order has to last for."""
    until = picture.today + timedelta(days=(lead_time or 0) + policy.review_days)
    lots = picture.shelves[item.pk].lots
    if not any(last_day is not None and last_day <= until for last_day, _ in lots):
        return NOTHING
    return will_expire_unused(lots, daily, picture.today, until)


def _most(
    item: StockedItem, daily: Decimal, lead_time: int | None, picture: _Picture
) -> Decimal | None:
    """Return what an order may bring and be used before it expires; None: nobody knows."""
    shelf_life = picture.shelf_lives.get(item.pk)
    if shelf_life is None:
        return None
    lots = picture.shelves[item.pk].lots
    on_order = picture.on_order.get(item.pk, NOTHING)
    return most_to_order(lots, on_order, daily, (lead_time or 0) + shelf_life, picture.today)


def _row(plan: _Plan, picture: _Picture) -> ReorderRow:
    item, need = plan.item, plan.need
    offers = picture.offers.get(item.pk, ())
    offer = best_offer(offers, need, picture.lead_time_days) if offers else None
    return ReorderRow(
        item=item,
        need=need,
        suggestion=_suggestion(item, offer, need),
        offer=offer,
        why_offer=_why_offer(offer, offers[0], need, picture) if offer else "",
        lead_time_days=picture.lead_time_days(offer) if offer else None,
        shelf=picture.shelves[item.pk],
        recent=picture.known[item.pk].recent,
        levels=plan.levels,
        by_hand=plan.item.by_hand,
        forecast=plan.forecast,
        service_level=plan.policy.service_level,
        today=picture.today,
        place=picture.place.name if picture.place else "",
        drafted=picture.drafted.get(item.pk, ()),
    )


def _why_offer(offer: Offer, usual: Offer, need: Need, picture: _Picture) -> str:
    if offer == usual:
        return ""
    days = picture.lead_time_days
    chosen, other = ((each.supplier.name, days(each)) for each in (offer, usual))
    return offer_words(chosen, other, why_best(offer, [offer, usual], need, days))


def _suggestion(item: StockedItem, offer: Offer | None, need: Need) -> Suggestion:
    if offer:
        packs = suggested_packs(need, offer.pack_quantity, offer.minimum_packs)
        return Suggestion(packs, offer.pack_quantity, offer.minimum_packs)
    pack = item.container_volume or Decimal(1)
    name = "vial" if item.container_volume else "piece"
    if item.container == Item.Container.AMPULE:
        name = "ampule"
    return Suggestion(suggested_packs(need, pack), pack, pack_name=name)
