"""The columns that a sheet of opening stock may have. Pure."""

from datetime import date
from decimal import Decimal

from inventory.imports.cells.dates import Expiry, read_expiry_text
from inventory.imports.cells.quantities import Counted, is_unit, read_quantity_text
from inventory.imports.layout import Looks
from inventory.imports.planned import Field
from inventory.sheets.cell_text import plain
from inventory.sheets.cells import SheetCell

# Numbers beside a count that are none of what is there now.
OTHER_COUNTS = (
    "par",
    "min",
    "minimum",
    "max",
    "maximum",
    "reorder",
    "order",
    "ordered",
    "received",
    "used",
    "last",
    "previous",
    "prev",
    "prior",
    "old",
    "target",
    "expected",
)

STOCK_FIELDS: tuple[Field, ...] = (
    Field(
        "item",
        "Item",
        (
            "item name",
            "item description",
            "product",
            "product name",
            "product description",
            "supply",
            "supplies",
            "medication",
            "medications",
            "medicine",
            "meds",
            "drug",
            "drug name",
            "name",
            "material",
            "article",
            "what",
            "description",
            "med",
            "item",
            "supply item",
            "medication name",
            "stock item",
            "inventory item",
            "generic name",
        ),
        required=True,
        note="The catalogue's name, its SKU, or what the clinic calls it.",
    ),
    Field(
        "quantity",
        "Quantity",
        (
            "qty",
            "qty on hand",
            "quantity on hand",
            "on hand",
            "count",
            "counted",
            "qoh",
            "oh",
            "amount",
            "amt",
            "total on hand",
            "ct",
            "quant",
            "how many",
            "in stock",
            "stock",
            "number",
            "physical count",
            "current qty",
            "actual",
            "units on hand",
            "total qty",
            "balance",
            "have",
            "on shelf",
            "boxes",
            "vials",
            "number of vials",
            "no of vials",
        ),
        required=True,
        note="A count: 12 vials, 3 bx, 1 box + 4.",
        unlike=OTHER_COUNTS,
    ),
    Field(
        "loose", "Loose", ("loose pieces", "loose", "singles", "eaches", "open box", "partial box")
    ),
    Field(
        "unit",
        "Unit",
        (
            "uom",
            "u m",
            "unit of measure",
            "units",
            "measure",
            "pkg",
            "packaging",
            "unit type",
            "per",
            "pack type",
        ),
    ),
    Field(
        "lot",
        "Lot",
        (
            "lot number",
            "lot no",
            "lot num",
            "batch",
            "batch number",
            "batch no",
            "lot batch",
            "lot code",
            "lot",
            "control no",
            "lot serial",
        ),
    ),
    Field(
        "expires_on",
        "Expires",
        (
            "exp",
            "expiry",
            "expiration",
            "exp date",
            "expiration date",
            "expiry date",
            "expires on",
            "expire",
            "use by",
            "use before",
            "best before",
            "exp dt",
            "exps",
            "expir",
            "good until",
            "good thru",
            "expire date",
            "dated",
            "bud",
            "outdate",
        ),
    ),
    Field(
        "location",
        "Place",
        (
            "where",
            "location",
            "shelf",
            "bin",
            "loc",
            "room",
            "stored",
            "storage",
            "area",
            "storage location",
            "cabinet",
            "drawer",
            "site",
            "kept",
            "spot",
            "position",
            "place",
        ),
    ),
    Field(
        "supplier",
        "Supplier",
        (
            "vendor",
            "vendor name",
            "mfr",
            "mfg",
            "manufacturer",
            "maker",
            "distributor",
            "source",
            "bought from",
            "ordered from",
            "brand",
        ),
    ),
    Field(
        "unit_cost",
        "Cost",
        (
            "price",
            "cost box",
            "cost per box",
            "price per box",
            "unit cost",
            "unit price",
            "cost each",
            "cost ea",
            "price each",
            "cost pack",
            "cost per pack",
            "each cost",
            "pack price",
            "box price",
            "box cost",
        ),
        unlike=("total", "extended", "value"),
    ),
    Field(
        "note",
        "Note",
        (
            "notes",
            "comment",
            "comments",
            "remark",
            "remarks",
            "memo",
            "status",
            "condition",
            "other",
            "misc",
        ),
    ),
    Field(
        "code",
        "Code",
        (
            "sku",
            "item no",
            "item number",
            "item num",
            "item code",
            "product code",
            "ref",
            "ref no",
            "ref number",
            "ndc",
            "ndc no",
            "ndc number",
            "gtin",
            "upc",
            "barcode",
            "catalog no",
            "catalog number",
            "cat no",
            "cat",
            "part no",
            "part number",
            "mfr no",
            "mfg no",
            "item id",
            "product no",
            "product number",
            "reorder no",
            "item",
            "stock no",
            "code",
        ),
    ),
    Field("strength", "Strength", ("concentration", "conc", "dose", "dosage", "potency", "str")),
    Field(
        "size",
        "Size",
        (
            "volume",
            "vol",
            "vial size",
            "package size",
            "gauge",
            "container size",
            "pack size",
            "size volume",
            "ml",
        ),
    ),
    Field(
        "details",
        "Details",
        (
            "description",
            "form",
            "type",
            "generic",
            "detail",
            "spec",
            "specs",
            "specification",
            "variant",
            "category detail",
        ),
    ),
    Field(
        "opened_on",
        "Opened on",
        ("opened", "date opened", "open date", "opened date", "in use since"),
    ),
)

NAME_FIELDS = ("item", "strength", "size", "details")
SOME_DAY = date(2026, 1, 1)


def _looks_like_a_name(cell: SheetCell) -> bool:
    if not isinstance(cell.value, str):
        return False
    letters = sum(char.isalpha() for char in cell.value)
    return letters >= 4 and not is_unit(cell.value) and not _looks_like_a_date(cell)


def _looks_like_a_quantity(cell: SheetCell) -> bool:
    if isinstance(cell.value, str):
        read = read_quantity_text(cell.value)
        return isinstance(read, Counted) and all(part.number < 10_000 for part in read.parts)
    if not isinstance(cell.value, int | Decimal) or isinstance(cell.value, bool):
        return False
    number = Decimal(cell.value)
    return number.is_finite() and 0 <= number < 10_000


def _looks_like_a_date(cell: SheetCell) -> bool:
    if isinstance(cell.value, date):
        return True
    return isinstance(cell.value, str) and isinstance(
        read_expiry_text(cell.value, SOME_DAY), Expiry
    )


def _looks_like_a_unit(cell: SheetCell) -> bool:
    return isinstance(cell.value, str) and is_unit(cell.value)


def _looks_like_a_lot(cell: SheetCell) -> bool:
    text = plain(str(cell.value)) if isinstance(cell.value, str | int) else ""
    return 4 <= len(text) <= 15 and any(char.isdigit() for char in text) and text.count(" ") < 2


STOCK_LOOKS: Looks = {
    "item": _looks_like_a_name,
    "expires_on": _looks_like_a_date,
    "quantity": _looks_like_a_quantity,
    "unit": _looks_like_a_unit,
    "lot": _looks_like_a_lot,
}
