"""The writer of drafts: begins an order, puts lines on it, changes and copies it.

Who changes an order says which version they saw. A supplier has one draft that suggestions are
added to, found while the supplier's row is owned, so that two people never make two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate

from django.db.models.functions import Length
from django.utils import timezone

from inventory.accounts.models import User
from inventory.catalog.models import Clinic, Item, Location, Supplier, SupplierOffer
from inventory.purchasing.models import OrderLine, PurchaseOrder
from inventory.purchasing.orders import errors
from inventory.purchasing.orders.owned_record import changed, owned, tell
from inventory.purchasing.reasons import packs_words
from inventory.stock.requests import QUANTITY_MAX
from inventory.web.transactions import all_or_nothing
from inventory.web.words import day_words, money_words

MOST_LINES = 200
MOST_PACKS = 100_000
# Letters: a sentence of an order takes not many more.
LONGEST_LIST = 500
A_DRAFT = "Only a draft is changed: put it back to draft first."
Status = PurchaseOrder.Status


@dataclass(frozen=True)
class Pick:
    """So many packs of an item to be ordered; without an offer in its containers or pieces."""

    item: Item
    offer: SupplierOffer | None
    packs: int


@dataclass(frozen=True)
class Drafted:
    """The draft that picks went to, and a sentence for each line that was on it before."""

    order: PurchaseOrder
    is_new: bool
    added_up: tuple[str, ...] = ()


@dataclass(frozen=True)
class LineChange:
    """How many packs of a line to order, and what a pack is to cost (None: not known)."""

    packs: int
    pack_price: Decimal | None


@dataclass(frozen=True)
class DraftChange:
    """What a draft says by now; `lines` by their id. A line that is not named stays."""

    note: str
    deliver_to: Location | None
    needed_by: date | None
    lines: Mapping[int, LineChange]


@all_or_nothing
def begin(supplier: Supplier, *, by: User, now: datetime) -> Drafted:
    """Return the supplier's draft, or a new one where there is none."""
    draft = _own_draft(supplier)
    if draft is not None:
        return Drafted(draft, is_new=False)
    order = _new(supplier, by, now)
    tell(order, "Drafted.", by, now)
    return Drafted(order, is_new=True)


@all_or_nothing
def draft(
    supplier: Supplier,
    picks: Sequence[Pick],
    *,
    deliver_to: Location | None = None,
    by: User,
    now: datetime,
) -> Drafted:
    """Put what was picked on the supplier's draft; packs that are on it already add up.

    With a place it is the draft of what is delivered there. Raises NotOfThisSupplier, TooMuch,
    TooManyLines.
    """
    found = _own_draft(supplier, deliver_to)
    order = found or _new(supplier, by, now, deliver_to)
    lines = list(order.lines.select_related("item"))
    put, added_up = [], []
    for pick in picks:
        line = _line_of(order, pick)
        put.append(line)
        there = _same(lines, line)
        if there is None:
            lines.append(_put(order, lines, line))
            continue
        before, there.packs = there.packs, _checked(there.item, there.packs + pick.packs, there)
        there.order_code = line.order_code
        there.save(update_fields=["packs", "order_code"])
        added_up.append(
            f"{there.item}: {before:,} on it before, {there.packs:,} packs now"
            f"{_at_another_price(there, line)}."
        )
    if found:
        changed(order)
    what = _listed([f"{line.item}, {_packs(line)}" for line in put])
    tell(order, f"Added {what}." if found else f"Drafted with {what}.", by, now)
    return Drafted(order, is_new=found is None, added_up=tuple(added_up))


@all_or_nothing
def change(
    order: PurchaseOrder, asked: DraftChange, *, seen: int, by: User, now: datetime
) -> PurchaseOrder:
    """Make a draft what was entered. Raises WrongStatus, ChangedMeanwhile, TooMuch."""
    order = owned(order, Status.DRAFT, otherwise=A_DRAFT, seen=seen)
    told = _changed_lines(order, asked.lines)
    fields = {
        "note": (asked.note, f"“{asked.note}”"),
        "deliver_to": (asked.deliver_to, str(asked.deliver_to)),
        "needed_by": (asked.needed_by, asked.needed_by and day_words(asked.needed_by)),
    }
    for name, (value, words) in fields.items():
        if getattr(order, name) != value:
            setattr(order, name, value)
            told.append(f"{name.replace('_', ' ')} {words if value else 'left open'}")
    if told:
        changed(order, *fields)
        tell(order, f"Changed: {'; '.join(told)}.", by, now)
    return order


