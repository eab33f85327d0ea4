"""The order's workbook: its numbers are the order's, and only what is to be answered is open."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from inventory.purchasing.orders.differences import differences, totals
from inventory.purchasing.orders.headings import AVAILABILITIES, FILLED_IN
from inventory.purchasing.orders.sheet import OrderSheet
from tests.purchasing.formulas import computed
from tests.purchasing.orders.sheets import (
    COST,
    FILAMENT,
    LIDOCAINE,
    NEEDLES,
    ORDER,
    cell,
    filled,
    header_row,
    order_of,
    read,
    sent,
    titles,
)


def rows_of(workbook: Workbook) -> list[dict[str, Any]]:
    """Return the computed lines by heading, and the totals after them."""
    names = titles(workbook)
    below = computed(workbook)["Order"][header_row(workbook) :]
    return [dict(zip(names, row, strict=True)) for row in below]


def texts(workbook: Workbook) -> list[str]:
    return [str(c.value) for row in workbook["Order"] for c in row if c.value is not None]


# What it says


def test_it_says_whose_order_it_is_and_what_of_it_must_be_known() -> None:
    above = [row[:2] for row in sent()["Order"].iter_rows(max_row=10, values_only=True)]

    assert [row[0] for row in above] == [
        "Lakeside Sports Medicine: purchase order",
        "12 Main St, Springfield",
        "555-0100, buy@lake.example",
        "Order number",
        "Ordered on",
        "Needed by",
        "Supplier",
        "Deliver to",
        "Note",
        above[9][0],
    ]
    assert above[3][1] == "PO-2026-0007"
    assert above[6][1] == "Northgate Medical Supply, orders@northgate.example"
    assert above[8][1] == "Ring the bell at the back door."


def test_what_is_not_known_takes_no_line() -> None:
    bare = replace(
        ORDER,
        needed_by=None,
        note="",
        deliver_to="",
        letterhead=replace(ORDER.letterhead, address=(), phone="", email=""),
    )

    written = texts(sent(bare))

    assert not {"Needed by", "Note", "Deliver to", ""} & set(written)


def test_its_formulas_come_to_the_numbers_of_the_order() -> None:
    *lines, total = rows_of(sent())

    assert [line["Quantity"] for line in lines] == [700, 1000, 50]
    assert [line["Cost"] for line in lines] == [Decimal("79.45"), 150, None]
    assert (total["Packs"], total["Cost"]) == (13, COST)
    assert total["Confirmed cost"] == COST
    assert (total["Change in packs"], total["Change in cost"]) == (0, 0)


def test_a_line_without_a_price_has_no_cost_and_is_named() -> None:
    workbook = sent(order_of(NEEDLES, replace(FILAMENT, number=2)))

    assert "Without a price, and in no total: line 2." in texts(workbook)
    assert rows_of(workbook)[1]["Cost"] is None
    assert rows_of(workbook)[1]["Confirmed cost"] == ""


def test_all_lines_without_a_price_are_named() -> None:
    workbook = sent(order_of(replace(FILAMENT, number=1), replace(FILAMENT, number=2, sku="f-2")))

    assert "Without a price, and in no total: lines 1, 2." in texts(workbook)


@pytest.mark.parametrize(
    "said",
    [
        {1: {"Confirmed packs": 0}},
        {1: {"Confirmed packs": 5}, 2: {"Confirmed price": 80.25}},
        {1: {"Availability": "discontinued"}},
        {1: {"Availability": "discontinued", "Confirmed packs": 3}},
        {3: {"Confirmed price": 2.5}},
        {3: {"Confirmed packs": 1}},
        {2: {"Availability": "back order", "Confirmed price": 0}},
    ],
)
def test_what_is_filled_in_shows_the_difference_that_will_be_read_of_it(
    said: Mapping[int, Mapping[str, Any]],
) -> None:
    workbook = filled(said)
    found = differences(ORDER, read(workbook))
    *_, total = rows_of(workbook)

    assert total["Change in packs"] == sum(each.after.packs - each.before.packs for each in found)
    assert total["Confirmed cost"] == totals(ORDER, found).after
    assert total["Change in cost"] == totals(ORDER, found).change


# What may be typed


def test_only_what_the_supplier_fills_in_is_open() -> None:
    workbook = sent()
    sheet = workbook["Order"]
    first, last = header_row(workbook) + 1, header_row(workbook) + len(ORDER.lines)

    unlocked = {(c.row, c.column) for row in sheet for c in row if not c.protection.locked}

    names = titles(workbook)
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert unlocked == {
        (row, names.index(title) + 1) for row in range(first, last + 1) for title in FILLED_IN
    }


def test_each_of_them_takes_what_its_column_is_for() -> None:
    workbook = sent()
    rules = {
        titles(workbook)[next(iter(rule.sqref.ranges)).min_col - 1]: rule
        for rule in workbook["Order"].data_validations.dataValidation
    }

    assert {title: (rule.type, rule.formula1, rule.formula2) for title, rule in rules.items()} == {
        "Confirmed packs": ("whole", "0", "100000"),
        "Confirmed price": ("decimal", "0", "999999999"),
        "Availability": ("list", f'"{",".join(AVAILABILITIES)}"', None),
        "Arrives on": ("date", "DATE(2026,11,22)", "DATE(2100,12,31)"),
        "Remark": ("textLength", "300", None),
    }
    assert all(rule.showErrorMessage and rule.allow_blank for rule in rules.values())
    assert {str(rule.sqref).partition(":")[0][1:] for rule in rules.values()} == {
        str(header_row(workbook) + 1)
    }


def test_an_order_without_lines_is_a_workbook_all_the_same() -> None:
    assert len(titles(sent(order_of()))) == len(titles(sent()))


# How it prints


def test_it_prints_on_pages_that_say_which_order_they_are_of() -> None:
    workbook = sent()
    sheet = workbook["Order"]
    header = header_row(workbook)

    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == f"${header}:${header}"
    assert sheet.print_area == f"'Order'!$A$1:$R${header + len(ORDER.lines) + 1}"
    assert sheet.freeze_panes == f"A{header + 1}"
    assert str(sheet.oddFooter) == "&LOrder PO-2026-0007&CPage &P of &N"


# Hostile names


def hostile() -> OrderSheet:
    return replace(
        ORDER,
        supplier='=HYPERLINK("http://evil.example")',
        deliver_to="@SUM(A1)",
        note="+1\n-2\x00\x07",
        letterhead=replace(ORDER.letterhead, clinic="=1+1", address=("-A1",), phone="+1 555"),
        lines=(
            replace(NEEDLES, name="=cmd|' /C calc'!A0", order_code="+NG", unit="=1"),
            replace(LIDOCAINE, name="-2+3\r\n&P \ud800", order_code="@x"),
        ),
    )


def test_text_that_looks_like_a_formula_stays_text_everywhere() -> None:
    workbook = sent(hostile())

    cells: list[Any] = [c for row in workbook["Order"] for c in row]
    formulas = [c for c in cells if c.data_type == "f"]
    ours = {"Quantity", "Cost", "Confirmed cost", "Change in packs", "Change in cost", "Packs"}
    assert {titles(workbook)[c.column - 1] for c in formulas} == ours
    assert cell(workbook, 1, "Item").value == "=cmd|' /C calc'!A0"
    assert cell(workbook, 1, "Item").quotePrefix
    assert cell(workbook, 2, "Item").value == "-2+3\n&P "


def test_an_order_with_hostile_names_comes_back_as_it_went() -> None:
    order = hostile()

    assert differences(order, read(sent(order), order)) == ()


def test_a_price_of_many_digits_is_exact_to_the_cent() -> None:
    dear = replace(NEEDLES, packs=100_000, pack_price=Decimal("999999999.99"))

    workbook = sent(order_of(dear))

    assert Decimal(str(cell(workbook, 1, "Pack price").value)) == dear.pack_price
    assert rows_of(workbook)[0]["Cost"] == Decimal(99999999999000)
