"""What a careful person makes of a clinic's own sheet of opening stock. Pure.

Two passes over the rows, and nothing of a row is kept but what others need of it: the first notes
the expiries of each lot, the second plans one row after the other.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from inventory.imports.cells.dates import Expiry, read_expiry_text
from inventory.imports.cells.lots import Lot, read_lot_text
from inventory.imports.layout import SheetLayout, find_layouts, why_no_line
from inventory.imports.meaning.catalogue import Catalogue
from inventory.imports.meaning.matching import Matcher
from inventory.imports.planned import Answers, Field, Message, Outcome, PlannedRow
from inventory.imports.stock.doubts import ask_about_row
from inventory.imports.stock.draft import LEAVE_OUT, Draft, Shelf, Stores
from inventory.imports.stock.fields import STOCK_FIELDS, STOCK_LOOKS
from inventory.imports.stock.item import product_name, take_item
from inventory.imports.stock.lot import take_expiry, take_lot, warn_of_expiry, warn_of_holds
from inventory.imports.stock.opened import take_opened
from inventory.imports.stock.place import take_cost, take_place, take_supplier
from inventory.imports.stock.quantity import take_quantity
from inventory.sheets.cell_text import plain, shown
from inventory.sheets.cells import SheetRow

Rows = Callable[[], Iterable[SheetRow]]
"""Gives all rows of a file from the first, each time that it is called."""

DITTO = frozenset({'"', "''", "ditto", "do.", "〃", "same", "same as above", "as above", "^"})
PRINTED = ("item", "quantity", "lot", "expires_on", "location", "opened_left", "opened_on", "hold")
NO_ANSWERS: Mapping[str, str] = {}
NO_STORES = Stores()


def stock_layouts(rows: Rows) -> dict[str, SheetLayout]:
    """Return where the table of each sheet stands and which of its columns is what, as guessed."""
    return find_layouts(rows(), STOCK_FIELDS, STOCK_LOOKS)


def fingerprint(row: PlannedRow) -> str:
    """A mark of what a row puts on the shelf: the same line of another file has the same."""
    said = "\x1f".join(f"{name}={row.values.get(name)}" for name in PRINTED)
    return hashlib.sha256(said.encode()).hexdigest()


def plan_stock(
    rows: Rows,
    *,
    layouts: Mapping[str, SheetLayout],
    catalogue: Catalogue,
    today: date,
    answers: Answers | None = None,
    default_place: str | None = None,
    stores: Stores = NO_STORES,
    matcher: Matcher | None = None,
) -> Iterator[PlannedRow]:
    """Yield every row below the headings with what becomes of it; raises nothing for any row.

    A `matcher` of the same catalogue may be kept between calls: building it takes a moment.
    """
    shelf = Shelf(
        matcher or Matcher(catalogue), catalogue, today, answers or {}, default_place, stores
    )
    reader = _Reader(shelf, layouts)
    for draft in reader.lines(rows()):
        if isinstance(draft, Draft):
            _note_lot(draft, shelf)
    for draft in reader.lines(rows()):
        yield _plan(draft, shelf) if isinstance(draft, Draft) else draft


class _Reader:
    """Gives the lines of the tables as drafts, and what is no line as ignored rows."""

    def __init__(self, shelf: Shelf, layouts: Mapping[str, SheetLayout]) -> None:
        self.shelf = shelf
        self.layouts = layouts

    def lines(self, rows: Iterable[SheetRow]) -> Iterator[Draft | PlannedRow]:
        above: Draft | None = None
        for row in rows:
            layout = self.layouts.get(row.sheet)
            if layout is None or (not layout.heading_row and layout.missing(STOCK_FIELDS)):
                yield _ignored(row, {}, "No table of stock was found on this sheet.")
                continue
            if row.number <= layout.heading_row:
                continue
            if missing := layout.missing(STOCK_FIELDS):
                yield _without_columns(row, layout, missing)
                continue
            if above is not None and above.row.sheet != row.sheet:
                above = None
            read = self._read(row, layout, above)
            above = read if isinstance(read, Draft) else above
            yield read

    def _read(self, row: SheetRow, layout: SheetLayout, above: Draft | None) -> Draft | PlannedRow:
        every = [shown(cell) for cell in row.cells]
        there = [
            (name, column)
            for name, column in layout.columns.items()
            if 0 <= column < len(every) and every[column]
        ]
        cells = {name: row.cells[column] for name, column in there}
        texts = {name: every[column] for name, column in there}
        if why := why_no_line(every, row, layout, self._names_a_product):
            return _ignored(row, texts, why)
        if above is not None:
            for name in [name for name, text in texts.items() if plain(text) in DITTO]:
                cells[name] = above.cell(name)
                texts[name] = above.text(name)
            texts = {name: text for name, text in texts.items() if text}
        answers = self.shelf.answers.get((row.sheet, row.number), NO_ANSWERS)
        draft = Draft(row, layout, cells, texts, answers)
        draft.above = _sku_above(above)
        if answers.get("row") == LEAVE_OUT:
            draft.leave_out("", "You left this row out.")
        return draft

    def _names_a_product(self, name: str) -> bool:
        return self.shelf.match(name, "").sku is not None


def _sku_above(above: Draft | None) -> str:
    """The item of the last row above that names one; a row without a name goes by it too."""
    if above is None:
        return ""
    if above.sku is not None:
        return above.sku
    return "" if product_name(above) or above.text("code") else above.above


def _ignored(row: SheetRow, texts: Mapping[str, str], why: str) -> PlannedRow:
    return PlannedRow(
        row.sheet, row.number, Outcome.IGNORE, cells=dict(texts), messages=(Message("", why),)
    )


def _without_columns(row: SheetRow, layout: SheetLayout, missing: Sequence[Field]) -> PlannedRow:
    """A table, but not all that a row needs: nobody shall believe that its rows went in."""
    names = " and ".join(field.title.lower() for field in missing)
    return PlannedRow(
        row.sheet,
        row.number,
        Outcome.REJECT,
        cells={name: shown(layout.cell(row, name)) for name in layout.columns},
        messages=(Message("", f"Expected a column with the {names}, but no heading names one."),),
    )


def _plan(draft: Draft, shelf: Shelf) -> PlannedRow:
    if draft.ignored:
        # A row below that names nothing may still go by it.
        draft.sku = shelf.match(product_name(draft), draft.text("code")).sku
        return draft.planned()
    take_item(draft, shelf, draft.above)
    if draft.item is not None:
        draft.sku = draft.item.sku
    take_place(draft, shelf)
    take_lot(draft, shelf)
    take_expiry(draft, shelf)
    measured = take_quantity(draft, shelf)
    if measured is not None:
        take_opened(draft, shelf, measured)
    take_cost(draft)
    take_supplier(draft, shelf)
    if note := draft.text("note"):
        draft.values["note"] = note
    warn_of_expiry(draft, shelf)
    warn_of_holds(draft, shelf)
    if not draft.ignored:
        printed = fingerprint(draft.planned()) if shelf.stores.gone_in else ""
        ask_about_row(draft, shelf, _line(draft), printed)
    return draft.planned()


def _line(draft: Draft) -> tuple[object, ...]:
    """What makes two rows the very same line; what is no stock yet is like no other."""
    values = draft.values
    if "item" not in values and "quantity" not in draft.texts:
        return draft.key
    return (
        values.get("item") or plain(product_name(draft)),
        values.get("quantity") or plain(draft.text("quantity")),
        plain(draft.text("unit")) if "quantity" not in values else "",
        values.get("lot") or plain(draft.text("lot")),
        values.get("expires_on") or plain(draft.text("expires_on")),
        values.get("location"),
        plain(draft.text("location")),
    )


def _note_lot(draft: Draft, shelf: Shelf) -> None:
    """The first pass: which expiry a row gives to which lot of which item."""
    answers = draft.answers
    sku = answers.get("item") or shelf.match(product_name(draft), draft.text("code")).sku
    if sku is None and not draft.text("item"):
        return
    draft.sku = sku if sku in shelf.items else None
    if draft.ignored:
        return
    lot = read_lot_text(answers["lot"]) if answers.get("lot") else shelf.lot(draft.cell("lot"))
    if draft.sku is None or not isinstance(lot, Lot):
        return
    answered = answers.get("expires_on", "")
    read = (
        read_expiry_text(answered, shelf.today)
        if answered
        else shelf.expiry(draft.cell("expires_on"))
    )
    expiry = read if isinstance(read, Expiry) else None
    shelf.lots.add((draft.sku, lot.number), expiry, draft.key, answered=bool(answered))
