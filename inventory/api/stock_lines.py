"""From the lines of a body to lines that the ledger takes. A fixed number of queries."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from inventory.api.lookups import Named, holdings_numbered, items_named
from inventory.api.problems import Invalid
from inventory.api.schemas import (
    CountLineIn,
    ProcedureLineIn,
    ReceiptLineIn,
    StockLineIn,
    TransferLineIn,
    WasteLineIn,
)
from inventory.catalog.models import Item
from inventory.procedures.kits import LineWanted
from inventory.scanning.lookup import Found as FoundCode
from inventory.scanning.lookup import look_up_texts
from inventory.scanning.scan import Scan, ScanNotUnderstood
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import ReceiptLine, StockLine, normalize_lot_number

AnyStockLine = TransferLineIn | WasteLineIn | CountLineIn
AnyLine = StockLineIn | ProcedureLineIn
NO_SCAN = Scan("", "plain")


@dataclass(frozen=True)
class Found:
    """What the lines of one body name."""

    items: dict[str, Item]
    holdings: dict[int, Holding]
    lots: dict[tuple[int, str], Lot]

    def item(self, line: AnyLine, field: str) -> Item:
        """The item of a line. Raises Invalid when it names none, or two."""
        holding = self.holdings[line.holding] if line.holding else None
        named = self.items[line.item] if line.item else None
        if holding is None and named is None:
            raise Invalid((f"{field}.item", "Say which item, or which holding."))
        if holding and named and holding.lot.item_id != named.pk:
            raise Invalid((f"{field}.holding", f"Holding {holding.pk} is not {named.name}."))
        return named or self.holdings[line.holding or 0].lot.item

    def lot(self, line: AnyLine, item: Item, field: str) -> Lot | None:
        """The lot that a line names, None where it names none. Raises Invalid."""
        number = normalize_lot_number(line.lot or "")
        holding = self.holdings[line.holding] if line.holding else None
        if holding is not None:
            if number and holding.lot.number != number:
                raise Invalid((f"{field}.lot", f"Holding {holding.pk} is not of lot {number}."))
            return None
        lot = self.lots.get((item.pk, number))
        if lot is None and number:
            raise Invalid((f"{field}.lot", f"There is no lot {number} of {item.name}."))
        return lot


def stock_lines(lines: Sequence[AnyStockLine], *, one_lot: bool = True) -> list[StockLine]:
    """Lines of a transfer, a waste or a count. Raises Invalid.

    `one_lot`: an item that is not lot-tracked stands for its one lot, which has no number.
    """
    found = _found(lines, unnumbered=one_lot)
    ready = []
    for place, line in enumerate(lines):
        field = f"lines.{place}"
        item = found.item(line, field)
        lot = found.lot(line, item, field)
        ready.append(
            StockLine(
                item=item,
                quantity=line.counted if isinstance(line, CountLineIn) else line.quantity,
                lot=lot,
                holding=found.holdings[line.holding] if line.holding else None,
            )
        )
    return ready


def lines_wanted(lines: Sequence[ProcedureLineIn]) -> list[LineWanted]:
    """Lines of a procedure. Raises Invalid."""
    found = _found(lines)
    wanted = []
    for place, line in enumerate(lines):
        field = f"lines.{place}"
        item = found.item(line, field)
        lot = found.lot(line, item, field)
        wanted.append(
            LineWanted(
                item=item,
                quantity=line.quantity,
                lot=lot,
                holding=found.holdings[line.holding] if line.holding else None,
                unusable_reason=line.use_unusable_reason or "",
            )
        )
    return wanted


def _found(lines: Sequence[AnyLine], *, unnumbered: bool = False) -> Found:
    items = items_named(
        (f"lines.{place}.item", line.item) for place, line in enumerate(lines) if line.item
    )
    holdings = holdings_numbered(
        (f"lines.{place}.holding", line.holding) for place, line in enumerate(lines) if line.holding
    )
    numbers = {normalize_lot_number(line.lot) for line in lines if line.lot}
    lots = _lots(items.values(), numbers | {""} if unnumbered else numbers)
    return Found(items, holdings, {(lot.item_id, lot.number): lot for lot in lots})


def _lots(items: Iterable[Item], numbers: Set[str]) -> Iterable[Lot]:
    return Lot.objects.filter(item__in=items, number__in=numbers) if numbers else ()


def receipt_lines(lines: Sequence[ReceiptLineIn]) -> list[ReceiptLine]:
    """Lines of a delivery; a scan stands for what it says. Raises Invalid."""
    scanned = _scanned(lines)
    named: list[Named] = []
    for place, line in enumerate(lines):
        if line.item:
            named.append((f"lines.{place}.item", line.item))
        elif place not in scanned:
            raise Invalid((f"lines.{place}.item", "Say which item, or scan its code."))
    items = items_named(named)
    ready = []
    for place, line in enumerate(lines):
        found = scanned.get(place)
        item = items[line.item] if line.item else _item_of(place, found)
        if found and found.item not in (item, None):
            raise _disagrees(place, "item", item.name, str(found.item))
        ready.append(_receipt_line(place, line, item, found.scan if found else NO_SCAN))
    return ready


def _receipt_line(place: int, line: ReceiptLineIn, item: Item, scan: Scan) -> ReceiptLine:
    if scan.doubt and not line.lot:
        raise Invalid((f"lines.{place}.lot", scan.doubt))
    lot = line.lot or scan.lot or ""
    if scan.lot and normalize_lot_number(scan.lot) != normalize_lot_number(lot):
        raise _disagrees(place, "lot", lot, scan.lot)
    expires_on = line.expires_on or scan.expires_on
    if scan.expires_on and scan.expires_on != expires_on:
        raise _disagrees(place, "expires_on", str(expires_on), str(scan.expires_on))
    return ReceiptLine(
        item=item,
        quantity=line.quantity,
        lot=lot,
        expires_on=expires_on,
        unit_cost=line.unit_cost,
    )


def _scanned(lines: Sequence[ReceiptLineIn]) -> dict[int, FoundCode]:
    """What each scanned code is here, by the place of its line. Raises Invalid."""
    texts = {place: line.scan for place, line in enumerate(lines) if line.scan}
    scanned = {}
    refused = []
    for place, found in zip(texts, look_up_texts(list(texts.values())), strict=True):
        field = f"lines.{place}.scan"
        if isinstance(found, ScanNotUnderstood):
            refused.append((field, str(found)))
        elif found.item is None and (product := _product(found.scan)):
            refused.append((field, f"No item carries {product}."))
        else:
            scanned[place] = found
    if refused:
        raise Invalid(*refused)
    return scanned


def _product(scan: Scan) -> str:
    """What a code says the product is, empty where it says lot and dates alone."""
    return scan.gtin or scan.hibc or scan.ndc or scan.ref or ""


def _item_of(place: int, found: FoundCode | None) -> Item:
    if found is None or found.item is None:
        message = "This code says lot and dates alone: say which item, or scan its other code."
        raise Invalid((f"lines.{place}.item", message))
    return found.item


def _disagrees(place: int, name: str, said: str, scanned: str) -> Invalid:
    return Invalid((f"lines.{place}.{name}", f"This says {said}, the scanned code {scanned}."))
