"""A room is counted on a tablet, from the plan to the posted sheet, in a real browser."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.counts.models import CountSheet
from inventory.stock.models import Holding
from inventory.stock.requests import Want
from tests.browser import follow
from tests.clinic import (
    dana,
    kenalog,
    lidocaine,
    mara,
    needle,
    opened_vial,
    received,
    used,
)
from tests.test_main_job_in_browser import go_to, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

BIG_ENOUGH = 44


@pytest.fixture
def clinic(live_server: LiveServer) -> str:
    """Room 1 holds needles, Kenalog, and lidocaine of which one vial is open: 16 mL are left."""
    for who in (mara, dana):
        who()
    received(needle(), 64, "N1", unit_cost=Decimal("0.10"))
    received(kenalog(), 3, "9F7K2", unit_cost=Decimal("14.00"))
    received(lidocaine(), 40, "AB4410C", unit_cost=Decimal("0.45"))
    used(Want(lidocaine(), Decimal(4)))
    return live_server.url


def begin(page: Page) -> None:
    """Make a blind sheet of what the plan of Room 1 proposes."""
    go_to(page, "Stock")
    follow(page.get_by_role("link", name="Counts", exact=True))
    follow(page.get_by_role("link", name="What to count next"))
    follow(page.get_by_role("button", name="Make a sheet of these"))


def enter(page: Page, row: str, number: str) -> None:
    """Enter a number, and wait until the page says that it is kept."""
    before = int(page.locator("#count-saved progress").get_attribute("value") or 0)
    field = page.get_by_label(row)
    assert (field.bounding_box() or {"height": 0})["height"] >= BIG_ENOUGH
    field.fill(number)
    field.press("Tab")
    expect(page.locator("#count-saved")).to_contain_text(f"{before + 1} of 4 counted")


def review_row(page: Page, item: str) -> Locator:
    return page.locator(".review-row").filter(has=page.get_by_role("heading", name=item))


def quantities() -> dict[str, Decimal]:
    return {
        f"{holding.lot.number}{', open' if holding.is_opened else ''}": holding.quantity
        for holding in Holding.objects.select_related("lot")
    }


def test_a_nurse_counts_a_room_and_posts_what_she_found(clinic: str, browser_page: Page) -> None:
    page = sign_in(browser_page, clinic, "mara")
    begin(page)
    expect(page.get_by_text("0 of 4 counted")).to_be_visible()
    expect(page.get_by_text("expected", exact=True)).to_have_count(0)

    enter(page, "Needle 25G 1½ in, pieces", "60")
    enter(page, "Kenalog-40 1 mL single-dose vial, vials", "3")
    enter(page, "Lidocaine 1% 20 mL multi-dose vial, vials", "1")
    # Meanwhile somebody draws from the open vial.
    used(Want(lidocaine(), Decimal(2)))
    enter(page, "Lidocaine 1% 20 mL multi-dose vial, mL", "14")
    follow(page.get_by_role("button", name="Review"))

    needles = review_row(page, needle().name)
    expect(needles).to_contain_text("4 less")
    expect(needles).to_contain_text("−$0.40")
    expect(page.get_by_text("2 rows as expected")).to_be_visible()
    follow(page.get_by_role("button", name="Post the count"))
    expect(page.get_by_role("alert").first).to_contain_text("2 rows still ask something")
    assert quantities()["N1"] == 64

    with page.expect_response(re.compile("/review/")):
        review_row(page, needle().name).get_by_label("Why", exact=False).first.select_option(
            "Miscounted before"
        )
    with page.expect_response(re.compile("/review/")):
        review_row(page, lidocaine().name).get_by_label("After that", exact=False).check()
    expect(page.locator("#review-total")).to_contain_text("1 row differs")
    follow(page.get_by_role("button", name="Post the count"))

    expect(page.get_by_text("Posted. The ledger says what was counted.")).to_be_visible()
    expect(page.get_by_text("1 row differs, −$0.40")).to_be_visible()
    assert quantities() == {"N1": 60, "9F7K2": 3, "AB4410C": 20, "AB4410C, open": 14}


def test_the_sheet_takes_numbers_without_scripts(clinic: str, browser_page: Page) -> None:
    page = sign_in(browser_page, clinic, "dana")
    begin(page)
    sheet = page.url
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(sheet)
    plain.get_by_label("Needle 25G 1½ in, pieces").fill("64")
    plain.get_by_role("button", name="Review").click()
    expect(plain.get_by_text("All that was counted is as expected.")).to_be_visible()
    plain.get_by_role("button", name="Post the count").click()
    expect(plain.get_by_text("Posted. The ledger says what was counted.")).to_be_visible()
    context.close()
    assert CountSheet.objects.get().posted_by == dana()


def test_a_number_that_cannot_be_is_said_at_once_and_the_others_stay(
    clinic: str, browser_page: Page
) -> None:
    page = sign_in(browser_page, clinic, "mara")
    begin(page)
    enter(page, "Needle 25G 1½ in, pieces", "60")
    vial = page.get_by_label("Lidocaine 1% 20 mL multi-dose vial, mL")
    vial.fill("23")
    vial.press("Tab")
    expect(page.locator("#count-saved")).to_contain_text("a little overfill; 23 mL cannot be in it")
    expect(page.locator("#count-saved")).to_contain_text("1 of 4 counted")
    assert opened_vial(lidocaine()).quantity == 16
