"""What to order: every item whose position has come down to its reorder point, or that will be gone
before an order could come, and why.

The page, its workbook and the API all show these rows. The number of queries does not depend on
the number of items.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from django.db.models import Exists, OuterRef

from inventory.catalog.models import (
    Clinic,
    Item,
    Location,
    LocationLevel,
    Site,
    Supplier,
    SupplierOffer,
)
from inventory.purchasing.lead_times import Observed, learned_lead_time_days
from inventory.purchasing.orders.delivered import lead_times_by_item
from inventory.purchasing.orders.open import on_order_by_item
from inventory.purchasing.planning.demand import WEEK_DAYS
from inventory.purchasing.planning.expiry import (
    THOUSANDTH,
    Perishable,
    most_to_order,
    will_expire_unused,
)
from inventory.purchasing.planning.forecast import Forecast, forecast
from inventory.purchasing.planning.levels import Levels, Policy, levels
from inventory.purchasing.planning.ordering import NOTHING, Need, runs_out_on, suggested_packs
from inventory.purchasing.reasons import Suggestion, reason
from inventory.purchasing.shelf_lives import shelf_life_by_item
from inventory.purchasing.usage import NO_USAGE, UsageByItem, daily_usages, month_and_quarter
from inventory.purchasing.usage_book import FEW_ITEMS, UNKNOWN, Known, Places, known_by_item
from inventory.purchasing.what_if import AS_SET, WhatIf
from inventory.stock.models import Holding, Lot
from inventory.stock.usable import usable_until, why_not

SORTS_LAST = Decimal("Infinity")
# Of an item that nobody sells yet: about as long as finding somebody takes.
UNKNOWN_LEAD_TIME_DAYS = 7
NOWHERE = 0
# What an item needed is the same until it is used again.
ITEMS_REMEMBERED = 10_000
_forecast = lru_cache(maxsize=ITEMS_REMEMBERED)(forecast)
_levels = lru_cache(maxsize=ITEMS_REMEMBERED)(levels)


@dataclass(frozen=True)
class ReorderRow:
    """An item to order. Quantities are in the item's unit, money is for all packs.

    Without an offer `supplier`, `offer` and `cost` are None and a pack is one container or one
    piece. `days_of_supply` is None when none is used. `reorder_point` and `par_level` are those in
    force: as somebody set them (`by_hand`), else the learned `levels`. `order_by` is the last day
    on which an order still comes before the stock is gone.
    """

    item: Item
    offer: SupplierOffer | None
    on_hand: Decimal
    usable: Decimal
    expiring: Decimal
    on_order: Decimal
    position: Decimal
    used_30: Decimal
    used_90: Decimal
    wasted_90: Decimal
    daily_usage: Decimal
    days_of_supply: Decimal | None
    reorder_point: Decimal | None
    par_level: Decimal | None
    levels: Levels | None
    by_hand: bool
    forecast: Forecast
    service_level: Decimal
    lead_time_days: int | None
    order_by: date
    packs: int
    pack_size: Decimal
    pack_name: str
    will_expire_unused: Decimal
    reason: str
    runs_out_before_delivery: bool
    is_due: bool = True

    @property
    def supplier(self) -> Supplier | None:
        return self.offer.supplier if self.offer else None

    @property
    def order_code(self) -> str:
        return self.offer.order_code if self.offer else ""

    @property
    def pack_price(self) -> Decimal | None:
        return self.offer.pack_price if self.offer else None

    @property
    def suggested_quantity(self) -> Decimal:
        return self.packs * self.pack_size

    @property
    def cost(self) -> Decimal | None:
        return self.packs * self.offer.pack_price if self.offer else None

    @property
    def urgency(self) -> tuple[Decimal, str, str]:
        """Sorts by days of supply, then by name; what is not used comes last."""
        days = SORTS_LAST if self.days_of_supply is None else self.days_of_supply
        return days, self.item.name.casefold(), self.item.sku


@dataclass(frozen=True)
class SupplierTotal:
    """What would be ordered from one supplier, or (None) from nobody known."""

    supplier: Supplier | None
    rows: Sequence[ReorderRow]

    @property
    def packs(self) -> int:
        return sum(row.packs for row in self.rows)

    @property
    def cost(self) -> Decimal:
        return sum((row.cost for row in self.rows if row.cost is not None), NOTHING)


@dataclass
class _Shelf:
    """What is on hand of one item."""

    on_hand: Decimal = NOTHING
    usable: Decimal = NOTHING
    expiring: Decimal = NOTHING
    lots: list[Perishable] = field(default_factory=list)


@dataclass(frozen=True)
class _Candidate:
    """An item that may have to be ordered, and the levels that somebody set for it by hand."""

    item: Item
    reorder_point: Decimal | None
    par_level: Decimal | None

    @property
    def by_hand(self) -> bool:
        return self.reorder_point is not None or self.par_level is not None


@dataclass(frozen=True)
class _Picture:
    """Everything that the rows are made of, by item id, read in a fixed number of queries."""

    today: date
    clinic: Clinic
    what_if: WhatIf
    place: Location | Site | None
    shelves: Mapping[int, _Shelf]
    offers: Mapping[int, SupplierOffer]
    observed: Observed
    shelf_lives: Mapping[int, int]
    on_order: Mapping[int, Decimal]
    month: UsageByItem
    quarter: UsageByItem
    known: Mapping[int, Known]
    daily: Mapping[int, Decimal]

    def lead_time_days(self, item: Item) -> int | None:
        """How long a delivery takes: as orders that came have taught, else as the offer says."""
        offer = self.offers.get(item.pk)
        if offer is None:
            return None
        learned = learned_lead_time_days(self.observed, offer.supplier_id, item.pk)
        return offer.lead_time_days if learned is None else learned


def reorder_rows(
    today: date, place: Location | Site | None = None, what_if: WhatIf = AS_SET
) -> list[ReorderRow]:
    """Return a row for each item to order, the most urgent first.

    With a location: the levels set for that place against what is usable there, and use there.
    With a site: what is learned from use there, against what is usable there.
    """
    location = place if isinstance(place, Location) else None
    site = place if isinstance(place, Site) else None
    candidates = _levels_of(location) if location else _levels_of_clinic(site)
    picture = _picture(today, place, what_if, [candidate.item for candidate in candidates])
    plans = [_plan(candidate, picture) for candidate in candidates]
    # A place is filled up from the storeroom: what a delivery takes is the clinic's concern.
    rows = [
        _row(plan, picture)
        for plan in plans
        if (plan.need.is_low if location else plan.need.is_due)
    ]
    # Enough may be on its way although none of it is here yet.
    rows = [row for row in rows if row.packs]
    return affordable(sorted(rows, key=lambda row: row.urgency), what_if.budget)


def row_of(item: Item, today: date) -> ReorderRow:
    """Return the row of an item, be it due or not (`is_due`)."""
    picture = _picture(today, None, AS_SET, [item])
    return _row(_plan(_Candidate(item, item.reorder_point, item.par_level), picture), picture)


def affordable(rows: Iterable[ReorderRow], budget: Decimal | None) -> list[ReorderRow]:
    """Return the rows that the budget allows, in their order; all of them without one.

    A row that does not fit is passed over; what has no price cannot be counted and stays.
    """
    if budget is None:
        return list(rows)
    left, kept = budget, []
    for row in rows:
        cost = row.cost or NOTHING
        if cost <= left:
            left -= cost
            kept.append(row)
    return kept


def totals_by_supplier(rows: Iterable[ReorderRow]) -> list[SupplierTotal]:
    """Return the rows by supplier, in the order of their names; what nobody sells comes last."""
    by_supplier: dict[Supplier | None, list[ReorderRow]] = defaultdict(list)
    for row in rows:
        by_supplier[row.supplier].append(row)
    totals = [SupplierTotal(supplier, its_rows) for supplier, its_rows in by_supplier.items()]
    return sorted(totals, key=lambda each: (each.supplier is None, str(each.supplier).casefold()))


def usual_offers(items: Iterable[int]) -> dict[int, SupplierOffer]:
    """Return whom each item is bought from, by item id, supplier included: one query.

    The preferred offer, else the cheapest for one unit, else the soonest; suppliers and offers out
    of use are left out.
    """
    offers = SupplierOffer.objects.filter(
        item__in=list(items), is_active=True, supplier__is_active=True
    ).select_related("supplier")
    chosen: dict[int, SupplierOffer] = {}
    for offer in sorted(offers, key=_preference):
        chosen.setdefault(offer.item_id, offer)
    return chosen


def _preference(offer: SupplierOffer) -> tuple[bool, Decimal, int, int]:
    unit_price = offer.pack_price / offer.pack_quantity
    return not offer.preferred, unit_price, offer.lead_time_days, offer.pk


def _locations_of(place: Location | Site | None) -> Places:
    if place is None:
        return ()
    if isinstance(place, Location):
        return (place.pk,)
    # A site without locations is no site at all, and never the whole clinic.
    return tuple(sorted(place.locations.values_list("pk", flat=True))) or (NOWHERE,)


def _levels_of_clinic(site: Site | None = None) -> list[_Candidate]:
    """Return all items that were ever stocked. What somebody set for the clinic is no level of one
    of its sites."""
    stocked = Exists(Lot.objects.filter(item=OuterRef("pk")))
    items = Item.objects.filter(is_active=True).order_by().annotate(stocked=stocked)
    return [
        _Candidate(item, None, None)
        if site
        else _Candidate(item, item.reorder_point, item.par_level)
        for item in items
        if item.stocked or (item.reorder_point is not None and not site)
    ]


def _levels_of(location: Location) -> list[_Candidate]:
    levels = LocationLevel.objects.filter(location=location, item__is_active=True)
    return [
        _Candidate(level.item, level.reorder_point, level.par_level)
        for level in levels.order_by().select_related("item")
    ]


def _shelves(
    today: date, clinic: Clinic, places: Places, items: Sequence[Item]
) -> Mapping[int, _Shelf]:
    expiring_until = today + timedelta(days=clinic.expiring_days)
    holdings = Holding.objects.on_hand()
    if places:
        holdings = holdings.filter(location__in=places)
    if len(items) <= FEW_ITEMS:
        holdings = holdings.filter(lot__item__in=items)
    shelves: dict[int, _Shelf] = defaultdict(_Shelf)
    for item, quantity, status, expires_on, beyond_use_on in holdings.values_list(
        "lot__item", "quantity", "lot__status", "lot__expires_on", "beyond_use_on"
    ):
        shelf = shelves[item]
        shelf.on_hand += quantity
        if why_not(status, expires_on, beyond_use_on, today):
            continue
        shelf.usable += quantity
        shelf.lots.append((usable_until(expires_on, beyond_use_on), quantity))
        if expires_on is not None and expires_on <= expiring_until:
            shelf.expiring += quantity
    return shelves


@dataclass(frozen=True)
class _Plan:
    """What there is of an item, and what it needs."""

    candidate: _Candidate
    need: Need
    levels: Levels | None
    forecast: Forecast
    policy: Policy


def _picture(
    today: date, place: Location | Site | None, what_if: WhatIf, items: Sequence[Item]
) -> _Picture:
    clinic = Clinic.objects.get(pk=1)
    places = _locations_of(place)
    month, quarter = month_and_quarter(today, places)
    known = known_by_item(items, today, places)
    return _Picture(
        today=today,
        clinic=clinic,
        what_if=what_if,
        place=place,
        shelves=_shelves(today, clinic, places, items),
        offers=usual_offers(item.pk for item in items),
        observed=lead_times_by_item(),
        shelf_lives=shelf_life_by_item(),
        on_order=on_order_by_item(places),
        month=month,
        quarter=quarter,
        known=known,
        daily=daily_usages(items, quarter, today, known),
    )


def _plan(candidate: _Candidate, picture: _Picture) -> _Plan:
    item = candidate.item
    policy = picture.what_if.policy(picture.clinic, item)
    lead_time = picture.lead_time_days(item)
    daily = picture.daily[item.pk]
    predicted = _forecast(picture.known.get(item.pk, UNKNOWN).demand, usual=daily * WEEK_DAYS)
    learned = None
    if not isinstance(picture.place, Location):
        days = UNKNOWN_LEAD_TIME_DAYS if lead_time is None else lead_time
        learned = _levels(predicted, days, policy)
    in_force = candidate if candidate.by_hand or learned is None else learned
    need = Need(
        usable=picture.shelves[item.pk].usable,
        reorder_point=in_force.reorder_point,
        par_level=in_force.par_level,
        on_order=picture.on_order.get(item.pk, NOTHING),
        daily_usage=daily,
        lead_time_days=lead_time,
        learned=in_force is learned,
        no_cover=_no_cover(item, daily, lead_time, policy, picture),
        most=_most(item, daily, lead_time, picture) if in_force is learned else None,
    )
    return _Plan(candidate, need, learned, predicted, policy)


def _no_cover(
    item: Item, daily: Decimal, lead_time: int | None, policy: Policy, picture: _Picture
) -> Decimal:
    """Return what will have expired unused by the time that the next order has to last for."""
    until = picture.today + timedelta(days=(lead_time or 0) + policy.review_days)
    lots = picture.shelves[item.pk].lots
    if not any(last_day is not None and last_day <= until for last_day, _ in lots):
        return NOTHING
    return will_expire_unused(lots, daily, picture.today, until)


def _most(item: Item, daily: Decimal, lead_time: int | None, picture: _Picture) -> Decimal | None:
    """Return what an order may bring and be used before it expires; None: nobody knows."""
    shelf_life = picture.shelf_lives.get(item.pk)
    if shelf_life is None:
        return None
    lots = picture.shelves[item.pk].lots
    on_order = picture.on_order.get(item.pk, NOTHING)
    return most_to_order(lots, on_order, daily, (lead_time or 0) + shelf_life, picture.today)


def _row(plan: _Plan, picture: _Picture) -> ReorderRow:
    item, need = plan.candidate.item, plan.need
    shelf = picture.shelves[item.pk]
    offer = picture.offers.get(item.pk)
    usage = picture.quarter.get(item.pk, NO_USAGE)
    suggestion = _suggestion(item, offer, need)
    place = picture.place.name if picture.place else ""
    return ReorderRow(
        item=item,
        offer=offer,
        on_hand=shelf.on_hand,
        usable=need.usable,
        expiring=shelf.expiring,
        on_order=need.on_order,
        position=need.position,
        used_30=picture.month.get(item.pk, NO_USAGE).used,
        used_90=usage.used,
        wasted_90=usage.wasted,
        daily_usage=need.daily_usage.quantize(THOUSANDTH),
        days_of_supply=need.days_of_supply,
        reorder_point=need.reorder_point,
        par_level=need.par_level,
        levels=plan.levels,
        by_hand=plan.candidate.by_hand,
        forecast=plan.forecast,
        service_level=plan.policy.service_level,
        lead_time_days=need.lead_time_days,
        order_by=_order_by(need, picture.today),
        packs=suggestion.packs,
        pack_size=suggestion.pack_size,
        pack_name=suggestion.pack_name,
        will_expire_unused=will_expire_unused(shelf.lots, need.daily_usage, picture.today),
        reason=reason(need, suggestion, item.unit, picture.today, place),
        runs_out_before_delivery=need.runs_out_before_delivery,
        is_due=need.is_due,
    )


def _order_by(need: Need, today: date) -> date:
    """Return the last day on which an order still comes in time; today where it is too late."""
    empty_on = runs_out_on(need.cover, need.daily_usage, today)
    if empty_on is None or need.lead_time_days is None:
        return today
    return max(today, empty_on - timedelta(days=need.lead_time_days))


def _suggestion(item: Item, offer: SupplierOffer | None, need: Need) -> Suggestion:
    if offer:
        packs = suggested_packs(need, offer.pack_quantity, offer.minimum_packs)
        return Suggestion(packs, offer.pack_quantity, offer.minimum_packs)
    pack = item.container_volume or Decimal(1)
    name = "vial" if item.container_volume else "piece"
    if item.container == Item.Container.AMPULE:
        name = "ampule"
    return Suggestion(suggested_packs(need, pack), pack, pack_name=name)
