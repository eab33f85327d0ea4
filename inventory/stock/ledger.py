"""The only writer of stock: appends movements with their entries and changes holdings.

Every function is one transaction, tried again should the database break it off. The row of each
item concerned is locked first, in id order; whoever holds an item's row owns its lots and holdings,
so no two writers of one item ever meet and no two writers wait for each other. What is on the shelf
is read after the lock. Rows that need no stock to be known (the movement) are inserted before it,
to keep the lock short.

`happened_at` is when it happened, `now` when it was recorded; what is usable is judged on the day
on which it happened, in the clinic's time zone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inventory.accounts.models import User
from inventory.catalog.models import Clinic, Item, Location, Supplier
from inventory.stock import arrivals, drawing, errors, requests, undoing
from inventory.stock.allocation import ZERO, Allocation, allocate
from inventory.stock.drawing import Use
from inventory.stock.models import Entry, Holding, Lot, LotHold, LotStatusChange, Movement
from inventory.stock.picking import Picker
from inventory.stock.requests import ReceiptLine, StockLine, Want, WasteReason
from inventory.stock.reversal import Change
from inventory.stock.shelf import as_stock, read_shelf, why_not_usable
from inventory.stock.usable import beyond_use_on
from inventory.web.fields import QuantityField
from inventory.web.transactions import all_or_nothing


@dataclass(frozen=True)
class ReceivedLine:
    lot: Lot
    holding: Holding
    quantity: Decimal
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    movement: Movement
    lines: list[ReceivedLine]


@dataclass(frozen=True)
class CountedLine:
    holding: Holding
    expected: Decimal
    counted: Decimal

    @property
    def variance(self) -> Decimal:
        return self.counted - self.expected


@dataclass(frozen=True)
class Count:
    movement: Movement
    lines: list[CountedLine] = field(default_factory=list)


@contextmanager
def together(items: Iterable[Item]) -> Iterator[None]:
    """Own these items for several movements that stand or fall together.

    Whoever appends more than one movement in one transaction must own all of their items before
    the first: two who own a few and wait for the rest would wait for each other.
    """
    with transaction.atomic():
        _lock(items)
        yield


@all_or_nothing
def receive(
    *,
    by: User,
    location: Location,
    lines: Sequence[ReceiptLine],
    happened_at: datetime,
    now: datetime,
    supplier: Supplier | None = None,
    reference: str = "",
) -> Receipt:
    """Take lots in. Expired or short-dated ones too, with a warning: they are on the shelf.

    A lot that a hold is waiting for is held in the same transaction, and a warning says so.
    Raises InvalidLine, or LotExpiryDiffers when a lot is known with another expiry date.
    """
    requests.check_receipt(lines)
    movement = _append(
        Movement.Kind.RECEIPT, by, happened_at, now, supplier=supplier, reference=reference
    )
    items = _lock(line.item for line in lines)
    lots = _receive_lots(items, lines, happened_at)
    holds = list(LotHold.objects.filter(item__in=items, ended_at__isnull=True).order_by("pk"))
    _hold_what_arrived(lots, holds, by, now)
    sealed = _sealed_holdings(location, lots)
    holdings = [sealed[lot.pk] for lot in lots]
    _post(
        movement,
        [
            Change(holding, Entry.Kind.RECEIPT, line.quantity, number)
            for number, (line, holding) in enumerate(zip(lines, holdings, strict=True))
        ],
    )
    soon = Clinic.objects.values_list("expiring_now_days", flat=True).get(pk=1)
    today = timezone.localdate(now)
    return Receipt(
        movement,
        [
            ReceivedLine(
                holding.lot,
                holding,
                line.quantity,
                (
                    *arrivals.hold_warnings(holding.lot, holds),
                    *arrivals.expiry_warnings(holding.lot, today, soon),
                ),
            )
            for line, holding in zip(lines, holdings, strict=True)
        ],
    )


@all_or_nothing
def use(
    *, by: User, location: Location, wants: Sequence[Want], happened_at: datetime, now: datetime
) -> Use:
    """Take supplies for one procedure: all of them or none.

    Opens the vials it needs and discards what is left of single-dose containers in the same
    movement; where patients are treated, what is left of multi-dose vials too.
    Raises InvalidLine, LotNotUsable, HoldingElsewhere or NotEnoughStock.
    """
    today = timezone.localdate(happened_at)
    for number, want in enumerate(wants):
        requests.check_quantity(want.item, want.quantity, number, sealed=False)
    movement = _append(Movement.Kind.USE, by, happened_at, now)
    items = _lock(want.item for want in wants)
    shelf = read_shelf(location, items)
    wishes = [drawing.wish(want, shelf, location, today) for want in wants]
    stocks = map(as_stock, shelf.values())
    allocation = allocate(stocks, wishes, today, one_patient=location.treatment_area)
    if allocation.shortages:
        raise errors.NotEnoughStock(
            [
                drawing.shortage(line, want, items, location, today)
                for line, want in zip(allocation.lines, wants, strict=True)
                if line.short
            ]
        )
    vials = _open_vials(allocation, shelf, movement, today)
    _post(movement, drawing.changes_of_use(allocation, shelf, vials))
    return Use(movement, drawing.used_lines(wants, allocation, shelf, vials))


@all_or_nothing
def waste(
    *,
    by: User,
    location: Location,
    lines: Sequence[StockLine],
    reason: WasteReason,
    happened_at: datetime,
    now: datetime,
) -> Movement:
    """Discard stock. Raises InvalidLine, HoldingElsewhere or NotEnoughStock."""
    movement = _append(Movement.Kind.WASTE, by, happened_at, now, reason=reason)
    picker = _locked_picker(location, lines)
    changes = []
    for number, line in enumerate(lines):
        holding, quantity = picker.take(line, number)
        changes.append(Change(holding, Entry.Kind.WASTE, -quantity, number))
    _post(movement, changes)
    return movement


@all_or_nothing
def return_to_supplier(
    *,
    by: User,
    location: Location,
    lines: Sequence[StockLine],
    supplier: Supplier,
    happened_at: datetime,
    now: datetime,
    reference: str = "",
    reason: str = "",
) -> Movement:
    """Send stock back, whether it may be used or not; `reference` is the supplier's own number.

    Raises InvalidLine, HoldingElsewhere or NotEnoughStock.
    """
    movement = _append(
        Movement.Kind.RETURN,
        by,
        happened_at,
        now,
        reason=reason,
        reference=reference,
        supplier=supplier,
    )
    picker = _locked_picker(location, lines)
    changes = []
    for number, line in enumerate(lines):
        holding, quantity = picker.take(line, number)
        changes.append(Change(holding, Entry.Kind.RETURN, -quantity, number))
    _post(movement, changes)
    return movement


@all_or_nothing
def open_vial(
    *, by: User, location: Location, line: StockLine, happened_at: datetime, now: datetime
) -> Holding:
    """Open one multi-dose vial without drawing from it: the one named, or the first to expire.

    Raises InvalidLine, LotNotUsable, HoldingElsewhere or NotEnoughStock.
    """
    if not line.item.is_multi_dose or line.item.container_volume is None:
        raise errors.InvalidLine(
            "lines.0.item", f"{line.item.name} is no multi-dose vial: it is opened when it is used."
        )
    today = timezone.localdate(happened_at)
    volume = line.item.container_volume
    movement = _append(Movement.Kind.OPEN, by, happened_at, now)
    picker = _locked_picker(location, [line])
    [(sealed, _)] = picker.take_to_move(replace(line, quantity=volume), 0, today)
    if sealed.is_opened:
        raise errors.InvalidLine("lines.0.holding", "This vial has been opened already.")
    if why := why_not_usable(sealed, today):
        raise errors.LotNotUsable(sealed.lot, why)
    vial = _opened(sealed, movement, today)
    Holding.objects.bulk_create([vial])
    _post(
        movement,
        [Change(sealed, Entry.Kind.OPEN, -volume), Change(vial, Entry.Kind.OPEN, volume)],
    )
    return vial


@all_or_nothing
def transfer(
    *,
    by: User,
    source: Location,
    destination: Location,
    lines: Sequence[StockLine],
    happened_at: datetime,
    now: datetime,
    reason: str = "",
) -> Movement:
    """Move stock between places. An opened vial moves whole, as itself, and keeps its number.

    A line without a lot takes usable sealed stock, first expiry first.
    Raises InvalidLine, HoldingElsewhere or NotEnoughStock.
    """
    if source == destination:
        raise errors.InvalidLine("to", f"The stock is in {source} already.")
    today = timezone.localdate(happened_at)
    movement = _append(Movement.Kind.TRANSFER, by, happened_at, now, reason=reason)
    picker = _locked_picker(source, lines)
    parts = [
        (number, holding, quantity)
        for number, line in enumerate(lines)
        for holding, quantity in picker.take_to_move(line, number, today)
    ]
    arrivals = _sealed_holdings(
        destination, [holding.lot for _, holding, _ in parts if not holding.is_opened]
    )
    changes = []
    for number, holding, quantity in parts:
        arrival = holding if holding.is_opened else arrivals[holding.lot_id]
        changes += [
            Change(holding, Entry.Kind.TRANSFER, -quantity, number, source.pk),
            Change(arrival, Entry.Kind.TRANSFER, quantity, number, destination.pk),
        ]
    _post(movement, changes)
    _relocate([holding for _, holding, _ in parts if holding.is_opened], destination)
    return movement


@all_or_nothing
def count(
    *,
    by: User,
    location: Location,
    lines: Sequence[StockLine],
    reason: str,
    happened_at: datetime,
    now: datetime,
) -> Count:
    """Make holdings what was counted (`quantity` of each line); the entries are the variances.

    A line that says what was `expected` when it was counted keeps what has moved since. An opened
    vial keeps an entry of nothing when it holds what was expected: somebody had it in hand, and a
    reversal of what opened it must not seal it again.
    Raises InvalidLine, HoldingElsewhere or MovedSinceCounted.
    """
    movement = _append(Movement.Kind.COUNT, by, happened_at, now, reason=reason)
    picker = _locked_picker(location, lines)
    missing = [line.lot for line in lines if line.lot and not line.holding]
    sealed = _sealed_holdings(location, missing)
    counted: list[CountedLine] = []
    for number, line in enumerate(lines):
        holding = picker.named(line, number)
        if holding is None and line.lot is not None:
            holding = sealed[line.lot.pk]
        if holding is None:
            raise errors.InvalidLine(f"lines.{number}.lot", "Say which lot was counted.")
        if any(holding == other.holding for other in counted):
            raise errors.InvalidLine(f"lines.{number}", f"{line.item.name} is counted twice.")
        amount = requests.check_counted(line, number)
        counted.append(CountedLine(holding, holding.quantity, _as_of_now(line, holding, amount)))
    _post(
        movement,
        [
            Change(line.holding, Entry.Kind.COUNT, line.variance, number)
            for number, line in enumerate(counted)
            if line.variance or line.holding.is_opened
        ],
    )
    return Count(movement, counted)


@all_or_nothing
def reverse(
    movement: Movement,
    *,
    by: User,
    reason: str,
    happened_at: datetime,
    now: datetime,
    supplies_wasted: bool = False,
) -> Movement:
    """Put a movement right by its opposite, at most once.

    With `supplies_wasted` what was used stays gone, as waste. Raises AlreadyReversed, or
    CannotReverse when what it brought has been used, moved or counted away since.
    """
    if movement.kind == Movement.Kind.REVERSAL:
        raise errors.CannotReverse("A reversal is not reversed again; record what happened anew.")
    contrary = _append_reversal(movement, by, reason, happened_at, now)
    entries = undoing.entries_of(movement)
    _lock(entry.item for entry in entries)
    changes = undoing.changes(
        movement, entries, timezone.localdate(happened_at), supplies_wasted=supplies_wasted
    )
    _post(contrary, changes)
    if movement.kind == Movement.Kind.TRANSFER:
        _move_vials_back(changes)
    return contrary


@all_or_nothing
def use_again(movement: Movement, *, by: User, reason: str, now: datetime) -> Movement:
    """Reverse a use and write it once more, each entry as it was; return the new one.

    For what was wrong with something else than the supplies: they were taken from where they were,
    whatever has become of that since, and no holding changes. Raises AlreadyReversed.
    """
    contrary = _append_reversal(movement, by, reason, now, now)
    entries = undoing.entries_of(movement)
    _lock(entry.item for entry in entries)
    again = _append(Movement.Kind.USE, by, movement.happened_at, now)
    Entry.objects.bulk_create(
        Entry(
            movement=copy,
            holding_id=entry.holding_id,
            location_id=entry.location_id,
            item_id=entry.item_id,
            kind=entry.kind,
            quantity=sign * entry.quantity,
            line=entry.line,
            happened_at=copy.happened_at,
        )
        for copy, sign in ((contrary, -1), (again, 1))
        for entry in entries
    )
    return again


def set_lot_status(
    lot: Lot, *, by: User, status: Lot.Status, reason: str, now: datetime
) -> LotStatusChange:
    """Hold, recall or release a lot. Waits for whoever is drawing from it at this moment."""
    return set_lot_statuses([lot], by=by, status=status, reason=reason, now=now)[0]


@all_or_nothing
def set_lot_statuses(
    lots: Sequence[Lot], *, by: User, status: Lot.Status, reason: str, now: datetime
) -> list[LotStatusChange]:
    """Hold, recall or release many lots in one step, with their opened vials."""
    _lock(lot.item for lot in lots)
    Lot.objects.filter(pk__in=[lot.pk for lot in lots]).update(status=status)
    for lot in lots:
        lot.status = status
    return LotStatusChange.objects.bulk_create(
        LotStatusChange(lot=lot, status=status, reason=reason, by=by, changed_at=now)
        for lot in lots
    )


@all_or_nothing
def hold_arrivals(
    items: Sequence[Item],
    patterns: Sequence[str],
    *,
    by: User,
    status: Lot.Status,
    reason: str,
    now: datetime,
) -> list[LotHold]:
    """From now on hold lots of these items that match as soon as they are received.

    What is there already stays as it is: whoever calls this has looked at that `together` with it.
    """
    _lock(items)
    return LotHold.objects.bulk_create(
        LotHold(item=item, pattern=pattern, status=status, reason=reason, by=by, since=now)
        for item in items
        for pattern in patterns
    )


@all_or_nothing
def end_holds(holds: Iterable[LotHold], *, by: User, now: datetime) -> int:
    """Let deliveries be as they are again; what was held stays held. Returns how many ended."""
    in_force = LotHold.objects.filter(pk__in=[hold.pk for hold in holds], ended_at__isnull=True)
    return in_force.update(ended_at=now, ended_by=by)


def _append(
    kind: Movement.Kind,
    by: User,
    happened_at: datetime,
    now: datetime,
    *,
    reason: str = "",
    reference: str = "",
    supplier: Supplier | None = None,
    reverses: Movement | None = None,
) -> Movement:
    return Movement.objects.create(
        kind=kind,
        by=by,
        happened_at=happened_at,
        recorded_at=now,
        reason=reason,
        reference=reference,
        supplier=supplier,
        reverses=reverses,
    )


def _lock(items: Iterable[Item]) -> dict[int, Item]:
    """Own these items, in id order, until the transaction ends; the same items by id.

    `no_key` leaves alone those who only refer to an item. SQLite has one writer at a time, who
    owns everything since the transaction began.
    """
    owned = {item.pk: item for item in items}
    if connection.features.has_select_for_update:
        rows = Item.objects.select_for_update(no_key=True).filter(pk__in=owned).order_by("pk")
        list(rows.values_list("pk"))
    return owned


def _locked_picker(location: Location, lines: Sequence[StockLine]) -> Picker:
    items = _lock(line.item for line in lines)
    named = [line.holding.pk for line in lines if line.holding is not None]
    return Picker(read_shelf(location, items, also=named), location)


def _open_vials(
    allocation: Allocation, shelf: Mapping[int, Holding], movement: Movement, today: date
) -> list[Holding]:
    """A holding for each vial that the allocation opens, still empty."""
    sources = [shelf[opened.source.holding_id] for opened in allocation.opened]
    vials = [_opened(source, movement, today) for source in sources]
    return Holding.objects.bulk_create(vials) if vials else []


def _append_reversal(
    movement: Movement, by: User, reason: str, happened_at: datetime, now: datetime
) -> Movement:
    try:
        # In a transaction of its own: what follows has to be able to ask what stood in the way.
        with transaction.atomic():
            return _append(
                Movement.Kind.REVERSAL, by, happened_at, now, reason=reason, reverses=movement
            )
    except IntegrityError as error:
        raise errors.AlreadyReversed(movement) from error


def _opened(source: Holding, movement: Movement, today: date) -> Holding:
    """One vial of this sealed stock as it is once opened, still empty."""
    return Holding(
        lot=source.lot,
        location=source.location,
        quantity=ZERO,
        opened_at=movement.happened_at,
        opened_by=movement.by,
        beyond_use_on=beyond_use_on(today, source.lot.item.beyond_use_days, source.lot.expires_on),
    )


def _as_of_now(line: StockLine, holding: Holding, counted: Decimal) -> Decimal:
    """What there is now, if this much was there when the ledger said what the line expected."""
    if line.expected is None:
        return counted
    moved: Decimal = holding.quantity - line.expected
    if counted + moved < 0:
        raise errors.MovedSinceCounted(holding, counted, moved)
    return counted + moved


def _post(movement: Movement, changes: Sequence[Change]) -> None:
    """Write the entries and, in the same transaction, what they make of the holdings."""
    Entry.objects.bulk_create(
        Entry(
            movement_id=movement.pk,
            holding_id=change.holding.pk,
            location_id=change.location_id or change.holding.location_id,
            item_id=change.holding.lot.item_id,
            kind=change.kind,
            quantity=change.quantity,
            line=change.line,
            happened_at=movement.happened_at,
        )
        for change in changes
    )
    net: dict[int, Decimal] = defaultdict(Decimal)
    for change in changes:
        net[change.holding.pk] += change.quantity
    _add_to_holdings({pk: quantity for pk, quantity in net.items() if quantity})
    for holding in {change.holding.pk: change.holding for change in changes}.values():
        holding.quantity += net[holding.pk]


def _add_to_holdings(net: Mapping[int, Decimal]) -> None:
    """Add to many holdings in one statement, relative to what the database has."""
    if not net:
        return
    cases = ""
    values: list[int] = []
    for pk, amount in net.items():
        cases += " WHEN %s THEN %s"
        values += [pk, QuantityField.steps(amount)]
    marks = ", ".join(["%s"] * len(net))
    with connection.cursor() as cursor:
        # Only placeholders are put together here.
        cursor.execute(
            f"UPDATE inventory_holding SET quantity = quantity + CASE id{cases} END"  # noqa: S608
            f" WHERE id IN ({marks})",
            [*values, *net],
        )


def _receive_lots(
    items: Mapping[int, Item], lines: Sequence[ReceiptLine], happened_at: datetime
) -> list[Lot]:
    """The lot of each line, made or brought up to date; the items' rows are locked."""
    names = [(line.item.pk, requests.normalize_lot_number(line.lot)) for line in lines]
    numbers = {number for _, number in names}
    known = Lot.objects.filter(item__in=items, number__in=numbers)
    lots = {(lot.item_id, lot.number): lot for lot in known}
    priced = [lot for lot in lots.values() if lot.number and lot.unit_cost is not None]
    standing = _standing(priced) if priced else set()
    made: dict[tuple[int, str], Lot] = {}
    changed: dict[tuple[int, str], Lot] = {}
    for name, line in zip(names, lines, strict=True):
        if name not in lots:
            lots[name] = made[name] = _new_lot(line, name[1], happened_at)
            continue
        lot = lots[name]
        keeps_price = bool(lot.number) and (name in made or lot.pk in standing)
        if _bring_up_to_date(lot, line, happened_at, keeps_price) and name not in made:
            changed[name] = lot
        standing.add(lot.pk)
    Lot.objects.bulk_create(made.values())
    if changed:
        Lot.objects.bulk_update(changed.values(), ["received_at", "unit_cost"])
    for (item, _), lot in lots.items():
        lot.item = items[item]
    return [lots[name] for name in names]


