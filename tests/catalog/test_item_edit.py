"""The manager's forms for items, codes, offers and levels."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.catalog.models import Item
from inventory.catalog.register import add_item, add_offer
from inventory.web.words import day_words
from tests import clinic
from tests.catalog.facts import (
    LIDOCAINE_GTIN,
    gtin,
    harbor,
    lidocaine,
    needle,
    northgate,
    offer,
    preferred_supplier,
    room,
)

pytestmark = pytest.mark.django_db

NEEDLE = {
    "sku": "needle-25g-15",
    "name": "Needle 25G 1½ in",
    "kind": "needle",
    "unit": "each",
    "container": "none",
    "storage": "room",
    "lot_tracked": "on",
    "is_active": "on",
}
OFFER = {
    "supplier": "northgate",
    "item": "lido-1-20",
    "order_code": "NG-1",
    "pack_quantity": "500",
    "pack_price": "75",
    "minimum_packs": "1",
    "lead_time_days": "3",
    "is_active": "on",
}


def send(view: str, /, *args: object, **said: Any) -> str:
    """Send a form as Dana, who manages; return the page that comes back."""
    answer = clinic.signed_in(clinic.dana()).post(reverse(view, args=args), said, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_manager_adds_an_item() -> None:
    page = send("item_add", **NEEDLE, reorder_point="200", par_level="500")

    item = Item.objects.get()
    assert (item.sku, item.par_level, item.preservative_free) == ("needle-25g-15", 500, None)
    assert "Needle 25G 1½ in is added." in page


def test_levels_that_a_manager_sets_say_so_on_the_item_and_in_its_form() -> None:
    page = send("item_add", **NEEDLE, reorder_point="200", levels_reason="For clinic days")

    today = day_words(timezone.localdate())
    said = f"Reorder point 200, set by hand on {today} by Dana Lindqvist: For clinic days"
    assert said in page
    form = clinic.signed_in(clinic.dana()).get(reverse("item_edit", args=["needle-25g-15"]))
    assert said in form.text


def test_a_manager_adds_a_vial() -> None:
    vial = {"container": "single_dose_vial", "container_volume": "0.5", "unit": "mL"}
    send("item_add", **NEEDLE | vial, preservative_free="yes", strength="40")

    item = Item.objects.get()
    assert (str(item.container_volume), item.preservative_free) == ("0.500", True)


def test_a_taken_sku_is_named_at_its_field_and_nothing_typed_is_lost() -> None:
    add_item(needle())

    page = send("item_add", **NEEDLE | {"name": "Another needle"})

    assert "The SKU needle-25g-15 is taken by Needle 25G 1½ in." in page
    assert 'value="Another needle"' in page


def test_what_is_no_number_is_named_at_its_field() -> None:
    page = send("item_add", **NEEDLE, par_level="many", beyond_use_days="²")

    assert "Expected an amount like 2 or 0.5, but got “many”." in page
    assert "Expected a whole number, like 3." in page
    assert not Item.objects.exists()


def test_a_manager_changes_an_item_and_its_form_begins_as_it_is() -> None:
    item = add_item(lidocaine())
    client = clinic.signed_in(clinic.dana())
    form = client.get(reverse("item_edit", args=[item.sku])).context["form"]

    began = {name: form[name].value() for name in form.fields}
    said = {name: value for name, value in began.items() if value not in (None, False)}
    send("item_edit", item.sku, **said | {"name": "Lidocaine"})

    changed = Item.objects.get()
    assert changed.name == "Lidocaine"
    assert {**vars(changed), "name": "", "_state": 0} == {**vars(item), "name": "", "_state": 0}


def test_a_container_with_lots_keeps_its_volume() -> None:
    item = add_item(lidocaine())
    clinic.received(item, 40)
    said = NEEDLE | {"unit": "mL", "kind": "local_anesthetic", "container": "multi_dose_vial"}

    page = send("item_edit", item.sku, **said, container_volume="10")

    assert "The container volume cannot change any more" in page
    assert Item.objects.get().container_volume == 20


def test_a_manager_adds_a_code_and_takes_it_away() -> None:
    item = add_item(lidocaine())

    send("code_add", item.sku, kind="gtin", value=LIDOCAINE_GTIN, level="each")
    code = item.codes.get()
    page = send("code_remove", code.pk)

    assert code.quantity == 20
    assert not item.codes.exists()
    assert f"GTIN {LIDOCAINE_GTIN} no longer stands for Lidocaine" in page


def test_a_wrong_check_digit_is_named_at_its_field() -> None:
    item = add_item(lidocaine())

    page = send("code_add", item.sku, kind="gtin", value="00323155940313", level="each")

    assert "Expected a GTIN that ends with its check digit 2, but got “00323155940313”." in page
    assert not item.codes.exists()


def test_a_manager_adds_the_first_offer_which_is_preferred() -> None:
    item = add_item(lidocaine())
    northgate()

    send("offer_add", **OFFER)

    assert preferred_supplier(item) == "northgate"


def test_an_offer_begins_with_the_item_that_the_manager_came_from() -> None:
    add_item(lidocaine())

    answer = clinic.signed_in(clinic.dana()).get(reverse("offer_add"), {"item": "lido-1-20"})

    assert '<option value="lido-1-20" selected>' in answer.content.decode()


@pytest.mark.parametrize("item", ["unknown", "a\x00b", "x" * 5000])
def test_an_offer_for_nothing_known_begins_empty(item: str) -> None:
    answer = clinic.signed_in(clinic.dana()).get(reverse("offer_add"), {"item": item})

    assert answer.status_code == 200


def test_a_pack_of_half_a_vial_is_refused_at_its_field() -> None:
    item = add_item(lidocaine())
    northgate()

    page = send("offer_add", **OFFER | {"pack_quantity": "510"})

    assert "Expected whole containers, a multiple of 20 mL, but got 510 mL." in page
    assert not item.offers.exists()


def test_a_manager_prefers_another_offer() -> None:
    item = add_item(lidocaine())
    add_offer(northgate(), item, offer())
    second = add_offer(harbor(), item, offer())
    said = {name: value for name, value in OFFER.items() if name not in ("supplier", "item")}

    send("offer_edit", second.pk, **said, preferred="on")

    assert preferred_supplier(item) == "harbor"


def test_a_manager_sets_a_level_in_one_location_and_takes_it_away() -> None:
    item = add_item(needle())
    where = room()

    send("item_level_set", item.sku, location=where.pk, reorder_point="10", par_level="50")
    level = item.location_levels.get()
    send("item_level_remove", level.pk)

    assert level.par_level == 50
    assert not item.location_levels.exists()


def test_a_level_below_its_reorder_point_is_refused_at_its_field() -> None:
    item = add_item(needle())

    page = send("item_level_set", item.sku, location=room().pk, reorder_point="10", par_level="5")

    assert "The par level cannot be below the reorder point." in page


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("item_add", []),
        ("item_edit", ["lido-1-20"]),
        ("code_add", ["lido-1-20"]),
        ("offer_add", []),
        ("item_level_set", ["lido-1-20"]),
    ],
)
def test_a_nurse_may_not_change_the_catalog(name: str, args: list[str]) -> None:
    add_item(lidocaine())
    client = clinic.signed_in(clinic.mara())

    assert client.get(reverse(name, args=args)).status_code == 403
    assert client.post(reverse(name, args=args), NEEDLE).status_code == 403


def test_a_nurse_may_not_remove_a_code() -> None:
    code = add_item(lidocaine(), [gtin()]).codes.get()

    answer = clinic.signed_in(clinic.mara()).post(reverse("code_remove", args=[code.pk]))

    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["code_remove", "item_level_remove", "offer_edit"])
def test_what_is_not_there_cannot_be_changed(name: str) -> None:
    client = clinic.signed_in(clinic.dana())

    answer = client.post(f"{reverse(name, args=[1])}".replace("/1/", f"/{10**30}/"))

    assert answer.status_code == 404
