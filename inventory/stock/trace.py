"""Where a lot came from, where it is and what became of it, net of everything that was undone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.catalog.models import Location
from inventory.stock.models import Entry, Holding, Lot, Movement

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Totals:
    """In the item's unit: received = on_hand + used + wasted + returned - counted."""

    received: Decimal
    on_hand: Decimal
    used: Decimal
    wasted: Decimal
    returned: Decimal
    counted: Decimal

    @property
    def unexplained(self) -> Decimal:
        """What came and is nowhere to be found in the books: nothing, unless somebody meddled."""
        gone = self.used + self.wasted + self.returned - self.counted
        return self.received - self.on_hand - gone

    @property
    def counted_away(self) -> Decimal:
        """How much less the counts found than there should have been."""
        return max(-self.counted, NOTHING)


@dataclass(frozen=True)
class Passage:
    """What one movement, net of its reversal, did to the lot; above zero."""

    movement: Movement
    location: Location
    quantity: Decimal


@dataclass(frozen=True)
class Trace:
    """The whole story of a lot, each part in the order of the ledger."""

    totals: Totals
    receipts: list[Passage]
    uses: list[Passage]
    disposals: list[Passage]
    returns: list[Passage]
    holdings: list[Holding]


# What came of a lot by one movement, by kind.
Net = dict[tuple[int, str], Decimal]


def trace(lot: Lot) -> Trace:
    """Tell the story of a lot, in a fixed number of queries.

    What a reversal put back is taken off the movement that it names; what comes to nothing is left
    out. So the uses add up to `used`, the disposals to `wasted`.
    """
    return traces([lot])[lot.pk]


def traces(lots: Sequence[Lot]) -> dict[int, Trace]:
    """Tell the story of many lots, by lot id, in the same number of queries as of one."""
    net: dict[int, Net] = {lot.pk: defaultdict(Decimal) for lot in lots}
    # A vial takes its part back where it is by then; it was used where it was.
    places: dict[tuple[int, int, str], int] = {}
    entries = Entry.objects.filter(holding__lot__in=net).order_by("pk")
    for lot, movement, reverses, kind, location, quantity in entries.values_list(
        "holding__lot", "movement", "movement__reverses", "kind", "location", "quantity"
    ):
        net[lot][reverses or movement, kind] += quantity
        places.setdefault((lot, reverses or movement, kind), location)
    holdings: dict[int, list[Holding]] = {lot.pk: [] for lot in lots}
    for holding in Holding.objects.with_lot().filter(lot__in=net).order_by("pk"):
        holdings[holding.lot_id].append(holding)
    movements = Movement.objects.select_related("by", "supplier").in_bulk(
        {movement for of_lot in net.values() for movement, _ in of_lot}
    )
    locations = Location.objects.in_bulk()

    def passages(lot: int, kind: Entry.Kind, sign: int) -> list[Passage]:
        return [
            Passage(movements[movement], locations[places[lot, movement, kind]], sign * quantity)
            for (movement, of_kind), quantity in net[lot].items()
            if of_kind == kind and quantity
        ]

    return {
        lot: Trace(
            totals=_totals(net[lot], holdings[lot]),
            receipts=passages(lot, Entry.Kind.RECEIPT, 1),
            uses=passages(lot, Entry.Kind.USE, -1),
            disposals=passages(lot, Entry.Kind.WASTE, -1),
            returns=passages(lot, Entry.Kind.RETURN, -1),
            holdings=holdings[lot],
        )
        for lot in net
    }


def _totals(net: Net, holdings: Sequence[Holding]) -> Totals:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_, kind), quantity in net.items():
        sums[kind] += quantity
    return Totals(
        received=sums[Entry.Kind.RECEIPT],
        on_hand=sum((holding.quantity for holding in holdings), NOTHING),
        used=-sums[Entry.Kind.USE],
        wasted=-sums[Entry.Kind.WASTE],
        returned=-sums[Entry.Kind.RETURN],
        counted=sums[Entry.Kind.COUNT],
    )
