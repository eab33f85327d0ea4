"""Opening stock: rows of a clinic's own sheet, planned, and written through the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from inventory.catalog.models import Item, Location, Supplier
from inventory.imports.clinic_facts import catalogue, stores
from inventory.imports.kinds import Kind, Link, RowsRefused, Source, Writing, Written
from inventory.imports.layout import SheetLayout
from inventory.imports.planned import Field, Message, PlannedRow, RowKey
from inventory.imports.stock.draft import QUARANTINE
from inventory.imports.stock.fields import STOCK_FIELDS
from inventory.imports.stock.rows import fingerprint, plan_stock, stock_layouts
from inventory.sheets.cells import SheetRow
from inventory.stock import ledger
from inventory.stock.errors import InvalidLine, LotExpiryDiffers, LotNotUsable, StockRefusal
from inventory.stock.ledger import Receipt
from inventory.stock.models import Lot
from inventory.stock.requests import ReceiptLine, StockLine, normalize_lot_number
from inventory.web.roles import MANAGER

# What one movement takes in: enough to be fast, and few enough to be read on its page.
LINES_A_RECEIPT = 400
MOST_LINKS = 8
LONGEST_REASON = 200
LONGEST_REFERENCE = 100
OPENED_BEFORE = "Opened before it was brought in"
SET_ASIDE = "Set aside when it was brought in"
ZERO = Decimal(0)


@dataclass(frozen=True)
class StockRow:
    """An accepted row, with what it names fetched."""

    key: RowKey
    item: Item
    place: Location
    supplier: Supplier | None
    line: ReceiptLine
    opened_left: Decimal | None
    opened_on: date | None
    hold_reason: str


class StockImport(Kind):
    """Opening stock: what is on the shelves on the day on which a clinic begins."""

    code = "stock"
    title = "Opening stock"
    about = "A row for each lot in each place: the item, how much of it, lot and expiry date."
    roles = (MANAGER,)
    fields = STOCK_FIELDS
    reported = ("item", "quantity", "lot", "expires_on", "location")
    takes_place = True
    examples: tuple[Mapping[str, str], ...] = (
        {
            "item": "lido-1-20",
            "quantity": "12",
            "unit": "vials",
            "lot": "AB4410C",
            "expires_on": "2027-12-31",
            "location": "storeroom",
        },
        {
            "item": "needle-25g-15",
            "quantity": "3",
            "unit": "boxes",
            "lot": "3304123",
            "expires_on": "09/2029",
            "location": "storeroom",
        },
    )

    def template_fields(self) -> Sequence[Field]:
        """The fields, with the items and places of the clinic to pick from."""
        items = Item.objects.filter(is_active=True).values_list("name", flat=True)
        places = Location.objects.filter(is_active=True).values_list("name", flat=True)
        suppliers = Supplier.objects.filter(is_active=True).values_list("name", flat=True)
        choices = {
            "item": tuple(items),
            "location": tuple(places),
            "supplier": tuple(suppliers),
            "unit": ("each", "vials", "boxes", "mL", "units"),
        }
        return [
            replace(field, choices=choices.get(field.name, field.choices)) for field in self.fields
        ]

    def layouts(self, rows: Iterable[SheetRow]) -> Mapping[str, SheetLayout]:
        return stock_layouts(lambda: rows)

    def plan(self, source: Source) -> Iterable[PlannedRow]:
        layouts = {
            sheet: _as_said(layout, source)
            for sheet, layout in self.layouts(source.rows).items()
            # A sheet none of whose columns means anything is no table of stock.
            if source.columns.get(sheet, layout.columns)
        }
        return plan_stock(
            lambda: source.rows,
            layouts=layouts,
            catalogue=catalogue(source.known_names),
            today=source.today,
            answers=source.answers,
            default_place=source.place or None,
            stores=stores(self.code, went_in=source.went_in),
        )

    def mark(self, row: PlannedRow) -> str:
        return fingerprint(row)

    def summary(self, rows: Iterable[PlannedRow]) -> str:
        said = [row.values for row in rows]
        lots = {(values["item"], values["lot"]) for values in said if values.get("lot")}
        others = {values["item"] for values in said if not values.get("lot")}
        places = {values["location"] for values in said}
        parts = [_counted(len(lots), "lot")] if lots else []
        parts += [f"{_counted(len(others), 'item')} without lots"] if others else []
        return f"{' and '.join(parts)} into {_counted(len(places), 'place')}" if parts else ""

    def commit(self, rows: Iterable[PlannedRow], writing: Writing) -> Written:
        """Receive it, open what was opened, hold what was set aside.

        Raises RowsRefused.
        """
        planned = list(rows)
        stock_rows = _fetched(planned)
        receipts: list[Receipt] = []
        with ledger.together(row.item for row in stock_rows):
            for batch in _batches(row for row in stock_rows if row.line.quantity):
                receipts.append(_receive(batch, writing))
                writing.progress(len(batch))
            for row in stock_rows:
                if row.opened_left is not None:
                    _take_in_opened(row, writing)
            _hold(stock_rows, writing)
        return Written(
            f"{_counted(len(planned), 'row')}: {self.summary(planned)}",
            _links(stock_rows, receipts),
        )


STOCK = StockImport()


def _as_said(layout: SheetLayout, source: Source) -> SheetLayout:
    if layout.sheet not in source.columns:
        return layout
    columns = source.columns[layout.sheet]
    return layout.with_columns({name: column for column, name in columns.items()})


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _fetched(rows: Sequence[PlannedRow]) -> list[StockRow]:
    """The rows with what they name. Raises RowsRefused for what is not there any more."""
    items = _by(Item.objects.filter(is_active=True), "sku", rows, "item")
    places = _by(Location.objects.filter(is_active=True), "code", rows, "location")
    suppliers = _by(Supplier.objects.all(), "code", rows, "supplier")
    gone: dict[RowKey, Message] = {}
    fetched: list[StockRow] = []
    for row in rows:
        values: Mapping[str, Any] = row.values
        item, place = items.get(values["item"]), places.get(values["location"])
        if item is None:
            gone[row.sheet, row.row] = Message("item", "This item is not in use any more.")
        elif place is None:
            gone[row.sheet, row.row] = Message("location", "This place is not in use any more.")
        else:
            fetched.append(_stock_row(row, item, place, suppliers.get(values.get("supplier", ""))))
    if gone:
        raise RowsRefused(gone)
    return fetched


def _by(things: QuerySet[Any], name: str, rows: Sequence[PlannedRow], field: str) -> dict[str, Any]:
    wanted = {row.values.get(field) for row in rows}
    return {getattr(each, name): each for each in things if getattr(each, name) in wanted}


def _stock_row(row: PlannedRow, item: Item, place: Location, supplier: Supplier | None) -> StockRow:
    values: Mapping[str, Any] = row.values
    opened_left = values.get("opened_left")
    held = values.get("hold") == QUARANTINE
    reason = str(values.get("note") or SET_ASIDE)[:LONGEST_REASON]
    return StockRow(
        key=(row.sheet, row.row),
        item=item,
        place=place,
        supplier=supplier,
        line=ReceiptLine(
            item,
            values["quantity"] - (opened_left or ZERO),
            values.get("lot") or "",
            values.get("expires_on"),
            values.get("unit_cost"),
        ),
        opened_left=opened_left,
        opened_on=values.get("opened_on"),
        hold_reason=reason if held else "",
    )


def _batches(rows: Iterable[StockRow]) -> Iterator[list[StockRow]]:
    """Rows that go into one movement: of one place and supplier, a few hundred at most."""
    together: dict[tuple[int, int | None], list[StockRow]] = defaultdict(list)
    for row in rows:
        together[row.place.pk, row.supplier.pk if row.supplier else None].append(row)
    for group in together.values():
        for start in range(0, len(group), LINES_A_RECEIPT):
            yield group[start : start + LINES_A_RECEIPT]


def _receive(batch: Sequence[StockRow], writing: Writing) -> Receipt:
    first = batch[0]
    try:
        return ledger.receive(
            by=writing.by,
            location=first.place,
            lines=[row.line for row in batch],
            happened_at=writing.now,
            now=writing.now,
            supplier=first.supplier,
            reference=_reference(writing),
        )
    except InvalidLine as refusal:
        number, column = _line_of(refusal)
        raise RowsRefused({batch[number].key: Message(column, refusal.message)}) from refusal
    except LotExpiryDiffers as refusal:
        raise RowsRefused(_rows_of_lot(batch, refusal)) from refusal


def _take_in_opened(row: StockRow, writing: Writing) -> None:
    """Take in a whole vial, open it on the day on which it was opened, count what is left."""
    at = _noon(row.opened_on or timezone.localdate(writing.now), writing.now)
    whole = replace(row.line, quantity=cast("Decimal", row.item.container_volume))
    try:
        receipt = ledger.receive(
            by=writing.by,
            location=row.place,
            lines=[whole],
            happened_at=at,
            now=writing.now,
            supplier=row.supplier,
            reference=_reference(writing),
        )
        vial = ledger.open_vial(
            by=writing.by,
            location=row.place,
            line=StockLine(row.item, lot=receipt.lines[0].lot),
            happened_at=at,
            now=writing.now,
        )
        ledger.count(
            by=writing.by,
            location=row.place,
            lines=[StockLine(row.item, quantity=row.opened_left, holding=vial)],
            reason=OPENED_BEFORE,
            happened_at=writing.now,
            now=writing.now,
        )
    except InvalidLine as refusal:
        raise RowsRefused({row.key: Message("quantity", refusal.message)}) from refusal
    except (LotNotUsable, StockRefusal) as refusal:
        raise RowsRefused({row.key: Message("lot", str(refusal))}) from refusal


def _hold(rows: Iterable[StockRow], writing: Writing) -> None:
    """Quarantine what the file says is set aside; what is recalled stays recalled."""
    for row in rows:
        if row.hold_reason:
            lot = Lot.objects.select_related("item").get(
                item=row.item, number=normalize_lot_number(row.line.lot)
            )
            if lot.status == Lot.Status.AVAILABLE:
                ledger.set_lot_status(
                    lot,
                    by=writing.by,
                    status=Lot.Status.QUARANTINED,
                    reason=row.hold_reason,
                    now=writing.now,
                )


def _noon(day: date, now: datetime) -> datetime:
    """Noon of that day in the clinic's time zone, or now when that is still to come."""
    return min(timezone.make_aware(datetime.combine(day, time(12))), now)