def _standing(lots: Collection[Lot]) -> set[int]:
    """Return which of these lots have a receipt that was not undone, by their ids."""
    standing = Entry.objects.filter(
        holding__lot__in=lots,
        kind=Entry.Kind.RECEIPT,
        movement__reverses__isnull=True,
        movement__reversed_by__isnull=True,
    )
    return set(standing.order_by().values_list("holding__lot", flat=True).distinct())


def _new_lot(line: ReceiptLine, number: str, happened_at: datetime) -> Lot:
    return Lot(
        item=line.item,
        number=number,
        expires_on=line.expires_on,
        unit_cost=line.unit_cost,
        received_at=happened_at,
    )


def _bring_up_to_date(
    lot: Lot, line: ReceiptLine, happened_at: datetime, keeps_price: bool
) -> bool:
    """Let a known lot know of one more receipt; say whether that changes it.

    A lot keeps the price that it came at, unless that receipt was undone: so a slip is put right.
    What is not kept by lot is one for all that ever came, and costs what it came at last.
    """
    if lot.expires_on != line.expires_on:
        raise errors.LotExpiryDiffers(lot, line.expires_on)
    first = min(lot.received_at or happened_at, happened_at)
    cost = lot.unit_cost
    if line.unit_cost is not None and (cost is None or not keeps_price):
        cost = line.unit_cost
    changes = (first, cost) != (lot.received_at, lot.unit_cost)
    lot.received_at, lot.unit_cost = first, cost
    return changes


