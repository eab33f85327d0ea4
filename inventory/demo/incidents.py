"""The last weeks' incidents, which leave something for each kind of flag and a lot to trace."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from inventory.demo.buying import Order, take_in, unit_cost
from inventory.demo.cast import STOREROOM, Cast
from inventory.demo.lots import LotMaker
from inventory.demo.year import monday
from inventory.procedures.kits import LineWanted
from inventory.recalls.record import Notice, add_note, open_recall
from inventory.recalls.search import Query
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import ReceiptLine, StockLine, WasteReason

RECALLED_SKU = "saline-pf-10"
RECALLED_ROOM = "room-3"
RECALLED_CODE = "0409-4888-10"
NOTICE_NUMBER = "HM-0417"
WHY_RECALLED = "the maker found particles in this lot"
# Who noted what, a minute apart.
RESPONSE = (
    ("dana", "Supplier informed; the replacement comes today, the credit with the next invoice."),
    ("jonas", "Looked through storeroom, rooms and carts; what I found is discarded."),
    ("dana", "Told the clinicians of all procedures that used it."),
)
LEFT_IN_ROOM = 4
USED_ALL_THE_SAME = "It was drawn up before the recall notice reached the room."

# SKU, packs, days from today to expiry: bought at a discount for being short-dated.
SHORT_DATED = (("contrast-240-10", 1, 26), ("lido-1-pf-2", 2, 57), ("dexa-10-pf-1", 1, 81))
WET_SKU = "xylo-1-20"
WET = "The carton arrived wet; waiting for the supplier's answer"


@dataclass
class Incidents:
    """Each happens on a day of its own, the recall on the Thursday of the week before last."""

    cast: Cast
    lots: LotMaker
    today: date
    recalled: Lot | None = None

    @property
    def short_dated_on(self) -> date:
        return self.recall_on - timedelta(days=2)

    @property
    def recall_on(self) -> date:
        return monday(self.today) - timedelta(days=4)

    def happen(self, day: date, at: datetime) -> None:
        """Do what falls on that day; rooms must have been restocked."""
        if day == self.short_dated_on:
            self._receive_short_dated(at)
            self._quarantine(at)
        if day == self.recall_on:
            self._recall(day, at)

    def wanted_all_the_same(self, lines: list[LineWanted], room: str) -> list[LineWanted]:
        """Let the first procedure that comes along after the recall use the recalled lot."""
        if self.recalled is None or room != RECALLED_ROOM:
            return lines
        changed = [self._recalled_instead(line) for line in lines]
        if changed != lines:
            self.recalled = None
        return changed

    def _recalled_instead(self, line: LineWanted) -> LineWanted:
        if self.recalled is None or line.item != self.recalled.item:
            return line
        return LineWanted(
            line.item, line.quantity, lot=self.recalled, unusable_reason=USED_ALL_THE_SAME
        )

    def _receive_short_dated(self, at: datetime) -> None:
        harbor = self.cast.supplier(SHORT_DATED[0][0])
        ledger.receive(
            by=self.cast.people["jonas"],
            location=self.cast.places[STOREROOM],
            lines=[self._short_dated(sku, packs, days, at) for sku, packs, days in SHORT_DATED],
            happened_at=at,
            now=at,
            supplier=harbor,
            reference="Short-dated, at a discount",
        )

    def _short_dated(self, sku: str, packs: int, days: int, at: datetime) -> ReceiptLine:
        item = self.cast.items[sku]
        quantity = packs * self.cast.offers[sku].pack_quantity
        half = (unit_cost(self.cast, sku) / 2).quantize(Decimal("0.0001"))
        number = self.lots.number(item, at.date())
        return ReceiptLine(item, quantity, number, self.today + timedelta(days=days), half)

    def _quarantine(self, at: datetime) -> None:
        item = self.cast.items[WET_SKU]
        pack = self.cast.offers[WET_SKU].pack_quantity
        receipt = ledger.receive(
            by=self.cast.people["jonas"],
            location=self.cast.places[STOREROOM],
            lines=[
                ReceiptLine(
                    item,
                    pack,
                    self.lots.number(item, at.date()),
                    self.lots.expires_on(item, at.date()),
                    unit_cost(self.cast, WET_SKU),
                )
            ],
            happened_at=at,
            now=at,
            supplier=self.cast.supplier(WET_SKU),
            reference="One carton, damaged",
        )
        ledger.set_lot_status(
            receipt.lines[0].lot,
            by=self.cast.people["dana"],
            status=Lot.Status.QUARANTINED,
            reason=WET,
            now=at,
        )

    def _recall(self, day: date, at: datetime) -> None:
        """Recall the lot that is in use; discard it in the storeroom, and overlook a cart."""
        lot = self._lot_in_use()
        item = lot.item
        notice = Notice(
            Query(patterns=(lot.number,), code=RECALLED_CODE),
            title=f"{item.name}: particles",
            reference=NOTICE_NUMBER,
            reason=WHY_RECALLED,
        )
        recall = open_recall(notice, by=self.cast.people["dana"], now=at)
        for held in Holding.objects.on_hand().filter(lot=lot).with_lot().order_by("pk"):
            kept = held.location.code == RECALLED_ROOM
            most_kept = LEFT_IN_ROOM * (item.container_volume or 1)
            surplus = max(Decimal(0), held.quantity - most_kept) if kept else held.quantity
            if surplus:
                ledger.waste(
                    by=self.cast.people["dana"],
                    location=held.location,
                    lines=[StockLine(item, surplus, holding=held)],
                    reason=WasteReason.RECALLED,
                    happened_at=at,
                    now=at,
                )
        pack = self.cast.offers[item.sku].pack_quantity
        take_in(self.cast, self.lots, [Order(item, pack, day)], at, "Replaces the recalled lot")
        for minutes, (who, said) in enumerate(RESPONSE, start=1):
            noted_at = at + timedelta(minutes=minutes)
            add_note(recall, said, by=self.cast.people[who], now=noted_at)
        self.recalled = lot

    def _lot_in_use(self) -> Lot:
        """Return the lot of which most lies in the room."""
        held = Holding.objects.on_hand().sealed()
        there = held.filter(location__code=RECALLED_ROOM, lot__item__sku=RECALLED_SKU)
        return there.with_lot().order_by("-quantity", "pk")[0].lot
