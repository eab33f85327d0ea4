"""A manager keeps the list of people; nobody else does."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from inventory.accounts.models import User
from inventory.accounts.people import UsernameTaken, add_person
from inventory.accounts.roles import ROLES
from inventory.web.roles import EVERYONE
from tests import clinic

pytestmark = pytest.mark.django_db

RUTH = {
    "username": "ruth",
    "first_name": "Ruth",
    "last_name": "Adler",
    "roles": ["nurse", "purchaser"],
    "password": "first-password-77",
}


def roles(person: User) -> set[str]:
    return set(person.groups.values_list("name", flat=True))


def edit(by: User, person: User, **changes: Any) -> str:
    """Send the form of a person, with these changes, as `by`; return the page that comes back."""
    sent: dict[str, Any] = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "roles": sorted(roles(person)),
        "is_active": "on",
        **changes,
    }
    client = clinic.signed_in(by)
    answer = client.post(reverse("person_edit", args=[person.pk]), sent, follow=True)
    person.refresh_from_db()
    return answer.content.decode()


def test_the_roles_of_the_clinic_are_the_roles_of_the_pages() -> None:
    assert ROLES == EVERYONE
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


def test_a_manager_can_add_a_person_with_two_roles() -> None:
    page = clinic.signed_in(clinic.dana()).post(reverse("person_add"), RUTH, follow=True)

    ruth = User.objects.get(username="ruth")
    assert roles(ruth) == {"nurse", "purchaser"}
    assert ruth.check_password("first-password-77")
    assert "Ruth Adler may sign in as ruth." in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "DANA"}, "“DANA” is taken."),
        ({"username": "two words"}, "Enter a valid username"),
        ({"username": "ru\0th"}, "cannot be shown"),
        ({"username": "x" * 151}, "at most 150 characters"),
        ({"first_name": "Ru\x1bth"}, "cannot be shown"),
        ({"password": "short"}, "at least 10 characters"),
        ({"username": "ruth-adler", "password": "ruth-adler1"}, "too similar"),
        ({"roles": []}, "Choose one."),
        ({"roles": ["emperor"]}, "emperor is not one of the available choices"),
        (
            {"email": "nowhere"},
            "Expected one e-mail address like orders@example.com, but got “nowhere”.",
        ),
    ],
)
def test_it_refuses_to_add_a_person_and_says_why(changes: dict[str, Any], sentence: str) -> None:
    client = clinic.signed_in(clinic.dana())

    page = client.post(reverse("person_add"), RUTH | changes).content.decode()

    assert sentence in page
    assert User.objects.count() == 1


def test_two_managers_adding_one_name_at_once_make_one_person() -> None:
    clinic.mara()

    with pytest.raises(UsernameTaken, match="“Mara” is taken"):
        add_person(username="Mara", password="x", roles=["nurse"])


def test_a_manager_can_change_the_roles_of_a_person() -> None:
    vic = clinic.vic()

    page = edit(clinic.dana(), vic, roles=["nurse"], last_name="Tan-Ruiz")

    assert roles(vic) == {"nurse"}
    assert "Vic Tan-Ruiz is changed." in page


def test_changing_roles_leaves_groups_of_other_programs_alone() -> None:
    vic = clinic.vic()
    vic.groups.add(Group.objects.create(name="newsletter"))

    edit(clinic.dana(), vic, roles=["nurse"])

    assert roles(vic) == {"nurse", "newsletter"}


def test_ending_a_sign_in_takes_effect_on_the_next_page() -> None:
    mara = clinic.mara()
    tablet = clinic.signed_in(mara)

    edit(clinic.dana(), mara, is_active="")

    assert tablet.get(reverse("account")).status_code == 302


def test_a_manager_can_set_a_new_password_for_someone_who_lost_it() -> None:
    mara = clinic.mara()

    edit(clinic.dana(), mara, password="a-new-beginning-5")

    assert mara.check_password("a-new-beginning-5")


def test_an_empty_password_keeps_the_present_one() -> None:
    mara = clinic.mara()

    edit(clinic.dana(), mara, first_name="Marah")

    assert mara.check_password(clinic.PASSWORD)


@pytest.mark.parametrize("changes", [{"roles": ["nurse"]}, {"is_active": ""}])
def test_a_manager_cannot_shut_herself_out(changes: dict[str, Any]) -> None:
    dana = clinic.dana()

    page = edit(dana, dana, **changes)

    assert "You cannot take the manager role or the sign-in from yourself" in page
    assert dana.is_active
    assert roles(dana) == {"manager"}


def test_a_manager_who_changes_her_own_password_stays_signed_in() -> None:
    dana = clinic.dana()

    page = edit(dana, dana, password="a-new-beginning-5")

    assert "Dana Lindqvist is changed." in page


def test_a_manager_cannot_become_administrator_through_an_administrators_password() -> None:
    root = User.objects.create_superuser("root", password=clinic.PASSWORD, first_name="Root")

    page = edit(clinic.dana(), root, last_name="Toor", password="mine-now-2222")

    assert "Only an administrator may change an administrator." in page
    assert root.check_password(clinic.PASSWORD)


@pytest.mark.parametrize("who", [clinic.mara, clinic.priya, clinic.vic, clinic.otto])
@pytest.mark.parametrize("page", ["people_list", "person_add"])
def test_only_managers_may_see_the_people(who: Callable[[], User], page: str) -> None:
    answer = clinic.signed_in(who()).get(reverse(page))

    assert answer.status_code == 403
    assert "This page is for managers." in answer.content.decode()


def test_a_nurse_cannot_make_herself_manager() -> None:
    mara = clinic.mara()

    page = edit(mara, mara, roles=["nurse", "manager"])

    assert "This page is for managers." in page
    assert roles(mara) == {"nurse"}


@pytest.mark.parametrize("number", ["0", "9" * 30, "9" * 5000])
def test_a_person_who_does_not_exist_is_not_found(number: str) -> None:
    answer = clinic.signed_in(clinic.dana()).get(f"/people/{number}/")

    assert answer.status_code == 404


def test_the_list_shows_everyone_with_their_roles() -> None:
    clinic.mara()

    page = clinic.signed_in(clinic.dana()).get(reverse("people_list")).content.decode()

    assert "Mara Ortiz" in page
    assert "Dana Lindqvist" in page
    assert ">manager<" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ort", {"mara"}),
        ("q=vic+TAN", {"vic"}),
        ("role=manager", {"dana"}),
        ("is_active=0", {"otto"}),
        ("q=%00", {"mara", "dana", "vic", "otto"}),
        ("role=emperor&is_active=maybe&sort=-password&page=-1", {"mara", "dana", "vic", "otto"}),
    ],
)
def test_a_manager_can_find_a_person(query: str, found: set[str]) -> None:
    otto = clinic.otto()
    otto.is_active = False
    otto.save()
    clinic.mara()
    clinic.vic()

    answer = clinic.signed_in(clinic.dana()).get(f"{reverse('people_list')}?{query}")

    assert {person.username for person in answer.context["table"].data} == found


def test_the_list_costs_the_same_queries_for_few_and_for_many(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = clinic.signed_in(clinic.dana())
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("people_list"))
    for number in range(60):
        clinic.person(f"temp{number}", "Temp", str(number), "nurse")

    with django_assert_max_num_queries(len(few)):
        client.get(reverse("people_list"))


def test_the_list_exports_as_it_is_shown() -> None:
    clinic.mara()
    clinic.vic()

    answer = clinic.signed_in(clinic.dana()).get(
        reverse("people_list") + "?export=xlsx&sort=-name&role=nurse"
    )

    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert list(sheet.values) == [
        ("Name", "Username", "Roles", "Sign-in", "Last signed in"),
        ("Mara Ortiz", "mara", "nurse", "open", None),
    ]
