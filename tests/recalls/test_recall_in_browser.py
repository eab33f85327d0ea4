"""A recall from the notice to the trace, on a tablet in a real browser."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.procedures.kits import LineWanted
from inventory.recalls.models import Recall
from inventory.stock.models import Holding
from tests.clinic import PASSWORD, dana, lidocaine, logged, opened_vial, received
from tests.recalls.notices import CARTON_GTIN, CARTON_NDC, balanced, coded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(live_server: LiveServer, browser_page: Page) -> Page:
    """Dana's tablet, in a clinic that has given some of the lidocaine that a notice is about."""
    now = timezone.now()
    dana()
    coded(lidocaine(), "gtin", CARTON_GTIN, "case", 500)
    far = (now + timedelta(days=700)).date()
    for lot, quantity, where in (
        ("AB44-1", 40, "room-1"),
        ("AB44-2", 20, "room-2"),
        ("C9", 20, ""),
    ):
        received(lidocaine(), quantity, lot, far, where=where or "room-1", at=now)
    logged(LineWanted(lidocaine(), Decimal(4)), at=now)
    browser_page.goto(live_server.url)
    browser_page.get_by_label("Username").fill("dana")
    browser_page.get_by_label("Password").fill(PASSWORD)
    browser_page.get_by_role("button", name="Sign in").click()
    expect(browser_page.get_by_role("navigation", name="Main")).to_be_visible()
    return browser_page


def test_from_the_notice_to_the_held_lots_and_the_trace(manager: Page, tmp_path: Path) -> None:
    page = manager
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Stock").click()
    page.get_by_role("link", name="Recalls").click()
    page.get_by_role("link", name="Enter a recall").click()

    # The notice names the carton by its NDC; the clinic has scanned the case.
    page.get_by_label("Product code").fill(CARTON_NDC)
    page.get_by_label("Lots", exact=True).fill("ab44*")
    page.get_by_role("button", name="Look for it").click()
    expect(page.get_by_role("heading", name="2 lots match")).to_be_visible()
    found = page.get_by_label("Lots that match")
    expect(found).to_contain_text("16 mL, opened")
    expect(found).to_contain_text("Room 2: 20 mL")
    assert not Holding.objects.exclude(lot__status="available").exists()

    page.get_by_label("What is recalled").fill("Lidocaine 1%, particles")
    page.get_by_label("Notice number").fill("Z-1234")
    page.get_by_label("Why").fill("particles found by the maker")
    page.get_by_role("button", name="Hold all 2 lots").click()

    expect(page.get_by_role("status")).to_contain_text("2 lots are recalled now.")
    assert set(Holding.objects.filter(lot__status="recalled").values_list("lot__number")) == {
        ("AB44-1",),
        ("AB44-2",),
    }
    assert opened_vial(lidocaine()).lot.status == "recalled"
    expect(page.get_by_text("every lot balances")).to_be_visible()
    expect(
        page.get_by_label("Procedures").get_by_role("link", name="Trigger point")
    ).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide

    page.get_by_label("What was done or found").fill("Supplier informed.")
    page.get_by_role("button", name="Add to the log").click()
    expect(page.get_by_role("region", name="Response log")).to_contain_text("Supplier informed.")

    with page.expect_download() as download:
        page.get_by_role("link", name="Export .xlsx").click()
    download.value.save_as(tmp_path / "recall.xlsx")
    log = load_workbook(tmp_path / "recall.xlsx")["Response log"]
    assert "Supplier informed." in {cell.value for line in log.iter_rows() for cell in line}

    page.get_by_role("link", name="Close", exact=True).click()
    page.get_by_label("Outcome").fill("All of it set aside for the supplier.")
    page.get_by_role("button", name="Close the recall").click()
    expect(page.get_by_role("status")).to_contain_text("The recall is closed.")
    balanced(Recall.objects.get())
