"""A purchase order as a workbook: a stand-in with the lines and their total."""

from openpyxl import Workbook

from inventory.purchasing.orders.sheet import OrderSheet
from inventory.sheets.workbook import Column, Sheet, build_workbook

COLUMNS = (
    Column("Line", "integer"),
    Column("Order code"),
    Column("SKU"),
    Column("Item", width=40, wrap=True),
    Column("Packs", "integer"),
    Column("Pack size", "quantity"),
    Column("Unit"),
    Column("Pack price", "money"),
    Column("Cost", "money"),
)


def order_workbook(order: OrderSheet) -> Workbook:
    """Return the order as a workbook."""
    rows = [
        [
            line.number,
            line.order_code,
            line.sku,
            line.name,
            line.packs,
            line.pack_size,
            line.unit,
            line.pack_price,
            None if line.pack_price is None else line.packs * line.pack_price,
        ]
        for line in order.lines
    ]
    above = [[f"{order.letterhead.clinic}: order {order.number}"], ["To", order.supplier]]
    return build_workbook([Sheet(order.number, COLUMNS, rows, ("Cost",), above)], order.number)
