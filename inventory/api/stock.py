"""Stock: what comes in, moves, is wasted and counted; lots; the ledger itself."""

from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from inventory.api.answers import (
    CountedOut,
    CountOut,
    EntryOut,
    HoldingOut,
    LotOut,
    MovementOut,
    ReceiptOut,
    ReceivedOut,
    as_json,
)
from inventory.api.auth import ApiRequest, may
from inventory.api.lookups import item_named, location_named, row_at, supplier_named
from inventory.api.paging import NEWEST_FIRST, OLDEST_FIRST, Listed, page
from inventory.api.schemas import (
    CountIn,
    LotQuery,
    LotStatusIn,
    MovementQuery,
    ReceiptIn,
    StockQuery,
    TransferIn,
    WasteIn,
)
from inventory.api.stock_lines import receipt_lines, stock_lines
from inventory.api.submissions import IDEMPOTENT, carry_out
from inventory.stock import ledger
from inventory.stock.backdating import check_received_at
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.requests import WasteReason, normalize_lot_number
from inventory.stock.shelf import why_not_usable
from inventory.stock.usable import usable_until
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER

router = Router(tags=["Stock"])


@router.post(
    "/receipts",
    auth=may(NURSE, MANAGER, PURCHASER),
    response={201: ReceiptOut},
    openapi_extra=IDEMPOTENT,
)
def receipt_add(request: ApiRequest, body: ReceiptIn) -> HttpResponse:
    """Take lots in. What has expired is taken in with a warning: it is on the shelf."""
    return carry_out(request, body, lambda: _receive(request, body))


@router.get("/stock", auth=may(*EVERYONE), response=Listed[HoldingOut])
def stock_list(request: ApiRequest, query: Query[StockQuery]) -> HttpResponse:
    """List the holdings: the sealed containers of a lot in one place, and each opened vial."""
    today = timezone.localdate()
    holdings = _holdings(query, today)
    return as_json(page(holdings, query, OLDEST_FIRST, lambda row: holding_out(row, today)))


@router.post(
    "/transfers", auth=may(NURSE, MANAGER), response={201: MovementOut}, openapi_extra=IDEMPOTENT
)
def transfer_add(request: ApiRequest, body: TransferIn) -> HttpResponse:
    """Move stock. Without a lot, usable sealed stock goes, first expiry first."""
    return carry_out(request, body, lambda: _transfer(request, body))


@router.post(
    "/waste", auth=may(NURSE, MANAGER), response={201: MovementOut}, openapi_extra=IDEMPOTENT
)
def waste_add(request: ApiRequest, body: WasteIn) -> HttpResponse:
    """Discard stock, with the reason."""
    return carry_out(request, body, lambda: _waste(request, body))


@router.post(
    "/counts", auth=may(NURSE, MANAGER), response={201: CountOut}, openapi_extra=IDEMPOTENT
)
def count_add(request: ApiRequest, body: CountIn) -> HttpResponse:
    """Make holdings what was counted."""
    return carry_out(request, body, lambda: _count(request, body))


@router.post(
    "/lots/{int:lot_id}/status", auth=may(MANAGER), response=LotOut, openapi_extra=IDEMPOTENT
)
def lot_status_add(request: ApiRequest, lot_id: int, body: LotStatusIn) -> HttpResponse:
    """Hold, recall or release a lot."""
    lot = row_at(Lot.objects.select_related("item"), "lot", lot_id)
    return carry_out(request, body, lambda: _set_status(request, lot, body), status=200)


@router.get("/lots", auth=may(*EVERYONE), response=Listed[LotOut])
def lot_list(request: ApiRequest, query: Query[LotQuery]) -> HttpResponse:
    """List the lots, the oldest first."""
    lots = Lot.objects.select_related("item")
    if query.item:
        lots = lots.filter(item=item_named("item", query.item))
    if query.number:
        lots = lots.filter(number=normalize_lot_number(query.number))
    return as_json(page(lots, query, OLDEST_FIRST, lot_out))


@router.get("/movements", auth=may(*EVERYONE), response=Listed[MovementOut])
def movement_list(request: ApiRequest, query: Query[MovementQuery]) -> HttpResponse:
    """List the ledger, newest first. `since`: recorded on that day or at that time, or later."""
    return as_json(page(_movements(query), query, NEWEST_FIRST, movement_out))


def holding_out(holding: Holding, today: date) -> HoldingOut:
    """Answer a holding, fetched with its lot, as it is on that day."""
    lot = holding.lot
    why_not = why_not_usable(holding, today)
    return HoldingOut(
        holding=holding.pk,
        item=lot.item.sku,
        lot=lot.number or None,
        expires_on=lot.expires_on,
        usable_until=usable_until(lot.expires_on, holding.beyond_use_on),
        location=holding.location.code,
        quantity=holding.quantity,
        unit=lot.item.unit,
        opened_at=holding.opened_at,
        usable=not why_not,
        why_not=why_not or None,
        lot_status=lot.status,
    )


