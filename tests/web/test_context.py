"""The navigation shows each person their own work."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from inventory.accounts.models import User
from inventory.web.context import ORDER_ON_SCREEN, SECTIONS, section_of
from tests import clinic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        (clinic.mara, "Home Log Today Stock Flags"),
        (clinic.dana, "Home Log Today Stock Flags Reorder Reports Catalog People"),
        (clinic.priya, "Home Today Stock Flags Reorder Reports"),
        (clinic.vic, "Home Today Stock Flags Reorder Reports"),
    ],
)
def test_each_person_sees_their_own_sections(who: Callable[[], User], labels: str) -> None:
    answer = clinic.signed_in(who()).get(reverse("account"))

    assert " ".join(section.label for section in answer.context["sections"]) == labels


def test_a_stranger_sees_no_section() -> None:
    answer = clinic.signed_in(clinic.otto()).get(reverse("account"))

    assert answer.context["sections"] == []


def test_the_page_one_is_on_is_marked() -> None:
    page = clinic.signed_in(clinic.dana()).get(reverse("person_add")).content.decode()

    assert f'<a href="{reverse("people_list")}" aria-current="page">' in page


@pytest.mark.parametrize(
    ("url_name", "label"),
    [
        ("home", "Home"),
        ("procedure_log", "Log"),
        ("procedure_detail", "Today"),
        ("procedure_type_edit", "Catalog"),
        ("billing_report", "Today"),
        ("billing_code_edit", "Catalog"),
        ("item_detail", "Catalog"),
        ("clinic_edit", "Catalog"),
        ("lot_list", "Stock"),
        ("reorder_report", "Reorder"),
        ("waste_add", "Stock"),
        ("waste_advice", "Stock"),
        ("order_detail", "Reorder"),
        ("item_outlook", "Reorder"),
        ("account", None),
    ],
)
def test_a_page_belongs_to_one_section(url_name: str, label: str | None) -> None:
    section = section_of(url_name)

    assert (section and section.label) == label


def test_every_section_has_its_place_on_the_screen() -> None:
    assert {section.url_name for section in SECTIONS} == set(ORDER_ON_SCREEN)


def test_the_sign_in_page_knows_no_section(client: Client) -> None:
    assert client.get(reverse("sign_in")).context["sections"] == []


@pytest.mark.parametrize(("who", "shown"), [(clinic.dana, True), (clinic.mara, False)])
def test_the_lists_of_a_section_show_to_those_whose_section_it_is(
    who: Callable[[], User], shown: bool
) -> None:
    page = clinic.signed_in(who()).get(reverse("item_list")).content.decode()

    assert ('class="sub-nav"' in page) is shown


@pytest.mark.parametrize(
    ("url_name", "label"),
    [
        ("item_detail", "Items"),
        ("procedure_type_edit", "Procedure types"),
        ("procedure_detail", "Procedures"),
        ("billing_report", "Billing units"),
        ("billing_code_edit", None),
        ("clinic_edit", "Settings"),
        ("offer_add", None),
        ("order_send", "Orders"),
    ],
)
def test_what_a_list_leads_to_belongs_to_the_list(url_name: str, label: str | None) -> None:
    section = next(section for section in SECTIONS if section.holds(url_name))

    found = [tab.label for tab in section.tabs if tab.holds(url_name)]

    assert found == ([label] if label else [])
