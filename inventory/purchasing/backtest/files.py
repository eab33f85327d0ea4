"""The two files of a backtest: what was asked for on each day, and how each item is bought.

Comma-separated UTF-8 with a heading. `date,sku,quantity`: a row for each day with use, in
the item's unit. `sku,lead_time_days,pack_size,pack_price,shelf_life_days`: a row for each item that
is not bought at the usual terms.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from inventory.purchasing.backtest.simulate import Terms

DEMAND_HEADING = ("date", "sku", "quantity")
OFFERS_HEADING = ("sku", "lead_time_days", "pack_size", "pack_price", "shelf_life_days")
MOST_DAYS = 3653
LONGEST_LEAD_TIME = 365
LONGEST_SHELF_LIFE = 9999
MOST = Decimal(1_000_000_000)
QUANTITY_PLACES = 3
PRICE_PLACES = 2
LONGEST_SHOWN = 40

DemandBySku = dict[str, dict[date, Decimal]]


class DemandRefused(ValueError):
    """What was to be played cannot be; the text says what was expected and what came."""


@dataclass(frozen=True)
class _Row:
    """One line of a file by its columns. `refuse` makes a sentence that says where it stands."""

    file: str
    line: int
    cells: Mapping[str, str]

    def refuse(self, column: str, expected: str) -> DemandRefused:
        came = self.cells[column][:LONGEST_SHOWN]
        return DemandRefused(
            f"{self.file}, line {self.line}, {column}: expected {expected}, got “{came}”."
        )

    def sku(self) -> str:
        if not self.cells["sku"]:
            raise self.refuse("sku", "the short name of an item")
        return self.cells["sku"]

    def day(self, column: str) -> date:
        text = self.cells[column]
        try:
            if len(text) == len("2026-11-22"):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self.refuse(column, "a date such as 2026-11-22")

    def amount(self, column: str, places: int) -> Decimal:
        expected = f"a number from 0 to below {MOST:,}, with at most {places} decimals"
        return self._number(column, expected, lambda number: number == round(number, places))

    def days(self, column: str, fewest: int, most: int) -> int:
        expected = f"a whole number of days from {fewest} to {most:,}"
        fits = self._number(
            column, expected, lambda number: number % 1 == 0 and fewest <= number <= most
        )
        return int(fits)

    def _number(self, column: str, expected: str, fits: Callable[[Decimal], bool]) -> Decimal:
        text = self.cells[column]
        try:
            number = Decimal(text) if text.isascii() and "_" not in text else Decimal("NaN")
        except InvalidOperation:
            raise self.refuse(column, expected) from None
        # Asked in this order: a comparison with what is no number fails, and so may rounding
        # what is too large.
        if not (number.is_finite() and 0 <= number < MOST and fits(number)):
            raise self.refuse(column, expected)
        return number


def read_demand(path: Path) -> DemandBySku:
    """Return what was asked for by sku and day. Raises DemandRefused."""
    demand: DemandBySku = {}
    for row in _rows(path, DEMAND_HEADING):
        day, days = row.day("date"), demand.setdefault(row.sku(), {})
        if day in days:
            raise row.refuse("date", f"one row a day for {row.sku()}")
        days[day] = row.amount("quantity", QUANTITY_PLACES)
    if not any(amount for days in demand.values() for amount in days.values()):
        raise DemandRefused(f"{path.name}: expected at least one day with use, got none.")
    _check_span(path.name, [day for days in demand.values() for day in days])
    return demand


def read_offers(path: Path, skus: Mapping[str, object]) -> dict[str, Terms]:
    """Return how the items are bought that are in the file, all of which must be in the demand.

    Raises DemandRefused.
    """
    offers: dict[str, Terms] = {}
    for row in _rows(path, OFFERS_HEADING):
        sku = row.sku()
        if sku not in skus:
            raise row.refuse("sku", "an item of the demand file")
        if sku in offers:
            raise row.refuse("sku", "one row for each item")
        pack_size = row.amount("pack_size", QUANTITY_PLACES)
        if not pack_size:
            raise row.refuse("pack_size", "a pack that holds something")
        offers[sku] = Terms(
            lead_time_days=row.days("lead_time_days", 0, LONGEST_LEAD_TIME),
            pack_size=pack_size,
            pack_price=row.amount("pack_price", PRICE_PLACES),
            shelf_life_days=row.days("shelf_life_days", 1, LONGEST_SHELF_LIFE),
        )
    return offers


def _check_span(name: str, days: Sequence[date]) -> None:
    span = (max(days) - min(days)).days + 1
    if span > MOST_DAYS:
        raise DemandRefused(
            f"{name}: expected days within ten years, got {min(days)} to {max(days)}."
        )


def _rows(path: Path, heading: Sequence[str]) -> Iterator[_Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from _rows_of(csv.reader(stream, strict=True), path.name, heading)
    except OSError as problem:
        raise DemandRefused(
            f"Expected a file that can be read, got {path}: {problem.strerror}."
        ) from None
    except UnicodeDecodeError:
        raise DemandRefused(f"{path.name}: expected a text file in UTF-8, got bytes.") from None
    except csv.Error as problem:
        raise DemandRefused(
            f"{path.name}: expected comma-separated text, got: {problem}."
        ) from None


def _rows_of(records: Iterator[list[str]], name: str, heading: Sequence[str]) -> Iterator[_Row]:
    expected = ",".join(heading)
    first = [cell.strip() for cell in next(records, [])]
    if first != list(heading):
        came = ",".join(first)[: 2 * LONGEST_SHOWN]
        raise DemandRefused(f"{name}, line 1: expected the heading {expected}, got “{came}”.")
    # A line number, for whoever opens the file: an empty line counts.
    for line, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(heading):
            raise DemandRefused(
                f"{name}, line {line}: expected {len(heading)} values ({expected}),"
                f" got {len(record)}."
            )
        cells = {column: cell.strip() for column, cell in zip(heading, record, strict=True)}
        yield _Row(name, line, cells)
