"""What every writer of orders does: own the order, count its version up, and say what happened."""

from datetime import datetime, timedelta

from inventory.accounts.models import User
from inventory.purchasing.models import OrderEvent, PurchaseOrder
from inventory.purchasing.orders import errors

LONGEST_EVENT = 600
# Longer than a mail server is waited for: a mail that was cut off holds no order for ever.
SENDING_LASTS = timedelta(minutes=2)


def owned(
    order: PurchaseOrder,
    *statuses: PurchaseOrder.Status,
    otherwise: str,
    seen: int | None = None,
) -> PurchaseOrder:
    """Own the order until the transaction ends, read anew, in one of these statuses.

    `otherwise` says what would have to be done first; `seen` is the version that the person saw.
    Raises WrongStatus, ChangedMeanwhile.
    """
    rows = PurchaseOrder.objects.select_for_update(no_key=True, of=("self",))
    now_there = rows.with_people().get(pk=order.pk)
    if now_there.status not in statuses:
        raise errors.WrongStatus(now_there, otherwise)
    if seen is not None and now_there.version != seen:
        last = now_there.events.select_related("by").last()
        raise errors.ChangedMeanwhile(now_there, seen, f"{last.by}: {last}" if last else "")
    return now_there


def not_being_sent(order: PurchaseOrder, now: datetime) -> None:
    """Refuse to touch an order whose mail is under way. Raises BeingSent."""
    if order.sending_since and now - order.sending_since < SENDING_LASTS:
        raise errors.BeingSent(order)


def changed(order: PurchaseOrder, *fields: str) -> None:
    """Write these fields, and count the version up."""
    order.version += 1
    order.save(update_fields=["version", *fields])


def tell(order: PurchaseOrder, text: str, by: User, now: datetime) -> None:
    """Add a sentence to what happened with the order."""
    if len(text) > LONGEST_EVENT:
        text = f"{text[: LONGEST_EVENT - 1]}…"
    OrderEvent.objects.create(order=order, text=text, by=by, at=now)
