"""A delivery is scanned in on a tablet, received and taken back, in a real browser."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.catalog.models import ItemCode
from inventory.stock.models import Movement
from tests.browser import answer_held, follow
from tests.clinic import kenalog, lidocaine, mara, on_hand, place, received
from tests.stock.receiving.desk import TRAY, code
from tests.test_accessibility_in_browser import wrong_with
from tests.test_main_job_in_browser import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

TRAY_OF_A1 = f"]d201{TRAY}1770123110A1"
KENALOG_OF_K1 = "01003000302930531770123110K1"


@pytest.fixture
def page(browser_page: Page, live_server: LiveServer) -> Page:
    """The receive page, as Mara sees it; the clinic knows lidocaine by its tray."""
    mara()
    kenalog()
    place("storeroom")
    code(lidocaine(), TRAY, 500)
    sign_in(browser_page, live_server.url, "mara")
    browser_page.goto(f"{live_server.url}/stock/receive/")
    return browser_page


def scan(page: Page, text: str) -> None:
    """Type as a hand scanner does: fast, with Enter at the end, wherever the cursor is."""
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")


def test_a_nurse_scans_a_delivery_in_and_takes_it_back(page: Page) -> None:
    page.get_by_label("Into").select_option("storeroom")
    expect(page.get_by_label("Scan a package")).to_be_focused()
    scan(page, TRAY_OF_A1)
    scan(page, TRAY_OF_A1)
    expect(page.get_by_text("2 packs of 500 mL = 1,000 mL, 50 vials")).to_be_visible()

    # The next scan finds the box empty and the cursor in it, also after a code that nobody knows.
    scan(page, KENALOG_OF_K1)
    expect(page.get_by_role("heading", name="Which item is this?")).to_be_visible()
    assert wrong_with(page) == []
    page.get_by_label("Name or SKU of the item").fill("kenalog")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name=re.compile("Kenalog-40")).click()
    page.get_by_role("button", name="Remember it and add it").click()
    expect(page.get_by_text("1 vial = 1 mL")).to_be_visible()
    assert ItemCode.objects.get(item=kenalog()).value == "00300030293053"

    page.get_by_label("Price of one: Kenalog").fill("14")
    expect(page.get_by_label("Lot: Kenalog")).to_have_value("K1")
    follow(page.get_by_role("button", name="Receive it"))
    expect(page.get_by_text("Received 2 lines into Storeroom.")).to_be_visible()
    assert (on_hand(lidocaine()), on_hand(kenalog())) == (1000, 1)

    follow(page.get_by_role("button", name="Undo this receipt"))
    assert (on_hand(lidocaine()), on_hand(kenalog())) == (0, 0)
    assert Movement.objects.count() == 2


def test_scans_and_typing_while_an_answer_is_under_way_are_not_lost(page: Page) -> None:
    scan(page, TRAY_OF_A1)
    expect(page.get_by_text("1 pack of 500 mL")).to_be_visible()
    with answer_held("/stock/receive/scan/"):
        scan(page, TRAY_OF_A1)
        scan(page, TRAY_OF_A1)
        scan(page, TRAY_OF_A1)
        page.get_by_label("Price of one").fill("71.50")

    expect(page.get_by_text("4 packs of 500 mL")).to_be_visible()
    expect(page.get_by_label("Price of one")).to_have_value("71.50")


def test_without_a_connection_no_scan_is_lost(page: Page) -> None:
    page.context.set_offline(True)
    scan(page, TRAY_OF_A1)
    expect(page.get_by_text("There is no connection just now.")).to_be_visible()
    page.context.set_offline(False)
    scan(page, TRAY_OF_A1)
    expect(page.get_by_text("2 packs of 500 mL")).to_be_visible()
    expect(page.get_by_text("There is no connection just now.")).to_be_hidden()


def test_the_expiry_of_a_known_lot_is_filled_in_once_the_lot_is_typed(page: Page) -> None:
    received(lidocaine(), 20, expires_on=date(2070, 12, 31))
    scan(page, TRAY)
    page.get_by_label("Lot: Lidocaine").fill("a1")
    page.get_by_label("How many: Lidocaine").fill("3")
    expect(page.get_by_label("Expires: Lidocaine")).to_have_value("2070-12-31")
    expect(page.get_by_label("How many: Lidocaine")).to_have_value("3")
    page.get_by_role("button", name="One less: Lidocaine").click()
    expect(page.get_by_text("2 packs of 500 mL")).to_be_visible()
    expect(page.get_by_label("Scan a package")).to_be_focused()


def test_a_press_on_receive_waits_for_the_scan_before_it(page: Page) -> None:
    page.get_by_label("Into").select_option("storeroom")
    scan(page, TRAY_OF_A1)
    expect(page.get_by_text("1 pack of 500 mL")).to_be_visible()
    with answer_held("/stock/receive/scan/"):
        scan(page, TRAY_OF_A1)
        page.get_by_role("button", name="Receive it").click()
    expect(page.get_by_text("Received 1 line into Storeroom.")).to_be_visible()
    assert on_hand(lidocaine()) == 1000


def test_a_photograph_of_a_box_works_as_a_scan(page: Page) -> None:
    drawn = zxingcpp.create_barcode(f"(01){TRAY}(17)701231(10)A1", zxingcpp.BarcodeFormat.QRCode)
    image: Any = zxingcpp.write_barcode_to_image(drawn, scale=8, add_quiet_zones=True)
    file = BytesIO()
    Image.fromarray(image).save(file, "PNG")
    photograph = page.locator(".receipt-scan [data-scan-photo]")
    photograph.set_input_files(
        {"name": "box.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(page.get_by_label("Lot: Lidocaine")).to_have_value("A1")
