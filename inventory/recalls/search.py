"""What a recall notice means here: the items, their lots, where these are. Changes nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F

from inventory.catalog.models import Item, ItemCode
from inventory.procedures.models import Procedure
from inventory.recalls.codes import Kinship, kinship, read_code
from inventory.stock.lot_patterns import EVERY_LOT, matches, may_be
from inventory.stock.models import Entry, Holding, Lot


@dataclass(frozen=True)
class Query:
    """What was asked for: items by a code or by themselves, and lots. `patterns` of all lots is
    the one that means every lot."""

    patterns: tuple[str, ...]
    code: str = ""
    items: tuple[Item, ...] = ()

    @property
    def all_lots(self) -> bool:
        return self.patterns == (EVERY_LOT,)


@dataclass(frozen=True)
class FoundItem:
    """An item that the code leads to, and by which of its codes; none where it was chosen."""

    item: Item
    codes: tuple[ItemCode, ...] = ()


@dataclass(frozen=True)
class FoundLot:
    """A lot that the notice means, with what is left of it and how often it was used."""

    lot: Lot
    holdings: tuple[Holding, ...]
    procedures: int

    @property
    def on_hand(self) -> Decimal:
        return sum((holding.quantity for holding in self.holdings), Decimal(0))


@dataclass(frozen=True)
class Found:
    """`relatives` are the maker's other sizes, which a notice may or may not mean; `alike` are the
    lots whose numbers only read like one that was asked for, or run on behind it; `untracked` is
    stock without a lot number, of which only the boxes tell."""

    items: list[FoundItem]
    relatives: list[FoundItem]
    lots: list[FoundLot]
    alike: list[FoundLot]
    untracked: list[FoundLot]

    @property
    def to_look_at(self) -> list[FoundLot]:
        """What is held only where somebody has looked, and ticks it."""
        return [*self.alike, *self.untracked]


def search(query: Query) -> Found:
    """Return everything that the notice may mean, used up or not."""
    items, relatives = _found_items(query)
    lots = Lot.objects.filter(item__in=[found.item for found in items]).select_related("item")
    ordered = list(lots.order_by("item", F("expires_on").asc(nulls_last=True), "number"))
    meant = [lot for lot in ordered if _any(matches, query.patterns, lot)]
    numbers = {lot.pk for lot in meant}
    rest = [lot for lot in ordered if lot.pk not in numbers]
    alike = [lot for lot in rest if _any(may_be, query.patterns, lot)]
    untracked = [lot for lot in rest if not lot.number]
    details = _details([*meant, *alike, *untracked])
    return Found(
        items,
        relatives,
        lots=[details[lot.pk] for lot in meant],
        alike=[details[lot.pk] for lot in alike],
        untracked=[details[lot.pk] for lot in untracked if details[lot.pk].holdings],
    )


def _found_items(query: Query) -> tuple[list[FoundItem], list[FoundItem]]:
    """Return the items that are meant, and those that their maker sells beside them."""
    closest: dict[int, Kinship] = {}
    codes: dict[int, list[ItemCode]] = defaultdict(list)
    asked = read_code(query.code)
    known = ItemCode.objects.select_related("item").order_by("pk") if query.code else []
    for code in known:
        how = kinship(asked, code.kind, code.value)
        if how is not None:
            codes[code.item_id].append(code)
            closest[code.item_id] = min(how, closest.get(code.item_id, how))
    chosen = {item.pk: item for item in query.items}
    found = [FoundItem(of_item[0].item, tuple(of_item)) for of_item in codes.values()]
    found += [FoundItem(item) for pk, item in chosen.items() if pk not in codes]
    found.sort(key=lambda each: (each.item.name.lower(), each.item.pk))
    meant = [
        each
        for each in found
        if each.item.pk in chosen or closest[each.item.pk] is not Kinship.SAME_MAKER
    ]
    return meant, [each for each in found if each not in meant]


def _any(says: Callable[[str, str], bool], patterns: Iterable[str], lot: Lot) -> bool:
    return any(says(pattern, lot.number) for pattern in patterns)


def _details(lots: Sequence[Lot]) -> dict[int, FoundLot]:
    holdings: dict[int, list[Holding]] = defaultdict(list)
    there = Holding.objects.on_hand().with_lot().filter(lot__in=lots)
    for holding in there.order_by("location__name", "opened_at", "pk"):
        holdings[holding.lot_id].append(holding)
    used = dict(
        Procedure.objects.filter(
            status=Procedure.Status.LOGGED,
            movement__entries__kind=Entry.Kind.USE,
            movement__entries__holding__lot__in=lots,
        )
        .order_by()
        .values_list("movement__entries__holding__lot")
        .annotate(Count("pk", distinct=True))
    )
    return {lot.pk: FoundLot(lot, tuple(holdings[lot.pk]), used.get(lot.pk, 0)) for lot in lots}
