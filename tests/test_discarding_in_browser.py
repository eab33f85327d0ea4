"""Ticking off and discarding on a nurse's tablet, in a real browser."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.stock.requests import Want
from tests.clinic import kenalog, lidocaine, mara, on_hand, received, signed_in, used

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tablet(browser_page: Page, live_server: LiveServer) -> Page:
    """Mara's tablet. Room 1 holds two expired lots and an opened vial that is good."""
    today, now = timezone.localdate(), timezone.now()
    yesterday, far = today - timedelta(days=1), today + timedelta(days=900)
    received(kenalog(), 3, "K1", yesterday, unit_cost=Decimal("14.05"))
    received(kenalog(), 2, "K2", yesterday, unit_cost=Decimal("10.00"))
    received(lidocaine(), 20, "L1", far, at=now)
    used(Want(lidocaine(), Decimal(4)), at=now)
    session = signed_in(mara()).cookies["sessionid"].value
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    return browser_page


def test_the_button_says_what_it_discards_and_does_it(
    tablet: Page, live_server: LiveServer
) -> None:
    tablet.goto(f"{live_server.url}/stock/discards/")
    press = tablet.locator("#discard-press")
    expect(press).to_have_text("Discard 2, $62.15")

    tablet.get_by_role("checkbox").last.uncheck()
    expect(press).to_have_text("Discard 1, $42.15")
    press.click()

    said = tablet.get_by_role("main").get_by_role("status")
    expect(said).to_contain_text("1 row discarded, at a cost of $42.15.")
    assert on_hand(kenalog()) == 2


def test_a_good_vial_goes_with_a_reason_from_its_own_menu(
    tablet: Page, live_server: LiveServer
) -> None:
    tablet.goto(f"{live_server.url}/stock/opened/")
    tablet.locator("summary", has_text="Discard").click()
    tablet.get_by_role("button", name="Contaminated").click()

    expect(tablet.get_by_text("16 mL, contaminated.")).to_be_visible()
    expect(tablet.get_by_text("No vial is open.")).to_be_visible()
    assert on_hand(lidocaine()) == 0
