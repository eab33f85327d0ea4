"""Every way in which an order refuses, by name. `str()` of each is what the purchaser reads."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Item
from inventory.purchasing.models import OrderEvent, OrderLine, PurchaseOrder
from inventory.purchasing.orders.words import BACK_TO_DRAFT
from inventory.stock.errors import StockRefusal
from inventory.stock.models import Movement
from inventory.web.words import day_words, moment_words, money_words


class OrderRefusal(StockRefusal):
    """What was asked of an order is understood, but its state refuses. Nothing has changed."""


class WrongStatus(OrderRefusal):
    """The order is not where it would have to be; says who brought it to where it is, and when."""

    def __init__(self, order: PurchaseOrder, wanted: str) -> None:
        self.order = order
        super().__init__(f"{status_sentence(order)} {wanted}")


class ChangedMeanwhile(OrderRefusal):
    """Somebody changed the order since the page was shown. Nothing of this was kept."""

    def __init__(self, order: PurchaseOrder, seen: int, what: str) -> None:
        self.order = order
        super().__init__(
            f"{order} was changed since you opened it: this is version {order.version}, and you saw"
            f" {seen}. {what} What you typed is still here: look at it beside what there is now,"
            " then press again."
        )


class NothingOrdered(OrderRefusal):
    """An order without lines is approved and sent by nobody."""

    def __init__(self, order: PurchaseOrder) -> None:
        super().__init__(f"{order} has no lines yet: add what to order first.")


class NeededBefore(OrderRefusal):
    """The day that an order is needed by is over before it is approved."""

    def __init__(self, order: PurchaseOrder, day: date, today: date) -> None:
        super().__init__(
            f"{order} was not approved: the day that it is needed by is past."
            f" {past_day_sentence(day, today)}"
        )


class TooManyLines(OrderRefusal):
    """An order would be longer than anybody reads."""

    def __init__(self, order: PurchaseOrder, most: int) -> None:
        super().__init__(f"{order} has {most} lines, and takes no more. Begin another order.")


class TooMuch(OrderRefusal):
    """More packs, or more in them, than an order line takes."""

    def __init__(self, item: Item, packs: int, most: int, least: int = 1) -> None:
        super().__init__(f"Expected from {least} to {most:,} packs of {item}, but got {packs:,}.")


class TooDear(OrderRefusal):
    """Nobody pays so much: a price for one was typed as that of a pack, or a digit too many."""

    def __init__(self, item: Item, what: str, cost: Decimal, most: Decimal) -> None:
        super().__init__(
            f"Expected {what} of {item} to cost at most {money_words(most)}, but got"
            f" {money_words(cost)}. Look at the price, and at how much came."
        )


class NotInUse(OrderRefusal):
    """Nothing is ordered from a supplier who was put out of use."""

    def __init__(self, supplier: object) -> None:
        super().__init__(f"{supplier} is not in use any more: begin an order with another.")


class ItemsNotInUse(OrderRefusal):
    """What the clinic put out of use is ordered by nobody: it could not be received either."""

    def __init__(self, order: PurchaseOrder, lines: Sequence[OrderLine]) -> None:
        names = ", ".join(f"line {line.position}, {line.item}" for line in lines)
        out = "is" if len(lines) == 1 else "are"
        super().__init__(
            f"{order} was not approved: {names}, {out} not in use any more. Remove"
            f" {'it' if len(lines) == 1 else 'them'} first."
        )


class OrderedAlready(OrderRefusal):
    """The same pack is a line of the order."""

    def __init__(self, order: PurchaseOrder, line: OrderLine) -> None:
        super().__init__(
            f"{line.item} is on {order} already, in line {line.position}: change its packs there."
        )


class NotOfThisSupplier(OrderRefusal):
    """An offer of somebody else's is no line of this order."""

    def __init__(self, item: Item, supplier: object) -> None:
        super().__init__(
            f"Expected an offer of {supplier} for {item}, but it is another supplier's."
        )


class ReceivedMeanwhile(OrderRefusal):
    """Something of the order was received since the page was shown: most likely the same boxes."""

    def __init__(self, order: PurchaseOrder, receipt: Movement) -> None:
        self.receipt = receipt
        super().__init__(
            f"{receipt.by} received something of {order} ({receipt},"
            f" {moment_words(receipt.recorded_at)}) since you opened this page. Look at what is"
            " still expected now. If yours came besides, press Receive it again; if these are the"
            " same boxes, press Cancel."
        )


class ReceivedAlready(OrderRefusal):
    """What has come cannot be cancelled."""

    def __init__(self, order: PurchaseOrder) -> None:
        super().__init__(
            f"Something of {order} was received already, so it is not cancelled."
            " Close it short instead: what is still open is then not on order any more."
        )


class NothingOpen(OrderRefusal):
    """Nothing is still to come: there is nothing to close."""

    def __init__(self, order: PurchaseOrder) -> None:
        super().__init__(f"Nothing of {order} is still expected: nothing is left to close.")


class BeingSent(OrderRefusal):
    """A mail with the order is under way."""

    def __init__(self, order: PurchaseOrder) -> None:
        super().__init__(f"{order} is being mailed at this moment. Look again in a minute.")


class NotMailed(OrderRefusal):
    """The mail server would not take the mail. The order stays approved."""

    def __init__(self, order: PurchaseOrder, address: str, why: str) -> None:
        super().__init__(
            f"{order} was not sent: the mail to {address} failed ({why}). It is still approved."
            " Try again, or download it and send it yourself."
        )


def past_day_sentence(day: date, today: date) -> str:
    """Return "Expected today, Nov 23, 2026, or a day after it, but got Nov 2, 2026."."""
    return f"Expected today, {day_words(today)}, or a day after it, but got {day_words(day)}."


def status_sentence(order: PurchaseOrder) -> str:
    """Return "PO-2026-0004 was approved by Dana Lindqvist, Nov 23, 2026, 10:15."; of a draft one
    query."""
    done, by, at = {
        PurchaseOrder.Status.DRAFT: ("drafted", order.created_by, order.created_at),
        PurchaseOrder.Status.APPROVED: ("approved", order.approved_by, order.approved_at),
        PurchaseOrder.Status.SENT: ("sent", order.sent_by, order.sent_at),
        PurchaseOrder.Status.CLOSED: ("closed", order.ended_by, order.ended_at),
        PurchaseOrder.Status.CANCELLED: ("cancelled", order.ended_by, order.ended_at),
    }[PurchaseOrder.Status(order.status)]
    if order.status == PurchaseOrder.Status.DRAFT and (event := _put_back(order)):
        done, by, at = "put back to draft", event.by, event.at
    return f"{order} was {done} by {by}, {moment_words(at) if at else 'some time ago'}."


def _put_back(order: PurchaseOrder) -> OrderEvent | None:
    put_back = order.events.filter(text__startswith=BACK_TO_DRAFT).select_related("by")
    return put_back.last()
