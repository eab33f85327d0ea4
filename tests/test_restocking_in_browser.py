"""A room is filled up to par on a tablet, with a pick list on paper, in a real browser."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.catalog.models import LocationLevel
from inventory.stock.models import Holding
from tests.browser import follow
from tests.clinic import gauze, lidocaine, mara, needle, place, received
from tests.test_accessibility_in_browser import wrong_with
from tests.test_main_job_in_browser import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/stock/restock/?to=room-1"


@pytest.fixture
def clinic(live_server: LiveServer) -> str:
    """Room 1 has nothing; the storeroom has needles, gauze, and too little lidocaine."""
    mara()
    for item, stored, par in ((needle(), 64, 20), (gauze(), 100, 40), (lidocaine(), 40, 100)):
        received(item, stored, "N1", where="storeroom")
        LocationLevel.objects.create(
            item=item, location=place(), reorder_point=par // 2, par_level=par
        )
    return live_server.url


def test_a_nurse_fills_a_room_up_and_takes_the_list_along(browser_page: Page, clinic: str) -> None:
    page = browser_page
    sign_in(page, clinic, "mara")
    page.goto(clinic + ADDRESS)
    expect(page.get_by_role("button", name="Print the pick list")).to_be_visible()
    assert wrong_with(page) == []
    page.get_by_label(gauze().name, exact=True).uncheck()

    # On paper: what is taken, a box for each, and what is short; nothing to press.
    page.emulate_media(media="print")
    expect(page.get_by_text(needle().name)).to_be_visible()
    expect(page.get_by_text(gauze().name)).to_be_hidden()
    expect(page.get_by_text("60 mL of that is not in Storeroom")).to_be_visible()
    expect(page.locator(".restock-box:visible")).to_have_count(2)
    expect(page.get_by_role("button", name="Move all of it")).to_be_hidden()

    page.emulate_media(media="screen")
    follow(page.get_by_role("button", name="Move all of it"))
    expect(page.get_by_text("Room 1 is restocked from Storeroom.")).to_be_visible()
    moved = Holding.objects.on_hand().filter(location=place())
    assert {each.lot.item.sku: each.quantity for each in moved} == {
        needle().sku: 20,
        lidocaine().sku: 40,
    }
