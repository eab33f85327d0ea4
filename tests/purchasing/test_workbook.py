"""The reorder report as a workbook: read back, and computed by somebody else."""

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from inventory.catalog.models import Clinic
from inventory.purchasing.reorder import reorder_rows
from inventory.purchasing.reorder_row import ReorderRow, totals_by_supplier
from inventory.purchasing.workbook import LINES, reorder_workbook
from inventory.sheets.workbook import workbook_bytes
from tests.purchasing.formulas import computed, computed_by_libreoffice, reopened
from tests.purchasing.shop import TODAY, lidocaine, needle, northgate, offer, receive, use

pytestmark = pytest.mark.django_db

ALLERLINE = "Allerline: Toxins & 'Specialty' [Pharma] of the Midwest"
TITLES = [column.title for column in LINES]


@pytest.fixture
def due() -> list[ReorderRow]:
    """Two items from Northgate, one from a supplier with an awkward name, one from nobody."""
    item = needle("needle-25g", "Needle 25G 1½ in", reorder_point=340, par_level=900)
    offer(item, order_code="=NG-11412", pack_price=Decimal("11.35"))
    receive(item, 310)
    use(item, 30)
    drug = lidocaine(reorder_point=200, par_level=900)
    offer(drug, order_code="NG-10117", pack_quantity=500, pack_price=Decimal("75.00"))
    receive(drug, 60)
    rare = needle("filament", "-Filament 0.30", kind="other", reorder_point=5, par_level=20)
    allerline = northgate("allerline", ALLERLINE)
    offer(rare, allerline, pack_quantity=Decimal("12.5"), pack_price=Decimal("0.10"))
    needle("unsold", "@Home-made", reorder_point=5, par_level=20)
    return reorder_rows(TODAY)


def clinic() -> Clinic:
    return Clinic.objects.get(pk=1)


def workbook_of(rows: Sequence[ReorderRow], shown: str = "") -> Workbook:
    return reopened(reorder_workbook(rows, TODAY, clinic(), shown))


def column(sheet: Worksheet, title: str) -> list[Any]:
    """Return what stands below a heading, the totals left out."""
    letter = TITLES.index(title) + 1
    return [row[letter - 1].value for row in sheet.iter_rows(2) if row[1].value]


def cells(sheet: Worksheet, row: int) -> dict[str, Any]:
    return dict(zip(TITLES, sheet[row], strict=True))


# What is in it


def test_there_is_a_summary_and_a_sheet_for_each_supplier(due: list[ReorderRow]) -> None:
    assert workbook_of(due).sheetnames == [
        "Summary",
        "Allerline Toxins & 'Specialty",
        "Northgate Medical Supply",
        "No supplier",
    ]


def test_each_sheet_has_its_rows_in_the_order_of_the_report(due: list[ReorderRow]) -> None:
    backwards = due[::-1]

    workbook = workbook_of(backwards)

    assert column(workbook["Northgate Medical Supply"], "SKU") == [
        row.item.sku for row in backwards if row.supplier and row.supplier.code == "northgate"
    ]


def test_a_line_says_what_the_report_says(due: list[ReorderRow]) -> None:
    row = next(row for row in due if row.item.sku == "needle-25g")

    line = next(
        {title: cell.value for title, cell in cells(sheet, number).items()}
        for sheet in [workbook_of(due)["Northgate Medical Supply"]]
        for number in (2, 3)
        if cells(sheet, number)["SKU"].value == "needle-25g"
    )

    assert line == {
        "Order code": "=NG-11412",
        "SKU": "needle-25g",
        "Item": "Needle 25G 1½ in",
        "Packs": 7,
        "Pack size": 100,
        "Unit": "each",
        "Quantity": line["Quantity"],
        "Pack price": 11.35,
        "Cost": line["Cost"],
        "Usable": 280,
        "Reorder point": 340,
        "Par level": 900,
        "Days of supply": 280,
        "Order by": datetime.combine(row.order_by, time.min),
        "Lead time, days": 3,
        "On order": 0,
        "On draft": 0,
        "Expires unused": 0,
        "Expiring": 0,
        "Used 30 days": 30,
        "Used 90 days": 30,
        "Wasted 90 days": 0,
        "Reason": row.reason,
    }


def test_text_that_looks_like_a_formula_stays_text(due: list[ReorderRow]) -> None:
    workbook = workbook_of(due)
    codes = [
        cells(sheet, row)[title]
        for sheet in workbook.worksheets[1:]
        for row in range(2, sheet.max_row)
        for title in ("Order code", "Item")
        if str(cells(sheet, row)[title].value or "").startswith(("=", "+", "-", "@"))
    ]

    assert [cell.value for cell in codes] == ["-Filament 0.30", "=NG-11412", "@Home-made"]
    assert {cell.data_type for cell in codes} == {"s"}


