"""What else happens to stock in a year: discards, breakage, and the quarterly count."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from inventory.catalog.models import Location
from inventory.demo.cast import ROOMS, STOREROOM, Cast
from inventory.stock import ledger
from inventory.stock.models import Holding
from inventory.stock.requests import StockLine, WasteReason

# Somebody drops a vial or a box about so often, in days on which the clinic is open.
BREAKS_EVERY_DAYS = 9
# The count is off in about one line of so many, by so much at most.
OFF_IN_LINES = 9
MOST_PIECES_OFF = 4
FEW_VIALS, FEW_PIECES = 5, 50
# Of these the clinic has none to lose: the story of their running low is told by use alone.
NEVER_LOST = frozenset({"kenalog-40-1", "botox-100"})


@dataclass
class Upkeep:
    """Chooses by chance, the same in every run."""

    cast: Cast
    random: Random

    def discard_beyond_use(self, rooms: Collection[str], today: date, at: datetime) -> None:
        """Discard opened vials past their beyond-use date in these rooms."""
        vials = Holding.objects.on_hand().opened()
        vials = vials.filter(location__code__in=rooms, beyond_use_on__lt=today)
        self._discard(vials.with_lot().order_by("pk"), WasteReason.BEYOND_USE, at)

    def discard_expired(self, today: date, at: datetime) -> None:
        """Discard sealed stock past its expiry date."""
        expired = Holding.objects.on_hand().sealed().filter(lot__expires_on__lt=today)
        self._discard(expired.with_lot().order_by("pk"), WasteReason.EXPIRED, at)

    def break_something(self, at: datetime) -> None:
        """Now and then something falls, or its seal is found broken."""
        if self.random.randrange(BREAKS_EVERY_DAYS):
            return
        today = timezone.localdate(at)
        room = self.cast.places[self.random.choice(ROOMS)]
        held = Holding.objects.on_hand().usable_on(today).sealed().filter(location=room)
        there = [each for each in held.with_lot().order_by("pk") if _can_be_spared(each)]
        if there:
            broken = self.random.choice(there)
            reason = self.random.choice([WasteReason.BROKEN, WasteReason.CONTAMINATED])
            self._waste([broken], reason, at, broken.lot.item.container_volume or Decimal(1))

    def count_storeroom(self, at: datetime) -> None:
        """Count all that lies in the storeroom, with small surprises."""
        storeroom = self.cast.places[STOREROOM]
        held = Holding.objects.on_hand().sealed().filter(location=storeroom)
        ledger.count(
            by=self.cast.people["dana"],
            location=storeroom,
            lines=[
                StockLine(each.lot.item, self._counted(each), holding=each)
                for each in held.with_lot().order_by("lot__item__sku", "pk")
            ],
            reason="Quarterly count",
            happened_at=at,
            now=at,
        )

    def _counted(self, held: Holding) -> Decimal:
        item = held.lot.item
        quantity: Decimal = held.quantity
        one: Decimal = item.container_volume or Decimal(1)
        few = FEW_VIALS if item.container_volume else FEW_PIECES
        if self.random.randrange(OFF_IN_LINES) or quantity <= few * one:
            return quantity
        if item.container_volume:
            return quantity if item.sku in NEVER_LOST else quantity - one
        return quantity + self.random.choice([-1, 1]) * self.random.randint(1, MOST_PIECES_OFF)

    def _discard(self, found: Iterable[Holding], reason: WasteReason, at: datetime) -> None:
        by_place: dict[Location, list[Holding]] = defaultdict(list)
        for each in found:
            by_place[each.location].append(each)
        for holdings in by_place.values():
            self._waste(holdings, reason, at)

    def _waste(
        self,
        holdings: Sequence[Holding],
        reason: WasteReason,
        at: datetime,
        quantity: Decimal | None = None,
    ) -> None:
        place = holdings[0].location
        ledger.waste(
            by=self.cast.nurse_of(place.code, at.day),
            location=place,
            lines=[
                StockLine(each.lot.item, quantity or each.quantity, holding=each)
                for each in holdings
            ],
            reason=reason,
            happened_at=at,
            now=at,
        )


def _can_be_spared(held: Holding) -> bool:
    item = held.lot.item
    return item.sku not in NEVER_LOST and held.quantity > 2 * (item.container_volume or 1)
