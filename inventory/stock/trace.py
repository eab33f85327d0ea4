"""Where a lot came from, where it is and what became of it, net of everything that was undone.

`trace` tells all of it, for a recall. An item without lots has one lot that never ends, so a page
asks for its parts: `totals` adds up in the database, `uses` is read page by page, and `latest`
stops after a few.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import ExpressionWrapper, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
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


class Net(NamedTuple):
    """What one movement and its reversal did to a lot, with the sign of its entries."""

    lot: int
    kind: Entry.Kind
    origin: int
    place: int
    quantity: Decimal


def totals(lot: Lot) -> Totals:
    """Add up what became of a lot."""
    return _totals([lot])[lot.pk]


def uses(lot: Lot) -> QuerySet[Movement]:
    """Return the movements that used some of a lot, the newest first, with `quantity` and `place`.

    A reversal undoes every use of what it names, so a movement that was reversed used nothing.
    """
    entries = Entry.objects.filter(holding__lot=lot, kind=Entry.Kind.USE).order_by()
    own = entries.filter(movement=OuterRef("pk"))
    out = ExpressionWrapper(Value(0) - Sum("quantity"), output_field=QuantityField())
    taken = own.values("movement").annotate(taken=out).values("taken")
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
    nets = _nets([lot], [kind]).order_by("-origin")
    shown = _read(nets[:most])
    return Latest(_passages(shown), nets.count() if len(shown) == most else len(shown))


def trace(lot: Lot) -> Trace:
    """Tell the story of a lot, in a fixed number of queries.

    What a reversal put back is taken off the movement that it names; what comes to nothing is left
    out. So the uses add up to `used`, the disposals to `wasted`, the returns to `returned`.
    """
    return traces([lot])[lot.pk]


def traces(lots: Sequence[Lot]) -> dict[int, Trace]:
    """Tell the story of many lots, by lot id, in the same number of queries as of one."""
    added = _totals(lots)
    nets = _read(_nets(lots, list(SIGNS)).order_by("first"))
    passages: dict[tuple[int, str], list[Passage]] = defaultdict(list)
    for net, passage in zip(nets, _passages(nets), strict=True):
        passages[net.lot, net.kind].append(passage)
    holdings: dict[int, list[Holding]] = {lot.pk: [] for lot in lots}
    for holding in Holding.objects.with_lot().filter(lot__in=lots).order_by("pk"):
        holdings[holding.lot_id].append(holding)
    return {
        lot.pk: Trace(
            totals=added[lot.pk],
            receipts=passages[lot.pk, Entry.Kind.RECEIPT],
            uses=passages[lot.pk, Entry.Kind.USE],
            disposals=passages[lot.pk, Entry.Kind.WASTE],
            returns=passages[lot.pk, Entry.Kind.RETURN],
            holdings=holdings[lot.pk],
        )
        for lot in lots
    }


def _totals(lots: Sequence[Lot]) -> dict[int, Totals]:
    # A reversal's entries have the kind of what they undo.
    entries = Entry.objects.filter(holding__lot__in=lots).order_by()
    by_kind = entries.values_list("holding__lot", "kind").annotate(Sum("quantity"))
    sums = defaultdict(Decimal, {(lot, kind): quantity for lot, kind, quantity in by_kind})
    held = Holding.objects.filter(lot__in=lots).order_by()
    on_hand = dict(held.values_list("lot").annotate(Sum("quantity")))
    return {
        lot.pk: Totals(
            received=sums[lot.pk, Entry.Kind.RECEIPT],
            on_hand=on_hand.get(lot.pk, NOTHING),
            used=-sums[lot.pk, Entry.Kind.USE],
            wasted=-sums[lot.pk, Entry.Kind.WASTE],
            returned=-sums[lot.pk, Entry.Kind.RETURN],
            counted=sums[lot.pk, Entry.Kind.COUNT],
        )
        for lot in lots
    }


def _nets(lots: Sequence[Lot], kinds: Sequence[Entry.Kind]) -> QuerySet[Any, Any]:
    """Add up the entries of some kinds by lot, kind and the movement that they belong to."""
    return (
        Entry.objects.filter(holding__lot__in=lots, kind__in=kinds)
        .order_by()
        .annotate(origin=ORIGIN)
        .values("holding__lot", "kind", "origin")
        .annotate(place=PLACE, net=Sum("quantity"), first=Min("pk"))
        .exclude(net=0)
    )


def _read(nets: QuerySet[Any, Any]) -> list[Net]:
    fields = nets.values_list("holding__lot", "kind", "origin", "place", "net")
    return [Net(*each) for each in fields]


def _passages(nets: Sequence[Net]) -> list[Passage]:
    movements = Movement.objects.select_related("by", "supplier").in_bulk(
        {net.origin for net in nets}
    )
    locations = Location.objects.in_bulk({net.place for net in nets})
    return [
        Passage(movements[net.origin], locations[net.place], SIGNS[net.kind] * net.quantity)
        for net in nets
    ]
