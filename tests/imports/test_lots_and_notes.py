"""Lot numbers whatever Excel made of them, and what a note means for its row."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.imports.cells.lots import Lot, lot_number, read_lot
from inventory.imports.cells.notes import Note, read_note
from inventory.imports.cells.results import Blank, Doubtful, Refused
from inventory.sheets.cells import CellValue, SheetCell
from inventory.stock.requests import normalize_lot_number
from tests.imports.sheets import TODAY
from tests.imports.test_quantities import CELLS


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (6118204, "6118204"),
        (Decimal("6118204.0"), "6118204"),
        ("6118204.0", "6118204"),
        (" ab4410c", "AB4410C"),
        (" bv  0519 ", "BV 0519"),
        ("\u00a09f7k2\u00a0", "9F7K2"),
        ("25-090-dk", "25-090-DK"),
        ("xk-7719", "XK-7719"),
        ("LOT 6118204", "6118204"),
        ("lot # A12", "A12"),
        ("A/12", "A/12"),
        ("0012", "0012"),
        ("LOTUS1", "LOTUS1"),
    ],
)
def test_a_lot_number_is_text(value: CellValue, number: str) -> None:
    lot = read_lot(SheetCell(value))

    assert isinstance(lot, Lot)
    assert lot.number == number


def test_zeros_that_the_cell_shows_belong_to_the_lot() -> None:
    assert read_lot(SheetCell(1204, number_format="0000000")) == Lot("0001204")


@pytest.mark.parametrize(
    "value",
    [
        datetime.fromisoformat("2026-03-14"),
        "14-Mar",
        "3/14/2026",
        "2026-03-14",
        "1.23E+11",
        "1.23457e+11",
        Decimal("1E+20"),
        True,
        "various",
        "A12, A13",
        "A12 & A13",
        "A12 / A13",
        "A12 exp 12/27",
        "A12 12/27",
        "A12 (4/30/2028)",
        "A12?",
        "X" * 65,
        "#N/A",
    ],
)
def test_what_may_be_another_lot_is_doubtful(value: CellValue) -> None:
    assert isinstance(read_lot(SheetCell(value)), Doubtful)


def test_excel_turns_lots_into_dates_and_it_is_said() -> None:
    doubtful = read_lot(SheetCell(datetime.fromisoformat("2026-03-14"), number_format="d-mmm"))

    assert isinstance(doubtful, Doubtful)
    assert "Excel turned the lot number into a date (14-Mar)" in doubtful.sentence


@pytest.mark.parametrize("value", [None, "", "n/a", "-", "none", "?", "N/A"])
def test_no_lot_is_blank(value: CellValue) -> None:
    assert isinstance(read_lot(SheetCell(value)), Blank)


@given(CELLS)
def test_any_cell_is_read(cell: SheetCell) -> None:
    assert isinstance(read_lot(cell), Lot | Blank | Doubtful | Refused)


@given(st.text())
def test_a_lot_is_spelt_as_the_ledger_spells_it(text: str) -> None:
    assert lot_number(text) == normalize_lot_number(text)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", Note()),
        ("1 full tray", Note()),
        ("keep cold!", Note()),
        ("no lot on open box", Note()),
        ("unopened", Note()),
        ("+1 behind sink?", Note()),
        ("old brand stock", Note()),
        ("opened 11/12", Note(opened=True, opened_on=date(2026, 11, 12))),
        ("Open since 10/20/26", Note(opened=True, opened_on=date(2026, 10, 20))),
        ("first used Nov 3", Note(opened=True, opened_on=date(2026, 11, 3))),
        ("one is open", Note(opened=True)),
        ("DO NOT USE - set aside, recall?", Note(held=True)),
        ("quarantined", Note(held=True)),
        ("Recalled 10/1", Note(held=True)),
        ("box damaged", Note(held=True)),
        ("count again", Note(count_again=True)),
        ("recount pls", Note(count_again=True)),
        ("??", Note(count_again=True)),
        ("old count - ignore", Note(not_stock=True)),
        ("EXPIRED", Note(expired=True)),
    ],
)
def test_a_note_means_something_for_its_row(text: str, note: Note) -> None:
    assert read_note(text, TODAY) == note


@given(st.text())
def test_any_note_is_read(text: str) -> None:
    assert isinstance(read_note(text, TODAY), Note)
