"""What somebody typed into a name or a reason is text, on every page and in every workbook."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests.clinic import dana, mara, signed_in
from tests.deep import DEEP
from tests.walk import address, one_of_everything, page_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning", "uncounted_flags")]

MARKUP = "<script>alert(1)</script>\"'><img src=x>{{7*7}}"
LIVE = ("<script>alert", "<img src=x", "\"'>", "49}}")
HTMX = {"HX-Request": "true"}
LISTS = [
    name
    for name in page_names()
    if name.endswith(
        (
            *("_list", "_report", "_export", "_history"),
            *("holding_detail", "item_detail", "lot_detail", "report_detail"),
        )
    )
]


# A fragment is a piece of its page, and a nurse sees fewer pages and the same words on them: every
# day one of the two is asked of each.
ASKED = {"page-dana": (dana, {}), "fragment-mara": (mara, HTMX)}
if DEEP:
    ASKED |= {"page-mara": (mara, {}), "fragment-dana": (dana, HTMX)}


@pytest.mark.parametrize(("who", "headers"), ASKED.values(), ids=ASKED)
def test_markup_in_a_name_stays_text_on_every_page(who: Any, headers: dict[str, str]) -> None:
    one_of_everything(MARKUP)
    browser = signed_in(who())
    browser.get("/procedures/log/", {"type": "tpi"})
    asked = {"type": "tpi", "location": "room-1", "find": "script", "since": "2026-01-01"}

    alive = []
    for name in page_names():
        page = browser.get(address(name), asked, headers=headers)
        if page["Content-Type"].startswith("text/html"):
            alive += [(name, sign) for sign in LIVE if sign in page.text]

    assert alive == []


def cells_of(browser: Client, name: str) -> list[Any]:
    answer = browser.get(address(name), {"export": "xlsx"})
    workbook = openpyxl.load_workbook(BytesIO(answer.content))
    return [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]


# What starts a formula is known in one place, and asked there of each start.
@pytest.mark.parametrize("start", ["=", "+", "-", "@"] if DEEP else ["="])
def test_a_name_that_looks_like_a_formula_stays_text_in_every_workbook(start: str) -> None:
    typed = f'{start}HYPERLINK("x")'
    one_of_everything(typed)
    browser = signed_in(dana())
    for name in LISTS:
        held = [cell for cell in cells_of(browser, name) if str(cell.value).startswith(typed)]
        assert {cell.data_type for cell in held} <= {"s"}, name
        assert held or name in {"site_list", "lot_detail"}, name