def test_the_summary_says_which_clinic_and_day_and_what_was_asked_for(
    due: list[ReorderRow],
) -> None:
    summary = workbook_of(due, "Needle")["Summary"]

    assert summary["A1"].value == "Our clinic: reorder report"
    assert summary["B2"].value == datetime(2026, 11, 22)  # noqa: DTZ001 - a day in a sheet
    assert summary["B3"].value == "Needle"


def test_the_summary_names_what_could_not_be_priced(due: list[ReorderRow]) -> None:
    written = [[cell.value for cell in row] for row in workbook_of(due)["Summary"].iter_rows()]

    assert written[-2:] == [
        ["Not priced, for want of an offer:", None, None, None],
        ["@Home-made", "unsold", None, None],
    ]


def test_without_anything_to_order_it_says_so() -> None:
    workbook = workbook_of([])

    assert workbook.sheetnames == ["Summary"]
    assert "Nothing has to be ordered." in [row[0].value for row in workbook["Summary"]]


# How it looks


def test_money_looks_like_money_and_the_headings_stay_in_sight(due: list[ReorderRow]) -> None:
    workbook = workbook_of(due)
    sheet = workbook["Northgate Medical Supply"]

    assert cells(sheet, 2)["Cost"].number_format == '"$"#,##0.00'
    assert sheet.freeze_panes == "A2"
    assert workbook["Summary"].freeze_panes == "A5"


def test_it_prints_on_landscape_pages_that_say_where_they_belong(due: list[ReorderRow]) -> None:
    sheet = workbook_of(due)["Northgate Medical Supply"]

    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"
    assert str(sheet.oddHeader) == "&LNorthgate Medical Supply&ROur clinic, 2026-11-22"
    assert str(sheet.oddFooter) == "&CPage &P of &N"


# What it adds up to


def expected(rows: Sequence[ReorderRow]) -> list[tuple[str, int, int, Decimal | None]]:
    totals = totals_by_supplier(rows)
    lines = [
        (
            str(total.supplier or "No supplier"),
            len(total.rows),
            total.packs,
            total.cost if total.supplier else None,
        )
        for total in totals
    ]
    cost = sum((total.cost for total in totals), Decimal(0))
    return [*lines, ("Total", len(rows), sum(row.packs for row in rows), cost)]


def summary_of(values: dict[str, list[list[Any]]]) -> list[tuple[str, int, int, Decimal | None]]:
    rows = values["Summary"]
    start = next(number for number, row in enumerate(rows) if row[0] == "Supplier") + 1
    end = next(number for number, row in enumerate(rows) if row[0] == "Total") + 1
    return [
        (name, lines, packs, None if cost is None else round(Decimal(cost), 2))
        for name, lines, packs, cost in rows[start:end]
    ]


def lines_of(values: dict[str, list[list[Any]]]) -> dict[str, tuple[Decimal, Decimal | None]]:
    found = [
        dict(zip(TITLES, row, strict=True))
        for title, sheet in values.items()
        if title != "Summary"
        for row in sheet[1:-1]
    ]
    return {
        line["SKU"]: (
            Decimal(line["Quantity"]),
            None if line["Cost"] is None else round(Decimal(line["Cost"]), 2),
        )
        for line in found
    }


def test_its_formulas_come_to_the_totals_of_the_report(due: list[ReorderRow]) -> None:
    values = computed(workbook_of(due))

    assert summary_of(values) == expected(due)
    assert lines_of(values) == {row.item.sku: (row.suggested_quantity, row.cost) for row in due}


def test_libreoffice_computes_the_totals_of_the_report(
    due: list[ReorderRow], tmp_path: Path
) -> None:
    path = tmp_path / "reorder.xlsx"
    path.write_bytes(workbook_bytes(reorder_workbook(due, TODAY, clinic())))

    values = computed_by_libreoffice(path)

    assert summary_of(values) == expected(due)
    assert lines_of(values) == {row.item.sku: (row.suggested_quantity, row.cost) for row in due}


def test_a_changed_number_of_packs_changes_every_total(due: list[ReorderRow]) -> None:
    workbook = workbook_of(due)
    sheet = workbook["Northgate Medical Supply"]
    before = summary_of(computed(workbook))[-1]
    price = Decimal(str(cells(sheet, 2)["Pack price"].value))
    cells(sheet, 2)["Packs"].value += 1

    after = summary_of(computed(workbook))[-1]

    assert after[2:] == (before[2] + 1, (before[3] or 0) + price)
