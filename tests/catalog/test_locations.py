"""The pages of locations, sites and the clinic's settings."""

import pytest
from django.urls import reverse

from inventory.catalog.models import Clinic, Location, Site
from inventory.catalog.register import add_item, add_site
from tests import clinic
from tests.catalog.facts import lidocaine, needle, room

pytestmark = pytest.mark.django_db

SETTINGS = {
    "name": "Lakeside Pain Clinic",
    "expiring_days": "90",
    "expiring_soon_days": "60",
    "expiring_now_days": "30",
    "procedure_backdating_days": "7",
    "receipt_backdating_days": "90",
    "nurse_void_days": "7",
    "service_level": "97.5",
    "order_every_days": "14",
}


def test_the_list_counts_the_items_that_are_in_a_place() -> None:
    room("empty", "Empty")
    item = add_item(lidocaine())
    clinic.received(item, 40, where="room-1", lot="A1")
    clinic.received(item, 40, where="room-1", lot="A2")
    clinic.received(add_item(needle()), 100, where="room-1", lot="N1")

    answer = clinic.signed_in(clinic.vic()).get(reverse("location_list"))

    counts = {row.record.code: row.record.items_on_hand for row in answer.context["table"].rows}
    assert counts == {"empty": 0, "room-1": 2}


def test_a_nurse_sees_what_is_in_a_room() -> None:
    clinic.received(add_item(lidocaine()), 40, where="room-1", lot="A1")
    clinic.received(add_item(needle()), 100, where="room-2", lot="N1")

    url = reverse("location_detail", args=["room-1"])
    page = clinic.signed_in(clinic.mara()).get(url).content.decode()

    assert "Lidocaine 1% 20 mL multi-dose vial" in page
    assert "2 vials" in page
    assert "Needle" not in page


def test_a_manager_adds_the_first_location_without_a_site() -> None:
    client = clinic.signed_in(clinic.dana())

    client.post(reverse("location_add"), {"code": "room-1", "name": "Room 1", "is_active": "on"})

    assert Location.objects.get().site.code == "main"


def test_a_manager_adds_a_location_to_a_site() -> None:
    add_site("main", "Main")
    north = add_site("north", "North")
    said = {"code": "room-1", "name": "Room 1", "site": "north", "treatment_area": "on"}

    clinic.signed_in(clinic.dana()).post(reverse("location_add"), said)

    made = Location.objects.get()
    assert (made.site, made.treatment_area, made.is_active) == (north, True, False)


def test_a_manager_changes_a_location() -> None:
    room()
    url = reverse("location_edit", args=["room-1"])
    client = clinic.signed_in(clinic.dana())

    assert client.get(url).context["form"]["site"].value() == "main"
    client.post(url, {"name": "Room one", "site": "main", "is_active": "on"})

    assert Location.objects.get().name == "Room one"


def test_a_manager_adds_and_renames_a_site() -> None:
    client = clinic.signed_in(clinic.dana())

    client.post(reverse("site_add"), {"code": "north", "name": "North"})
    client.post(reverse("site_edit", args=["north"]), {"name": "North building"})

    assert Site.objects.get().name == "North building"
    assert "North building" in client.get(reverse("site_list")).content.decode()


def test_a_site_without_a_name_keeps_the_one_it_has() -> None:
    add_site("north", "North")
    client = clinic.signed_in(clinic.dana())

    page = client.post(reverse("site_edit", args=["north"]), {"name": " "}).content.decode()

    assert "<h1>Change North</h1>" in page
    assert Site.objects.get().name == "North"


def test_a_manager_changes_the_settings() -> None:
    client = clinic.signed_in(clinic.dana())

    page = client.post(reverse("clinic_edit"), SETTINGS | {"expiring_days": "120"}, follow=True)

    assert "The settings are changed." in page.content.decode()
    kept = Clinic.objects.get()
    assert (kept.expiring_days, kept.order_every_days) == (120, 14)
    assert str(kept.service_level) == "97.500"


def test_a_warning_before_the_notice_is_refused_at_its_field() -> None:
    client = clinic.signed_in(clinic.dana())

    page = client.post(reverse("clinic_edit"), SETTINGS | {"expiring_soon_days": "91"})

    assert "Expected at most the 90 days of the notice." in page.content.decode()


@pytest.mark.parametrize("name", ["location_add", "site_list", "site_add", "clinic_edit"])
def test_a_nurse_does_not_set_up_the_clinic(name: str) -> None:
    assert clinic.signed_in(clinic.mara()).get(reverse(name)).status_code == 403
