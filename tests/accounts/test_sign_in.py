"""Coming in, going out, and being left alone at the door."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from inventory.accounts.models import User
from tests import clinic

pytestmark = pytest.mark.django_db


def sign_in(client: Client, username: str, password: str, **more: str) -> str:
    """Try to sign in; return the address one lands on, or the page's text."""
    answer = client.post(reverse("sign_in"), {"username": username, "password": password, **more})
    return answer.headers.get("Location") or answer.content.decode()


def test_a_nurse_can_sign_in_and_lands_on_the_home_page(client: Client) -> None:
    clinic.mara()

    assert sign_in(client, "mara", clinic.PASSWORD) == reverse("home")


def test_after_signing_in_she_lands_where_she_wanted_to_go(client: Client) -> None:
    clinic.mara()

    assert sign_in(client, "mara", clinic.PASSWORD, next=reverse("account")) == reverse("account")


def test_it_never_sends_anyone_to_another_site(client: Client) -> None:
    clinic.mara()

    assert sign_in(client, "mara", clinic.PASSWORD, next="https://evil.example/") == reverse("home")


def test_a_wrong_password_is_refused_with_a_sentence(client: Client) -> None:
    clinic.mara()

    assert "do not belong together" in sign_in(client, "mara", "wrong")


def test_an_unknown_name_hears_the_same_sentence(client: Client) -> None:
    assert "do not belong together" in sign_in(client, "nobody", "wrong")


@pytest.mark.parametrize("username", ["ma\0ra", "x" * 5000, "\ud800", "\u202emara", ""], ids=repr)
def test_an_odd_username_is_refused_and_breaks_nothing(client: Client, username: str) -> None:
    body = b"username=" + username.encode("utf-8", "surrogatepass") + b"&password=x"

    answer = client.post(reverse("sign_in"), body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert "field-error" in answer.content.decode() or "banner-error" in answer.content.decode()


def test_someone_whose_sign_in_has_ended_stays_outside(client: Client) -> None:
    mara = clinic.mara()
    mara.is_active = False
    mara.save()

    assert "do not belong together" in sign_in(client, "mara", clinic.PASSWORD)


def test_too_many_tries_close_the_door_and_say_for_how_long(
    client: Client, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    clinic.mara()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("sign_in"), {"username": "mara", "password": "wrong"})

    right = client.post(reverse("sign_in"), {"username": "mara", "password": clinic.PASSWORD})

    assert (answer.status_code, right.status_code) == (429, 429)
    assert "closed from here for 15 minutes" in right.content.decode()


def test_a_manager_opens_the_door_again_with_a_new_password(
    client: Client, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    mara = clinic.mara()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post(reverse("sign_in"), {"username": "mara", "password": "wrong"})
    fresh = "another-quiet-day-4"

    clinic.signed_in(clinic.dana()).post(
        reverse("person_edit", args=[mara.pk]),
        {
            "first_name": "Mara",
            "last_name": "Ortiz",
            "roles": "nurse",
            "is_active": "on",
            "password": fresh,
        },
    )

    assert sign_in(client, "mara", fresh) == reverse("home")


def test_a_nurse_can_sign_out() -> None:
    client = clinic.signed_in(clinic.mara())

    client.post(reverse("sign_out"))

    assert client.get(reverse("account")).status_code == 302


def test_a_link_cannot_sign_anyone_out() -> None:
    client = clinic.signed_in(clinic.mara())

    assert client.get(reverse("sign_out")).status_code == 405
    assert client.get(reverse("account")).status_code == 200


def change_password(client: Client, old: str, new: str, again: str | None = None) -> str:
    answer = client.post(
        reverse("change_password"),
        {"old_password": old, "new_password1": new, "new_password2": again or new},
        follow=True,
    )
    return answer.content.decode()


def test_a_nurse_can_change_her_password_and_stays_signed_in() -> None:
    mara = clinic.mara()
    client = clinic.signed_in(mara)

    page = change_password(client, clinic.PASSWORD, "a-better-wednesday-3")

    mara.refresh_from_db()
    assert mara.check_password("a-better-wednesday-3")
    assert "Your password is changed." in page


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("wrong", "a-better-wednesday-3", None, "not your password of today"),
        (clinic.PASSWORD, "a-better-wednesday-3", "a-worse-wednesday-3", "two new passwords"),
        (clinic.PASSWORD, "short", None, "at least 10 characters"),
        (clinic.PASSWORD, "nul\0nul-nul-nul", None, "Null characters"),
        (clinic.PASSWORD, "x" * 300, None, "at most 256 characters"),
    ],
)
def test_it_refuses_a_new_password_and_says_why(
    old: str, new: str, again: str | None, sentence: str
) -> None:
    mara = clinic.mara()

    page = change_password(clinic.signed_in(mara), old, new, again)

    mara.refresh_from_db()
    assert mara.check_password(clinic.PASSWORD)
    assert sentence in page


@pytest.mark.parametrize("who", [clinic.mara, clinic.dana, clinic.priya, clinic.vic])
def test_everyone_with_a_role_has_an_account_page(who: Callable[[], User]) -> None:
    person = who()

    page = clinic.signed_in(person).get(reverse("account")).content.decode()

    assert str(person) in page
