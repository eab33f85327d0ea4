"""Ordering once a week, and the deliveries that come of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import groupby

from inventory.catalog.models import Item, Supplier
from inventory.demo.cast import Cast
from inventory.demo.demand import Demand
from inventory.demo.levels import REVIEW_DAYS, Levels
from inventory.demo.lots import LotMaker
from inventory.demo.ordering import Desk
from inventory.demo.shelves import Shelves
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders.matching import Came
from inventory.purchasing.orders.receive_record import receive_against
from inventory.stock import ledger
from inventory.stock.models import Movement
from inventory.stock.requests import ReceiptLine

NOTHING = Decimal(0)
TEN_THOUSANDTH = Decimal("0.0001")
# A weekend, and a holiday after it, can come between an order and its delivery.
CLOSED_DAYS = 4
SHORT_ITEM = "kenalog-40-1"
RUNS_DRY_DAYS = 10
"""The last delivery before the shortage came so many days before the shelves were empty."""
SPARE = Decimal(2)
# What the clinic has let run low by today, and how much more than today's use is left of it.
LET_RUN_LOW = {SHORT_ITEM: Decimal(30), "botox-100": Decimal(100)}
LOW_FOR_DAYS = 75
TWO_LOTS_FROM_PACKS = 4


@dataclass(frozen=True)
class Order:
    """So much of an item that arrives on a day."""

    item: Item
    quantity: Decimal
    arrives_on: date
    purchase: PurchaseOrder | None = None


class Buyer:
    """Orders what the clinic needs until the order after next, knowing what will be used."""

    def __init__(
        self,
        cast: Cast,
        demand: Demand,
        levels: Levels,
        days: Sequence[date],
        shortage: tuple[date, date],
        desk: Desk,
    ) -> None:
        self.cast = cast
        self.demand = demand
        self.levels = levels
        self.days = days
        self.shortage = shortage
        self.desk = desk
        self.on_order: list[Order] = []

    def order(self, today: date, *, arrives_today: bool = False) -> None:
        """Order all that is at its reorder point or would not last until the next delivery."""
        due = self._due(today, arrives_today=arrives_today)
        if arrives_today:
            self.on_order += due
            return
        sent = self.desk.order(today, self._packs(due))
        self.on_order += [replace(each, purchase=sent.get(each.item.sku)) for each in due]

    def prepare(self, now: datetime) -> None:
        """Prepare the orders that are still to be sent."""
        self.desk.prepare(now, self._packs(self._due(self.days[-1], arrives_today=True)))

    def _packs(self, orders: Iterable[Order]) -> dict[str, int]:
        offers = self.cast.offers
        return {
            order.item.sku: int(order.quantity / offers[order.item.sku].pack_quantity)
            for order in orders
        }

    def _due(self, today: date, *, arrives_today: bool) -> list[Order]:
        shelves = Shelves(today)
        due = []
        for sku in self.demand.skus():
            item = self.cast.items[sku]
            lead_time = 0 if arrives_today else self.cast.offers[sku].lead_time_days
            arrives_on = self._next_open(today + timedelta(days=lead_time))
            if arrives_on is None or self._is_withheld(sku, arrives_on):
                continue
            quantity = self._quantity(item, today, lead_time, shelves)
            if quantity > 0:
                due.append(Order(item, quantity, arrives_on))
        return due

    def delivered_by(self, today: date) -> list[Order]:
        """Return what has arrived, and forget that it was ordered."""
        arrived = [order for order in self.on_order if order.arrives_on <= today]
        self.on_order = [order for order in self.on_order if order.arrives_on > today]
        return arrived

    def _quantity(self, item: Item, today: date, lead_time: int, shelves: Shelves) -> Decimal:
        sku = item.sku
        last_day = self._lasts_until(sku, today, lead_time)
        used = self.demand.between(sku, today, last_day)
        needed = used + of_rooms(self.levels, sku) + SPARE * (item.container_volume or 1)
        ordered = sum((order.quantity for order in self.on_order if order.item == item), NOTHING)
        position = shelves.lasting(item.pk, last_day) + ordered
        level = self.levels.clinic[sku]
        if position > level.reorder_point and position >= needed:
            return NOTHING
        wanted = min(max(level.par, needed), self._most(sku, today)) - position
        pack: Decimal = self.cast.offers[sku].pack_quantity
        return max(NOTHING, (wanted / pack).to_integral_value(ROUND_CEILING) * pack)

    def _lasts_until(self, sku: str, today: date, lead_time: int) -> date:
        last_day = today + timedelta(days=REVIEW_DAYS + lead_time + CLOSED_DAYS)
        dry, again = self.shortage
        if sku == SHORT_ITEM and today < dry <= last_day + timedelta(days=RUNS_DRY_DAYS):
            return again
        return last_day

    def _is_withheld(self, sku: str, arrives_on: date) -> bool:
        dry, again = self.shortage
        return sku == SHORT_ITEM and dry - timedelta(days=RUNS_DRY_DAYS) <= arrives_on < again

    def _most(self, sku: str, today: date) -> Decimal:
        """Return the position above which nothing more was to be had, or was ordered in time."""
        most = Decimal("Infinity")
        _, again = self.shortage
        if sku == SHORT_ITEM and today < again - timedelta(days=REVIEW_DAYS):
            most = self.demand.between(sku, today, again) + SPARE
        if sku in LET_RUN_LOW and today > self.days[-1] - timedelta(days=LOW_FOR_DAYS):
            most = self.demand.between(sku, today, self.days[-1]) + LET_RUN_LOW[sku]
        return most

    def _next_open(self, day: date) -> date | None:
        return next((each for each in self.days if each >= day), None)


def of_rooms(levels: Levels, sku: str) -> Decimal:
    """Return what stays in the carts of all rooms, where other rooms cannot use it."""
    points = (level.reorder_point for (_, each), level in levels.rooms.items() if each == sku)
    return sum(points, NOTHING)


def take_in(
    cast: Cast, lots: LotMaker, orders: Iterable[Order], at: datetime, reference: str = ""
) -> None:
    """Receive a day's deliveries: each supplier's, and of it what goes into the refrigerator."""

    def address(order: Order) -> tuple[str, str]:
        return cast.supplier(order.item.sku).code, cast.home(order.item).code

    for (_, place), parcel in groupby(sorted(orders, key=address), key=address):
        contents = list(parcel)
        supplier = cast.supplier(contents[0].item.sku)
        receipt = ledger.receive(
            by=cast.people["jonas"],
            location=cast.places[place],
            lines=[line for order in contents for line in _lines(cast, lots, order)],
            happened_at=at,
            now=at,
            supplier=supplier,
            reference=reference or invoice(supplier, contents[0].arrives_on),
        )
        _note_against_orders(cast, contents, receipt.movement, at)


def _note_against_orders(
    cast: Cast, contents: Sequence[Order], receipt: Movement, at: datetime
) -> None:
    purchases = {order.purchase.pk: order.purchase for order in contents if order.purchase}
    for purchase in purchases.values():
        came = [_came(cast, order) for order in contents if order.purchase == purchase]
        receive_against(purchase, receipt, came, by=cast.people["jonas"], now=at)


def _came(cast: Cast, order: Order) -> Came:
    offer = cast.offers[order.item.sku]
    price = offer.pack_price / offer.pack_quantity
    return Came(order.item.pk, order.quantity, offer.pack_quantity, price)


def invoice(supplier: Supplier, day: date) -> str:
    """Return the number of the supplier's invoice."""
    return f"{supplier.name.split()[0][:2].upper()}-{day:%y%m%d}"


def unit_cost(cast: Cast, sku: str) -> Decimal:
    """Return what one unit costs by the usual offer."""
    offer = cast.offers[sku]
    cost: Decimal = offer.pack_price / offer.pack_quantity
    return cost.quantize(TEN_THOUSANDTH)


def _lines(cast: Cast, lots: LotMaker, order: Order) -> Iterator[ReceiptLine]:
    item, day = order.item, order.arrives_on
    cost = unit_cost(cast, item.sku)
    if not item.lot_tracked:
        yield ReceiptLine(item, order.quantity, unit_cost=cost)
        return
    pack = cast.offers[item.sku].pack_quantity
    packs = int(order.quantity / pack)
    first = packs // 3 if packs >= TWO_LOTS_FROM_PACKS else 0
    newest = lots.expires_on(item, day)
    if first:
        yield ReceiptLine(item, first * pack, lots.number(item, day), lots.older(newest), cost)
    yield ReceiptLine(item, (packs - first) * pack, lots.number(item, day), newest, cost)