def _sealed_holdings(location: Location, lots: Iterable[Lot]) -> dict[int, Holding]:
    """The sealed holding of each lot in this place, by lot id, made where there is none yet."""
    wanted = {lot.pk: lot for lot in lots}
    if not wanted:
        return {}
    found = {
        holding.lot_id: holding
        for holding in Holding.objects.sealed().filter(location=location, lot__in=wanted)
    }
    made = Holding.objects.bulk_create(
        Holding(lot=lot, location=location, quantity=ZERO)
        for pk, lot in wanted.items()
        if pk not in found
    )
    found |= {holding.lot_id: holding for holding in made}
    for holding in found.values():
        holding.lot = wanted[holding.lot_id]
        holding.location = location
    return found


def _hold_what_arrived(
    lots: Sequence[Lot], holds: Sequence[LotHold], by: User, now: datetime
) -> None:
    """Hold the lots that a hold waits for, never more loosely than they are held already."""
    changes: list[LotStatusChange] = []
    statuses: dict[int, str] = {}
    for lot in {lot.pk: lot for lot in lots}.values():
        caught_by = arrivals.holds_on(lot, holds)
        status = arrivals.status_on_arrival(lot, caught_by)
        if status != lot.status:
            statuses[lot.pk] = status
            changes += (
                LotStatusChange(
                    lot=lot, status=status, reason=hold.reason, by=by, changed_at=now, hold=hold
                )
                for hold in caught_by
            )
    for status in set(statuses.values()):
        held = [pk for pk, wanted in statuses.items() if wanted == status]
        Lot.objects.filter(pk__in=held).update(status=status)
    LotStatusChange.objects.bulk_create(changes)
    for lot in lots:
        lot.status = statuses.get(lot.pk, lot.status)


def _relocate(vials: Sequence[Holding], destination: Location) -> None:
    if vials:
        Holding.objects.filter(pk__in=[vial.pk for vial in vials]).update(location=destination)


def _move_vials_back(changes: Sequence[Change]) -> None:
    for change in changes:
        if change.holding.is_opened and change.quantity > 0:
            Holding.objects.filter(pk=change.holding.pk).update(location=change.location_id)
