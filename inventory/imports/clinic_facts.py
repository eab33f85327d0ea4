"""What a clinic has already, read once for all rows of a file."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from inventory.catalog.models import Item, ItemCode, Location, Supplier, SupplierOffer
from inventory.imports.meaning.catalogue import CatalogItem, Catalogue, Place
from inventory.imports.meaning.catalogue import Supplier as KnownSupplier
from inventory.imports.models import ImportRow
from inventory.imports.planned import Outcome
from inventory.imports.stock.draft import Stores
from inventory.stock.lot_patterns import matches
from inventory.stock.models import Lot, LotHold

SOLD = "sold"
LotName = tuple[str, str]


def catalogue(known_names: Mapping[str, str]) -> Catalogue:
    """Return the items, places and suppliers in use; `known_names` are SKUs by name."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, sku in known_names.items():
        names[sku].append(name)
    packs, codes = _packs_and_codes()
    items = tuple(
        CatalogItem(
            sku=item.sku,
            name=item.name,
            kind=item.kind,
            unit=item.unit,
            container=item.container,
            container_volume=item.container_volume,
            strength=item.strength,
            lot_tracked=item.lot_tracked,
            beyond_use_days=item.beyond_use_days,
            preservative_free=item.preservative_free,
            pack_quantities={level: tuple(found) for level, found in packs[item.pk].items()},
            codes=tuple(codes[item.pk]),
            known_names=tuple(names[item.sku]),
            is_active=item.is_active,
        )
        for item in Item.objects.filter(is_active=True)
    )
    places = Location.objects.filter(is_active=True).select_related("site")
    suppliers = Supplier.objects.filter(is_active=True)
    return Catalogue(
        items,
        tuple(Place(place.code, place.name, place.site.name) for place in places),
        tuple(KnownSupplier(supplier.code, supplier.name) for supplier in suppliers),
    )


def stores(kind: str, *, went_in: bool = False) -> Stores:
    """Return the lots of the clinic, those that are held, and the rows that went in before.

    With `went_in` the very same file did, and its rows are no news.
    """
    lots = Lot.objects.select_related("item").only("number", "expires_on", "status", "item__sku")
    known = {(lot.item.sku, lot.number): lot for lot in lots}
    holds = LotHold.objects.filter(ended_at__isnull=True).select_related("item")
    brought_in = ImportRow.objects.filter(
        upload__kind=kind, upload__committed_at__isnull=False, outcome=Outcome.ACCEPT
    ).exclude(mark="")
    return Stores(
        known_lots={name: lot.expires_on for name, lot in known.items()},
        held_lots={
            name: f"Lot {lot.number} is {lot.get_status_display().lower()}: it stays so."
            for name, lot in known.items()
            if lot.status != Lot.Status.AVAILABLE
        },
        recalled=HeldOnArrival(list(holds)),
        gone_in=frozenset() if went_in else frozenset(brought_in.values_list("mark", flat=True)),
    )


class HeldOnArrival(Mapping[LotName, str]):
    """A sentence for each lot that a hold waits for. A pattern means more lots than can be listed:
    it only answers when it is asked."""

    def __init__(self, holds: Sequence[LotHold]) -> None:
        self._holds: dict[str, list[LotHold]] = defaultdict(list)
        for hold in holds:
            self._holds[hold.item.sku].append(hold)

    def __getitem__(self, name: LotName) -> str:
        sku, number = name
        for hold in self._holds.get(sku, ()):
            if matches(hold.pattern, number):
                status = hold.get_status_display().lower()
                return f"Lot {number} goes in as {status}: {hold.reason}."
        raise KeyError(name)

    def __iter__(self) -> Iterator[LotName]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _packs_and_codes() -> tuple[dict[int, dict[str, dict[Decimal, None]]], dict[int, list[str]]]:
    """How much each package holds, by item and level, each quantity once; and all codes."""
    packs: dict[int, dict[str, dict[Decimal, None]]] = defaultdict(lambda: defaultdict(dict))
    codes: dict[int, list[str]] = defaultdict(list)
    for code in ItemCode.objects.order_by("pk"):
        codes[code.item_id].append(code.value)
        if code.quantity is not None and code.level != ItemCode.Level.EACH:
            packs[code.item_id][code.level][code.quantity] = None
    for offer in SupplierOffer.objects.filter(is_active=True).order_by("-preferred", "pk"):
        packs[offer.item_id][SOLD][offer.pack_quantity] = None
    return packs, codes
