"""Carrying supplies from the storeroom to the rooms, and fetching what a room has run out of."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal

from django.utils import timezone

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location
from inventory.demo.buying import Order, take_in
from inventory.demo.cast import FRIDGE, ROOMS, STOREROOM, Cast, whole_containers
from inventory.demo.demand import Demand
from inventory.demo.levels import Level, Levels
from inventory.demo.lots import LotMaker
from inventory.demo.shelves import Shelves
from inventory.stock import ledger
from inventory.stock.errors import NotEnoughStock
from inventory.stock.requests import StockLine


@dataclass(frozen=True)
class Nurses:
    """They restock every room twice a week, and bring cold drugs on the day they are needed."""

    cast: Cast
    demand: Demand
    levels: Levels
    lots: LotMaker

    def restock(self, today: date, until: date, at: datetime) -> None:
        """Fill each room up to par where its stock would not last until the next time."""
        shelves = Shelves(today)
        for number, room in enumerate(ROOMS):
            lines = [
                StockLine(self.cast.items[sku], quantity)
                for (place, sku), level in self.levels.rooms.items()
                if place == room
                and not self._is_kept_cold(sku)
                and (quantity := self._to_carry(sku, room, level, shelves, (today, until)))
            ]
            self._carry(lines, self.cast.places[STOREROOM], room, at, number)

    def fetch_cold(self, today: date, at: datetime) -> None:
        """Bring what the day needs out of the refrigerator, not a vial more."""
        for number, room in enumerate(ROOMS):
            needed = {
                sku: self.demand.between(sku, today, today, room)
                for sku in self.demand.skus(room)
                if self._is_kept_cold(sku)
            }
            lines = [
                StockLine(self.cast.items[sku], quantity)
                for sku, quantity in needed.items()
                if quantity
            ]
            self._carry(lines, self.cast.places[FRIDGE], room, at, number)

    def fetch_missing(
        self, refusal: NotEnoughStock, room: Location, by: User, at: datetime
    ) -> None:
        """Fetch what a room is short of from wherever there is most of it, or have it brought."""
        shelves = Shelves(timezone.localdate(at))
        for shortage in refusal.shortages:
            item = shortage.item
            missing = whole_containers(item, shortage.wanted - shortage.available)
            for source, _ in shortage.elsewhere or ():
                if quantity := shelves.carry(item.pk, source.pk, missing):
                    self._fetch(StockLine(item, quantity), source, room, by, at)
                    missing -= quantity
            if missing:
                self._send_for(item, missing, at)
                self._fetch(StockLine(item, missing), self.cast.home(item), room, by, at)

    def _send_for(self, item: Item, quantity: Decimal, at: datetime) -> None:
        pack: Decimal = self.cast.offers[item.sku].pack_quantity
        packs = (quantity / pack).to_integral_value(ROUND_CEILING)
        order = Order(item, packs * pack, timezone.localdate(at))
        take_in(self.cast, self.lots, [order], at, "By courier")

    def _fetch(
        self, line: StockLine, source: Location, room: Location, by: User, at: datetime
    ) -> None:
        ledger.transfer(
            by=by,
            source=source,
            destination=room,
            lines=[line],
            happened_at=at,
            now=at,
            reason="Ran out during the day",
        )

    def _is_kept_cold(self, sku: str) -> bool:
        return self.cast.items[sku].storage == Item.Storage.FRIDGE

    def _to_carry(
        self, sku: str, room: str, level: Level, shelves: Shelves, days: tuple[date, date]
    ) -> Decimal:
        item = self.cast.items[sku]
        here = shelves.lasting(item.pk, days[1], self.cast.places[room].pk)
        needed = self.demand.between(sku, *days, room)
        if here >= needed + level.reorder_point:
            return Decimal(0)
        wanted = whole_containers(item, max(level.par, needed) - here)
        return shelves.carry(item.pk, self.cast.home(item).pk, wanted)

    def _carry(
        self, lines: list[StockLine], source: Location, room: str, at: datetime, number: int
    ) -> None:
        if lines:
            ledger.transfer(
                by=self.cast.nurse_of(room, number),
                source=source,
                destination=self.cast.places[room],
                lines=lines,
                happened_at=at,
                now=at,
                reason="Restock",
            )
