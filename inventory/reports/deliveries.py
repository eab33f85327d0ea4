"""What came from whom, against an order or without one, and at which prices.

A receipt that was reversed never came. One that names no supplier is that of its order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from inventory.purchasing.models import OrderReceipt
from inventory.reports import sums
from inventory.reports.definition import ZERO, Asked
from inventory.reports.performance import change
from inventory.stock.models import Entry


@dataclass(frozen=True)
class Delivered:
    """What came of one lot from one supplier at once; with its order, or `unordered`."""

    supplier: int
    item: int
    lot: int
    unit_cost: Decimal | None
    unordered: bool
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
        return change(self.first, self.last)


def prices_of(delivered: Iterable[Delivered]) -> Prices:
    """Return the price of the lot that came first and of the one that came last."""
    priced = [each for each in delivered if each.unit_cost is not None]
    if not priced:
        return Prices(None, None)
    first = min(priced, key=lambda each: (each.first, each.lot))
    last = max(priced, key=lambda each: (each.first, each.lot))
    return Prices(first.unit_cost, last.unit_cost)


def value_of(delivered: Iterable[Delivered]) -> Decimal:
    """Return what all of it cost, exactly."""
    return sum((each.value for each in delivered), ZERO)


def delivered(asked: Asked) -> list[Delivered]:
    """Return what came in the period: two queries.

    What came against an order cost what was paid for it; anything else, what its lot cost.
    """
    rows = (
        _received(asked)
        .values_list(
            "movement", "of", "item", "holding__lot", "holding__lot__unit_cost", "unordered"
        )
        .annotate(first=Min("happened_at"), total=Sum("quantity"))
    )
    paid = _paid(asked)
    return [
        Delivered(of, item, lot, paid.get((movement, item), unit_cost), *rest)
        for movement, of, item, lot, unit_cost, *rest in rows
    ]


def _paid(asked: Asked) -> dict[tuple[int, int], Decimal]:
    """Return what a unit of an item cost in a receipt against an order, where that is known."""
    begins, ends = sums.moments(asked)
    receipts = OrderReceipt.objects.net().filter(
        movement__happened_at__gte=begins, movement__happened_at__lt=ends, cost__isnull=False
    )
    sums_of = (
        receipts.order_by()
        .values_list("movement", "line__item")
        .annotate(cost=Sum("cost"), quantity=Sum("quantity"))
    )
    return {(movement, item): cost / quantity for movement, item, cost, quantity in sums_of}


def counts(asked: Asked) -> dict[int, tuple[int, int]]:
    """Return by supplier how many deliveries came, and how many without an order: one query."""
    rows = (
        _received(asked)
        .values_list("of")
        .annotate(
            Count("movement", distinct=True),
            without=Count("movement", distinct=True, filter=Q(unordered=True)),
        )
    )
    return {supplier: (all_of_them, without) for supplier, all_of_them, without in rows}


def _received(asked: Asked) -> QuerySet[Any]:
    begins, ends = sums.moments(asked)
    against = OrderReceipt.objects.filter(movement=OuterRef("movement")).order_by()
    of_order = Subquery(against.values("line__order__supplier")[:1])
    return (
        Entry.objects.filter(
            kind=Entry.Kind.RECEIPT,
            movement__kind=Entry.Kind.RECEIPT,
            movement__reversed_by__isnull=True,
            movement__happened_at__gte=begins,
            movement__happened_at__lt=ends,
        )
        .annotate(
            of=Coalesce("movement__supplier", of_order, output_field=BigIntegerField()),
            unordered=~Exists(against),
        )
        .filter(of__isnull=False)
        .order_by()
    )
