"""Where a lot came from, where it is and what became of it, net of everything that was undone."""

from collections import defaultdict
from collections.abc import Mapping
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
    holdings: list[Holding]


def trace(lot: Lot) -> Trace:
    """Tell the story of a lot, in a fixed number of queries.

    What a reversal put back is taken off the movement that it names; what comes to nothing is left
    out. So the uses add up to `used`, the disposals to `wasted`.
    """
    net: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    # A vial takes its part back where it is by then; it was used where it was.
    places: dict[tuple[int, str], int] = {}
    entries = Entry.objects.filter(holding__lot=lot).order_by("pk")
    for movement, reverses, kind, location, quantity in entries.values_list(
        "movement", "movement__reverses", "kind", "location", "quantity"
    ):
        net[reverses or movement, kind] += quantity
        places.setdefault((reverses or movement, kind), location)
    holdings = list(Holding.objects.with_lot().filter(lot=lot).order_by("pk"))
    movements = Movement.objects.select_related("by", "supplier").in_bulk(
        {movement for movement, _ in net}
    )
    locations = Location.objects.in_bulk()

    def passages(kind: Entry.Kind, sign: int) -> list[Passage]:
        return [
            Passage(movements[movement], locations[places[movement, kind]], sign * quantity)
            for (movement, of_kind), quantity in net.items()
            if of_kind == kind and quantity
        ]

    return Trace(
        totals=_totals(net, holdings),
        receipts=passages(Entry.Kind.RECEIPT, 1),
        uses=passages(Entry.Kind.USE, -1),
        disposals=passages(Entry.Kind.WASTE, -1),
        holdings=holdings,
    )


def _totals(net: Mapping[tuple[int, str], Decimal], holdings: list[Holding]) -> Totals:
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
