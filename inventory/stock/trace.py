"""Where a lot came from, where it is and what became of it, net of everything that was undone.

`trace` tells all of it, for a recall. An item without lots has one lot that never ends, so a page
asks for its parts: `totals` adds up in the database, `uses` is read page by page, and `latest`
stops after a few.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from inventory.catalog.models import Location
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.web.fields import QuantityField

NOTHING = Decimal(0)
# What comes in is positive, what leaves is negative: a passage is above zero.
SIGNS = {Entry.Kind.RECEIPT: 1, Entry.Kind.USE: -1, Entry.Kind.WASTE: -1, Entry.Kind.RETURN: -1}
# An entry belongs to the movement that its own movement reverses, if any.
ORIGIN = Coalesce("movement__reverses", "movement")
# A vial takes its part back where it is by then; it was used where it was.
PLACE = Coalesce(Min("location", filter=Q(movement__reverses=None)), Min("location"))


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
class Latest:
    """The newest passages of one kind, and how many there are in all."""

    passages: list[Passage]
    count: int

    @property
    def more(self) -> int:
        """How many older ones are not among them."""
        return self.count - len(self.passages)


@dataclass(frozen=True)
class Trace:
    """The whole story of a lot, each part in the order of the ledger."""

    totals: Totals
    receipts: list[Passage]
    uses: list[Passage]
    disposals: list[Passage]
    returns: list[Passage]
    holdings: list[Holding]


def totals(lot: Lot) -> Totals:
    """Add up what became of a lot. A reversal's entries have the kind of what they undo."""
    entries = Entry.objects.filter(holding__lot=lot).order_by()
    sums: dict[str, Decimal] = defaultdict(Decimal)
    sums.update(entries.values_list("kind").annotate(Sum("quantity")))
    held = Holding.objects.filter(lot=lot).aggregate(total=Sum("quantity"))["total"]
    return Totals(
        received=sums[Entry.Kind.RECEIPT],
        on_hand=held or NOTHING,
        used=-sums[Entry.Kind.USE],
        wasted=-sums[Entry.Kind.WASTE],
        returned=-sums[Entry.Kind.RETURN],
        counted=sums[Entry.Kind.COUNT],
    )


def uses(lot: Lot) -> QuerySet[Movement]:
    """Return the movements that used some of a lot, the newest first, with `quantity` and `place`.

    A reversal undoes every use of what it names, so a movement that was reversed used nothing.
    """
    entries = Entry.objects.filter(holding__lot=lot, kind=Entry.Kind.USE).order_by()
    own = entries.filter(movement=OuterRef("pk"))
    nothing = Value(NOTHING, output_field=QuantityField())
    taken = own.values("movement").annotate(taken=nothing - Sum("quantity")).values("taken")
    return (
        Movement.objects.filter(
            kind=Movement.Kind.USE,
            reversed_by__isnull=True,
            pk__in=entries.values("movement"),
        )
        .annotate(quantity=Subquery(taken), place=Subquery(own.values("location__name")[:1]))
        .order_by("-pk")
    )


def latest(lot: Lot, kind: Entry.Kind, most: int) -> Latest:
    """Return the newest passages of one kind, the newest first; what comes to nothing is none."""
    net = _net(lot, kind)
    shown = list(net.order_by("-origin").values_list("origin", "place", "net")[:most])
    count = net.aggregate(count=Count("origin"))["count"] if len(shown) == most else len(shown)
    return Latest(_passages(shown, kind), count)


def trace(lot: Lot) -> Trace:
    """Tell the story of a lot, in a fixed number of queries.

    What a reversal put back is taken off the movement that it names; what comes to nothing is left
    out. So the uses add up to `used`, the disposals to `wasted`, the returns to `returned`.
    """

    def passages(kind: Entry.Kind) -> list[Passage]:
        rows = _net(lot, kind).order_by("first").values_list("origin", "place", "net")
        return _passages(list(rows), kind)

    return Trace(
        totals=totals(lot),
        receipts=passages(Entry.Kind.RECEIPT),
        uses=passages(Entry.Kind.USE),
        disposals=passages(Entry.Kind.WASTE),
        returns=passages(Entry.Kind.RETURN),
        holdings=list(Holding.objects.with_lot().filter(lot=lot).order_by("pk")),
    )


def _net(lot: Lot, kind: Entry.Kind) -> QuerySet[Any, Any]:
    """Group a lot's entries of one kind by the movement that they belong to."""
    return (
        Entry.objects.filter(holding__lot=lot, kind=kind)
        .order_by()
        .annotate(origin=ORIGIN)
        .values("origin")
        .annotate(net=Sum("quantity"), first=Min("pk"), place=PLACE)
        .exclude(net=0)
    )


def _passages(rows: list[tuple[int, int, Decimal]], kind: Entry.Kind) -> list[Passage]:
    movements = Movement.objects.select_related("by", "supplier").in_bulk(
        origin for origin, _, _ in rows
    )
    locations = Location.objects.in_bulk({place for _, place, _ in rows})
    return [
        Passage(movements[origin], locations[place], SIGNS[kind] * quantity)
        for origin, place, quantity in rows
    ]
