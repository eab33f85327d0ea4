"""From a stock sheet to stock on the shelf, in a real browser on a tablet."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import TABLET, follow
from tests.clinic import dana, gauze, kenalog, lidocaine, needle, on_hand
from tests.imports.uploads import A_FEW, ABOUT_TEN, GAUZE, TONER, clinic, workbook_of
from tests.test_main_job_in_browser import go_to, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_dana_uploads_matches_decides_and_brings_her_sheet_in(
    browser_page: Page, live_server: LiveServer
) -> None:
    dana()
    clinic()
    far = f"12/{timezone.localdate().year + 2}"
    sheet = workbook_of(
        Rm_1=[
            ("lido 1% 20ml MDV", "2 vials", "A1", far, "", ""),
            (needle().name, "64", "N1", far, "", ""),
            (*ABOUT_TEN[:3], far, "", ""),
            (*A_FEW[:3], far, "", ""),
            (*GAUZE[:4], "", ""),
            TONER,
        ]
    )
    page = sign_in(browser_page, live_server.url, "dana")

    follow(page.get_by_role("link", name="First steps"))
    follow(page.get_by_role("link", name="Upload your stock sheet"))
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "shelves.xlsx", "mimeType": "application/octet-stream", "buffer": sheet}
    )
    page.get_by_role("button", name="Upload it").click()
    expect(page.get_by_label("Lot")).to_have_value("lot")
    page.get_by_role("button", name="Go on to the rows").click()

    rows = page.get_by_role("list", name="Rows", exact=True).locator("> li")
    first = rows.first
    first.get_by_label("or type it").fill("11 vials")
    first.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Nothing needs a decision.")).to_be_visible()
    follow(page.get_by_role("link", name="refused"))
    page.get_by_role("button", name="Leave out all 2 of these").click()
    expect(page.get_by_text("2 rows are left out.")).to_be_visible()
    expect(page.get_by_role("button", name="Bring in")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") == TABLET["width"]

    follow(page.get_by_role("link", name="Look at 1 name", exact=True))
    page.get_by_role("button", name="Yes, that is right").click()
    page.get_by_role("button", name="Bring in 4 rows").click()

    expect(page.get_by_text("4 rows: 3 lots and 1 item without lots into 1 place.")).to_be_visible()
    items = (lidocaine(), needle(), kenalog(), gauze())
    assert [on_hand(item) for item in items] == [40, 64, 11, Decimal(1200)]
    go_to(page, "Stock")
    expect(page.get_by_role("cell", name="N1").first).to_be_visible()