@all_or_nothing
def add_line(order: PurchaseOrder, item: Item, *, seen: int, by: User, now: datetime) -> OrderLine:
    """Add an item as the supplier offers it, at its minimum; else one container or piece.

    Raises WrongStatus, ChangedMeanwhile, OrderedAlready, TooManyLines.
    """
    order = owned(order, Status.DRAFT, otherwise=A_DRAFT, seen=seen)
    offer = _offer_of(order.supplier, item)
    line = _line_of(order, Pick(item, offer, offer.minimum_packs if offer else 1))
    lines = list(order.lines.select_related("item"))
    if there := _same(lines, line):
        raise errors.OrderedAlready(order, there)
    line = _put(order, lines, line)
    changed(order)
    tell(order, f"Added {item}, {_packs(line)}.", by, now)
    return line


@all_or_nothing
def remove_line(
    order: PurchaseOrder, line: int, *, seen: int, by: User, now: datetime
) -> PurchaseOrder:
    """Take a line off; those after it move up. Raises WrongStatus, ChangedMeanwhile."""
    order = owned(order, Status.DRAFT, otherwise=A_DRAFT, seen=seen)
    gone = order.lines.select_related("item").filter(pk=line).first()
    if gone is None:
        return order
    gone.delete()
    for after in order.lines.filter(position__gt=gone.position).order_by("position"):
        after.position -= 1
        after.save(update_fields=["position"])
    changed(order)
    tell(order, f"Removed {gone.item}, {_packs(gone)}.", by, now)
    return order


@all_or_nothing
def copy(order: PurchaseOrder, *, by: User, now: datetime) -> PurchaseOrder:
    """Draft the same once more, at the prices of today; what is not in use is left out.

    Raises NotInUse.
    """
    if not order.supplier.is_active:
        raise errors.NotInUse(order.supplier)
    again = _new(order.supplier, by, now)
    place = order.deliver_to
    again.note, again.deliver_to = order.note, place if place and place.is_active else None
    again.save(update_fields=["note", "deliver_to"])
    lines = list(order.lines.filter(item__is_active=True).select_related("offer", "item"))
    copied: list[OrderLine] = []
    for line in lines:
        _put_or_add_up(copied, _as_offered(again, line))
    OrderLine.objects.bulk_create(copied)
    left_out = order.lines.count() - len(lines)
    without = f", without {left_out} not in use" if left_out else ""
    tell(again, f"Copied from {order}{without}.", by, now)
    return again


def _put_or_add_up(copied: list[OrderLine], line: OrderLine) -> None:
    """Put a line on a copy; of packs that are called the same by now there is one line."""
    there = _same(copied, line)
    if there:
        there.packs = min(there.packs + line.packs, most_packs(there))
    else:
        copied.append(line)
        line.position = len(copied)


def _as_offered(again: PurchaseOrder, line: OrderLine) -> OrderLine:
    """Return the same line for a copy: by the code and at the price of today, while this pack is
    offered; else as it was."""
    copied = OrderLine(
        order=again,
        item=line.item,
        offer=line.offer,
        order_code=line.order_code,
        pack_quantity=line.pack_quantity,
        packs=line.packs,
        pack_price=line.price,
    )
    if line.offer and line.is_offered:
        copied.order_code, copied.pack_price = line.offer.order_code, line.offer.pack_price
    return copied


def _own_draft(supplier: Supplier, deliver_to: Location | None = None) -> PurchaseOrder | None:
    """Own the supplier's row, and return its newest draft (to that place, if one is given), owned
    too."""
    list(Supplier.objects.select_for_update(no_key=True).filter(pk=supplier.pk))
    drafts = PurchaseOrder.objects.select_for_update(no_key=True).filter(
        supplier=supplier, status=Status.DRAFT
    )
    if deliver_to:
        drafts = drafts.filter(deliver_to=deliver_to)
    return drafts.order_by("-pk").first()


def _new(
    supplier: Supplier, by: User, now: datetime, deliver_to: Location | None = None
) -> PurchaseOrder:
    last = PurchaseOrder.objects.select_related("deliver_to").order_by("-pk").first()
    place = last.deliver_to if last and last.deliver_to and last.deliver_to.is_active else None
    return PurchaseOrder.objects.create(
        number=_next_number(timezone.localdate(now).year),
        supplier=supplier,
        # Where the last order went: the next one most likely goes there too.
        deliver_to=deliver_to or place,
        created_at=now,
        created_by=by,
    )


