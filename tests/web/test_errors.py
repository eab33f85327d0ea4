"""Each failure has a page that says what to do next."""

from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tests import clinic

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


def test_an_unknown_address_is_not_found_and_leads_home() -> None:
    answer = clinic.signed_in(clinic.mara()).get("/nothing/here")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert f'href="{reverse("home")}"' in answer.content.decode()


def test_a_visitor_at_an_unknown_address_sees_nothing_of_the_clinic(client: Client) -> None:
    answer = client.get("/nothing/here")

    assert answer.status_code == 404
    assert "site-nav" not in answer.content.decode()


def test_an_address_that_only_a_button_sends_to_says_so_when_it_is_opened() -> None:
    answer = clinic.signed_in(clinic.mara()).get(reverse("token_add"))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "only for a button" in answer.text


def test_our_own_mistake_says_so_without_the_database(client: Client) -> None:
    client.raise_request_exception = False

    answer = client.get("/try/broken/")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


def test_a_form_from_an_old_page_says_to_load_it_anew() -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(reverse("sign_in"), {"username": "mara"})

    assert answer.status_code == 403
    assert "Go back, load the page anew" in answer.content.decode()


def test_a_request_too_large_is_not_understood() -> None:
    fields = {f"field{number}": "" for number in range(1001)}

    answer = clinic.signed_in(clinic.mara()).post(reverse("token_add"), fields)

    assert answer.status_code == 400
    assert "That could not be understood" in answer.content.decode()


def test_whoever_watches_the_server_hears_that_it_is_well(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


def test_whoever_watches_the_server_hears_of_a_silent_database(client: Client) -> None:
    with mock.patch("inventory.web.views.connection.cursor", side_effect=OperationalError):
        answer = client.get("/healthz")

    assert answer.status_code == 503


@pytest.mark.parametrize("name", ["sign_in", "account"])
def test_no_page_carries_scripts_or_styles_of_its_own(name: str) -> None:
    client = Client() if name == "sign_in" else clinic.signed_in(clinic.mara())

    page = client.get(reverse(name)).content.decode()

    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page
