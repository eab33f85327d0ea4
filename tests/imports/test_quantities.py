"""Counts as people write them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.imports.cells.quantities import (
    Amount,
    Counted,
    Quantity,
    is_unit,
    read_quantity,
)
from inventory.imports.cells.results import Blank, Doubtful, Refused
from inventory.sheets.cells import SheetCell


def read(text: str) -> Quantity:
    return read_quantity(SheetCell(text))


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("12", "12", ""),
        ("12 vials", "12", "vial"),
        ("12vials", "12", "vial"),
        ("3 bx", "3", "box"),
        ("3bx", "3", "box"),
        ("3 BX.", "3", "box"),
        ("2 full boxes", "2", "box"),
        ("two boxes", "2", "box"),
        ("1 tray", "1", "tray"),
        ("2 ctn", "2", "carton"),
        ("4 cartons", "4", "carton"),
        ("20 pk", "20", "pack"),
        ("3 pkgs", "3", "pack"),
        ("1 cs", "1", "case"),
        ("2 cases", "2", "case"),
        ("5 vl", "5", "vial"),
        ("6 amps", "6", "ampule"),
        ("7 ampoules", "7", "ampule"),
        ("180 ea", "180", "each"),
        ("350 each", "350", "each"),
        ("60 pcs", "60", "each"),
        ("2 can", "2", "can"),
        ("3 btl", "3", "bottle"),
        ("5 pr", "5", "pair"),
        ("2 dz", "2", "dozen"),
        ("1 dozen", "1", "dozen"),
        ("a dozen", "1", "dozen"),
        ("14 mL", "14", "mL"),
        ("14cc", "14", "mL"),
        ("200u", "200", "unit"),
        ("100 units", "100", "unit"),
        ("1,200", "1200", ""),
        ("12,345.5 mL", "12345.5", "mL"),
        ("2.5 vials", "2.5", "vial"),
        (".5 vial", "0.5", "vial"),
        ("½ bx", "0.5", "box"),
        ("half box", "0.5", "box"),
        ("1½ bx", "1.5", "box"),
        ("1 1/2 bx", "1.5", "box"),
        ("1-1/2 boxes", "1.5", "box"),
        ("3/4 box", "0.75", "box"),
        ("12 vials left", "12", "vial"),
        ("40 total", "40", ""),
        ("\u00a012\u00a0vials ", "12", "vial"),
        ("１２", "12", ""),
    ],
)
def test_a_count_is_read(text: str, number: str, unit: str) -> None:
    assert read(text) == Counted((Amount(Decimal(number), unit),))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1 box + 4", [("1", "box"), ("4", "")]),
        ("2bx+5ea", [("2", "box"), ("5", "each")]),
        ("1 box and 4", [("1", "box"), ("4", "")]),
        ("2 boxes, 13 loose", [("2", "box"), ("13", "")]),
        ("3 bx 12 ea", [("3", "box"), ("12", "each")]),
        ("1 case + 2 bx + 7", [("1", "case"), ("2", "box"), ("7", "")]),
    ],
)
def test_parts_of_a_count_add_up(text: str, parts: list[tuple[str, str]]) -> None:
    assert read(text) == Counted(tuple(Amount(Decimal(number), unit) for number, unit in parts))


@pytest.mark.parametrize(
    ("text", "number", "unit", "holds"),
    [
        ("2 bx of 25", "2", "box", "25"),
        ("2 bx x 25", "2", "box", "25"),
        ("4 boxes (25/bx)", "4", "box", "25"),
        ("4 bx 25/bx", "4", "box", "25"),
        ("3 trays @ 10", "3", "tray", "10"),
        ("2 x 25", "2", "", "25"),
    ],
)
def test_a_count_may_say_how_much_is_in_each(text: str, number: str, unit: str, holds: str) -> None:
    assert read(text) == Counted((Amount(Decimal(number), unit, holds=Decimal(holds)),))


def test_a_count_may_say_the_size_of_its_vials() -> None:
    assert read("12 x 20 mL vials") == Counted((Amount(Decimal(12), "vial", size=Decimal(20)),))


@pytest.mark.parametrize(
    ("text", "guesses"),
    [
        ("~40", ("40",)),
        ("about 40 vials", ("40 vial",)),
        ("approx. 12", ("12",)),
        ("30+", ("30",)),
        ("30+ ea", ("30 each",)),
        ("> 10", ("10",)),
        ("12?", ("12",)),
        ("40ish", ("40",)),
        ("almost 2 bx", ("2 box",)),
        ("10-12", ()),
        ("10 to 12", ()),
        ("1 bx (opened, 17 left)", ("17 each", "1 box")),
        ("1 box, 17 left", ("17 each", "1 box")),
        ("2,5", ("2.5", "25")),
        ("1.200", ("1.2", "1200")),
        ("box", ("1 box",)),
        ("(5)", ("5",)),
        ("12 12", ()),
        ("1.2.3", ()),
        ("1e5", ()),
        ("12-", ("12",)),
        ("20 / 25", ("20",)),
        ("12 widgets", ()),
    ],
)
def test_what_is_no_sure_count_is_doubtful(text: str, guesses: tuple[str, ...]) -> None:
    doubtful = read(text)

    assert isinstance(doubtful, Doubtful)
    assert doubtful.guesses == guesses


@pytest.mark.parametrize(
    "text", ["a few", "some", "lots", "see shelf", "-5", "- 5", "−5", "50%", "#REF!", "9" * 12]
)
def test_what_is_no_number_or_below_zero_is_refused(text: str) -> None:
    assert isinstance(read(text), Refused)


@pytest.mark.parametrize("text", ["", "  ", "-", "n/a", "?"])
def test_blank_is_not_zero(text: str) -> None:
    assert isinstance(read(text), Blank)


@pytest.mark.parametrize("text", ["0", "none", "out", "0 bx"])
def test_none_is_zero(text: str) -> None:
    counted = read(text)

    assert isinstance(counted, Counted)
    assert counted.is_nothing


def test_a_number_cell_is_a_count() -> None:
    assert read_quantity(SheetCell(Decimal("2.5"))) == Counted((Amount(Decimal("2.5")),))


@pytest.mark.parametrize(
    "value", [True, date(2026, 3, 4), datetime.fromisoformat("2026-03-04"), time(3, 4)]
)
def test_what_excel_made_of_a_count_is_doubtful(value: date | time | bool) -> None:
    assert isinstance(read_quantity(SheetCell(value)), Doubtful)


def test_a_percentage_is_refused() -> None:
    assert isinstance(read_quantity(SheetCell(Decimal("0.5"), number_format="0%")), Refused)


def test_a_formula_counts_as_its_stored_result() -> None:
    assert read_quantity(SheetCell(100, formula="=4*25")) == Counted(
        (Amount(Decimal(100)),), computed=True
    )


def test_a_formula_without_a_result_is_refused_and_never_zero() -> None:
    refused = read_quantity(SheetCell(None, formula="=3*100"))

    assert isinstance(refused, Refused)
    assert "=3*100" in refused.sentence


@pytest.mark.parametrize(
    ("text", "so"),
    [("Bx", True), ("vials", True), ("bx/ea", True), ("20 mL vial", False), ("", False)],
)
def test_a_unit_alone_is_told_from_a_name(text: str, so: bool) -> None:
    assert is_unit(text) is so


CELLS = st.builds(
    SheetCell,
    value=st.one_of(
        st.text(max_size=40),
        st.text(alphabet="0123456789.,/+-~ bxvialmcc½?()", max_size=20),
        st.integers(),
        st.decimals(),
        st.booleans(),
        st.datetimes(),
        st.dates(),
        st.times(),
        st.timedeltas(),
        st.none(),
    ),
    number_format=st.sampled_from(["General", "0%", "d-mmm", "mmm-yy", "0000000", "@"]),
    formula=st.sampled_from(["", "=1+1"]),
)


@given(CELLS)
def test_any_cell_is_read_and_no_count_is_below_zero(cell: SheetCell) -> None:
    read = read_quantity(cell)

    assert isinstance(read, Counted | Blank | Doubtful | Refused)
    if isinstance(read, Counted):
        assert all(part.number >= 0 for part in read.parts)


def test_a_duration_is_doubtful() -> None:
    assert isinstance(read_quantity(SheetCell(timedelta(hours=3))), Doubtful)
