"""The writer of what a receipt means for an order; the receipt itself is the ledger's.

Called in the transaction of the receipt, after it: whoever needs both owns the items first, then
the order. What is paid teaches the offer its price.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from inventory.accounts.models import User
from inventory.catalog.models import Item, SupplierOffer
from inventory.catalog.register import learn_offer_price
from inventory.purchasing.models import OrderLine, OrderReceipt, PurchaseOrder
from inventory.purchasing.orders import errors
from inventory.purchasing.orders.headings import MOST_MONEY
from inventory.purchasing.orders.matching import Came, Matched, Ordered, match
from inventory.purchasing.orders.owned_record import owned, tell
from inventory.stock.models import Movement
from inventory.web.transactions import all_or_nothing
from inventory.web.words import amount_words, money_words

CENT = Decimal("0.01")
NOT_SENT = (
    "Only an order that was sent and has not ended is received against. What came all the same is"
    " taken in with Receive on the Stock page."
)


@dataclass(frozen=True)
class PriceLearned:
    """An offer whose price was another than what was paid for a pack of a line."""

    line: OrderLine
    offer: SupplierOffer
    before: Decimal
    paid: Decimal

    def __str__(self) -> str:
        offer, line = self.offer, self.line
        went = (
            f"{offer.supplier}'s price of {offer.item} went from {money_words(self.before)} to"
            f" {money_words(offer.pack_price)}"
        )
        if line.confirmed_price is None:
            return f"{went}."
        if line.confirmed_price == self.paid:
            return f"{went}, as confirmed."
        return f"{went}; {money_words(line.confirmed_price)} was confirmed."


@dataclass(frozen=True)
class Against:
    """What a receipt meant for its order: whether all has come, and what is to be looked at."""

    order: PurchaseOrder
    is_complete: bool
    warnings: tuple[str, ...]
    prices: tuple[PriceLearned, ...]


@all_or_nothing
def receive_against(
    order: PurchaseOrder,
    movement: Movement,
    came: Sequence[Came],
    *,
    seen: int | None = None,
    by: User,
    now: datetime,
) -> Against:
    """Note what a receipt brought of the order, and learn from what was paid.

    `seen` is the number of its last receipt that a person saw, 0 for none; without it later ones
    are not looked for. More than was ordered, what was not ordered, and what came from somebody
    else, is received all the same, with a warning. Raises WrongStatus, ReceivedMeanwhile, TooDear.
    """
    order = owned(order, PurchaseOrder.Status.SENT, otherwise=NOT_SENT)
    if seen is not None and (last := last_receipt(order)) and last.pk > seen:
        raise errors.ReceivedMeanwhile(order, last)
    lines = {line.pk: line for line in lines_to_fill(order)}
    matched = match(as_ordered(lines.values()), came)
    for each in matched.filled:
        _check(lines[each.line].item, "all", each.cost)
    OrderReceipt.objects.bulk_create(
        OrderReceipt(movement=movement, line_id=each.line, quantity=each.quantity, cost=each.cost)
        for each in matched.filled
    )
    theirs = movement.supplier in (None, order.supplier)
    filled = matched.filled if theirs else ()
    prices = tuple(filter(None, (_learn(lines[e.line], e.unit_price) for e in filled)))
    for learned in prices:
        tell(order, str(learned), by, now)
    order.is_complete = not order.lines.still_open().exists()
    order.save(update_fields=["is_complete"])
    rest = "all of it is here now" if order.is_complete else "some of it is still open"
    tell(order, f"Received in {movement}: {rest}.", by, now)
    told = (*([] if theirs else [_of_somebody_else(order, movement)]), *warnings(order, matched))
    return Against(order, order.is_complete, told, prices)


def last_receipt(order: PurchaseOrder) -> Movement | None:
    """Return the last receipt that brought something of the order and was not undone."""
    receipts = Movement.objects.filter(
        order_receipts__line__order=order, reversed_by__isnull=True
    ).select_related("by")
    return receipts.order_by("pk").last()


def lines_to_fill(order: PurchaseOrder) -> list[OrderLine]:
    """Return the order's lines with what is open of them, in their order: one query."""
    lines = order.lines.with_received().select_related("item", "offer__supplier", "offer__item")
    return list(lines.order_by("position"))


def as_ordered(lines: Iterable[Any]) -> list[Ordered]:
    """Return lines of `lines_to_fill` for `match`."""
    return [
        Ordered(
            line.pk,
            line.item_id,
            line.pack_quantity,
            line.open,
            None if line.price is None else line.price / line.pack_quantity,
        )
        for line in lines
    ]


def warnings(order: PurchaseOrder, matched: Matched) -> list[str]:
    """Return a sentence for each item of which more came than is open, or that nobody ordered."""
    items = Item.objects.in_bulk([*matched.over, *matched.unordered])
    return [
        *(
            f"{items[pk]}: {amount_words(more, items[pk].unit)} more than is open on {order}."
            for pk, more in matched.over.items()
        ),
        *(
            f"{items[pk]} is not on {order}: {amount_words(quantity, items[pk].unit)} came all the"
            " same."
            for pk, quantity in matched.unordered.items()
        ),
    ]


def _of_somebody_else(order: PurchaseOrder, movement: Movement) -> str:
    return f"{order} was sent to {order.supplier}, but {movement} came from {movement.supplier}."


def _check(item: Item, what: str, cost: Decimal | None) -> None:
    if cost is not None and cost > MOST_MONEY:
        raise errors.TooDear(item, what, cost, MOST_MONEY)


def _learn(line: OrderLine, unit_price: Decimal | None) -> PriceLearned | None:
    """Let the offer of a line have the price that somebody entered, where that is another.

    What came for nothing, or for less than half a cent, has no price to go on with.
    """
    offer = line.offer
    if offer is None or not unit_price:
        return None
    paid = (unit_price * offer.pack_quantity).quantize(CENT, ROUND_HALF_UP)
    _check(line.item, "a pack", paid)
    if not paid:
        return None
    before = learn_offer_price(offer, paid)
    paid_for_line = (unit_price * line.pack_quantity).quantize(CENT, ROUND_HALF_UP)
    return None if before == paid else PriceLearned(line, offer, before, paid_for_line)
