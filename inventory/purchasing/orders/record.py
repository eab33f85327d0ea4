"""The writer of what becomes of an order: approved, sent, confirmed, closed short, cancelled.

Everything is one transaction that owns the order's row. A mail is sent between two of them: no
transaction waits for a mail server, and an order whose mail failed is approved as it was.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from django.db.models import Max
from django.utils import timezone

from inventory.accounts.models import User
from inventory.purchasing.models import OrderReceipt, PurchaseOrder
from inventory.purchasing.orders import errors
from inventory.purchasing.orders.draft_record import most_packs
from inventory.purchasing.orders.owned_record import changed, not_being_sent, owned, tell
from inventory.purchasing.orders.words import BACK_TO_DRAFT, Confirmed, answer_words
from inventory.web.transactions import all_or_nothing

SENT_FIRST = "Only a sent order is confirmed."
APPROVED_FIRST = "Only an approved order is sent."
NO_REMARKS: Mapping[int, str] = MappingProxyType({})
Status = PurchaseOrder.Status


@all_or_nothing
def approve(order: PurchaseOrder, *, seen: int, by: User, now: datetime) -> PurchaseOrder:
    """Let a draft be sent. Who drafted it may approve it too, as a manager.

    Raises WrongStatus, ChangedMeanwhile, NotInUse, ItemsNotInUse, NothingOrdered, NeededBefore.
    """
    order = owned(order, Status.DRAFT, otherwise="Only a draft is approved.", seen=seen)
    _to_one_in_use(order)
    _with_lines(order)
    _of_items_in_use(order)
    today = timezone.localdate(now)
    if order.needed_by and order.needed_by < today:
        raise errors.NeededBefore(order, order.needed_by, today)
    order.status, order.approved_at, order.approved_by = Status.APPROVED, now, by
    changed(order, "status", "approved_at", "approved_by")
    tell(order, "Approved.", by, now)
    return order


@all_or_nothing
def back_to_draft(
    order: PurchaseOrder, *, reason: str, seen: int, by: User, now: datetime
) -> PurchaseOrder:
    """Take the approval back, so that the order can be changed.

    Raises WrongStatus, ChangedMeanwhile, BeingSent.
    """
    first = "Only an approved order that was not sent goes back to draft."
    order = owned(order, Status.APPROVED, otherwise=first, seen=seen)
    not_being_sent(order, now)
    order.status, order.sending_since = Status.DRAFT, None
    order.approved_at = order.approved_by = None
    changed(order, "status", "approved_at", "approved_by", "sending_since")
    tell(order, f"{BACK_TO_DRAFT}{reason}", by, now)
    return order


@all_or_nothing
def begin_sending(order: PurchaseOrder, *, seen: int, now: datetime) -> PurchaseOrder:
    """Claim the order for one mail. Raises WrongStatus, ChangedMeanwhile, NotInUse, BeingSent."""
    order = owned(order, Status.APPROVED, otherwise=APPROVED_FIRST, seen=seen)
    _to_one_in_use(order)
    not_being_sent(order, now)
    order.sending_since = now
    order.save(update_fields=["sending_since"])
    return order


@all_or_nothing
def give_up_sending(order: PurchaseOrder) -> None:
    """Let go of an order whose mail failed: it is approved as before."""
    PurchaseOrder.objects.filter(pk=order.pk, status=Status.APPROVED).update(sending_since=None)


@all_or_nothing
def mark_sent(
    order: PurchaseOrder, *, seen: int, by: User, now: datetime, sent_to: str = ""
) -> PurchaseOrder:
    """Note that the order has left: mailed to an address, or, without one, sent by the person.

    It is expected when it is needed; where nobody said, or that day is past, after the longest lead
    time of its offers.
    Raises WrongStatus, ChangedMeanwhile. What was not mailed may be refused: NotInUse; BeingSent
    where a mail of somebody else's is under way.
    """
    order = owned(order, Status.APPROVED, otherwise=APPROVED_FIRST, seen=seen)
    if not sent_to:
        _to_one_in_use(order)
        not_being_sent(order, now)
    order.status, order.sending_since = Status.SENT, None
    order.sent_at, order.sent_by, order.sent_to = now, by, sent_to
    order.how = PurchaseOrder.How.MAILED if sent_to else PurchaseOrder.How.DOWNLOADED
    today = timezone.localdate(now)
    in_time = order.needed_by if order.needed_by and order.needed_by >= today else None
    order.expected_on = in_time or _expected_on(order, today)
    fields = ("status", "sending_since", "sent_at", "sent_by", "sent_to", "how", "expected_on")
    changed(order, *fields)
    tell(order, f"Mailed to {sent_to}." if sent_to else "Sent by hand.", by, now)
    return order


@all_or_nothing
def confirm(
    order: PurchaseOrder,
    confirmed: Mapping[int, Confirmed],
    *,
    remarks: Mapping[int, str] = NO_REMARKS,
    seen: int,
    by: User,
    now: datetime,
) -> PurchaseOrder:
    """Keep what the supplier confirmed, by the position of the line; others stay as they are.

    The order is expected on the last day that something of it is due. `remarks` are what else the
    supplier said of lines, by their positions too. Raises WrongStatus, ChangedMeanwhile, TooMuch.
    """
    order = owned(order, Status.SENT, otherwise=SENT_FIRST, seen=seen)
    told = []
    for line in order.lines.filter(position__in=confirmed).select_related("item"):
        said = confirmed[line.position]
        if said.packs is not None and said.packs > most_packs(line):
            raise errors.TooMuch(line.item, said.packs, most_packs(line), least=0)
        told.append(f"{line.item} {answer_words(line, said)}")
        line.confirmed_packs, line.confirmed_price = said.packs, said.price
        line.confirmed_on = said.on
        line.save(update_fields=["confirmed_packs", "confirmed_price", "confirmed_on"])
    coming = list(order.lines.still_open().with_due())
    days = [line.due_on for line in coming if line.due_on]
    order.expected_on = max(days, default=order.expected_on)
    order.is_complete = not coming
    changed(order, "expected_on", "is_complete")
    if told:
        tell(order, f"Confirmed by {order.supplier}: {'; '.join(told)}.", by, now)
    for line in order.lines.filter(position__in=remarks).select_related("item"):
        if line.remark == remarks[line.position]:
            continue
        line.remark = remarks[line.position]
        line.save(update_fields=["remark"])
        tell(order, f"{line.item}: {line.remark or 'no remark any more.'}", by, now)
    return order


@all_or_nothing
def close_short(
    order: PurchaseOrder, *, reason: str, seen: int, by: User, now: datetime
) -> PurchaseOrder:
    """End an order of which something is open: that is not on order any more.

    Raises WrongStatus, ChangedMeanwhile, NothingOpen.
    """
    order = owned(order, Status.SENT, otherwise="Only a sent order is closed short.", seen=seen)
    if not order.lines.still_open().exists():
        raise errors.NothingOpen(order)
    return _end(order, Status.CLOSED, reason, by, now)


@all_or_nothing
def cancel(
    order: PurchaseOrder, *, reason: str, seen: int, by: User, now: datetime
) -> PurchaseOrder:
    """Give an order up of which nothing was received.

    Raises WrongStatus, ChangedMeanwhile, BeingSent, ReceivedAlready.
    """
    still = (Status.DRAFT, Status.APPROVED, Status.SENT)
    order = owned(order, *still, otherwise="There is nothing to cancel.", seen=seen)
    not_being_sent(order, now)
    if OrderReceipt.objects.net().filter(line__order=order).exists():
        raise errors.ReceivedAlready(order)
    return _end(order, Status.CANCELLED, reason, by, now)


def _with_lines(order: PurchaseOrder) -> None:
    if not order.lines.exists():
        raise errors.NothingOrdered(order)


def _of_items_in_use(order: PurchaseOrder) -> None:
    out = list(order.lines.filter(item__is_active=False).select_related("item"))
    if out:
        raise errors.ItemsNotInUse(order, out)


def _to_one_in_use(order: PurchaseOrder) -> None:
    if not order.supplier.is_active:
        raise errors.NotInUse(order.supplier)


def _expected_on(order: PurchaseOrder, today: date) -> date | None:
    days = order.lines.aggregate(days=Max("offer__lead_time_days"))["days"]
    return None if days is None else today + timedelta(days=days)


def _end(
    order: PurchaseOrder, status: PurchaseOrder.Status, reason: str, by: User, now: datetime
) -> PurchaseOrder:
    order.status, order.sending_since = status, None
    order.ended_at, order.ended_by, order.end_reason = now, by, reason
    changed(order, "status", "sending_since", "ended_at", "ended_by", "end_reason")
    tell(order, f"{status.label}: {reason}", by, now)
    return order
