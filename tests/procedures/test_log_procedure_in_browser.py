"""The main job in a real browser, on a nurse's tablet: three taps, and the shelf is lower."""

import re
from datetime import date
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.procedures.models import Procedure
from tests.browser import PHONE, answer_held, follow, press_through
from tests.clinic import (
    gauze,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    on_hand,
    received,
    signed_in,
)
from tests.procedures.tablet import trigger_point

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(browser_page: Page, live_server: LiveServer) -> Page:
    """Mara's home page; her room holds what a trigger point injection takes."""
    trigger_point()
    received(needle(), 64, "N1", date(2099, 9, 30))
    received(lidocaine(), 40, "AB4410C", date(2099, 12, 31))
    received(kenalog(), 3, "9F7K2", date(2099, 12, 31))
    received(gauze(), 100)
    session = signed_in(mara()).cookies["sessionid"].value
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    browser_page.goto(live_server.url)
    return browser_page


@pytest.fixture
def log(home: Page) -> Page:
    """The logging page of the trigger point injection."""
    follow(home.get_by_role("link", name=re.compile("Trigger point")).first)
    return home


def on_the_shelf(page: Page, url: str, lot: str) -> Decimal:
    """How much of a lot the stock page shows, sealed and opened together."""
    page.goto(f"{url}/stock/?item={lot}")
    cells = page.locator("#table tbody td.number").all_inner_texts()
    return sum((Decimal(re.sub(r"[^\d.]", "", cell)) for cell in cells), Decimal(0))


def test_three_taps_from_home_log_a_procedure_and_lower_the_shelf(
    home: Page, live_server: LiveServer
) -> None:
    follow(home.get_by_role("link", name=re.compile("Trigger point")).first)
    home.get_by_role("button", name="One more: Sites").click()
    home.get_by_role("button", name="Log procedure").click()

    expect(home.get_by_role("main").get_by_role("status")).to_contain_text(
        "Logged. 3 supplies were taken from Room 1."
    )
    assert on_the_shelf(home, live_server.url, "N1") == 63
    assert on_the_shelf(home, live_server.url, "AB4410C") == 38
    assert on_the_shelf(home, live_server.url, "9F7K2") == 3


def test_presses_faster_than_the_answers_all_count(log: Page) -> None:
    more = log.get_by_role("button", name="One more: Sites")
    for _ in range(6):
        more.click()

    expect(log.get_by_label("Sites", exact=True)).to_have_value("7")
    expect(log.locator("#takes")).to_contain_text("7 mL Lidocaine 1%")


def test_a_press_counts_though_the_answer_to_the_one_before_comes_during_it(log: Page) -> None:
    more = log.get_by_role("button", name="One more: Sites")
    with answer_held("/procedures/log/") as let_go:
        more.click()
        press_through(more, "**/procedures/log/", let_go)

    expect(log.get_by_label("Sites", exact=True)).to_have_value("3")


def test_logging_waits_for_the_presses_before_it(log: Page) -> None:
    log.get_by_role("button", name="One more: Sites").dblclick()
    log.get_by_role("button", name="Log procedure").click()

    expect(log.get_by_role("main").get_by_role("status")).to_contain_text("Logged.")
    assert on_hand(lidocaine()) == 37


def test_a_double_tap_on_log_logs_once(log: Page) -> None:
    log.get_by_role("button", name="Log procedure").dblclick()

    expect(log.get_by_role("main").get_by_role("status")).to_contain_text("Logged.")
    assert Procedure.objects.count() == 1
    assert on_hand(needle()) == 63


def test_a_typed_amount_is_kept_and_shown_in_milligrams(log: Page) -> None:
    log.get_by_role("button", name="+ Kenalog-40 1 mL").click()
    amount = log.get_by_label("Kenalog-40 1 mL, mL")
    amount.fill("0.75")
    amount.press("Enter")

    expect(log.get_by_text("30 mg")).to_be_visible()
    expect(log.locator("#takes")).to_contain_text("0.75 mL given, 0.25 mL discarded")


