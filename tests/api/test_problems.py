"""Every error below /api/ is a problem document, whoever found it."""

import json
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from inventory.api import setup
from inventory.api.problems import Invalid
from tests.api.clinic import Machine


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/", 404),
        ("POST", "/nothing", 404),
        ("GET", "/items/", 404),
        ("GET", "/items/none-such", 404),
        ("GET", "/items/%00", 404),
        ("GET", "/procedures/1", 404),
        ("GET", "/procedures/99999999999999999999", 404),
        ("GET", "/procedures/abc", 404),
        ("GET", "/lots/9223372036854775808/trace", 404),
        ("GET", "/lots/-1/trace", 404),
        ("PUT", "/items", 405),
        ("DELETE", "/procedures/1", 405),
        ("OPTIONS", "/items", 405),
        ("HEAD", "/items", 405),
    ],
)
def test_an_address_that_is_not_there(nora: Machine, method: str, path: str, status: int) -> None:
    answer = nora.call(method, path)

    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    if method != "HEAD":
        assert answer.body["status"] == status
        assert answer.body["title"]
        assert answer.body["detail"].endswith(".")


@pytest.mark.django_db
def test_an_address_beside_the_api_is_one_too() -> None:
    answer = Client().get("/api/v2/items")

    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_the_method_that_is_taken_is_named(nora: Machine) -> None:
    assert set(nora.call("PUT", "/items").headers["Allow"].split(", ")) == {"GET", "POST"}


def test_the_length_is_that_of_the_problem(nora: Machine) -> None:
    answer = nora.client.get("/api/v1/nothing")

    assert int(answer["Content-Length"]) == len(answer.content)


def test_a_body_that_is_too_large(nora: Machine) -> None:
    answer = nora.call("POST", "/receipts", content=b"{}" + b" " * 2_700_000)

    assert (answer.status, answer.body["status"]) == (413, 413)


@pytest.mark.django_db
def test_a_host_that_is_not_ours() -> None:
    answer = Client().get("/api/v1/items", headers={"host": "elsewhere.example"})

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_an_unforeseen_failure_says_no_more_than_that(nora: Machine) -> None:
    nora.client.raise_request_exception = False

    with patch.object(setup, "page", side_effect=RuntimeError("secret")):
        answer = nora.get("/items")

    assert (answer.status, answer.body["status"]) == (500, 500)
    assert "secret" not in json.dumps(answer.body)


def test_a_database_that_is_busy_asks_to_come_again(nora: Machine) -> None:
    with patch.object(setup, "page", side_effect=OperationalError("database is locked")):
        answer = nora.get("/items")

    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


def test_the_sentence_names_the_field_in_words() -> None:
    refusal = Invalid(("lines.0.expires_on", "Expected a day."), ("lines.1", "Expected more."))

    assert refusal.detail == "Line 1, expires on: Expected a day. And 1 more."
