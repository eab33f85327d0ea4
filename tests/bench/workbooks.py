"""A clinic's stock as a large workbook, and how fast it is read beside bare openpyxl."""

import csv
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from inventory.sheets.reading import open_file
from tests.sheets.bad_files import as_excel_saves, saved

STARTER = Path(__file__).resolve().parents[2] / "inventory/catalog/starter/items.csv"
ROWS = 20_000
ROUNDS = 5
HEADINGS = ["Item", "Qty on hand", "Unit", "Lot #", "Exp", "Where", "Notes"]
PLACES = ("storeroom", "room-1", "room-2", "fridge")
FIRST_DAY = datetime(2028, 1, 31)  # noqa: DTZ001 - a workbook knows no time zone
DAYS_OF_EXPIRY = 700
# As a person writes them; None is a cell that holds a day, in the format beside it.
DAYS_AS_WRITTEN: tuple[tuple[str | None, str], ...] = (
    (None, "mm/dd/yyyy"),
    ("%m/%y", ""),
    ("%Y-%m-%d", ""),
    (None, "yyyy-mm-dd"),
    ("EXP %m/%d/%Y", ""),
    ("%b %Y", ""),
)


def stock_workbook(rows: int = ROWS, first: int = 0) -> bytes:
    """Return a workbook of so many lines of stock: each a lot of its own, numbered from `first`."""
    workbook = Workbook(write_only=True)
    sheet: Any = workbook.create_sheet("Stock")
    sheet.append(HEADINGS)
    for number, item in enumerate(islice(cycle(_items()), rows), start=first):
        sheet.append(list(_row(sheet, number, item)))
    return as_excel_saves(saved(workbook))


def _items() -> list[dict[str, str]]:
    with STARTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(sheet: Any, number: int, item: dict[str, str]) -> Iterator[Any]:
    yield item["name"]
    if item["container"]:
        yield from (number % 40 + 1, "vials")
    elif number % 2:
        yield from (f"{number % 9 + 1} bx", None)
    else:
        yield from (number % 300 + 1, "ea")
    yield f"{'ABCDEFGH'[number % 8]}{number:06}"
    yield _expiry(sheet, number)
    yield PLACES[number % len(PLACES)]
    yield "count again" if number % 50 == 0 else None


def _expiry(sheet: Any, number: int) -> Any:
    day = FIRST_DAY + timedelta(days=number % DAYS_OF_EXPIRY)
    written, shown = DAYS_AS_WRITTEN[number % len(DAYS_AS_WRITTEN)]
    if written:
        return day.strftime(written)
    cell = WriteOnlyCell(sheet, day)
    cell.number_format = shown
    return cell


def read_bare(data: bytes) -> int:
    """Read all rows with openpyxl alone: the floor that reading is held against."""
    workbook = load_workbook(BytesIO(data), read_only=True)
    rows = sum(1 for _ in workbook.worksheets[0].iter_rows(values_only=True))
    workbook.close()
    return rows


def read_ours(data: bytes) -> int:
    return sum(1 for _ in open_file(data, "stock.xlsx").rows())


def reading_figures() -> dict[str, float]:
    """Rows a second at the median reading, bare and ours in turn."""
    data = stock_workbook()
    return rows_per_second({"floor": lambda: read_bare(data), "read": lambda: read_ours(data)})


def rows_per_second(calls: dict[str, Callable[[], int]], rounds: int = ROUNDS) -> dict[str, float]:
    """Rows a second of calls that return how many rows they did. Each takes seconds: no warm-up."""
    rates: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            rows = call()
            rates[name].append(rows / (time.perf_counter() - start))
    return {name: median(found) for name, found in rates.items()}


def workbook_row(what: str, database: str, floor: float, ours: float) -> str:
    """A row of the table that `make bench` prints; the ratio is of times: below 1 is faster."""
    return f"| {what} | {database} | {floor:,.0f} | {ours:,.0f} | {floor / ours:.2f} |"


def workbook_table(rows: list[str]) -> str:
    head = [
        "| what | database | bare openpyxl, rows/s | Vialkeeper, rows/s | times bare openpyxl |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    return "\n".join([*head, *rows])
