"""Every list as a workbook: the columns, the rows and the order of the page, typed and framed."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from inventory.purchasing.orders import draft_record
from inventory.sheets.workbook import CONTENT_TYPE
from inventory.stock.requests import Want
from inventory.web.words import day_words, time_words
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    priya,
    received,
    signed_in,
    used,
    vic,
)
from tests.procedures.tablet import Tablet, trigger_point
from tests.purchasing.shop import northgate
from tests.worlds import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

LISTS = (
    "stock_list",
    "lot_list",
    "movement_list",
    "item_list",
    "supplier_list",
    "location_list",
    "site_list",
    "procedure_type_list",
    "procedure_list",
    "flag_list",
    "people_list",
    "order_list",
)
# What is there to be pressed stays on the page.
TO_PRESS = "To do"
# What the page says beneath something else has a column of its own in the sheet.
BESIDE = {"flag_list": ("In numbers", "Location", "How urgent")}
# What a sheet leaves empty and a page says in words.
NOTHING = (
    *("", "—", "never", "no date", "not tracked", "none"),
    *("not priced", "not yet", "not said"),
)


def rows_in_every_list() -> None:
    for who in (mara, priya, vic):
        who()
    northgate()
    draft_record.begin(northgate(), by=dana(), now=NOW)
    kind = trigger_point()
    received(needle(reorder_point=100, par_level=400), 64, "N1", date(2029, 9, 30))
    received(lidocaine(), 40, "AB4410C", date(2026, 12, 31), unit_cost=Decimal("0.0825"))
    received(kenalog(), 3, "9F7K2", date(2027, 1, 31), unit_cost=Decimal("14.00"))
    received(gauze(), 100)
    received(lidocaine(), 20, "OLD1", date(2026, 11, 1), where="room-2")
    used(Want(kenalog(), Decimal("0.75")))
    Tablet(mara()).open(kind).log(encounter_ref="E-7")


clinic = built_once(rows_in_every_list)


@pytest.fixture
def manager(clinic: None) -> Client:
    """Dana's browser, in a clinic in which every list has rows."""
    return signed_in(dana())


class _ReadsTable(HTMLParser):
    """Reads the heading, the rows and the foot of the list on a page; pieces apart by "|"."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_open = self.in_table = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "section" and ("id", "table") in attrs:
            self.in_table = True
        elif self.in_table and tag == "tr":
            self.rows.append([])
        elif self.in_table and tag in ("td", "th"):
            self.rows[-1].append("")
            self.is_open = True
        elif self.is_open:
            self.rows[-1][-1] += "|"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.is_open = False
        elif tag == "section":
            self.in_table = False

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.rows[-1][-1] += data


def page_of(client: Client, name: str) -> list[list[list[str]]]:
    """Return the cells of each row of a list, the heading first; a cell in its pieces of text."""
    reader = _ReadsTable()
    reader.feed(client.get(reverse(name)).text)
    return [
        [[" ".join(piece.split()) for piece in cell.split("|") if piece.strip()] for cell in row]
        for row in reader.rows
    ]


def sheet_of(client: Client, name: str) -> Worksheet:
    answer = client.get(reverse(name), {"export": "xlsx"})
    assert answer["Content-Type"] == CONTENT_TYPE
    (sheet,) = load_workbook(BytesIO(answer.content)).worksheets
    return sheet


def headings(rows: list[list[list[str]]]) -> list[str]:
    return [" ".join(cell) for cell in rows[0]]


def titles(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[1]]


def says(cell: Cell | MergedCell, pieces: list[str]) -> bool:
    """Whether a cell of the sheet holds what the page says in these pieces of text."""
    value, first = cell.value, pieces[0] if pieces else ""
    if value is None:
        return first in NOTHING
    if isinstance(value, datetime):
        day = value.date()
        return first in (day_words(day), time_words(value, TODAY))
    if isinstance(value, int | float):
        amount = re.sub(r"[^\d.,-]", "", first)
        return Decimal(amount.replace(",", "")) == Decimal(str(value))
    return " ".join(pieces) == " ".join(str(value).split()) or first == value


@pytest.mark.parametrize("name", LISTS)
class TestEveryList:
    def test_its_workbook_has_the_headings_of_the_page(self, manager: Client, name: str) -> None:
        shown, exported = headings(page_of(manager, name)), titles(sheet_of(manager, name))

        assert [title for title in shown if title != TO_PRESS] == [
            title for title in exported if title not in BESIDE.get(name, ())
        ]

    def test_its_rows_come_in_the_order_and_words_of_the_page(
        self, manager: Client, name: str
    ) -> None:
        page, sheet = page_of(manager, name), sheet_of(manager, name)

        assert len(page) == sheet.max_row > 1
        assert list(differences(page, sheet)) == []

    def test_its_headings_stay_in_sight_and_can_filter(self, manager: Client, name: str) -> None:
        sheet = sheet_of(manager, name)

        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"


def differences(page: list[list[list[str]]], sheet: Worksheet) -> Iterator[tuple[str, Any]]:
    """Yield each cell of the sheet that says something else than its namesake on the page."""
    shown, exported = headings(page), titles(sheet)
    for on_page, in_sheet in zip(page[1:], sheet.iter_rows(min_row=2), strict=True):
        named = dict(zip(shown, on_page, strict=True))
        for title, cell in zip(exported, in_sheet, strict=True):
            if title in named and not says(cell, named[title]):
                yield " ".join(named[title]), cell.value


@pytest.mark.parametrize(
    ("name", "title", "kind"),
    [
        ("stock_list", "Quantity", "n"),
        ("stock_list", "Use until", "d"),
        ("lot_list", "Expires", "d"),
        ("movement_list", "When", "d"),
        ("movement_list", "Quantity", "n"),
        ("procedure_list", "When", "d"),
        ("procedure_list", "Sites", "n"),
        ("flag_list", "Due", "d"),
        ("location_list", "Items on hand", "n"),
    ],
)
def test_numbers_and_days_are_typed(manager: Client, name: str, title: str, kind: str) -> None:
    sheet = sheet_of(manager, name)
    column = titles(sheet).index(title) + 1

    types = {
        cell.data_type
        for (cell,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column)
        if cell.value is not None
    }

    assert types == {kind}