def test_another_lot_is_two_taps(log: Page) -> None:
    later = received(lidocaine(), 20, "LATER", date(2099, 12, 31))
    log.reload()
    line = log.get_by_role("listitem").filter(has_text="Lidocaine")
    line.locator("summary").click()
    line.get_by_role("button", name=re.compile("Lot LATER")).click()
    expect(log.get_by_text("Lot LATER · expires Dec 2099 · then")).to_be_visible()

    log.get_by_role("button", name="Log procedure").click()
    expect(log.get_by_role("main").get_by_role("status")).to_be_visible()

    later.refresh_from_db()
    assert later.quantity == 0


def test_a_supply_is_found_while_she_types(log: Page) -> None:
    log.get_by_text("+ Add supply").click()
    log.get_by_label("Find a supply").press_sequentially("kena")
    log.get_by_role("button", name=re.compile(r"\+ Kenalog.*3 vials here")).click()

    expect(log.get_by_label("Kenalog-40 1 mL, mL")).to_have_value("0.5")


def test_a_found_supply_is_added_though_the_search_answers_during_the_press(log: Page) -> None:
    log.get_by_text("+ Add supply").click()
    log.get_by_label("Find a supply").press_sequentially("kena")

    press_through(log.get_by_role("button", name=re.compile(r"\+ Kenalog.*here")), "**/supplies/?*")

    expect(log.get_by_label("Kenalog-40 1 mL, mL")).to_have_value("0.5")


def test_choosing_another_place_looks_at_its_shelf(log: Page) -> None:
    received(needle(), 7, "N7", date(2099, 9, 30), where="room-2")
    log.reload()

    log.get_by_label("Where").select_option("Room 2")

    expect(log.get_by_text("Lot N7 · expires Sep 2099 · 7 here")).to_be_visible()
    expect(log.get_by_text("1 mL wanted, none here; 40 mL in Room 1.")).to_be_visible()


def test_another_type_keeps_the_address_for_a_reload(log: Page) -> None:
    logged()
    log.get_by_role("button", name=re.compile("Trigger point")).click()

    expect(log).to_have_url(re.compile(r"\?type=tpi-1-2$"))


@pytest.mark.parametrize("phone", [False, True])
def test_nothing_on_it_bars_anyone(log: Page, phone: bool) -> None:
    if phone:
        log.set_viewport_size(PHONE)
    log.get_by_role("button", name="+ Kenalog-40 1 mL").click()
    expect(log.get_by_text("will be discarded")).to_be_visible()
    log.locator(".line-more summary").first.click()

    found = Axe().run(log)

    assert found.violations_count == 0, found.generate_report()
    assert log.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_can_be_pressed_is_as_large_as_a_finger(log: Page) -> None:
    expect(log.locator("#log button:visible")).not_to_have_count(0)

    too_small = [
        button.get_attribute("value")
        for button in log.locator("#log button:visible").all()
        if (box := button.bounding_box()) and button.get_attribute("value") != "look"
        if box["height"] < 44 or box["width"] < 44
    ]

    assert too_small == []


def test_it_says_when_there_is_no_connection(log: Page) -> None:
    log.context.set_offline(True)
    log.get_by_role("button", name="One more: Sites").click()

    expect(log.get_by_text("There is no connection just now")).to_be_visible()


def test_the_page_obeys_its_own_content_policy(home: Page) -> None:
    complaints: list[str] = []
    home.on("console", lambda message: complaints.append(message.text))
    home.on("pageerror", lambda error: complaints.append(str(error)))
    follow(home.get_by_role("link", name=re.compile("Trigger point")).first)
    home.get_by_role("button", name="One more: Sites").click()
    expect(home.get_by_label("Sites", exact=True)).to_have_value("2")

    assert complaints == []
