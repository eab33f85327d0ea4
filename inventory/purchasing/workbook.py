"""The reorder report as a workbook that purchasing can send: a summary, and a sheet a supplier.

Whoever changes a number of packs sees quantity, cost and every total follow: they are formulas.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from inventory.catalog.models import Clinic
from inventory.purchasing.reorder_row import ReorderRow, SupplierTotal, totals_by_supplier
from inventory.sheets.workbook import (
    Cell,
    Column,
    Formula,
    Sheet,
    build_workbook,
    unique_titles,
)

SUMMARY = "Summary"
NO_SUPPLIER = "No supplier"
NOTHING_TO_ORDER = "Nothing has to be ordered."

LINES = (
    Column("Order code", width=13),
    Column("SKU", width=20),
    Column("Item", width=32, wrap=True),
    Column("Packs", "integer", width=9),
    Column("Pack size", "quantity", width=8),
    Column("Unit", width=7),
    Column("Quantity", "quantity", width=9),
    Column("Pack price", "money", width=10),
    Column("Cost", "money", width=12),
    Column("Usable", "quantity", width=9),
    Column("Reorder point", "quantity", width=9),
    Column("Par level", "quantity", width=8),
    Column("Days of supply", "quantity", width=8),
    Column("Order by", "date", width=11),
    Column("Lead time, days", "integer", width=8),
    Column("On order", "quantity", width=8),
    Column("On draft", "quantity", width=8),
    Column("Expires unused", "quantity", width=9),
    Column("Expiring", "quantity", width=9),
    Column("Used 30 days", "quantity", width=8),
    Column("Used 90 days", "quantity", width=8),
    Column("Wasted 90 days", "quantity", width=8),
    Column("Reason", width=44, wrap=True),
)
LETTER = {column.title: get_column_letter(n) for n, column in enumerate(LINES, start=1)}
SUMMARY_LINES = (
    Column("Supplier", width=36, wrap=True),
    Column("Lines", "integer", width=12),
    Column("Packs", "integer", width=12),
    Column("Cost", "money", width=16),
)


def reorder_workbook(
    rows: Iterable[ReorderRow], today: date, clinic: Clinic, shown: str = ""
) -> Workbook:
    """Return the rows, in their order, by supplier; `shown` says which part of the report it is."""
    totals = totals_by_supplier(rows)
    names = unique_titles([SUMMARY, *(str(total.supplier or NO_SUPPLIER) for total in totals)])
    printed = f"{clinic.name}, {today}"
    sheets = [
        _supplier_sheet(name, total, printed) for name, total in zip(names[1:], totals, strict=True)
    ]
    title = f"{clinic.name}: reorder report"
    above: list[list[Cell]] = [[title], ["Date", today]]
    if shown:
        above.append(["Shown", shown])
    return build_workbook([_summary(above, totals, sheets, printed), *sheets], title)


def _supplier_sheet(name: str, total: SupplierTotal, printed: str) -> Sheet:
    # Data begins below the one row of headings.
    lines = [_line(row, number) for number, row in enumerate(total.rows, start=2)]
    summed = ("Packs", "Cost") if total.supplier else ("Packs",)
    return Sheet(name, LINES, lines, totals=summed, printed=printed)


def _line(row: ReorderRow, number: int) -> list[Cell]:
    return [
        row.order_code,
        row.item.sku,
        row.item.name,
        row.packs,
        row.pack_size,
        row.item.unit,
        Formula(f"={LETTER['Packs']}{number}*{LETTER['Pack size']}{number}"),
        row.pack_price,
        Formula(f"={LETTER['Packs']}{number}*{LETTER['Pack price']}{number}")
        if row.offer
        else None,
        row.usable,
        row.reorder_point,
        row.par_level,
        row.days_of_supply,
        row.order_by,
        row.lead_time_days,
        row.on_order,
        row.on_draft,
        row.will_expire_unused,
        row.expiring,
        row.used_30,
        row.used_90,
        row.wasted_90,
        row.reason,
    ]


def _summary(
    above: Sequence[Sequence[Cell]],
    totals: Sequence[SupplierTotal],
    sheets: Sequence[Sheet],
    printed: str,
) -> Sheet:
    pairs = list(zip(totals, sheets, strict=True))
    return Sheet(
        SUMMARY,
        SUMMARY_LINES,
        [_summary_line(total, sheet) for total, sheet in pairs],
        totals=("Lines", "Packs", "Cost"),
        above=above,
        below=_remarks(totals),
        printed=printed,
    )


def _summary_line(total: SupplierTotal, sheet: Sheet) -> list[Cell]:
    name = "'" + sheet.title.replace("'", "''") + "'"
    skus = f"{sheet.address('SKU', sheet.header_row + 1)}:{sheet.address('SKU', sheet.last_row)}"
    return [
        str(total.supplier or NO_SUPPLIER),
        Formula(f"=COUNTA({name}!{skus})"),
        Formula(f"={name}!{sheet.address('Packs', sheet.total_row)}"),
        Formula(f"={name}!{sheet.address('Cost', sheet.total_row)}") if total.supplier else None,
    ]


def _remarks(totals: Sequence[SupplierTotal]) -> list[list[Cell]]:
    if not totals:
        return [[], [NOTHING_TO_ORDER]]
    unpriced = [row.item for total in totals if not total.supplier for row in total.rows]
    remarks: list[list[Cell]] = [[item.name, item.sku] for item in unpriced]
    return [[], ["Not priced, for want of an offer:"], *remarks] if remarks else []
