"""Who may use a view: the nurse and the manager here, nobody without a role, an administrator."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from inventory.accounts.models import User
from inventory.web.roles import ANYONE, EVERYONE, allow, in_words, roles_of_person
from tests import clinic
from tests.web import urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]

INJECTION = "/try/injection/"


@pytest.mark.parametrize("who", [clinic.mara, clinic.dana])
def test_it_lets_people_with_the_role_in(who: Callable[[], User]) -> None:
    person = who()

    answer = clinic.signed_in(person).get(INJECTION)

    assert answer.content.decode() == f"injected by {person}"


@pytest.mark.parametrize("who", [clinic.priya, clinic.vic, clinic.otto])
def test_it_tells_the_others_whose_page_it_is(who: Callable[[], User]) -> None:
    answer = clinic.signed_in(who()).get(INJECTION)

    assert answer.status_code == 403
    assert "This page is for nurses and managers." in answer.content.decode()


def test_it_tells_a_stranger_that_a_manager_can_give_a_role() -> None:
    page = clinic.signed_in(clinic.otto()).get(INJECTION).content.decode()

    assert "no role in this clinic yet" in page


def test_an_administrator_may_do_everything() -> None:
    root = User.objects.create_superuser("root")

    assert clinic.signed_in(root).get(INJECTION).status_code == 200


def test_a_person_with_two_roles_has_both() -> None:
    both = clinic.person("ruth", "Ruth", "Adler", "viewer", "nurse")

    assert roles_of_person(both) == {"viewer", "nurse"}
    assert clinic.signed_in(both).get(INJECTION).status_code == 200


@pytest.mark.parametrize("nobody", [AnonymousUser(), User(username="gone", is_active=False)])
def test_nobody_has_no_role(nobody: AnonymousUser | User) -> None:
    assert roles_of_person(nobody) == frozenset()


def test_a_visitor_is_sent_to_sign_in_and_back(client: Client) -> None:
    answer = client.get(INJECTION, {"sort": "-name"})

    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('sign_in')}?next=%2Ftry%2Finjection%2F%3Fsort%3D-name"


def test_a_visitor_who_sent_a_form_is_not_sent_back_to_an_address_for_forms(
    client: Client,
) -> None:
    assert client.post(INJECTION)["Location"] == reverse("sign_in")


def test_a_fragment_makes_the_whole_page_go_to_sign_in(client: Client) -> None:
    answer = client.get(
        INJECTION,
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/try/shelf/?page=2"},
    )

    assert answer["HX-Redirect"] == f"{reverse('sign_in')}?next=%2Ftry%2Fshelf%2F%3Fpage%3D2"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "nonsense", ""])
def test_a_fragment_from_elsewhere_is_not_sent_back(client: Client, address: str) -> None:
    answer = client.get(INJECTION, headers={"HX-Request": "true", "HX-Current-URL": address})

    assert answer["HX-Redirect"] == reverse("sign_in")


def test_a_refused_fragment_is_a_sentence_and_not_a_page() -> None:
    answer = clinic.signed_in(clinic.vic()).post(INJECTION, headers={"HX-Request": "true"})

    assert answer.status_code == 403
    assert answer.content.decode().startswith('<p class="banner')


def test_what_a_person_saw_is_not_kept_by_the_browser() -> None:
    answer = clinic.signed_in(clinic.mara()).get(INJECTION)

    assert "no-store" in answer["Cache-Control"]


def test_the_roles_are_read_once_for_a_page(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = clinic.signed_in(clinic.mara())
    client.get(INJECTION)

    # The session, the person, the roles.
    with django_assert_num_queries(3):
        client.get(INJECTION)


def test_a_public_page_asks_nobody_to_sign_in(client: Client) -> None:
    assert client.get("/try/leaflet/").status_code == 200


def test_a_view_carries_who_may_use_it() -> None:
    assert urls.injection.allowed_roles == {"nurse", "manager"}  # type: ignore[attr-defined]
    assert urls.leaflet.allowed_roles == {ANYONE}  # type: ignore[attr-defined]


@pytest.mark.parametrize("roles", [("surgeon",), ("nurse", "anyone"), ()])
def test_it_refuses_a_role_that_does_not_exist(roles: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="Expected some of the roles"):
        allow(*roles)


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (("nurse",), "nurses"),
        (("manager", "nurse"), "nurses and managers"),
        (EVERYONE, "nurses, managers, purchasers and viewers"),
    ],
)
def test_it_names_roles_in_words(roles: tuple[str, ...], words: str) -> None:
    assert in_words(roles) == words
