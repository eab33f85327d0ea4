"""A supplier's answer beside the order: what of it is new, until somebody takes it in.

Nothing of it is kept until then. The page carries it, sealed, from what was shown to what is done.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.core import signing

from inventory.purchasing.models import OrderLine, PurchaseOrder
from inventory.purchasing.orders.differences import (
    Difference,
    Promise,
    Promises,
    Totals,
    confirmed_packs,
    differences,
    totals,
)
from inventory.purchasing.orders.errors import OrderRefusal
from inventory.purchasing.orders.letter import order_sheet
from inventory.purchasing.orders.returned import Returned, ReturnedLine, read_returned
from inventory.purchasing.orders.sheet import OrderSheet
from inventory.purchasing.orders.words import Confirmed

SALT = "inventory.purchasing.orders.answer"


class AnswerLost(OrderRefusal):
    """What the page sent back is not what it was given."""

    def __init__(self, order: PurchaseOrder) -> None:
        super().__init__(f"Expected the supplier's answer to {order} as it was shown. Upload it.")


@dataclass(frozen=True)
class Answer:
    """An answer, and what of it the order does not know yet."""

    order: PurchaseOrder
    sheet: OrderSheet
    returned: Returned
    lines: Sequence[OrderLine]
    known: Promises
    differences: tuple[Difference, ...]

    @property
    def totals(self) -> Totals:
        return totals(self.sheet, self.differences, self.known)

    @property
    def expected_on(self) -> date | None:
        """When the last of the order is due, if all of the answer is taken in."""
        after = {**self.known, **{each.line.number: each.after for each in self.differences}}
        days = [
            day
            for line in self.lines
            if (promise := after[line.position]).packs * line.pack_quantity > line.received  # type: ignore[attr-defined]
            and (day := promise.arrives_on or line.due_on)
        ]
        return max(days, default=self.order.expected_on)

    def sealed(self) -> str:
        """Return the answer as text that only this clinic can have written."""
        lines = [_told(line) for line in self.returned.lines]
        told = {"order": self.returned.order_number, "lines": lines}
        return signing.dumps({**told, "notices": self.returned.notices}, salt=SALT, compress=True)

    def confirmed(self, accepted: Collection[int]) -> dict[int, Confirmed]:
        """Return what the accepted lines confirm, by their numbers."""
        return {
            each.line.number: Confirmed(
                confirmed_packs(each.answer), each.answer.confirmed_price, each.after.arrives_on
            )
            for each in self.differences
            if each.changes and each.line.number in accepted
        }

    def remarks(self, accepted: Collection[int]) -> dict[int, str]:
        """Return what else is said of the accepted lines, by their numbers; empty where no more is
        said, for what was said before is taken back then."""
        said = {each.line.number: each.remark for each in self.differences}
        return {number: words for number, words in said.items() if number in accepted}


def read_answer(order: PurchaseOrder, file: BinaryIO | bytes, name: str) -> Answer:
    """Return what the file says that the order does not know. Raises FileRefused."""
    sheet = order_sheet(order)
    return _beside(order, sheet, read_returned(file, name, sheet))


def unsealed(order: PurchaseOrder, text: str) -> Answer:
    """Return an answer that was `sealed`, beside the order as it is now. Raises AnswerLost."""
    try:
        told = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        raise AnswerLost(order) from None
    if told["order"] != order.number:
        raise AnswerLost(order)
    lines = tuple(_untold(line) for line in told["lines"])
    returned = Returned(order.number, lines, tuple(told["notices"]))
    return _beside(order, order_sheet(order), returned)


def _beside(order: PurchaseOrder, sheet: OrderSheet, returned: Returned) -> Answer:
    lines = list(order.lines.with_received().with_due())
    known = {
        line.position: Promise(line.promised_packs, line.price, line.confirmed_on) for line in lines
    }
    remarked = {line.position: line.remark for line in lines}
    found = differences(sheet, returned, known, remarked)
    return Answer(order, sheet, returned, lines, known, found)


def _told(line: ReturnedLine) -> list[Any]:
    price, day = line.confirmed_price, line.arrives_on
    return [
        line.number,
        line.sku,
        line.confirmed_packs,
        None if price is None else str(price),
        line.availability,
        day and day.isoformat(),
        line.remark,
    ]


def _untold(told: list[Any]) -> ReturnedLine:
    number, sku, packs, price, availability, day, remark = told
    return ReturnedLine(
        number,
        sku,
        packs,
        None if price is None else Decimal(price),
        availability,
        day and date.fromisoformat(day),
        remark,
    )
