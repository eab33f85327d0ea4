"""What holds for each page of the product, whoever opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from inventory.accounts.models import User
from tests.clinic import dana, otto, priya, signed_in, vic
from tests.walk import address, one_of_everything, page_names
from tests.worlds import built_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("monday_morning", "clinic_with_everything"),
]

PUBLIC = {"healthz"}
ONES_OWN = {"change_password", "token_add", "token_revoke"}
# A photograph is read, and nothing kept of it.
READS = {"scan_photo"}
# Who buys does all of an order but approve it.
ORDERS = {
    "order_add",
    "order_answer",
    "order_cancel",
    "order_close",
    "order_confirm",
    "order_copy",
    "order_draft",
    "order_edit",
    "order_receive",
    "order_receive_scan",
    "order_reopen",
    "order_send",
}


@dataclass(frozen=True)
class Walk:
    """What every page answered to Dana, and all facts before and after."""

    answers: dict[str, Any]
    before: list[object]
    after: list[object]


def walk() -> Walk:
    browser = signed_in(dana())
    browser.get("/")
    before = facts()
    pages = (*map(address, page_names()), "/sign-in/", "/nothing/", "/api/v1/docs")
    answers = {path: browser.get(path) for path in pages}
    return Walk(answers, before, facts())


def facts() -> list[object]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("inventory").get_models()
    ]


clinic_with_everything = built_once(one_of_everything)
walked = built_once(walk)


def statuses(browser: Client, *, post: bool = False) -> dict[str, int]:
    """Return how each page but the public ones answers this browser."""
    send = browser.post if post else browser.get
    return {
        name: send(address(name), {"x": "1"}).status_code
        for name in page_names()
        if name not in PUBLIC
    }


@pytest.mark.parametrize("post", [False, True])
def test_a_visitor_is_sent_to_sign_in_from_everywhere(post: bool) -> None:
    assert set(statuses(Client(), post=post).values()) == {302}


@pytest.mark.usefixtures("uncounted_flags")
@pytest.mark.parametrize("post", [False, True])
def test_somebody_without_a_role_is_refused_everywhere(post: bool) -> None:
    assert set(statuses(signed_in(otto()), post=post).values()) == {403}


@pytest.mark.usefixtures("uncounted_flags")
@pytest.mark.parametrize(
    ("who", "sends"),
    [
        (vic, ONES_OWN | READS),
        (
            priya,
            ONES_OWN | READS | {"code_learn", "receipt_add", "receipt_scan", "return_add", *ORDERS},
        ),
    ],
    ids=["vic", "priya"],
)
def test_those_who_mostly_read_can_send_only_what_is_theirs(
    who: Callable[[], User], sends: set[str]
) -> None:
    answers = statuses(signed_in(who()), post=True)

    assert {name for name, status in answers.items() if status not in {403, 405}} == sends


def test_a_form_that_is_not_from_a_page_of_ours_is_refused_everywhere() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(dana(), backend="django.contrib.auth.backends.ModelBackend")

    assert set(statuses(browser, post=True).values()) == {403}


def test_every_answer_forbids_foreign_scripts_and_foreign_frames(walked: Walk) -> None:
    for answer in walked.answers.values():
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_looking_at_every_page_changes_nothing(walked: Walk) -> None:
    assert len(walked.answers) > 100
    assert walked.after == walked.before
