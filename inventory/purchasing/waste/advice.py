"""What of the stock will expire unused, and what would be used if it were somewhere else.

The clinic's stock is netted as one shelf, first expiry first out against the use of all its places:
what is left over then is lost wherever it is. What would only be lost where it is now is to be
moved. Writes nothing; the number of queries does not depend on how much there is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.db.models import Q

from inventory.catalog.models import Clinic, Item, Location
from inventory.purchasing.planning.expiry import unused_by_lot
from inventory.purchasing.planning.moves import Shelf, Stored, moves
from inventory.purchasing.waste.use_by_place import UseByPlace, daily_use_by_place
from inventory.stock.costs import cost_of
from inventory.stock.models import Holding
from inventory.stock.usable import usable_until

NOTHING = Decimal(0)
PIECE = Decimal(1)


@dataclass(frozen=True)
class Carry:
    """So much of a holding to another place, at the latest on this day."""

    to: Location
    quantity: Decimal
    saved: Decimal
    by: date


@dataclass(frozen=True)
class Advice:
    """A holding of which some will be lost, or is to be moved. Quantities are in the item's unit.

    `unused` is what nobody in the clinic will have used by then; `daily` is the use of all places.
    """

    holding: Holding
    unused: Decimal
    daily: Decimal
    carries: Sequence[Carry] = ()

    @property
    def item(self) -> Item:
        return self.holding.lot.item

    @property
    def last_day(self) -> date:
        """The last usable day. Raises ValueError for what never expires, which is never lost."""
        day = usable_until(self.holding.lot.expires_on, self.holding.beyond_use_on)
        if day is None:
            raise ValueError(f"Expected stock that expires, got {self.holding}.")
        return day

    @property
    def cost(self) -> Decimal | None:
        """What the lost part cost; None where nothing is lost, or where nobody knows."""
        return cost_of(self.unused, self.holding.lot.unit_cost) if self.unused else None

    @property
    def saved(self) -> Decimal | None:
        """What the part cost that moving it would save."""
        saved = sum((carry.saved for carry in self.carries), NOTHING)
        return cost_of(saved, self.holding.lot.unit_cost) if saved else None

    @property
    def whole(self) -> Decimal:
        """The whole containers or pieces of the lost part, sealed: what a supplier could take."""
        if self.holding.is_opened:
            return NOTHING
        step = _step(self.item)
        return (self.unused / step).to_integral_value(ROUND_FLOOR) * step


def advice_rows(today: date, last: date = date.max) -> list[Advice]:
    """Return a row for each holding to do something about, the soonest to expire first.

    Of items that have nothing that expires by the `last` day there is none. Moves that can wait
    for longer than the clinic looks ahead for what expires are not in it: until then a restock
    takes the soonest to expire by itself.
    """
    usable = Holding.objects.on_hand().usable_on(today)
    soon = usable.filter(Q(lot__expires_on__lte=last) | Q(beyond_use_on__lte=last))
    perishable = Q(lot__expires_on__isnull=False) | Q(beyond_use_on__isnull=False)
    holdings = usable.with_lot().filter(perishable, lot__item__in=soon.values("lot__item"))
    by_item: dict[Item, list[Holding]] = defaultdict(list)
    for holding in holdings.order_by("pk"):
        by_item[holding.lot.item].append(holding)
    use = daily_use_by_place(by_item, today)
    places = {place.pk: place for place in Location.objects.filter(is_active=True)}
    until = today + timedelta(days=Clinic.objects.get(pk=1).expiring_days)
    rows = [
        row
        for item, its_holdings in by_item.items()
        for row in _of_item(its_holdings, use[item.pk], places, today, until)
    ]
    return sorted(rows, key=lambda row: (row.last_day, row.item.name.casefold(), row.holding.pk))


def _of_item(
    holdings: Sequence[Holding],
    use: UseByPlace,
    places: Mapping[int, Location],
    today: date,
    until: date,
) -> Iterator[Advice]:
    daily = sum(use.values(), NOTHING)
    carries = _carries(holdings, use, places, today)
    # Of one lot in several places, what is where it is used is used first.
    in_order = sorted(holdings, key=lambda each: use.get(each.location_id, NOTHING), reverse=True)
    lots = [(_last_day(each), each.quantity) for each in in_order]
    for holding, lost in zip(in_order, unused_by_lot(lots, daily, today), strict=True):
        unused = _countable(holding.lot.item, lost)
        soon = [carry for carry in carries[holding.pk] if carry.by <= until]
        if unused or soon:
            yield Advice(holding, unused, daily, soon)


def _carries(
    holdings: Sequence[Holding], use: UseByPlace, places: Mapping[int, Location], today: date
) -> Mapping[int, Sequence[Carry]]:
    """Return what to move of each holding of one item, by the holding's id.

    What is in a place that is out of use may leave it, and nothing goes there.
    """
    item = holdings[0].lot.item
    use = {place: daily for place, daily in use.items() if place in places}
    stock: dict[int, list[Stored]] = {place: [] for place in use}
    for each in holdings:
        stored = Stored(each.pk, _last_day(each), each.quantity, each.is_opened)
        stock.setdefault(each.location_id, []).append(stored)
    areas = {each.location_id: each.location.treatment_area for each in holdings}
    areas |= {place.pk: place.treatment_area for place in places.values()}
    shelves = [
        Shelf(place, its_stock, use.get(place, NOTHING), areas[place])
        for place, its_stock in stock.items()
    ]
    carries: dict[int, list[Carry]] = defaultdict(list)
    for move in moves(shelves, _step(item), today):
        saved = _countable(item, move.saved)
        carries[move.key].append(Carry(places[move.destination], move.quantity, saved, move.by))
    return carries


def _last_day(holding: Holding) -> date | None:
    return usable_until(holding.lot.expires_on, holding.beyond_use_on)


def _step(item: Item) -> Decimal:
    return item.container_volume or PIECE


def _countable(item: Item, quantity: Decimal) -> Decimal:
    """Pieces are expected whole, to the nearest."""
    if item.unit == Item.Unit.EACH:
        return quantity.quantize(PIECE, rounding=ROUND_HALF_UP)
    return quantity
