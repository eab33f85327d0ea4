"""Supplier performance: whether what was ordered came in full, on time and at the price."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.urls import reverse

from inventory.catalog.models import Item, Supplier
from inventory.reports import sums
from inventory.reports.definition import Answer, Asked, Heading, Picture, Report
from inventory.reports.deliveries import Delivered, Prices, counts, delivered, prices_of, value_of
from inventory.reports.ordered import sent_lines
from inventory.reports.performance import Performance, SentLine
from inventory.web.words import quantity_words

T = TypeVar("T", SentLine, Delivered)


@dataclass(frozen=True)
class Row:
    """A supplier, or an item of one: what was ordered in the period, and what came in it."""

    name: str
    url: str
    performance: Performance
    delivered: Sequence[Delivered]

    @property
    def value(self) -> Decimal:
        return value_of(self.delivered)

    @property
    def due(self) -> Decimal:
        return self.performance.due

    @property
    def late(self) -> Decimal:
        return self.performance.late


@dataclass(frozen=True)
class SupplierRow(Row):
    """One supplier."""

    deliveries: int = 0
    without_order: int = 0


@dataclass(frozen=True)
class ItemRow(Row):
    """One item as one supplier sells it."""

    supplier: str = ""
    unit: str = ""

    @property
    def quantity(self) -> Decimal:
        return sum((each.quantity for each in self.delivered), Decimal(0))

    @property
    def prices(self) -> Prices:
        return prices_of(self.delivered)


def supplier_performance(asked: Asked) -> Answer:
    """Return how each supplier did; a receipt that was reversed never came. Six queries."""
    sent, came = sent_lines(asked), delivered(asked)
    rows = ROWS[asked.by](asked, sent, came)
    return Answer(
        HEADINGS[asked.by],
        sorted(rows, key=lambda row: (-row.value, -row.due, row.name.casefold())),
        f"Nothing was ordered from a supplier, and nothing came from one, {asked.period_words}.",
        [*NOTES[asked.by], *sums.unpriced_note((each.lot, each.unit_cost) for each in came)],
        DUE if asked.by != "price" and any(row.due for row in rows) else SPEND,
    )


def _by_supplier(
    asked: Asked, sent: Sequence[SentLine], came: Sequence[Delivered]
) -> Sequence[SupplierRow]:
    ordered, arrived = _grouped(sent, _supplier), _grouped(came, _supplier)
    deliveries = counts(asked)
    rows = []
    for supplier in Supplier.objects.filter(pk__in=[*ordered, *arrived]):
        all_of_them, without = deliveries.get(supplier.pk, (0, 0))
        rows.append(
            SupplierRow(
                name=supplier.name,
                url=reverse("supplier_detail", args=[supplier.code]),
                performance=Performance(ordered[supplier.pk], asked.today),
                delivered=arrived[supplier.pk],
                deliveries=all_of_them,
                without_order=without,
            )
        )
    return rows


def _by_item(
    asked: Asked, sent: Sequence[SentLine], came: Sequence[Delivered]
) -> Sequence[ItemRow]:
    ordered, arrived = _grouped(sent, _both), _grouped(came, _both)
    both = {**ordered, **arrived}
    items = Item.objects.in_bulk([item for _, item in both])
    suppliers = Supplier.objects.in_bulk([supplier for supplier, _ in both])
    return [
        ItemRow(
            name=items[item].name,
            url=reverse("item_detail", args=[items[item].sku]),
            performance=Performance(ordered[supplier, item], asked.today),
            delivered=arrived[supplier, item],
            supplier=suppliers[supplier].name,
            unit=items[item].unit,
        )
        for supplier, item in both
    ]


def _by_price(
    asked: Asked, _sent: Sequence[SentLine], came: Sequence[Delivered]
) -> Sequence[ItemRow]:
    return _by_item(asked, (), came)


def _supplier(each: SentLine | Delivered) -> int:
    return each.supplier


def _both(each: SentLine | Delivered) -> tuple[int, int]:
    return each.supplier, each.item


def _grouped(found: Iterable[T], key: Callable[[T], Any]) -> Mapping[Any, list[T]]:
    groups: dict[Any, list[T]] = defaultdict(list)
    for each in found:
        groups[key(each)].append(each)
    return groups


def _days(name: str, title: str) -> Heading:
    return Heading(name, title, "quantity", accessor=f"performance__{name}", with_unit=False)


def _count(name: str, title: str) -> Heading:
    return Heading(name, title, "integer", total=True, accessor=f"performance__{name}")


NAME, ITEM = Heading("name", "Supplier"), Heading("name", "Item")
SUPPLIER = Heading("supplier", "Supplier")
VALUE = Heading("value", "Spend", "money", total=True)
PROMISED = _days("promised_days", "Promised, days")
REAL = _days("real_days", "Took, days")
ON_TIME = _days("on_time", "On time, %")
FILLED = _days("filled", "Filled, %")
OF_CONFIRMED = _days("filled_of_confirmed", "Of agreed, %")
AGAINST_ORDER = Heading(
    "price_change", "Against order, %", "percent", accessor="performance__price_change"
)
KEPT = (PROMISED, REAL, ON_TIME, FILLED, OF_CONFIRMED, AGAINST_ORDER)
ORDERS = _count("orders", "Orders")
ARRIVED = (
    Heading("deliveries", "Deliveries", "integer", total=True),
    Heading("without_order", "Without an order", "integer", total=True),
)
OF_SUPPLIER = (NAME, VALUE, ORDERS, *KEPT, *ARRIVED)
OF_ORDERS = (
    NAME,
    VALUE,
    ORDERS,
    _count("in_full", "In full"),
    _count("in_part", "In part"),
    _count("not_yet", "Not yet"),
    _count("declined", "Declined"),
    _count("closed", "Closed short"),
    _count("cancelled", "Cancelled"),
    *ARRIVED,
)
OF_ITEM = (
    ITEM,
    SUPPLIER,
    VALUE,
    Heading("ordered", "Ordered", "quantity", accessor="performance__ordered"),
    *KEPT,
)
OF_PRICE = (
    ITEM,
    SUPPLIER,
    VALUE,
    Heading("quantity", "Received", "quantity"),
    Heading("first", "First price", "unit_cost", accessor="prices__first"),
    Heading("last", "Last price", "unit_cost", accessor="prices__last"),
    Heading("change", "Change, %", "percent", accessor="prices__change"),
)
ROWS: Mapping[str, Callable[..., Sequence[Row]]] = {
    "supplier": _by_supplier,
    "orders": _by_supplier,
    "item": _by_item,
    "price": _by_price,
}
HEADINGS = {
    "supplier": OF_SUPPLIER,
    "orders": OF_ORDERS,
    "item": OF_ITEM,
    "price": OF_PRICE,
}
DUE = Picture(
    "Lines that were due",
    whole="due",
    part="late",
    part_words="not there in full on their day",
    words=quantity_words,
)
SPEND = Picture("Spend", whole="value")
ORDER_NOTE = (
    "Orders that were sent in the period, and what has come of them by now. Promised is the lead"
    " time of the offers as they are today, took the days to the first receipt: the median of each."
)
TIME_NOTE = (
    "On time is the share of lines of which all was there on the day that the supplier confirmed"
    " for it, else on the one that the order was expected on when it left. Filled is the share of"
    " the packs that came, of those ordered and of those that the supplier agreed to. What is not"
    " due yet, what was closed short before its day was over, and what was cancelled counts for"
    " neither."
)
PRICE_NOTE = (
    "Against order is how much more was paid than it was ordered at; while nothing was paid, how"
    " much more was confirmed."
)
DELIVERY_NOTE = (
    "Deliveries and spend are what came in the period, without an order too, at what was paid"
    " against an order, else at the price of the lot. Receipts that were reversed are left out."
)
LOT_NOTE = "First and last price are those of one unit of what came first and last."
NOTES = {
    "supplier": (ORDER_NOTE, TIME_NOTE, PRICE_NOTE, DELIVERY_NOTE),
    "orders": (ORDER_NOTE, TIME_NOTE, DELIVERY_NOTE),
    "item": (ORDER_NOTE, TIME_NOTE, PRICE_NOTE, DELIVERY_NOTE),
    "price": (LOT_NOTE, DELIVERY_NOTE),
}

SUPPLIERS = Report(
    code="suppliers",
    title="Supplier performance",
    question="Who delivers in full, on time and at the price, and which prices changed?",
    answer=supplier_performance,
    filters=("period",),
    by=(
        ("supplier", "Supplier"),
        ("orders", "Supplier and orders"),
        ("item", "Item"),
        ("price", "Item and prices"),
    ),
)
