"""Scanning in a real browser: a hand scanner's keys, and a phone's photograph."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.stock.requests import Want
from inventory.stock.vial_codes import vial_code
from tests.browser import PHONE
from tests.clinic import gauze, lidocaine, mara, needle, opened_vial, received, signed_in, used
from tests.counts.counting import line_of, sheet_of
from tests.procedures.tablet import trigger_point
from tests.scanning.goods import NEEDLE, carries, label
from tests.scanning.photographs import photograph

pytestmark = pytest.mark.django_db(transaction=True)

TRAY = "00363323464172"


@pytest.fixture
def tablet(browser_page: Page, live_server: LiveServer) -> Page:
    """Mara is signed in; her room holds what a trigger point injection takes, and two lots of
    lidocaine."""
    trigger_point()
    carries(lidocaine(), "gtin", TRAY, "inner", 500)
    carries(needle(), "gtin", NEEDLE)
    received(needle(), 64, "N1", date(2099, 9, 30))
    received(lidocaine(), 40, "A1", date(2099, 1, 31))
    received(lidocaine(), 40, "61021543", date(2099, 12, 31))
    received(gauze(), 100)
    session = signed_in(mara()).cookies["sessionid"].value
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    return browser_page


def photo(*symbols: str) -> FilePayload:
    return {
        "name": "photo.jpg",
        "mimeType": "image/jpeg",
        "buffer": photograph(*symbols, changes=(), seed=1),
    }


def scan(page: Page, text: str) -> None:
    """Type as a hand scanner does, which ends with Enter."""
    page.get_by_label("Scan a supply").fill(text)
    page.keyboard.press("Enter")


def test_scans_faster_than_the_answers_all_count(tablet: Page, live_server: LiveServer) -> None:
    tablet.goto(f"{live_server.url}/procedures/log/?type=tpi-1-2")
    tablet.get_by_role("button", name="Remove Needle").click()

    scan(tablet, label(TRAY, "61021543"))
    scan(tablet, "nonsense")
    scan(tablet, NEEDLE)

    expect(tablet.locator("#supplies")).to_contain_text("61021543")
    expect(tablet.locator("#supplies")).to_contain_text("Needle 25G")
    expect(tablet.get_by_label("Scan a supply")).to_have_value("")
    expect(tablet.get_by_label("Scan a supply")).to_be_focused()


def test_a_photograph_picks_the_lot_on_the_logging_page(
    tablet: Page, live_server: LiveServer
) -> None:
    tablet.set_viewport_size(PHONE)
    tablet.goto(f"{live_server.url}/procedures/log/?type=tpi-1-2")

    tablet.locator("#log [data-scan-photo]").set_input_files(photo("DataMatrix"))

    expect(tablet.locator("#supplies")).to_contain_text("61021543")


def test_of_two_codes_in_a_photograph_she_chooses(tablet: Page, live_server: LiveServer) -> None:
    tablet.goto(f"{live_server.url}/procedures/log/?type=tpi-1-2")
    tablet.locator("#log [data-scan-photo]").set_input_files(photo("DataMatrix", "EAN-13"))

    tablet.get_by_role("button", name="lot 61021543").click()

    expect(tablet.locator("#supplies")).to_contain_text("61021543")
    assert Axe().run(tablet).response["violations"] == []


def test_the_box_in_the_head_of_each_page_finds_a_vial(
    tablet: Page, live_server: LiveServer
) -> None:
    used(Want(lidocaine(), 1))
    vial = opened_vial(lidocaine())
    tablet.goto(live_server.url)

    tablet.get_by_label("Search items, or scan").fill(vial_code(vial.pk))
    tablet.keyboard.press("Enter")

    tablet.wait_for_url(f"**/stock/holdings/{vial.pk}/")


def test_on_a_count_a_scan_puts_the_cursor_into_its_row(
    tablet: Page, live_server: LiveServer
) -> None:
    sheet = sheet_of()
    row = line_of(sheet, received(lidocaine(), 40, "61021543", date(2099, 12, 31)))
    tablet.goto(f"{live_server.url}/stock/counts/{sheet.pk}/")

    tablet.get_by_label("Scan what you count").fill(label(TRAY, "61021543"))
    tablet.keyboard.press("Enter")

    expect(tablet.locator(f"#line-{row.pk} input")).to_be_focused()
