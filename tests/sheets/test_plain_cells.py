"""What people write into a cell that is to say one plain thing."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from inventory.sheets import plain_cells
from inventory.sheets.cells import SheetCell
from inventory.sheets.plain_cells import CellNotUnderstood, said


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  two   words ", "two words"),
        (Decimal("20.50"), "20.5"),
        (20, "20"),
        (datetime.fromisoformat("2026-11-02 10:15"), "2026-11-02 10:15"),
        (datetime.fromisoformat("2026-11-02"), "2026-11-02"),
        (date(2026, 11, 2), "2026-11-02"),
        (time(10, 15), "10:15:00"),
    ],
)
def test_a_cell_is_read_as_a_person_reads_it(value: Any, text: str) -> None:
    assert said(SheetCell(value)) == text


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (plain_cells.number, "1,200", Decimal(1200)),
        (plain_cells.number, ".5", Decimal("0.5")),
        (plain_cells.money, "$75.00", Decimal("75.00")),
        (plain_cells.money, "1,284.50 USD", Decimal("1284.50")),
        (plain_cells.days, "3", 3),
        (plain_cells.days, "3 days", 3),
        (plain_cells.days, "2 weeks", 14),
        (plain_cells.yes_or_no, "X", True),
        (plain_cells.yes_or_no, "No", False),
        (plain_cells.whole_number, "3.0", 3),
    ],
)
def test_it_reads_what_people_write(
    reader: Callable[[str], object], text: str, value: object
) -> None:
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text", "expected"),
    [
        (plain_cells.number, "many", "Expected a number like 2 or 0.5, but got “many”."),
        (plain_cells.number, "1,5", "Expected a number like 2 or 0.5, but got “1,5”."),
        (plain_cells.number, "9" * 400, "Expected a number like 2 or 0.5, but got “9"),
        (plain_cells.number, "NaN", "Expected a number like 2 or 0.5, but got “NaN”."),
        (plain_cells.money, "free", "Expected an amount of money like 12.50, but got “free”."),
        (plain_cells.days, "soon", "Expected a number of days like 3, but got “soon”."),
        (plain_cells.yes_or_no, "perhaps", "Expected yes or no, but got “perhaps”."),
        (plain_cells.whole_number, "2.5", "Expected a whole number, but got “2.5”."),
    ],
)
def test_it_says_what_was_expected_and_what_came(
    reader: Callable[[str], object], text: str, expected: str
) -> None:
    with pytest.raises(CellNotUnderstood) as refusal:
        reader(text)

    assert str(refusal.value).startswith(expected)


@pytest.mark.parametrize("read", [plain_cells.number, plain_cells.whole_number])
def test_a_number_of_very_many_digits_is_no_amount(read: Callable[[str], object]) -> None:
    with pytest.raises(CellNotUnderstood, match="Expected a "):
        read("1" + "0" * 28)