def _next_number(year: int) -> str:
    """Return the number after the highest of the year; orders stay, so none is given twice."""
    # One at a time: whoever comes next reads the number that this one was given.
    list(Clinic.objects.select_for_update(no_key=True).filter(pk=1))
    prefix = f"PO-{year:04}-"
    given = PurchaseOrder.objects.filter(number__startswith=prefix)
    highest = given.order_by(Length("number").desc(), "-number").first()
    serial = int(highest.number.removeprefix(prefix)) if highest else 0
    return f"{prefix}{serial + 1:04}"


def _offer_of(supplier: Supplier, item: Item) -> SupplierOffer | None:
    offers = supplier.offers.filter(item=item, is_active=True)
    usual = sorted(offers, key=lambda o: (not o.preferred, o.pack_price / o.pack_quantity, o.pk))
    return usual[0] if usual else None


def _line_of(order: PurchaseOrder, pick: Pick) -> OrderLine:
    """Return the line of a pick, not saved yet. Raises NotOfThisSupplier, TooMuch."""
    item, offer = pick.item, pick.offer
    if offer is not None and (offer.supplier_id, offer.item_id) != (order.supplier_id, item.pk):
        raise errors.NotOfThisSupplier(item, order.supplier)
    line = OrderLine(
        order=order,
        item=item,
        offer=offer,
        order_code=offer.order_code if offer else "",
        pack_quantity=offer.pack_quantity if offer else item.container_volume or Decimal(1),
        pack_price=offer.pack_price if offer else None,
    )
    line.packs = _checked(item, pick.packs, line)
    return line


def most_packs(line: OrderLine) -> int:
    """Return of how many packs a line may be."""
    return min(MOST_PACKS, int(QUANTITY_MAX // line.pack_quantity))


def _checked(item: Item, packs: int, line: OrderLine) -> int:
    most = most_packs(line)
    if not 1 <= packs <= most:
        raise errors.TooMuch(item, packs, most)
    return packs


def _same(lines: Iterable[OrderLine], line: OrderLine) -> OrderLine | None:
    """Return the line that orders the same pack: by its code, else by its offer, whatever its code
    was then."""
    same_size = [
        there
        for there in lines
        if (there.item_id, there.pack_quantity) == (line.item_id, line.pack_quantity)
    ]
    by_code = (there for there in same_size if there.order_code == line.order_code)
    by_offer = (there for there in same_size if there.offer_id and there.offer_id == line.offer_id)
    return next(by_code, None) or next(by_offer, None)


def _put(order: PurchaseOrder, lines: Sequence[OrderLine], line: OrderLine) -> OrderLine:
    if len(lines) >= MOST_LINES:
        raise errors.TooManyLines(order, MOST_LINES)
    line.position = max((there.position for there in lines), default=0) + 1
    line.save(force_insert=True)
    return line


def _changed_lines(order: PurchaseOrder, asked: Mapping[int, LineChange]) -> list[str]:
    """Write what is another than before, and return it in words."""
    told = []
    for line in order.lines.select_related("item"):
        want = asked.get(line.pk)
        if want is None or (want.packs, want.pack_price) == (line.packs, line.pack_price):
            continue
        if want.packs != line.packs:
            told.append(f"{line.item} {line.packs:,} to {want.packs:,} packs")
        if want.pack_price != line.pack_price:
            told.append(f"{line.item} {_price(line.pack_price)} to {_price(want.pack_price)}")
        line.packs, line.pack_price = _checked(line.item, want.packs, line), want.pack_price
        line.save(update_fields=["packs", "pack_price"])
    return told


def _at_another_price(there: OrderLine, line: OrderLine) -> str:
    """What somebody put on a draft stays; that the offer says another by now is said."""
    if there.pack_price == line.pack_price:
        return ""
    return f", at {_price(there.pack_price)}, and the offer says {_price(line.pack_price)}"


def _price(price: Decimal | None) -> str:
    return "no price" if price is None else money_words(price)


def _listed(told: Sequence[str]) -> str:
    """Return "Needle, 2 packs of 100; Gauze, 1 pack of 50; and 12 more", as many as are read."""
    # What is left is said before a sentence would be cut off.
    lengths = accumulate(len(each) + 2 for each in told)
    shown = sum(length <= LONGEST_LIST for length in lengths) or 1
    more = [f"and {len(told) - shown:,} more"] if len(told) > shown else []
    return "; ".join([*told[:shown], *more])


def _packs(line: OrderLine) -> str:
    return packs_words(line.packs, line.pack_quantity, line.item.unit)
