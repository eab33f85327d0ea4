"""An order's state in a word, and what happened with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from inventory.purchasing.models import OrderLine, OrderReceipt, PurchaseOrder
from inventory.stock.models import Movement
from inventory.web.pills import Pill, Tone
from inventory.web.words import day_words, money_words

Status = PurchaseOrder.Status
STATES: dict[str, tuple[Tone, str]] = {
    Status.DRAFT: ("quiet", "draft"),
    Status.APPROVED: ("held", "approved"),
    Status.SENT: ("soon", "sent"),
    Status.CLOSED: ("quiet", "closed short"),
    Status.CANCELLED: ("quiet", "cancelled"),
}
BACK_TO_DRAFT = "Back to draft: "
"""What the event begins with by which an approval was taken back."""
# Sent, and the supplier confirmed no packs of any line.
NOTHING_COMES = "nothing comes"


@dataclass(frozen=True)
class Confirmed:
    """What the supplier says of a line; None: nothing was said."""

    packs: int | None = None
    price: Decimal | None = None
    on: date | None = None


@dataclass(frozen=True)
class Happened:
    """Something that happened with an order, and the receipt that it is about."""

    at: datetime
    by: object
    text: str
    movement: Movement | None = None


def state_pill(order: PurchaseOrder, today: date) -> Pill:
    """Return the state of an order read `with_progress()`."""
    if order.status != Status.SENT:
        return Pill(*STATES[order.status])
    if not order.has_open_lines:  # type: ignore[attr-defined]
        return Pill("usable", "received") if order.has_receipts else Pill("quiet", NOTHING_COMES)  # type: ignore[attr-defined]
    if order.expected_on and order.expected_on < today:
        return Pill("bad", "late")
    return Pill("soon", "received in part" if order.has_receipts else "sent")  # type: ignore[attr-defined]


def is_coming(order: PurchaseOrder) -> bool:
    """Whether something of an order read `with_progress()` is still to come."""
    return order.status == Status.SENT and bool(order.has_open_lines)  # type: ignore[attr-defined]


def confirmed_words(said: Confirmed) -> str:
    """Return "2 packs at $11.80 on Dec 3, 2026"; empty where nothing was said."""
    parts = [] if said.packs is None else [f"{said.packs:,} pack{'' if said.packs == 1 else 's'}"]
    parts += [] if said.price is None else [f"at {money_words(said.price)}"]
    parts += [] if said.on is None else [f"on {day_words(said.on)}"]
    return " ".join(parts)


def answer_words(line: OrderLine, said: Confirmed) -> str:
    """Return what an answer says of a line, and where it goes back to what was ordered."""
    words = confirmed_words(said)
    goes_back = (said.packs is None and line.promised_packs != line.packs) or (
        said.price is None and line.price != line.pack_price
    )
    if words and goes_back:
        return f"{words}, else as ordered"
    return words or "as ordered"


def line_confirmed_words(line: OrderLine) -> str:
    """Return what the supplier confirmed of a line; empty where nothing was said."""
    return confirmed_words(Confirmed(line.confirmed_packs, line.confirmed_price, line.confirmed_on))


def timeline(order: PurchaseOrder) -> list[Happened]:
    """Return what happened with an order, the newest first; what was undone in stock too."""
    events = order.events.select_related("by").order_by("pk")
    told = [Happened(event.at, event.by, event.text) for event in events]
    # Of what happened in one moment the later was told later.
    return sorted([*told, *_undone(order)], key=lambda each: each.at)[::-1]


def receipts_of(order: PurchaseOrder) -> list[Movement]:
    """Return the receipts against an order, the oldest first, undone ones too."""
    ids = OrderReceipt.objects.filter(line__order=order).values("movement")
    movements = Movement.objects.filter(pk__in=ids).order_by("pk")
    return list(movements.select_related("by", "reversed_by__by"))


def _undone(order: PurchaseOrder) -> Iterable[Happened]:
    for movement in receipts_of(order):
        if undo := getattr(movement, "reversed_by", None):
            text = (
                f"Undone: {movement}, because of: {undo.reason}"
                if undo.reason
                else (f"Undone: {movement}.")
            )
            yield Happened(undo.recorded_at, undo.by, text, movement)
