"""What the clinic knows about the lines of a delivery, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Clinic, Item, ItemCode, Supplier, SupplierOffer
from inventory.stock.arrivals import (
    expiry_warnings,
    hold_warnings,
    holds_on,
    status_on_arrival,
)
from inventory.stock.models import Lot, LotHold
from inventory.stock.receiving.draft import Draft, DraftLine
from inventory.stock.receiving.measures import PACK, measure_of
from inventory.web.forms import UNPRINTABLE
from inventory.web.words import day_words, days_away_words


@dataclass(frozen=True)
class Asked:
    """What a pack costs, as it was offered or ordered; None: nobody said."""

    pack_quantity: Decimal
    pack_price: Decimal | None
    how: str = "offered"


Ordered = Mapping[int, Sequence[Asked]]
"""Packs that were ordered, by item."""


@dataclass(frozen=True)
class Known:
    """Packs by item with their prices, the likeliest first, package sizes by item, lots by item and
    number, the holds that are in force."""

    asked: Mapping[int, Sequence[Asked]]
    packages: Mapping[int, set[Decimal]]
    lots: Mapping[tuple[int, str], Lot]
    holds: Sequence[LotHold]
    clinic: Clinic

    def offered_pack(self, item: Item) -> Decimal | None:
        """Return how much the pack holds that the supplier offers."""
        asked = self.asked.get(item.pk)
        return asked[0].pack_quantity if asked else None

    def price_asked(self, item: Item, size: Decimal) -> Asked | None:
        """Return the pack of this size with its price, else the likeliest one that has a price."""
        priced = [each for each in self.asked.get(item.pk, ()) if each.pack_price is not None]
        same = (each for each in priced if each.pack_quantity == size)
        return next(same, priced[0] if priced else None)

    def lot(self, line: DraftLine) -> Lot | None:
        """Return the lot of a line where the clinic has had it before."""
        return self.lots.get((line.item.pk, line.lot_number))

    def warnings(self, line: DraftLine, expires_on: date | None, today: date) -> Iterator[str]:
        """Yield what whoever unpacks the line has to know before it is received."""
        lot = self.lot(line) or Lot(item=line.item, number=line.lot_number)
        expiry = lot.expires_on or expires_on
        asked = Lot(item=line.item, number=line.lot_number, expires_on=expiry, status=lot.status)
        if line.lot_number:
            asked.status = status_on_arrival(asked, holds_on(asked, self.holds))
            yield from hold_warnings(asked, self.holds)
        soon = list(expiry_warnings(asked, today, self.clinic.expiring_now_days))
        yield from soon
        if not soon and expiry and (expiry - today).days <= self.clinic.expiring_days:
            yield f"It expires on {day_words(expiry)}, {days_away_words(expiry, today)}."


def known_of(draft: Draft, supplier: Supplier | None, ordered: Ordered | None = None) -> Known:
    """Read what is known of the items and lots on a list: five queries.

    What was `ordered` is asked before what is offered.
    """
    items = {line.item.pk: line.item for line in draft.lines}
    # No lot of ours has a number that cannot be shown, and a database may refuse to look for it.
    numbers = {line.lot_number for line in draft.lines if not UNPRINTABLE.search(line.lot)}
    numbers |= {"" for item in items.values() if not item.lot_tracked}
    packages: dict[int, set[Decimal]] = defaultdict(set)
    codes = ItemCode.objects.filter(item__in=items)
    offered = list(SupplierOffer.objects.filter(item__in=items, is_active=True))
    sizes = [*codes.values_list("item_id", "quantity")]
    sizes += [(offer.item_id, offer.pack_quantity) for offer in offered]
    for item, quantity in sizes:
        if quantity is not None:
            packages[item].add(quantity)
    lots = Lot.objects.filter(item__in=items, number__in=numbers).select_related("item")
    for item, packs in (ordered or {}).items():
        packages[item].update(pack.pack_quantity for pack in packs)
    return Known(
        asked={**_offers(offered, supplier), **(ordered or {})},
        packages=packages,
        lots={(lot.item_id, lot.number): lot for lot in lots},
        holds=list(LotHold.objects.filter(item__in=items, ended_at__isnull=True).order_by("pk")),
        clinic=Clinic.objects.get(pk=1),
    )


def settled(line: DraftLine, known: Known) -> DraftLine:
    """Return the line with what the clinic knows filled in where nothing was said: the expiry date
    of a lot, and how much a pack is."""
    lot, pack = known.lot(line), known.offered_pack(line.item)
    if lot and lot.number and lot.expires_on and not line.expires_on:
        line = replace(line, expires_on=lot.expires_on.isoformat())
    if line.measure == PACK and pack:
        line = replace(line, measure=measure_of(line.item, pack))
    return line


def _offers(
    offers: Sequence[SupplierOffer], supplier: Supplier | None
) -> dict[int, Sequence[Asked]]:
    """Return this supplier's offer of each item; without a supplier the preferred or cheapest."""
    mine = [offer for offer in offers if supplier is None or offer.supplier_id == supplier.pk]
    chosen: dict[int, Sequence[Asked]] = {}
    for offer in sorted(mine, key=lambda o: (not o.preferred, o.pack_price / o.pack_quantity)):
        chosen.setdefault(offer.item_id, [Asked(offer.pack_quantity, offer.pack_price)])
    return chosen
