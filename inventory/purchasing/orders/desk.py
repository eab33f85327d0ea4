"""A delivery against an order, as the receive page shows it: expected, scanned, still open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from inventory.purchasing.models import OrderLine, PurchaseOrder
from inventory.purchasing.orders.errors import ReceivedMeanwhile
from inventory.purchasing.orders.matching import Came, match
from inventory.purchasing.orders.receive_record import (
    as_ordered,
    last_receipt,
    lines_to_fill,
    receive_against,
    warnings,
)
from inventory.stock.models import Movement
from inventory.stock.receiving.delivery import Arrived, Delivery, Settled
from inventory.stock.receiving.known import Asked, Ordered

NOTHING = Decimal(0)
# No database counts further.
RECEIPT_NUMBER = re.compile("[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class ExpectedLine:
    """An order line beside what is on the list: quantities in the item's unit."""

    line: OrderLine
    expected: Decimal
    scanned: Decimal

    @property
    def open(self) -> Decimal:
        """What would still be open once the list is received."""
        return max(NOTHING, self.expected - self.scanned)


@dataclass(frozen=True)
class Expected:
    """What is open of an order, and what about the list is to be looked at."""

    order: PurchaseOrder
    lines: tuple[ExpectedLine, ...]
    warnings: tuple[str, ...]


class OrderDelivery(Delivery):
    """What a supplier brings of an order."""

    beside = "purchasing/_order_expected.html"

    def __init__(self, order: PurchaseOrder, seen: str | None = None) -> None:
        """`seen` is the number of the last receipt of it that the page showed, as it comes back."""
        self.order = order
        self.title = f"Receive {order}"
        self._seen = int(seen) if seen and RECEIPT_NUMBER.fullmatch(seen) else None

    @cached_property
    def lines(self) -> list[OrderLine]:
        """The lines of the order with what is open of them."""
        return lines_to_fill(self.order)

    @property
    def seen(self) -> int:
        if self._seen is None:
            last = last_receipt(self.order)
            self._seen = last.pk if last else 0
        return self._seen

    @property
    def ordered(self) -> Ordered:  # type: ignore[override]
        """The packs that were ordered; where none of an item is open any more, its last prices."""
        packs: dict[int, list[Asked]] = {}
        for line in sorted(self.lines, key=_is_filled):
            asked = Asked(line.pack_quantity, line.price, "ordered")
            packs.setdefault(line.item_id, []).append(asked)
        return packs

    @property
    def add_url(self) -> str:
        return reverse("order_receive", args=[self.order.pk])

    @property
    def scan_url(self) -> str:
        return reverse("order_receive_scan", args=[self.order.pk])

    @property
    def back_url(self) -> str:
        return reverse("order_detail", args=[self.order.pk])

    def initial(self) -> Mapping[str, Any]:
        said = {"supplier": self.order.supplier.code, "reference": self.order.number}
        place = self.order.deliver_to
        return {**said, "location": place.code} if place else said

    def expected(self, arrived: Sequence[Arrived]) -> Expected:
        matched = match(as_ordered(self.lines), _came(arrived))
        scanned = {filled.line: filled.quantity for filled in matched.filled}
        lines = (
            ExpectedLine(line, line.open, scanned.get(line.pk, NOTHING))  # type: ignore[attr-defined]
            for line in self.lines
        )
        wanted = tuple(line for line in lines if line.expected or line.scanned)
        return Expected(self.order, wanted, tuple(warnings(self.order, matched)))

    def settle(self, receipt: Movement, arrived: Sequence[Arrived]) -> Settled:
        try:
            against = receive_against(
                self.order,
                receipt,
                _came(arrived),
                seen=self.seen,
                by=receipt.by,
                now=receipt.recorded_at,
            )
        except ReceivedMeanwhile as refusal:
            self._show(refusal.receipt)
            raise
        rest = "All of it is here now." if against.is_complete else "The rest is still open."
        told = (*against.warnings, *map(str, against.prices))
        return Settled(self.back_url, f"{against.order}: {rest}", told)

    def _show(self, receipt: Movement) -> None:
        """Show the order as it is after a receipt that the person had not seen."""
        self._seen = receipt.pk
        self.__dict__.pop("lines", None)


def _came(arrived: Sequence[Arrived]) -> list[Came]:
    return [
        Came(each.item.pk, each.quantity, each.package, each.unit_price if each.typed else None)
        for each in arrived
    ]


def _is_filled(line: OrderLine) -> bool:
    return not line.open  # type: ignore[attr-defined]
