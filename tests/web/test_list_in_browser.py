"""A list in a real browser: it answers while one types, and going back works."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import clinic
from tests.browser import press_through

pytestmark = pytest.mark.django_db(transaction=True)

FOUND = "#table tbody tr"


@pytest.fixture
def people(browser_page: Page, live_server: LiveServer) -> Page:
    """The list of people, as Dana sees it: herself, Mara and Vic."""
    clinic.mara()
    clinic.vic()
    session = clinic.signed_in(clinic.dana()).cookies["sessionid"].value
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    browser_page.goto(f"{live_server.url}/people/")
    return browser_page


def test_it_searches_while_a_manager_types(people: Page) -> None:
    people.get_by_label("Name", exact=True).press_sequentially("ort")

    expect(people.locator(FOUND)).to_have_count(1)
    expect(people).to_have_url(re.compile("q=ort"))
    expect(people.get_by_label("Name", exact=True)).to_be_focused()


def test_a_link_opens_though_the_search_answers_while_it_is_pressed(people: Page) -> None:
    # Dana's row stays where it is, also when the search has answered before.
    people.get_by_label("Name", exact=True).press_sequentially("lind")

    press_through(people.get_by_role("link", name="Dana Lindqvist"), "**/people/?*")

    expect(people).to_have_url(re.compile(r"/people/\d+/"))


def test_the_address_agrees_with_the_list_when_two_answers_cross(people: Page) -> None:
    people.get_by_label("Name", exact=True).press_sequentially("ort")

    with people.expect_response("**/people/?*sort=-name*") as sorted_answer:
        heading = people.get_by_role("link", name="Name", exact=True)
        press_through(heading, "**/people/?*q=ort*")
    sorted_answer.value.finished()

    expect(people.locator(FOUND)).to_have_count(1)
    expect(people).to_have_url(re.compile(r"\?q=ort[^?]*$"))


def test_the_search_answers_when_a_press_ends_as_a_drag(people: Page) -> None:
    people.get_by_label("Name", exact=True).press_sequentially("ort")
    people.get_by_role("link", name="Mara Ortiz").drag_to(people.get_by_role("heading").first)

    expect(people.locator(FOUND)).to_have_count(1)


def test_the_search_answers_when_a_press_ends_outside_of_the_window(people: Page) -> None:
    people.get_by_label("Name", exact=True).press_sequentially("ort")
    people.get_by_role("link", name="Dana Lindqvist").hover()
    people.mouse.down()
    people.evaluate("dispatchEvent(new Event('blur'))")

    expect(people.locator(FOUND)).to_have_count(1)


def test_going_back_after_a_search_shows_the_whole_page(people: Page) -> None:
    people.get_by_label("Name", exact=True).press_sequentially("ort")
    expect(people.locator(FOUND)).to_have_count(1)

    people.go_back()

    expect(people.locator(FOUND)).to_have_count(3)
    expect(people.get_by_role("navigation", name="Main")).to_be_visible()


def test_a_heading_sorts_and_the_search_keeps_the_order(people: Page) -> None:
    people.get_by_role("link", name="Username").click()
    expect(people).to_have_url(re.compile("sort=username"))

    people.get_by_label("Role").select_option("Nurse")

    expect(people).to_have_url(re.compile("role=nurse.*sort=username"))


def test_the_export_downloads_what_is_shown(people: Page) -> None:
    with people.expect_download() as download:
        people.get_by_role("link", name="Export .xlsx").click()

    assert download.value.suggested_filename.startswith("people-")
