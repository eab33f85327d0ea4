"""What comes back from the supplier: read as it was meant, or refused at its cell."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from inventory.purchasing.orders.differences import Promise, differences, totals
from inventory.purchasing.orders.headings import AVAILABILITIES, DISCONTINUED
from inventory.purchasing.orders.returned import (
    Returned,
    ReturnedLine,
    ReturnRefused,
    read_returned,
)
from inventory.purchasing.orders.sheet import OrderSheet, SheetLine
from inventory.sheets.cells import FileRefused
from tests.purchasing.formulas import computed
from tests.purchasing.orders.sheets import (
    COST,
    ORDER,
    cell,
    filled,
    header_row,
    read,
    sent,
    titles,
)

ANSWER: Mapping[int, Mapping[str, Any]] = {
    1: {"Confirmed packs": 5, "Confirmed price": 11.8, "Arrives on": date(2026, 12, 3)},
    2: {"Availability": "back order", "Remark": "In January, we hope."},
}


def refused(workbook: Workbook, order: OrderSheet = ORDER) -> list[str]:
    with pytest.raises(ReturnRefused) as refusal:
        read(workbook, order)
    return [str(problem) for problem in refusal.value.problems]


def saved_elsewhere(rows: Iterable[Sequence[Any]]) -> Workbook:
    """Return bare values in a sheet of another name."""
    other = Workbook()
    sheet: Any = other.active
    sheet.title = "Sheet1"
    for row in rows:
        sheet.append(list(row))
    return other


def as_csv(workbook: Workbook, delimiter: str = ",") -> bytes:
    """Return what a spreadsheet program saves as text: each value as it shows."""
    stream = StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    for row in computed(workbook)["Order"]:
        writer.writerow([_shown(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"${value:,.2f}"
    return "" if value is None else str(value)


# What is read


def test_what_was_filled_in_is_read_line_by_line() -> None:
    assert read(filled(ANSWER)) == Returned(
        "PO-2026-0007",
        (
            ReturnedLine(1, "needle-25g", 5, Decimal("11.80"), "", date(2026, 12, 3)),
            ReturnedLine(2, "lido-1-20", None, None, "back order", None, "In January, we hope."),
            ReturnedLine(3, "filament"),
        ),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_workbook_that_was_saved_as_text_says_the_same(delimiter: str) -> None:
    answer = filled(ANSWER)

    assert read_returned(as_csv(answer, delimiter), "PO.csv", ORDER) == read(answer)


def test_a_workbook_that_another_program_saved_says_the_same() -> None:
    # Values in place of formulas, no styles, no protection, and the sheet under another name.
    other = saved_elsewhere(computed(filled(ANSWER))["Order"])

    assert read(other) == read(filled(ANSWER))


def test_lines_may_be_sorted_and_columns_moved() -> None:
    rows = computed(filled(ANSWER))["Order"]
    start = header_row(sent())
    lines = [[first, *reversed(others)] for first, *others in rows[start - 1 :]]
    moved = saved_elsewhere([*rows[: start - 1], lines[0], *reversed(lines[1:])])

    assert read(moved) == read(filled(ANSWER))


def test_a_row_that_is_no_line_is_left_out_and_said() -> None:
    workbook = filled(ANSWER)
    workbook["Order"].append([None, None, None, "We also have needles in 27G."])

    (notice,) = read(workbook).notices

    assert notice == (
        f"Row {header_row(workbook) + 5} was left out, as it is no line of the order:"
        " “We also have needles in 27G.”."
    )


def test_a_line_that_was_deleted_stays_as_it_is_and_is_named() -> None:
    workbook = sent()
    workbook["Order"].delete_rows(header_row(workbook) + 2)

    returned = read(workbook)

    assert [line.number for line in returned.lines] == [1, 3]
    assert returned.notices == ("Line 2, lido-1-20, is not in the file: it stays as it is.",)


# What is refused

A_PACK_COUNT = "Expected a whole number of packs from 0 to 100,000, but got"
A_PRICE = "Expected the price of one pack, from 0, to the cent, as in 12.50, but got"
A_DAY = "Expected a day like 2026-11-22, from 2026-11-22 to 2100-12-31, but got"
AN_AVAILABILITY = "Expected one of in stock, back order, discontinued, substitute, but got"
BELONGS = "What is confirmed belongs under “Confirmed packs”, “Confirmed price”."


def test_the_workbook_of_another_order_is_refused() -> None:
    other = replace(ORDER, number="PO-2026-0008")

    assert refused(sent(other)) == [
        "This workbook is of PO-2026-0008, expected PO-2026-0007.",
    ]


def test_a_workbook_without_its_number_is_refused() -> None:
    workbook = sent()
    workbook["Order"].delete_rows(1, header_row(workbook) - 1)

    (sentence,) = refused(workbook)

    assert sentence.startswith("Expected PO-2026-0007 beside “Order number”, above the lines,")


def test_a_missing_column_is_named() -> None:
    workbook = sent()
    workbook["Order"].delete_cols(titles(workbook).index("Arrives on") + 1)

    (sentence,) = refused(workbook)

    assert sentence.endswith("“Remark”, but “Arrives on” is missing.")


def test_a_column_that_is_there_twice_is_named() -> None:
    workbook = sent()
    workbook["Order"].cell(header_row(workbook), 30).value = "remark"

    assert refused(workbook) == ["Expected each column once, but “Remark” is twice."]


def test_two_sheets_of_lines_are_refused() -> None:
    workbook = sent()
    workbook.copy_worksheet(workbook["Order"])

    assert refused(workbook) == [
        "Expected one sheet with lines, but “Order” and “Order Copy” have them both."
    ]


def test_a_workbook_of_something_else_is_refused() -> None:
    (sentence,) = refused(saved_elsewhere([["Item", "Packs"]]))

    assert sentence.startswith("Expected the lines of an order below “Line”, “SKU”,")


def test_a_picture_is_refused() -> None:
    with pytest.raises(FileRefused, match=r"is a picture\."):
        read_returned(b"\x89PNG\r\n\x1a\n", "order.png", ORDER)


@pytest.mark.parametrize(
    ("title", "value", "sentence"),
    [
        ("Confirmed packs", 2.5, f"{A_PACK_COUNT} “2.5”."),
        ("Confirmed packs", -1, f"{A_PACK_COUNT} “-1”."),
        ("Confirmed packs", "two", f"{A_PACK_COUNT} “two”."),
        ("Confirmed packs", 100_001, f"{A_PACK_COUNT} “100001”."),
        ("Confirmed packs", "=E12", f"{A_PACK_COUNT} “=E12”."),
        ("Confirmed packs", True, f"{A_PACK_COUNT} “TRUE”."),
        ("Confirmed price", -3, f"{A_PRICE} “-3”."),
        ("Confirmed price", 1.234, f"{A_PRICE} “1.234”."),
        ("Confirmed price", "ask", "Expected an amount of money like 12.50, but got “ask”."),
        ("Availability", "soon", f"{AN_AVAILABILITY} “soon”."),
        ("Arrives on", "next week", f"{A_DAY} “next week”."),
        ("Arrives on", date(2025, 12, 3), f"{A_DAY} “2025-12-03”."),
        ("Remark", "x" * 301, "Expected at most 300 letters, but this has 301."),
        ("SKU", "needle-27g", "Expected needle-25g in line 1, but got “needle-27g”."),
        ("SKU", None, "Expected needle-25g in line 1, but got “”."),
        ("Line", 9, "Expected a line of the order, but got “9”."),
        ("Line", None, "Expected a line of the order, but got “”."),
        ("Packs", 5, f"Expected 7, as ordered, but got “5”. {BELONGS}"),
        ("Pack price", 12, f"Expected 11.35, as ordered, but got “12”. {BELONGS}"),
    ],
)
def test_a_wrong_cell_is_refused_where_it_stands(title: str, value: Any, sentence: str) -> None:
    workbook = filled({1: {title: value}})

    assert refused(workbook) == [f"Row {header_row(workbook) + 1}, {title}: {sentence}"]


def test_a_line_that_is_there_twice_is_refused() -> None:
    workbook = sent()
    first = header_row(workbook) + 1
    copied = [c.value for c in workbook["Order"][first]]
    workbook["Order"].append(copied)

    assert refused(workbook) == [
        f"Row {first + 4}, Line: Expected each line once, but 1 is row {first} too."
    ]


def test_every_wrong_cell_is_named_at_once() -> None:
    workbook = filled({1: {"Confirmed packs": "x"}, 2: {"Confirmed price": "y", "Arrives on": "z"}})

    assert len(refused(workbook)) == 3


def test_of_very_many_wrong_cells_the_first_are_named() -> None:
    workbook = sent()
    for number in range(50):
        workbook["Order"].append([100 + number, None, "needle"])

    sentences = refused(workbook)

    assert len(sentences) == 21
    assert sentences[-1] == "And 30 more."


# What it changes


def test_a_difference_says_what_was_and_what_will_be() -> None:
    needles, drug = differences(ORDER, read(filled(ANSWER)))

    assert needles.before == Promise(7, Decimal("11.35"))
    assert needles.after == Promise(5, Decimal("11.80"), date(2026, 12, 3))
    assert needles.cost_change == Decimal("-20.45")
    assert not drug.changes
    assert drug.answer.remark == "In January, we hope."


def test_the_totals_are_those_of_the_order_before_and_after() -> None:
    both = totals(ORDER, differences(ORDER, read(filled(ANSWER))))

    assert (both.before, both.after) == (COST, COST - Decimal("20.45"))


def test_of_what_is_discontinued_nothing_comes() -> None:
    (needles,) = differences(ORDER, read(filled({1: {"Availability": "Discontinued"}})))

    assert needles.after.packs == 0


def test_an_answer_that_is_known_already_changes_nothing() -> None:
    returned = read(filled({1: ANSWER[1]}))
    known = {each.line.number: each.after for each in differences(ORDER, returned)}

    assert differences(ORDER, returned, known) == ()


def test_a_remark_that_is_taken_back_is_a_difference() -> None:
    (drug,) = differences(ORDER, read(sent()), remarked={2: "Back order."})

    assert (drug.line.number, drug.remark, drug.changes) == (2, "", False)


def test_that_no_day_is_said_takes_none_back() -> None:
    known = {1: Promise(7, Decimal("11.35"), date(2026, 12, 3))}

    assert differences(ORDER, read(sent()), known) == ()


# Whatever is ordered, and whatever is filled in

CENTS = st.decimals(0, 9_999, places=2)
NAMES = st.text(st.characters(codec="utf-8"), max_size=40)


@st.composite
def orders(draw: st.DrawFn) -> OrderSheet:
    lines = [
        SheetLine(
            number=number,
            sku=f"item-{number}",
            name=draw(NAMES),
            order_code=draw(NAMES),
            packs=draw(st.integers(1, 100_000)),
            pack_size=draw(st.decimals("0.001", 1_000, places=3)),
            unit=draw(st.sampled_from(["each", "mL", "unit"])),
            pack_price=draw(st.none() | CENTS),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]
    return replace(ORDER, note=draw(NAMES), supplier=draw(NAMES), lines=tuple(lines))


FILLED = st.fixed_dictionaries(
    {
        "Confirmed packs": st.none() | st.integers(0, 100_000),
        "Confirmed price": st.none() | CENTS,
        "Availability": st.none() | st.sampled_from(AVAILABILITIES),
        "Arrives on": st.none() | st.dates(ORDER.ordered_on, date(2099, 1, 1)),
        "Remark": st.none() | st.sampled_from(["soon", "=1+1", "-"]),
    }
)


@given(orders())
def test_an_order_that_comes_back_as_it_went_changes_nothing(order: OrderSheet) -> None:
    returned = read(sent(order), order)

    assert [line.number for line in returned.lines] == [line.number for line in order.lines]
    assert returned.notices == ()
    assert differences(order, returned) == ()


@given(orders(), st.data())
def test_exactly_what_is_filled_in_is_another_than_before(
    order: OrderSheet, data: st.DataObject
) -> None:
    said = {line.number: data.draw(FILLED) for line in order.lines}
    workbook = sent(order)
    for number, values in said.items():
        for title, value in values.items():
            place = cell(workbook, number, title)
            place.value = value
            if title == "Remark" and value:
                place.data_type = "s"

    found = {each.line.number: each for each in differences(order, read(workbook, order))}

    for line in order.lines:
        after, wanted = _after(line, said[line.number]), said[line.number]
        tells = wanted["Remark"] or wanted["Availability"] not in (None, "in stock")
        before = (line.packs, line.pack_price, None)
        assert (line.number in found) == bool(after != before or tells)
        if line.number in found:
            each = found[line.number].after
            assert (each.packs, each.price, each.arrives_on) == after
            assert found[line.number].answer.remark == (wanted["Remark"] or "")


def _after(line: SheetLine, said: Mapping[str, Any]) -> tuple[Any, ...]:
    packs, price = said["Confirmed packs"], said["Confirmed price"]
    if packs is None:
        packs = 0 if said["Availability"] == DISCONTINUED else line.packs
    return packs, line.pack_price if price is None else price, said["Arrives on"]


def test_a_file_much_longer_than_any_order_is_refused_before_it_is_read_to_its_end() -> None:
    long = b"Line,SKU\n" + b"1,x\n" * 20_001

    with pytest.raises(ReturnRefused, match="but got more than 20,000"):
        read_returned(long, "answer.csv", ORDER)
