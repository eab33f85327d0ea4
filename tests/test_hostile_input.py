"""Whatever somebody sends to a page, the answer is a sentence and never a failure."""

import re
from collections.abc import Iterator
from io import StringIO
from itertools import cycle, product
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from tests.clinic import dana, lidocaine, signed_in
from tests.deep import DEEP
from tests.walk import address, fields_of, one_of_everything, page_names
from tests.worlds import built_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("monday_morning", "clinic_with_everything", "uncounted_flags"),
]

JUNK = (
    "",
    "\0",
    "a\0b\x85",
    "-1",
    "1e99",
    "NaN",
    "-Infinity",
    "²٣",
    "123abc",
    "0.0005",
    "9" * 30,
    "9" * 5000,
    "9223372036854775808",
    "0001-01-01T00:00",
    "9999-12-31",
    "2026-02-30",
    "\ud800",
    "😀\u202e\n",
    "x" * 10_000,
    "<script>' OR 1=1 --",
    "../../%s{0}",
)
FORM = "application/x-www-form-urlencoded"
PARAMETERS = (
    *("page", "per_page", "sort", "export", "type", "location", "item", "q", "kind", "since"),
    *("until", "status", "show", "supplier", "by", "provider", "holding", "from", "to", "role"),
    *("severity", "is_active", "state", "container", "expires_from", "expires_to", "lot", "find"),
    *("logged", "next", "month", "hcpcs", "day", "within"),
)
# What is sent to an address that only takes a button's press.
BUTTONS = {
    "reason": "A slip",
    "status": "recalled",
    "to": "up",
    "label": "x",
    "pick": "lido-1-20",
    "packs-lido-1-20": "3",
    "offer-lido-1-20": "1:500",
}


def encoded(fields: dict[str, str]) -> str:
    """Return the fields as a browser would send them, halves of surrogate pairs included."""
    return "&".join(
        f"{quote(name)}={quote(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in fields.items()
    )


def spoiled(fields: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the fields all spoiled alike, then a few among sound ones, then left out.

    Of fields that differ by a number alone, as those of rows do, one stands for all. A few are
    two, far from each other; one when it looks deeper.
    """
    every = 7 if DEEP else 14
    for junk in JUNK[len(fields) % every :: every]:
        yield dict.fromkeys(fields, junk)
    alike = {re.sub(r"\d+", "", name): name for name in fields}
    spoils = list(zip(alike.values(), cycle(JUNK), strict=False))
    turns = len(spoils) if DEEP else (len(spoils) + 1) // 2
    for turn in range(turns):
        yield {**fields, **dict(spoils[turn::turns])}
    yield {}


clinic_with_everything = built_once(one_of_everything)


@pytest.fixture
def browser() -> Client:
    """The browser of Dana, who may do everything; it raises what a page fails with."""
    return signed_in(dana())


def test_addresses_full_of_junk_are_answered(browser: Client) -> None:
    for name in page_names():
        turns = range(0, len(JUNK), 7 if name.endswith("_list") else 14)
        for turn in turns:
            # Another parameter meets another junk at each turn.
            asked = dict(zip(PARAMETERS, cycle(JUNK[turn:] + JUNK[:turn]), strict=False))
            asked["export"] = "xlsx" if turn else "pdf"
            answer = browser.get(f"{address(name)}?{encoded(asked)}")
            assert answer.status_code < 500, (name, turn)


def test_forms_full_of_junk_are_answered_and_leave_the_ledger_sound(browser: Client) -> None:
    taken = [
        name for name in page_names() if _takes_forms(browser, name) and _survives(browser, name)
    ]

    assert len(taken) > 30


def _takes_forms(browser: Client, name: str) -> bool:
    with transaction.atomic():
        status = browser.post(address(name), {"nothing": "1"}).status_code
        transaction.set_rollback(True)
    return status != 405


def _survives(browser: Client, name: str) -> bool:
    """Send the form of a page spoiled in every way, and leave the clinic as it was."""
    url = address(name)
    page = browser.get(url, {"type": "tpi"})
    fields = fields_of(page.text) if page.status_code == 200 else BUTTONS
    with transaction.atomic():
        answers = {
            browser.post(url, encoded(sent), content_type=FORM).status_code
            for sent in spoiled(fields)
        }
        assert max(answers) < 500, name
        if answers != {200}:
            # What was taken in spite of all stands on the list that every page counts.
            assert browser.get("/flags/").status_code == 200, name
        call_command("check_ledger", stdout=StringIO())
        transaction.set_rollback(True)
    return True


def test_a_list_is_sorted_by_nothing_that_is_no_column(browser: Client) -> None:
    as_usual = browser.get("/stock/").context["table"].order_by
    for asked in ("password", "lot__item", "lot.item", "-", "?"):
        assert browser.get("/stock/", {"sort": asked}).context["table"].order_by == as_usual


def test_a_list_of_a_delivery_takes_junk_for_a_code_a_press_and_a_line(browser: Client) -> None:
    presses = ("scan", "add:", "remove:", "minus:", "pick:", "find", "learn", "skip")
    # Every day each press meets a quarter of the junk, and each junk two of the presses.
    for number, (do, junk) in enumerate(product(presses, JUNK)):
        if number % 4 and not DEEP:
            continue
        fields = {
            **dict.fromkeys(("scan", "unknown", "learn_item", "find", "touched"), junk),
            **dict.fromkeys(("level", "holds", "lines-0-lot", "lines-0-measure"), junk),
            **dict.fromkeys(("lines-0-serials", "lines-0-doubt"), junk),
            "do": f"{do}{junk}",
            "lines-0-item": lidocaine().sku,
        }
        answer = browser.post("/stock/receive/scan/", encoded(fields), content_type=FORM)
        assert answer.status_code == 200


def test_the_address_does_not_say_how_long_a_page_is(browser: Client) -> None:
    lengths = {
        len(browser.get("/stock/movements/", {"per_page": asked}).context["table"].page)
        for asked in ("-1", "1", "9999999")
    }
    assert len(lengths) == 1


@pytest.mark.parametrize("path", ["/stock/lots/{}/", "/people/{}/", "/procedures/{}/void/"])
@pytest.mark.parametrize("number", ["0", "9" * 25, "9" * 5000, "-1", "1e3"])
def test_a_number_that_nothing_has_is_not_found(browser: Client, path: str, number: str) -> None:
    assert browser.get(path.format(number)).status_code == 404
