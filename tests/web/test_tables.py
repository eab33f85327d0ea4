"""A list as people see it: columns that align, sort, page, and become a sheet."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from inventory.sheets import pages
from tests import clinic
from tests.web.urls import ShelfTable, shelf

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]

TODAY = date(2026, 11, 22)
HTMX = {"HX-Request": "true"}


def cell(row: int, name: str) -> Any:
    return ShelfTable(shelf(), today=TODAY).rows[row].get_cell(name)


def value(row: int, name: str) -> Any:
    return ShelfTable(shelf(), today=TODAY).rows[row].get_cell_value(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("on_hand", '52.5 <span class="unit">mL</span>'),
        ("expires_on", 'Dec 10, 2026 <span class="note">in 18 days</span>'),
        ("lots", "2"),
        ("unit_cost", "$0.0825"),
        ("value", "$4.33"),
        ("status", '<span class="pill pill-soon">expires soon</span>'),
    ],
)
def test_a_column_shows_its_value_in_words(name: str, shown: str) -> None:
    assert cell(0, name) == shown


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("on_hand", Decimal("52.5")),
        ("expires_on", date(2026, 12, 10)),
        ("lots", 2),
        ("unit_cost", Decimal("0.0825")),
        ("value", Decimal("4.33")),
        ("status", "expires soon"),
    ],
)
def test_a_column_hands_the_sheet_a_typed_value(name: str, typed: object) -> None:
    assert value(0, name) == typed
    assert type(value(0, name)) is type(typed)


def test_what_is_not_there_is_a_dash_on_the_screen_and_empty_in_the_sheet() -> None:
    assert cell(1, "expires_on") == "—"
    assert value(1, "expires_on") is None


def page_of(address: str, **headers: str) -> HttpResponse:
    return clinic.signed_in(clinic.mara()).get(address, headers=headers)  # type: ignore[return-value]


def test_the_page_shows_the_rows_and_the_totals() -> None:
    page = page_of("/try/shelf/").content.decode()

    assert "=HYPERLINK(1)&lt;b&gt;" in page
    assert "$1,284.33" in page
    assert '<span class="pill pill-soon">expires soon</span>' in page
    assert "2 rows" in page


def test_an_empty_list_says_so_and_offers_no_export() -> None:
    page = page_of("/try/nothing/").content.decode()

    assert "Nothing to show here." in page
    assert "export=xlsx" not in page


def test_a_search_without_result_offers_to_show_everything() -> None:
    page = page_of("/try/many/?q=nobody").content.decode()

    assert "Nothing matches" in page
    assert '<a class="btn" href="/try/many/">Show everything</a>' in page


def test_an_htmx_request_gets_the_table_alone() -> None:
    page = page_of("/try/shelf/", **HTMX).content.decode()

    assert "<table" in page
    assert "<html" not in page


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_going_back_or_a_boosted_link_gets_the_whole_page(header: str) -> None:
    page = page_of("/try/shelf/", **HTMX, **{header: "true"}).content.decode()

    assert "<html" in page


def names(answer: HttpResponse) -> list[str]:
    context: Any = answer
    return [str(row.record["item"]) for row in context.context["table"].paginated_rows]


def test_a_list_sorts_by_the_column_one_asks_for() -> None:
    upwards = names(page_of("/try/shelf/?sort=value"))

    assert upwards == ["Lidocaine 1% 20 mL", "=HYPERLINK(1)<b>"]
    assert names(page_of("/try/shelf/?sort=-value")) == upwards[::-1]


def test_it_marks_the_column_that_sorts() -> None:
    page = page_of("/try/shelf/?sort=-value").content.decode()

    assert page.count("aria-sort") == 1
    assert 'aria-sort="descending"' in page


@pytest.mark.parametrize(
    "query", ["sort=nothing", "sort=-todo", "sort=%00", "page=x", "page=0", "page=" + "9" * 400,
              "per_page=1000000", "q=%00", "export=pdf"],
)  # fmt: skip
def test_a_nonsensical_address_still_shows_the_list(query: str) -> None:
    assert page_of(f"/try/many/?{query}").status_code == 200


@pytest.fixture
def many_people() -> None:
    for number in range(120):
        clinic.person(f"temp{number:03}", "Temp", str(number))


def people_on(page: int, sort: str) -> list[str]:
    answer: Any = page_of(f"/try/many/?sort={sort}&page={page}")
    return [row.record.username for row in answer.context["table"].paginated_rows]


@pytest.mark.usefixtures("many_people")
def test_fifty_rows_make_a_page() -> None:
    assert people_on(2, "username")[0] == "temp049"
    assert [len(people_on(page, "username")) for page in (1, 2, 3)] == [50, 50, 21]


@pytest.mark.usefixtures("many_people")
def test_rows_that_sort_alike_stand_on_one_page_each() -> None:
    shown = [name for page in (1, 2, 3) for name in people_on(page, "first_name")]

    assert len(shown) == len(set(shown)) == 121


@pytest.mark.usefixtures("many_people")
def test_a_page_beyond_the_last_is_the_last() -> None:
    assert people_on(99, "username") == people_on(3, "username")


@pytest.mark.usefixtures("many_people")
def test_the_links_keep_the_search_and_start_at_the_first_page() -> None:
    page = page_of("/try/many/?q=temp&page=2").content.decode()

    assert 'href="?q=temp&amp;sort=first_name"' in page
    assert 'href="?q=temp&amp;page=3"' in page
    assert 'href="?q=temp&amp;export=xlsx"' in page


@pytest.mark.usefixtures("many_people")
def test_a_long_list_costs_as_many_queries_as_a_short_one() -> None:
    client = clinic.signed_in(clinic.mara())
    client.get("/try/many/")
    with CaptureQueriesContext(connection) as short:
        client.get("/try/many/?q=mara")
    with CaptureQueriesContext(connection) as long:
        client.get("/try/many/?q=temp")

    assert len(long) == len(short)


def sheet_of(address: str) -> Worksheet:
    workbook = load_workbook(BytesIO(page_of(address).content))
    assert isinstance(workbook.active, Worksheet)
    return workbook.active


def test_the_export_has_the_rows_order_columns_and_totals_of_the_screen() -> None:
    sheet = sheet_of("/try/shelf/?sort=-value&export=xlsx")

    assert sheet.title == "On the shelf"
    assert [[c.value for c in row] for row in sheet.rows] == [
        ["Item", "On hand", "Expires on", "Lots", "Unit cost", "Value", "Status"],
        ["=HYPERLINK(1)<b>", 1200, None, 1, None, 1280, "usable"],
        ["Lidocaine 1% 20 mL", 52.5, sheet["C3"].value, 2, 0.0825, 4.33, "expires soon"],
        ["Total", None, None, "=SUM(D2:D3)", None, "=SUM(F2:F3)", None],
    ]


def test_the_export_keeps_days_and_units() -> None:
    sheet = sheet_of("/try/shelf/?export=xlsx")

    assert str(sheet["C2"].value) == "2026-12-10 00:00:00"
    assert sheet["B2"].number_format == 'General" mL"'


@pytest.mark.usefixtures("many_people")
def test_the_export_has_all_pages() -> None:
    assert sheet_of("/try/many/?q=temp&export=xlsx&page=2").max_row == 121


def test_the_export_is_named_after_the_list_and_the_day() -> None:
    disposition = page_of("/try/shelf/?export=xlsx")["Content-Disposition"]

    assert disposition.startswith('attachment; filename="on-the-shelf-20')
    assert disposition.endswith('.xlsx"')


@pytest.mark.usefixtures("many_people")
def test_a_list_too_long_for_a_workbook_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_EXPORTED_ROWS", 100)

    answer = clinic.signed_in(clinic.mara()).get("/try/many/?q=temp&export=xlsx", follow=True)

    assert answer.redirect_chain == [("/try/many/?q=temp", 302)]
    assert "takes 100 rows, and this list has 120" in answer.content.decode()


def test_a_link_in_a_cell_leads_to_its_thing() -> None:
    mara = clinic.mara()

    page = clinic.signed_in(mara).get("/try/many/").content.decode()

    assert f'<a href="{reverse("person_edit", args=[mara.pk])}">mara</a>' in page
