"""Reorder points and par levels after the clinic's own use, as a careful manager would set them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from inventory.catalog.models import Item, LocationLevel
from inventory.demo.cast import ROOMS, Cast, whole_containers
from inventory.demo.demand import Demand

REVIEW_DAYS = 7
"""The clinic orders once a week."""
SAFETY = Decimal("1.6")
DAYS_TO_PAR = 32
FEWEST_CONTAINERS = Decimal(2)
ROUND_NUMBERS = ((1000, 100), (200, 50), (50, 10), (20, 5))
"""Above so many pieces, levels are multiples of so many."""

# Dana sets the levels of these kinds by hand, for these reasons; the others' follow from their use.
SET_BY_HAND = {
    Item.Kind.TOXIN: "It is ordered for each clinic day",
    Item.Kind.CORTICOSTEROID: "Steroids were hard to get last winter",
    Item.Kind.LOCAL_ANESTHETIC: "No room may run out on a full day",
}
SET_DAYS_AGO = timedelta(days=90)
LEVEL_FIELDS = ["reorder_point", "par_level", "levels_set_on", "levels_set_by", "levels_reason"]

# What every room is restocked with; the levels of the rest are known to nobody but the nurses.
KEPT_IN_ROOMS = (
    "lido-1-20",
    "bupi-025-10",
    "kenalog-40-1",
    "chg-applicator",
    "needle-25g-15",
    "needle-22g-15",
    "syringe-5",
    "syringe-10",
    "alcohol-pad",
    "gauze-2x2",
    "bandage",
    "glove-nitrile-m",
)


@dataclass(frozen=True)
class Level:
    """When to get more of an item, and up to how much, in its unit."""

    reorder_point: Decimal
    par: Decimal


@dataclass(frozen=True)
class Levels:
    """Of the clinic by SKU, of its rooms by room and SKU."""

    clinic: Mapping[str, Level]
    rooms: Mapping[tuple[str, str], Level]


def set_levels(cast: Cast, demand: Demand, since: date, until: date) -> Levels:
    """Work out the levels from the use of these days, and write those that are set by hand."""
    levels = Levels(
        {sku: _of_clinic(cast, sku, demand, since, until) for sku in cast.items},
        {
            (room, sku): _of_room(cast.items[sku], room, demand, since, until)
            for room in ROOMS
            for sku in demand.skus(room)
        },
    )
    by_hand = [cast.items[sku] for sku in levels.clinic if cast.items[sku].kind in SET_BY_HAND]
    for item in by_hand:
        level = levels.clinic[item.sku]
        item.reorder_point, item.par_level = level.reorder_point, level.par
        item.levels_set_on, item.levels_set_by = until - SET_DAYS_AGO, cast.people["dana"]
        item.levels_reason = SET_BY_HAND[Item.Kind(item.kind)]
    Item.objects.bulk_update(by_hand, LEVEL_FIELDS)
    LocationLevel.objects.bulk_create(
        LocationLevel(
            item=cast.items[sku],
            location=cast.places[room],
            reorder_point=level.reorder_point,
            par_level=level.par,
        )
        for (room, sku), level in levels.rooms.items()
        if sku in KEPT_IN_ROOMS
    )
    return levels


def _of_clinic(cast: Cast, sku: str, demand: Demand, since: date, until: date) -> Level:
    """Lead time, a week until the next order, and safety; then a month to par."""
    item, lead_time = cast.items[sku], cast.offers[sku].lead_time_days
    daily = demand.between(sku, since, until) / ((until - since).days + 1)
    if not daily:
        one = whole_containers(item, Decimal(1))
        return Level(one, max(one, cast.offers[sku].pack_quantity))
    point = _round(item, daily * (lead_time + REVIEW_DAYS) * SAFETY)
    return Level(point, _round(item, point + daily * DAYS_TO_PAR))


def _of_room(item: Item, room: str, demand: Demand, since: date, until: date) -> Level:
    """A usual day's use; up to what the busiest week took."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    busiest = max(
        demand.between(item.sku, first, first + timedelta(days=6), room)
        for first in days
        if first.weekday() < 5
    )
    usual = demand.between(item.sku, since, until, room) * 7 / (len(days) * 5)
    point = whole_containers(item, usual)
    return Level(point, _round(item, busiest + point))


def _round(item: Item, quantity: Decimal) -> Decimal:
    """Round up to whole containers, pieces to a number that is easy to count."""
    fewest = FEWEST_CONTAINERS * (item.container_volume or Decimal(1))
    if item.container_volume:
        return max(fewest, whole_containers(item, quantity))
    step = next((step for above, step in ROUND_NUMBERS if quantity > above), 1)
    rounded = (quantity / step).to_integral_value(ROUND_CEILING) * step
    return max(fewest, rounded)
