"""Stock value: what lies on the shelves, at cost, today or at the end of a day gone by."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.urls import reverse

from inventory.catalog.models import Location
from inventory.reports import sums
from inventory.reports.definition import ZERO, Answer, Asked, Heading, Picture, Report
from inventory.stock.models import Holding, Lot


@dataclass(frozen=True)
class Shelved:
    """So much of a lot in one place."""

    lot: Lot
    location: int
    quantity: Decimal

    @property
    def value(self) -> Decimal:
        return self.quantity * (self.lot.unit_cost or ZERO)


@dataclass(frozen=True)
class ValueRow:
    """An item, a kind or a place; a quantity only where it is an item."""

    name: str
    stocks: Sequence[Shelved]
    url: str = ""
    unit: str = ""

    @property
    def items(self) -> int:
        return len({stock.lot.item_id for stock in self.stocks})

    @property
    def lots(self) -> int:
        return len({stock.lot.pk for stock in self.stocks})

    @property
    def unpriced(self) -> int:
        return len({stock.lot.pk for stock in self.stocks if stock.lot.unit_cost is None})

    @property
    def quantity(self) -> Decimal:
        return sum((stock.quantity for stock in self.stocks), ZERO)

    @property
    def value(self) -> Decimal:
        return sum((stock.value for stock in self.stocks), ZERO)


def stock_value(asked: Asked) -> Answer:
    """Return what there was when the day was over, as the ledger knows by now."""
    stocks = shelved(asked)
    by: dict[str, Callable[[list[Shelved]], list[ValueRow]]] = {
        "item": _by_item,
        "kind": _by_kind,
        "location": _by_location,
    }
    rows = sorted(by[asked.by](stocks), key=lambda row: (-row.value, row.name.casefold()))
    return Answer(
        HEADINGS[asked.by],
        rows,
        f"Nothing was on the shelf {asked.day_words}.",
        [NOTE, *sums.unpriced_note((stock.lot.pk, stock.lot.unit_cost) for stock in stocks)],
        Picture("Value", whole="value"),
    )


def shelved(asked: Asked) -> list[Shelved]:
    """Return what each place held of each lot when the day was over: four queries at the most.

    It is what is there now without what has happened since, so that only that has to be read.
    """
    held: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for lot, location, quantity in _sums(_in(asked.location, Holding.objects.on_hand()), F("lot")):
        held[lot, location] += quantity
    if asked.until < asked.today:
        since = _in(asked.location, sums.entries_after(asked.until))
        lots_of = dict(Holding.objects.order_by().values_list("pk", "lot"))
        for holding, location, quantity in _sums(since, sums.computed("holding")):
            held[lots_of[holding], location] -= quantity
    lots = {lot.pk: lot for lot in Lot.objects.order_by().select_related("item")}
    return [
        Shelved(lots[lot], location, quantity)
        for (lot, location), quantity in held.items()
        if quantity
    ]


def _in(place: Location | None, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(location=place) if place else rows


def _sums(rows: QuerySet[Any], of: Any) -> Iterable[tuple[int, int, Decimal]]:
    by_place = rows.order_by().annotate(of=of).values_list("of", "location")
    yield from by_place.annotate(Sum("quantity"))


def _by_item(stocks: Iterable[Shelved]) -> list[ValueRow]:
    return [
        ValueRow(item.name, found, reverse("item_detail", args=[item.sku]), item.unit)
        for item, found in _grouped(stocks, lambda stock: stock.lot.item).items()
    ]


def _by_kind(stocks: Iterable[Shelved]) -> list[ValueRow]:
    return [
        ValueRow(kind, found)
        for kind, found in _grouped(stocks, lambda stock: stock.lot.item.get_kind_display()).items()
    ]


def _by_location(stocks: Iterable[Shelved]) -> list[ValueRow]:
    found = _grouped(stocks, lambda stock: stock.location)
    places = Location.objects.in_bulk(list(found))
    return [
        ValueRow(places[pk].name, of_it, reverse("location_detail", args=[places[pk].code]))
        for pk, of_it in found.items()
    ]


def _grouped(stocks: Iterable[Shelved], key: Callable[[Shelved], Any]) -> dict[Any, list[Shelved]]:
    found: dict[Any, list[Shelved]] = defaultdict(list)
    for stock in stocks:
        found[key(stock)].append(stock)
    return found


LOTS = (
    Heading("lots", "Lots", "integer"),
    Heading("unpriced", "Without a price", "integer"),
    Heading("value", "Value", "money", total=True),
)
ITEMS = Heading("items", "Items", "integer")
HEADINGS = {
    "item": (Heading("name", "Item"), Heading("quantity", "On hand", "quantity"), *LOTS),
    "kind": (Heading("name", "Kind"), ITEMS, *LOTS),
    "location": (Heading("name", "Location"), ITEMS, *LOTS),
}
NOTE = (
    "All that lies there at the price of its lot, expired and held stock too. A day gone by is as"
    " the ledger knows it now: what was entered late is in it."
)

STOCK_VALUE = Report(
    code="stock-value",
    title="Stock value",
    question="What is the stock worth that lies on the shelves, and where does it lie?",
    answer=stock_value,
    filters=("day", "location"),
    by=(("item", "Item"), ("kind", "Kind"), ("location", "Location")),
)
