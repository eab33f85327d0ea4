"""A delivery as the receive page takes it in; who waits for one says what is expected of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from inventory.catalog.models import Item
from inventory.stock.models import Movement
from inventory.stock.receiving.known import Ordered


@dataclass(frozen=True)
class Arrived:
    """One lot that came, in the item's unit, counted in packages of `package`; `unit_price` is what
    one of the unit cost, unrounded (None: nobody said), and `typed` whether somebody entered it, or
    it is as it was asked."""

    item: Item
    quantity: Decimal
    package: Decimal
    unit_price: Decimal | None
    typed: bool = False


@dataclass(frozen=True)
class Settled:
    """What a receipt meant to who waited for it: the address to go to, and what is said there."""

    address: str
    done: str = ""
    warnings: tuple[str, ...] = ()


class Delivery:
    """A delivery that nobody said anything of beforehand.

    Who waits for one extends this: `beside` is a template that shows what `expected` returns as
    `expected`, and `settle` runs in the transaction of the receipt.
    """

    title = "Receive a delivery"
    beside = ""
    ordered: Ordered = {}

    @property
    def seen(self) -> int | None:
        """The number of the last receipt that the page shows, where a colleague could have received
        the same meanwhile."""
        return None

    @property
    def add_url(self) -> str:
        """Where the list is received."""
        return reverse("receipt_add")

    @property
    def scan_url(self) -> str:
        """Where a press on the list goes."""
        return reverse("receipt_scan")

    @property
    def back_url(self) -> str:
        """Where Cancel leads."""
        return reverse("stock_list")

    def initial(self) -> Mapping[str, Any]:
        """Return what the form of the delivery begins with, besides the place and the day."""
        return {}

    def expected(self, arrived: Sequence[Arrived]) -> Any:
        """Return what is expected, beside what is on the list so far."""
        return None

    def settle(self, receipt: Movement, arrived: Sequence[Arrived]) -> Settled:
        """Note what the receipt means."""
        return Settled(reverse("movement_detail", args=[receipt.pk]))
