"""The pages of suppliers."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from inventory.catalog.models import Supplier
from inventory.catalog.register import add_item, add_offer
from tests import clinic
from tests.catalog.facts import harbor, lidocaine, northgate, offer

pytestmark = pytest.mark.django_db


def test_a_purchaser_sees_who_sells_how_much() -> None:
    add_offer(northgate(), add_item(lidocaine()), offer())
    harbor()

    answer = clinic.signed_in(clinic.priya()).get(reverse("supplier_list"))

    counts = {row.record.code: row.record.offers_in_use for row in answer.context["table"].rows}
    assert counts == {"northgate": 1, "harbor": 0}


def test_a_purchaser_sees_what_a_supplier_asks_for_a_unit() -> None:
    add_offer(northgate(), add_item(lidocaine()), offer(minimum_packs=2))

    url = reverse("supplier_detail", args=["northgate"])
    page = clinic.signed_in(clinic.priya()).get(url).content.decode()

    assert '$0.15 <span class="unit">per mL</span>' in page
    assert "at least 2 packs" in page
    assert "first choice" in page


def test_the_workbook_of_offers_has_numbers_in_its_cells() -> None:
    add_offer(northgate(), add_item(lidocaine()), offer())

    url = reverse("supplier_detail", args=["northgate"])
    answer = clinic.signed_in(clinic.priya()).get(url, {"export": "xlsx"})

    sheet = load_workbook(BytesIO(answer.getvalue())).active
    assert sheet
    lines = list(sheet.iter_rows(values_only=True))
    header = next(line for line in lines if "Order code" in line)
    row = dict(zip(header, lines[lines.index(header) + 1], strict=True))
    assert (row["One pack"], row["Pack price"], row["Unit price"]) == (500, 75, 0.15)
    assert (row["Ordered here"], row["In use"]) == ("first choice", "yes")


def test_a_manager_adds_a_supplier() -> None:
    client = clinic.signed_in(clinic.dana())
    said = {"code": "northgate", "name": "Northgate", "is_active": "on", "email": ""}

    page = client.post(reverse("supplier_add"), said, follow=True).content.decode()

    assert "Northgate is added." in page
    assert Supplier.objects.get().code == "northgate"


def test_a_taken_code_is_named_at_its_field() -> None:
    northgate()
    client = clinic.signed_in(clinic.dana())

    page = client.post(reverse("supplier_add"), {"code": "northgate", "name": "Other"})

    assert "The code northgate is taken by another supplier." in page.content.decode()


def test_a_manager_changes_a_supplier() -> None:
    northgate()
    client = clinic.signed_in(clinic.dana())
    url = reverse("supplier_edit", args=["northgate"])

    client.post(url, {"name": "Northgate", "email": "orders@northgate.example"})

    changed = Supplier.objects.get()
    assert (changed.email, changed.is_active) == ("orders@northgate.example", False)


def test_a_supplier_that_is_not_in_use_is_out_of_the_way() -> None:
    Supplier.objects.filter(pk=northgate().pk).update(is_active=False)

    answer = clinic.signed_in(clinic.priya()).get(reverse("supplier_list"))

    assert list(answer.context["table"].rows) == []


@pytest.mark.parametrize("name", ["supplier_add", "supplier_edit"])
def test_a_purchaser_does_not_change_suppliers(name: str) -> None:
    args = [northgate().code] if name == "supplier_edit" else []

    answer = clinic.signed_in(clinic.priya()).post(reverse(name, args=args), {"name": "Mine"})

    assert answer.status_code == 403
