"""Sites, locations, levels in single locations, and the clinic's settings."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Clinic, Site
from inventory.catalog.register import (
    ClinicFacts,
    LocationFacts,
    NotAccepted,
    Taken,
    add_item,
    add_location,
    add_site,
    change_clinic,
    change_location,
    change_site,
    set_level,
)
from tests.catalog.facts import lidocaine, needle, room, what_was_wrong

pytestmark = pytest.mark.django_db


def test_the_first_location_makes_the_main_site() -> None:
    location = add_location(LocationFacts(code="room-1", name="Room 1 cart"))

    assert (location.site.code, location.site.name) == ("main", "Main")


def test_a_location_joins_the_site_that_is_there() -> None:
    north = add_site("north", "North building")

    location = add_location(LocationFacts(code="room-9", name="Room 9", site="north"))

    assert location.site == north


def test_a_location_code_is_given_once() -> None:
    room()

    with pytest.raises(Taken, match=r"The code room-1 is taken by Room 1 cart\."):
        add_location(LocationFacts(code="room-1", name="Another"))


def test_a_refused_location_makes_no_site() -> None:
    room()

    with pytest.raises(Taken):
        add_location(LocationFacts(code="room-1", name="Another", site="south"))

    assert not Site.objects.filter(code="south").exists()


def test_a_site_is_found_by_its_name_or_made_with_a_code_of_its_own() -> None:
    first = add_location(LocationFacts(code="room-1", name="Room 1", site="North wing"))
    again = add_location(LocationFacts(code="room-2", name="Room 2", site="north Wing"))

    assert (first.site.code, first.site.name) == ("north-wing", "North wing")
    assert again.site == first.site


def test_it_refuses_a_site_without_a_letter_or_digit() -> None:
    with pytest.raises(NotAccepted) as refusal:
        add_location(LocationFacts(code="room-1", name="Room 1", site="--"))

    assert "but got “--”" in what_was_wrong(refusal.value)["site"]


def test_a_location_is_changed_but_keeps_its_code() -> None:
    location = room()

    facts = LocationFacts(code="x", name="Room 1", treatment_area=True, is_active=False)
    change_location(location, facts)

    location.refresh_from_db()
    assert (location.code, location.name) == ("room-1", "Room 1")
    assert location.treatment_area
    assert not location.is_active


def test_a_site_code_is_given_once() -> None:
    add_site("main", "Main")

    with pytest.raises(Taken, match=r"The code main is taken by another site\."):
        add_site("main", "Again")


def test_a_site_gets_another_name() -> None:
    site = add_site("main", "Main")

    change_site(site, " Main   street ")

    assert Site.objects.get(code="main").name == "Main street"


def test_a_level_in_a_location_is_set_and_set_again() -> None:
    item = add_item(lidocaine())

    set_level(item, room(), Decimal(20), Decimal(40))
    set_level(item, room(), Decimal(40), Decimal(100))

    level = item.location_levels.get()
    assert (level.reorder_point, level.par_level) == (40, 100)


@pytest.mark.parametrize(
    ("reorder_point", "par_level", "sentence"),
    [
        (Decimal(5), Decimal(4), "The par level cannot be below the reorder point."),
        (Decimal("0.5"), Decimal(4), "Expected a whole number of pieces, but got 0.5."),
        (Decimal(-1), Decimal(4), "Expected an amount of 0 or more, but got -1."),
    ],
)
def test_it_refuses_a_level_that_cannot_be(
    reorder_point: Decimal, par_level: Decimal, sentence: str
) -> None:
    with pytest.raises(NotAccepted) as refusal:
        set_level(add_item(needle()), room(), reorder_point, par_level)

    assert str(refusal.value) == sentence


def settings(**changes: Any) -> ClinicFacts:
    said: dict[str, Any] = {
        "name": "Lakeside Pain Clinic",
        "expiring_days": 90,
        "expiring_soon_days": 60,
        "expiring_now_days": 30,
        "procedure_backdating_days": 7,
        "receipt_backdating_days": 90,
        "nurse_void_days": 7,
    }
    return ClinicFacts(**said | changes)


def test_the_clinic_changes_its_settings() -> None:
    change_clinic(settings(expiring_days=120))

    clinic = Clinic.objects.get()
    assert (clinic.name, clinic.expiring_days) == ("Lakeside Pain Clinic", 120)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"expiring_days": 0}, "expiring_days"),
        ({"expiring_soon_days": 91}, "expiring_soon_days"),
        ({"expiring_now_days": 61}, "expiring_now_days"),
        ({"procedure_backdating_days": -1}, "procedure_backdating_days"),
        ({"receipt_backdating_days": 99_999}, "receipt_backdating_days"),
        ({"nurse_void_days": -1}, "nurse_void_days"),
        ({"service_level": Decimal("49.9")}, "service_level"),
        ({"service_level": Decimal(100)}, "service_level"),
        ({"order_every_days": 0}, "order_every_days"),
        ({"order_every_days": 91}, "order_every_days"),
    ],
)
def test_it_refuses_settings_that_cannot_be(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(NotAccepted) as refusal:
        change_clinic(settings(**changes))

    assert field in what_was_wrong(refusal.value)
    assert Clinic.objects.get().name == "Our clinic"
