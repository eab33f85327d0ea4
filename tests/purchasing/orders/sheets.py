"""Orders as plain values, and what a supplier makes of their workbooks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from inventory.purchasing.orders.returned import Returned, read_returned
from inventory.purchasing.orders.sheet import Letterhead, OrderSheet, SheetLine
from inventory.purchasing.orders.workbook import order_workbook
from inventory.sheets.workbook import workbook_bytes
from tests.purchasing.formulas import reopened

NEEDLES = SheetLine(
    1, "needle-25g", "Needle 25G 1½ in", "NG-11412", 7, Decimal(100), "each", Decimal("11.35")
)
LIDOCAINE = SheetLine(
    2, "lido-1-20", "Lidocaine 1% 20 mL", "NG-10117", 2, Decimal(500), "mL", Decimal("75.00")
)
FILAMENT = SheetLine(3, "filament", "Filament 0.30", "", 4, Decimal("12.5"), "each", None)

ORDER = OrderSheet(
    number="PO-2026-0007",
    ordered_on=date(2026, 11, 22),
    needed_by=date(2026, 11, 30),
    supplier="Northgate Medical Supply",
    supplier_email="orders@northgate.example",
    deliver_to="Main storeroom",
    note="Ring the bell at the back door.",
    letterhead=Letterhead(
        "Lakeside Sports Medicine",
        ("12 Main St", "Springfield"),
        "555-0100",
        "buy@lake.example",
    ),
    lines=(NEEDLES, LIDOCAINE, FILAMENT),
)
# Of what is priced in it.
COST = Decimal("229.45")


def order_of(*lines: SheetLine) -> OrderSheet:
    return replace(ORDER, lines=lines)


def sent(order: OrderSheet = ORDER) -> Workbook:
    """Return the workbook as the supplier opens it."""
    return reopened(order_workbook(order))


def header_row(workbook: Workbook) -> int:
    return next(row[0].row for row in workbook["Order"] if row[0].value == "Line")


def titles(workbook: Workbook) -> list[str]:
    return [str(cell.value) for cell in workbook["Order"][header_row(workbook)]]


def cell(workbook: Workbook, line: int, title: str) -> Any:
    """Return the cell of a line, where it stands as long as nobody has sorted."""
    letter = get_column_letter(titles(workbook).index(title) + 1)
    return workbook["Order"][f"{letter}{header_row(workbook) + line}"]


def filled(said: Mapping[int, Mapping[str, Any]], order: OrderSheet = ORDER) -> Workbook:
    """Return the workbook with what the supplier says of its lines, by heading."""
    workbook = sent(order)
    for line, values in said.items():
        for title, value in values.items():
            cell(workbook, line, title).value = value
    return workbook


def read(workbook: Workbook, order: OrderSheet = ORDER) -> Returned:
    return read_returned(workbook_bytes(workbook), "answer.xlsx", order)
