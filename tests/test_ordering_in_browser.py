"""An order from its draft to its last delivery, in a real browser on a tablet."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.purchasing.models import PurchaseOrder
from inventory.sheets.workbook import workbook_bytes
from inventory.web.words import money_words, quantity_words
from tests.browser import follow
from tests.clinic import dana, lidocaine, needle, on_hand, place, priya
from tests.purchasing.formulas import computed
from tests.purchasing.orders.desk import offer
from tests.purchasing.orders.sheets import cell, header_row, titles
from tests.stock.receiving.desk import TRAY, code
from tests.test_accessibility_in_browser import wrong_with
from tests.test_main_job_in_browser import sign_in
from tests.test_receiving_in_browser import TRAY_OF_A1, scan

pytestmark = pytest.mark.django_db(transaction=True)

BOX = "00300030293053"
BOX_OF_N1 = f"]d201{BOX}1770123110N1"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PACKS = {"Needle 25G": 3, "Lidocaine": 2}


@pytest.fixture
def page(browser_page: Page, live_server: LiveServer) -> Page:
    """The home page of Priya, whose clinic buys needles and lidocaine of Northgate."""
    priya()
    dana()
    place("storeroom")
    offer(needle())
    offer(lidocaine(), pack_quantity=500, pack_price="75.00")
    for item, par_level in ((needle(), 300), (lidocaine(), 1000)):
        item.reorder_point, item.par_level = Decimal(20), Decimal(par_level)
        item.save()
    code(needle(), BOX, 100)
    code(lidocaine(), TRAY, 500)
    return sign_in(browser_page, live_server.url, "priya")


def draft(page: Page, address: str) -> None:
    """Priya drafts the order from what the report says; ends on its page."""
    page.goto(f"{address}/purchasing/reorder/")
    for name, packs in PACKS.items():
        expect(page.get_by_label(f"Packs of {name}")).to_have_value(str(packs))
    follow(page.get_by_role("button", name="Draft orders of what is ticked"))
    page.get_by_label("Deliver to").select_option(label="Storeroom")
    follow(page.get_by_role("button", name="Save", exact=True).last)


def hand_over(page: Page, address: str, to: str) -> None:
    """Somebody else sits down at the tablet, and opens the order."""
    page.context.clear_cookies()
    sign_in(page, address, to)
    page.goto(f"{address}/purchasing/orders/{PurchaseOrder.objects.get().pk}/")


def sent_by_hand(page: Page) -> Workbook:
    """Download the workbook, and say that it was sent."""
    follow(page.get_by_role("link", name="Send", exact=True))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the workbook").click()
    workbook = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    follow(page.get_by_role("button", name="I sent it myself"))
    return workbook


def answered(workbook: Workbook) -> FilePayload:
    """The file that Northgate sends back: one box of needles less, and dearer."""
    said = {"Confirmed packs": 2, "Confirmed price": 11.5, "Remark": "The rest in spring."}
    for title, value in said.items():
        cell(workbook, 1, title).value = value
    return {"name": "answer.xlsx", "mimeType": XLSX, "buffer": workbook_bytes(workbook)}


def line(page: Page, item: str) -> Locator:
    return page.locator("main tbody tr").filter(has_text=item)


def receive(page: Page, *scanned: str) -> None:
    follow(page.get_by_role("link", name="Receive", exact=True))
    expect(page.get_by_label("Scan a package")).to_be_focused()
    for number, text in enumerate(scanned, start=1):
        scan(page, text)
        expect(page.get_by_label("Lot: ")).to_have_count(len(set(scanned[:number])))
    follow(page.get_by_role("button", name="Receive it"))


def check_numbers(page: Page, workbook: Workbook) -> None:
    """Every number of the workbook is one of the page."""
    names, rows = titles(workbook), computed(workbook)["Order"][header_row(workbook) :]
    *lines, total = (dict(zip(names, row, strict=True)) for row in rows)
    assert len(lines) == len(PACKS)
    for row in lines:
        shown = line(page, row["Item"])
        expect(shown).to_contain_text(f"{row['Line']}. {row['Item']}")
        expect(shown).to_contain_text(f"{row['Packs']} packs of {quantity_words(row['Pack size'])}")
        expect(shown).to_contain_text(quantity_words(row["Quantity"]))
        expect(shown).to_contain_text(money_words(row["Pack price"]))
        expect(shown).to_contain_text(money_words(row["Cost"]))
    expect(page.locator("main tfoot")).to_contain_text(money_words(total["Cost"]))


def test_what_priya_typed_and_unticked_outlives_sorting(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/purchasing/reorder/")
    bar = page.locator("#order-draft")
    expect(bar).to_contain_text("2 items, 5 packs, $183.00 ticked.")

    page.get_by_label("Packs of Needle 25G").fill("4")
    page.get_by_label("Order Lidocaine").uncheck()
    expect(bar).to_contain_text("1 item, 4 packs, $44.00 ticked.")
    with page.expect_response("**sort=**"):
        page.get_by_role("link", name="Item", exact=True).click()

    expect(page.locator("th[aria-sort]")).to_be_visible()
    expect(page.get_by_label("Packs of Needle 25G")).to_have_value("4")
    expect(page.get_by_label("Order Lidocaine")).not_to_be_checked()
    expect(bar).to_contain_text("1 item, 4 packs, $44.00 ticked.")


def test_priya_orders_sends_takes_the_answer_in_and_receives_it_in_two_parts(
    page: Page, live_server: LiveServer
) -> None:
    draft(page, live_server.url)
    hand_over(page, live_server.url, "dana")
    follow(page.get_by_role("button", name="Approve"))
    expect(page.locator("#messages")).to_contain_text("is approved.")

    hand_over(page, live_server.url, "priya")
    workbook = sent_by_hand(page)
    check_numbers(page, workbook)

    receive(page, TRAY_OF_A1)
    expect(page.locator("#messages")).to_contain_text("The rest is still open.")
    expect(page.get_by_text("received in part")).to_be_visible()

    follow(page.get_by_role("link", name="Supplier's answer"))
    page.get_by_label("The supplier's workbook").set_input_files([answered(workbook)])
    follow(page.get_by_role("button", name="Show what it changes"))
    expect(page.locator("main tfoot")).to_contain_text("-$10.00")
    assert wrong_with(page) == []
    follow(page.get_by_role("button", name="Take in what is ticked"))
    expect(line(page, "Needle 25G")).to_contain_text("confirmed: 2 packs at $11.50")
    expect(line(page, "Needle 25G")).to_contain_text("“The rest in spring.”")

    receive(page, TRAY_OF_A1, BOX_OF_N1, BOX_OF_N1)
    expect(page.locator("#messages")).to_contain_text("All of it is here now.")
    expect(page.get_by_text("received", exact=True).first).to_be_visible()
    assert (on_hand(lidocaine()), on_hand(needle())) == (1000, 200)
