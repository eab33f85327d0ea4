"""A response to a recall as a workbook to send or to file: what the page shows, sheet by sheet."""

from collections.abc import Sequence
from datetime import date, datetime

from openpyxl import Workbook

from inventory.catalog.models import Clinic
from inventory.recalls.models import Recall
from inventory.recalls.response import Response
from inventory.sheets.pages import table_sheet
from inventory.sheets.workbook import Cell, Sheet, build_workbook
from inventory.web.tables import Table

SUMMARY = "Summary"
TITLES = (SUMMARY, "Receipts", "On hand", "Procedures", "Disposals", "Response log")


def recall_workbook(
    recall: Recall, response: Response, tables: Sequence[Table], clinic: Clinic, today: date
) -> Workbook:
    """Return the tables of the page, in the order of TITLES, below the facts of the recall."""
    sheets = [table_sheet(table, title) for table, title in zip(tables, TITLES, strict=True)]
    first = sheets[0]
    summary = Sheet(
        first.title,
        first.columns,
        first.rows,
        above=_facts(recall, response, clinic, today),
        printed=first.printed,
    )
    return build_workbook([summary, *sheets[1:]], f"Recall {recall.name}")


def _facts(recall: Recall, response: Response, clinic: Clinic, today: date) -> list[list[Cell]]:
    balanced = "every lot balances" if response.balanced else "NOT every lot balances"
    lots = len(response.balances)
    found = f"{lots} lot{'' if lots == 1 else 's'}" if lots else "none found"
    facts: list[tuple[str, str | date | datetime]] = [
        ("Clinic", clinic.name),
        ("Date", today),
        ("Notice", recall.reference),
        ("Why", recall.reason),
        ("Code", recall.code),
        ("Lots searched", recall.lot_words),
        ("Opened", recall.opened_at),
        ("By", str(recall.opened_by)),
        ("Found", found),
        ("Balance", balanced if response.balances else ""),
        ("Procedures", str(response.procedures)),
        ("Uses without a procedure", str(response.other_uses or "")),
        ("Outcome", recall.outcome or "not closed yet"),
    ]
    lines: list[list[Cell]] = [[name, value] for name, value in facts if value]
    return [[recall.title], *lines]