def _reference(writing: Writing) -> str:
    return f"Import of {writing.file_name}"[:LONGEST_REFERENCE]


def _line_of(refusal: InvalidLine) -> tuple[int, str]:
    """Return 3 and "lot" for lines.3.lot."""
    _, number, *column = refusal.field.split(".")
    return int(number), column[0] if column else ""


def _rows_of_lot(batch: Sequence[StockRow], refusal: LotExpiryDiffers) -> dict[RowKey, Message]:
    message = Message("expires_on", str(refusal))
    return {
        row.key: message
        for row in batch
        if row.item.pk == refusal.lot.item_id
        and row.line.expires_on != refusal.lot.expires_on
        and normalize_lot_number(row.line.lot) == refusal.lot.number
    }


def _links(rows: Sequence[StockRow], receipts: Sequence[Receipt]) -> tuple[Link, ...]:
    places = {row.place.code: row.place for row in rows}
    links = [
        Link(f"Stock in {place}", f"{reverse('stock_list')}?location={code}")
        for code, place in places.items()
    ]
    links += [
        Link(
            f"{receipt.movement}, {_counted(len(receipt.lines), 'line')}",
            reverse("movement_detail", args=[receipt.movement.pk]),
        )
        for receipt in receipts
    ]
    return tuple(links[:MOST_LINKS])
