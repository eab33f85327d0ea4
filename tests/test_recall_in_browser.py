"""A recall from the notice to the held lots and their trace, in a real browser on a tablet."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.procedures.kits import LineWanted
from inventory.stock.models import Lot
from tests.browser import TABLET, follow
from tests.clinic import dana, lidocaine, logged, received
from tests.recalls.notices import CARTON_GTIN, CARTON_NDC, coded
from tests.test_main_job_in_browser import go_to, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_dana_takes_a_notice_to_held_lots_and_their_trace(
    browser_page: Page, live_server: LiveServer
) -> None:
    dana()
    far = timezone.localdate() + timedelta(days=900)
    coded(lidocaine(), "gtin", CARTON_GTIN, "case", 500)
    for number, where in (("AB1", "room-1"), ("AB2", "room-2"), ("C3", "room-2")):
        received(lidocaine(), 40, number, far, where, timezone.now())
    logged(LineWanted(lidocaine(), Decimal(4)), at=timezone.now())
    page = sign_in(browser_page, live_server.url, "dana")

    go_to(page, "Stock")
    follow(page.get_by_role("link", name="Recalls"))
    follow(page.get_by_role("link", name="Enter a recall"))
    page.get_by_label("Product code").fill(CARTON_NDC)
    page.get_by_label("Lots", exact=False).first.fill("AB*")
    page.get_by_role("button", name="Look for it").click()

    found = page.get_by_role("region", name="Lots that match")
    expect(found.locator("tbody tr")).to_have_count(2)
    expect(found).to_contain_text("Room 1: 16 mL, open vial")
    assert set(Lot.objects.values_list("status", flat=True)) == {"available"}

    page.get_by_label("Why").fill("particles found")
    page.get_by_role("button", name="Hold all 2 lots").click()

    expect(page.locator("#messages")).to_contain_text("2 lots are recalled now.")
    held = Lot.objects.filter(status="recalled").order_by("number")
    assert [lot.number for lot in held] == ["AB1", "AB2"]
    expect(page.get_by_text("every lot balances")).to_be_visible()
    expect(page.get_by_role("heading", name="Used in 1 procedure")).to_be_visible()
    expect(page.get_by_role("region", name="Procedures")).to_contain_text("Trigger point")
    left = page.get_by_role("region", name="What is left").locator("tbody tr")
    expect(left.filter(has_text=re.compile("16"))).to_contain_text("open vial")
    assert page.evaluate("document.documentElement.scrollWidth") == TABLET["width"]