def lot_out(lot: Lot) -> LotOut:
    """Answer a lot, fetched with its item."""
    return LotOut(
        id=lot.pk,
        item=lot.item.sku,
        number=lot.number or None,
        expires_on=lot.expires_on,
        status=lot.status,
        unit_cost=lot.unit_cost,
    )


def movement_out(movement: Movement) -> MovementOut:
    """Answer a movement, fetched with `by` and its entries."""
    return MovementOut(
        id=movement.pk,
        kind=movement.kind,
        happened_at=movement.happened_at,
        recorded_at=movement.recorded_at,
        by=movement.by.username,
        reason=movement.reason or None,
        reverses=movement.reverses_id,
        entries=[
            EntryOut(
                holding=entry.holding_id,
                item=entry.item.sku,
                lot=entry.holding.lot.number or None,
                location=entry.location.code,
                quantity=entry.quantity,
            )
            for entry in movement.entries.all()
        ],
    )


def _receive(request: ApiRequest, body: ReceiptIn) -> ReceiptOut:
    now = timezone.now()
    if body.received_at:
        check_received_at(body.received_at, now)
    receipt = ledger.receive(
        by=request.auth,
        location=location_named("location", body.location),
        lines=receipt_lines(body.lines),
        happened_at=body.received_at or now,
        now=now,
        supplier=supplier_named("supplier", body.supplier) if body.supplier else None,
        reference=body.reference or "",
    )
    return ReceiptOut(
        id=receipt.movement.pk,
        lines=[
            ReceivedOut(
                item=line.lot.item.sku,
                lot=line.lot.number or None,
                expires_on=line.lot.expires_on,
                quantity=line.quantity,
                holding=line.holding.pk,
                warnings=list(line.warnings),
            )
            for line in receipt.lines
        ],
    )


def _transfer(request: ApiRequest, body: TransferIn) -> MovementOut:
    now = timezone.now()
    movement = ledger.transfer(
        by=request.auth,
        source=location_named("from", body.source),
        destination=location_named("to", body.destination),
        lines=stock_lines(body.lines, one_lot=False),
        happened_at=now,
        now=now,
        reason=body.reason or "",
    )
    return _written(movement)


def _waste(request: ApiRequest, body: WasteIn) -> MovementOut:
    now = timezone.now()
    movement = ledger.waste(
        by=request.auth,
        location=location_named("location", body.location),
        lines=stock_lines(body.lines),
        reason=WasteReason(body.reason),
        happened_at=now,
        now=now,
    )
    return _written(movement)


def _count(request: ApiRequest, body: CountIn) -> CountOut:
    now = timezone.now()
    count = ledger.count(
        by=request.auth,
        location=location_named("location", body.location),
        lines=stock_lines(body.lines),
        reason=body.reason,
        happened_at=now,
        now=now,
    )
    return CountOut(
        id=count.movement.pk,
        lines=[
            CountedOut(
                item=line.holding.lot.item.sku,
                lot=line.holding.lot.number or None,
                holding=line.holding.pk,
                expected=line.expected,
                counted=line.counted,
                variance=line.variance,
            )
            for line in count.lines
        ],
    )


def _set_status(request: ApiRequest, lot: Lot, body: LotStatusIn) -> LotOut:
    ledger.set_lot_status(
        lot,
        by=request.auth,
        status=Lot.Status(body.status),
        reason=body.reason,
        now=timezone.now(),
    )
    return lot_out(lot)


def _holdings(query: StockQuery, today: date) -> QuerySet[Holding]:
    holdings = Holding.objects.with_lot()
    if query.item:
        holdings = holdings.filter(lot__item=item_named("item", query.item))
    if query.location:
        holdings = holdings.filter(location=location_named("location", query.location))
    if query.lot:
        holdings = holdings.filter(lot__number=normalize_lot_number(query.lot))
    if not query.empty:
        holdings = holdings.on_hand()
    if query.usable is None:
        return holdings
    usable = Holding.objects.usable_on(today)
    return holdings.usable_on(today) if query.usable else holdings.exclude(pk__in=usable)


def _movements(query: MovementQuery) -> QuerySet[Movement]:
    movements = _with_entries(Movement.objects.all())
    if query.since:
        movements = movements.filter(recorded_at__gte=query.since)
    if not (query.item or query.lot):
        return movements
    entries = Entry.objects.all()
    if query.item:
        entries = entries.filter(item=item_named("item", query.item))
    if query.lot:
        entries = entries.filter(holding__lot__number=normalize_lot_number(query.lot))
    return movements.filter(pk__in=entries.values("movement"))


def _with_entries(movements: QuerySet[Movement]) -> QuerySet[Movement]:
    return movements.select_related("by").prefetch_related(
        "entries__item", "entries__location", "entries__holding__lot"
    )


def _written(movement: Movement) -> MovementOut:
    return movement_out(_with_entries(Movement.objects.all()).get(pk=movement.pk))
