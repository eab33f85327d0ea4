"""Deliveries: what came from whom, for how much, and which prices went up or down."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from django.db.models import Count, Min, Sum
from django.urls import reverse

from inventory.catalog.models import Item, Supplier
from inventory.reports import sums
from inventory.reports.definition import ZERO, Answer, Asked, Heading, Picture, Report
from inventory.stock.models import Entry, Movement

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Delivered:
    """What came of one lot from one supplier, and when first."""

    supplier: int
    item: int
    lot: int
    unit_cost: Decimal | None
    lines: int
    first: datetime
    quantity: Decimal

    @property
    def value(self) -> Decimal:
        return self.quantity * (self.unit_cost or ZERO)


@dataclass(frozen=True)
class Prices:
    """What one unit of an item cost at first and at last."""

    first: Decimal | None
    last: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """In percent, to a tenth; None where there is nothing to compare."""
        if not self.first or self.last is None:
            return None
        return ((self.last - self.first) / self.first * 100).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class SupplierRow:
    """What one supplier delivered."""

    name: str
    url: str
    deliveries: int
    delivered: Sequence[Delivered]
    prices: Sequence[Prices]

    @property
    def lines(self) -> int:
        return sum(each.lines for each in self.delivered)

    @property
    def items(self) -> int:
        return len(self.prices)

    @property
    def value(self) -> Decimal:
        return sum((each.value for each in self.delivered), ZERO)

    @property
    def dearer(self) -> int:
        return sum((prices.change or ZERO) > 0 for prices in self.prices)

    @property
    def cheaper(self) -> int:
        return sum((prices.change or ZERO) < 0 for prices in self.prices)


@dataclass(frozen=True)
class ItemRow:
    """What one supplier delivered of one item."""

    name: str
    url: str
    supplier: str
    unit: str
    delivered: Sequence[Delivered]
    prices: Prices

    @property
    def quantity(self) -> Decimal:
        return sum((each.quantity for each in self.delivered), ZERO)

    @property
    def value(self) -> Decimal:
        return sum((each.value for each in self.delivered), ZERO)


def deliveries(asked: Asked) -> Answer:
    """Return what came from each supplier; a receipt that was reversed never came."""
    delivered = _delivered(asked)
    rows: list[SupplierRow] | list[ItemRow]
    if asked.by == "item":
        headings, rows = OF_ITEM, _by_item(delivered)
    else:
        headings, rows = OF_SUPPLIER, _by_supplier(asked, delivered)
    return Answer(
        headings,
        sorted(rows, key=lambda row: (-row.value, row.name.casefold())),
        f"Nothing came from a supplier {asked.period_words}.",
        [NOTE, *sums.unpriced_note((each.lot, each.unit_cost) for each in delivered)],
        Picture("Value", whole="value"),
    )


def prices_of(delivered: Iterable[Delivered]) -> Prices:
    """Return the price of the lot that came first and of the one that came last."""
    priced = [each for each in delivered if each.unit_cost is not None]
    if not priced:
        return Prices(None, None)
    first = min(priced, key=lambda each: (each.first, each.lot))
    last = max(priced, key=lambda each: (each.first, each.lot))
    return Prices(first.unit_cost, last.unit_cost)


def _receipts(asked: Asked) -> dict[str, object]:
    begins, ends = sums.moments(asked)
    return {
        "movement__kind": Movement.Kind.RECEIPT,
        "movement__supplier__isnull": False,
        "movement__reversed_by__isnull": True,
        "movement__happened_at__gte": begins,
        "movement__happened_at__lt": ends,
    }


def _delivered(asked: Asked) -> list[Delivered]:
    rows = (
        Entry.objects.filter(kind=Entry.Kind.RECEIPT, **_receipts(asked))
        .order_by()
        .values_list("movement__supplier", "item", "holding__lot", "holding__lot__unit_cost")
        .annotate(lines=Count("pk"), first=Min("happened_at"), total=Sum("quantity"))
    )
    return [Delivered(*row) for row in rows]


def _by_supplier(asked: Asked, delivered: Iterable[Delivered]) -> list[SupplierRow]:
    by_supplier: dict[int, list[Delivered]] = defaultdict(list)
    for each in delivered:
        by_supplier[each.supplier].append(each)
    counts = dict(
        Entry.objects.filter(kind=Entry.Kind.RECEIPT, **_receipts(asked))
        .order_by()
        .values_list("movement__supplier")
        .annotate(Count("movement", distinct=True))
    )
    return [
        SupplierRow(
            name=supplier.name,
            url=reverse("supplier_detail", args=[supplier.code]),
            deliveries=counts[supplier.pk],
            delivered=of_it,
            prices=[prices_of(lots) for lots in _by_key(of_it).values()],
        )
        for supplier in Supplier.objects.filter(pk__in=by_supplier)
        for of_it in [by_supplier[supplier.pk]]
    ]


def _by_item(delivered: Iterable[Delivered]) -> list[ItemRow]:
    found = _by_key(delivered)
    items = {item.pk: item for item in Item.objects.filter(pk__in=[item for _, item in found])}
    names = dict(Supplier.objects.order_by().values_list("pk", "name"))
    return [
        ItemRow(
            name=items[item].name,
            url=reverse("item_detail", args=[items[item].sku]),
            supplier=names[supplier],
            unit=items[item].unit,
            delivered=of_it,
            prices=prices_of(of_it),
        )
        for (supplier, item), of_it in found.items()
    ]


def _by_key(delivered: Iterable[Delivered]) -> dict[tuple[int, int], list[Delivered]]:
    def key(each: Delivered) -> tuple[int, int]:
        return each.supplier, each.item

    return {pair: list(lots) for pair, lots in groupby(sorted(delivered, key=key), key)}


VALUE = Heading("value", "Value", "money", total=True)
OF_SUPPLIER = (
    Heading("name", "Supplier"),
    Heading("deliveries", "Deliveries", "integer", total=True),
    Heading("lines", "Lines", "integer", total=True),
    Heading("items", "Items", "integer"),
    Heading("dearer", "Items dearer", "integer"),
    Heading("cheaper", "Items cheaper", "integer"),
    VALUE,
)
OF_ITEM = (
    Heading("name", "Item"),
    Heading("supplier", "Supplier"),
    Heading("quantity", "Received", "quantity"),
    Heading("first", "First price", "unit_cost", accessor="prices__first"),
    Heading("last", "Last price", "unit_cost", accessor="prices__last"),
    Heading("change", "Change, %", "percent", accessor="prices__change"),
    VALUE,
)
NOTE = (
    "Receipts that name a supplier, at the price of each lot for one unit; the first and the last"
    " price are those of the lots that came first and last. Receipts that were reversed are left"
    " out."
)

DELIVERIES = Report(
    code="deliveries",
    title="Deliveries",
    question="Who delivered what, for how much, and which prices changed?",
    answer=deliveries,
    filters=("period",),
    by=(("supplier", "Supplier"), ("item", "Item")),
)
