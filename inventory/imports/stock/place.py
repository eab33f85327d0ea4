"""Where a row of a stock sheet is, what it cost and who sold it. Pure."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from inventory.imports.headings import heading_words
from inventory.imports.meaning.catalogue import CatalogItem
from inventory.imports.meaning.places import names_a_place
from inventory.imports.planned import Choice, Question
from inventory.imports.stock.draft import (
    Draft,
    Shelf,
)
from inventory.sheets.cell_text import plain, shortened

COST_STEP = Decimal("0.0001")
DEAREST = Decimal(99999999)
PRICED_BY_PACK = frozenset({"box", "bx", "pack", "pk", "pkg", "package", "tray", "carton", "ctn"})
PRICED_BY_CASE = frozenset({"case", "cs"})
PRICED_BY_PIECE = frozenset({"each", "ea", "unit", "vial", "piece", "pc"})


def take_place(draft: Draft, shelf: Shelf) -> None:
    """The place that the row names, else the one that its sheet is titled with, or the default."""
    answer = draft.answer("location")
    if answer in shelf.places.by_code:
        draft.values["location"] = answer
        return
    where = draft.text("location")
    of_row = shelf.places.find(where)
    of_sheet = _place_of_sheet(draft, shelf)
    if len(of_row) == 1:
        draft.values["location"] = of_row[0]
    elif of_row and of_sheet in of_row:
        draft.values["location"] = of_sheet
    elif of_row or names_a_place(where):
        _ask_where(draft, shelf, (*of_row, of_sheet), f"{shortened(where)} is")
    elif of_sheet:
        draft.values["location"] = of_sheet
    else:
        _ask_where(draft, shelf, (), "The row names")


def _place_of_sheet(draft: Draft, shelf: Shelf) -> str | None:
    found = shelf.places.find(draft.row.sheet)
    if len(found) == 1:
        return found[0]
    return shelf.default_place if shelf.default_place in shelf.places.by_code else None


def _ask_where(draft: Draft, shelf: Shelf, likely: tuple[str | None, ...], what: str) -> None:
    codes = dict.fromkeys(
        code for code in (*likely, *shelf.places.by_code) if code in shelf.places.by_code
    )
    choices = tuple(Choice(code, shelf.places.by_code[code].name) for code in codes if code)
    draft.ask(
        Question("location", f"{what} no place that the clinic has. Where is it?", choices=choices)
    )


def take_cost(draft: Draft) -> None:
    """The cost of one unit, where the heading says of what the price is."""
    item = draft.item
    price = read_price(draft.text("unit_cost"))
    if item is None or price is None:
        return
    per = _priced_quantity(item, draft.layout.heading("unit_cost"))
    if per:
        draft.values["unit_cost"] = (price / per).quantize(COST_STEP, ROUND_HALF_UP)


def _priced_quantity(item: CatalogItem, heading: str) -> Decimal | None:
    """How much of the unit a price is for, as the heading says; None where it does not."""
    words = set(heading_words(heading).split())
    if words & PRICED_BY_PACK:
        sizes = item.packs("inner") or tuple(item.pack_quantities.get("sold", ()))
    elif words & PRICED_BY_CASE:
        sizes = item.packs("case")
    else:
        return item.piece if words & PRICED_BY_PIECE else None
    return sizes[0] if len(sizes) == 1 else None


@lru_cache(maxsize=5_000)
def read_price(text: str) -> Decimal | None:
    """Read a price such as $1,284.00; None where there is none that is sure."""
    bare = plain(text).replace("usd", "").replace("$", "").replace(",", "").strip()
    try:
        price = Decimal(bare)
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price <= DEAREST else None


def take_supplier(draft: Draft, shelf: Shelf) -> None:
    code = shelf.suppliers.find(draft.text("supplier"))
    if code is not None:
        draft.values["supplier"] = code
