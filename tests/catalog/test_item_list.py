"""The list of items: found by what people know of them, with what may be used today."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from inventory.catalog.register import CodeFacts, add_item, add_offer
from inventory.stock.catalog_tables import ItemTable
from tests import clinic
from tests.catalog.facts import gtin, harbor, lidocaine, needle, northgate, offer

pytestmark = pytest.mark.django_db

NDC = CodeFacts(kind="ndc", value="0409-4276-01")


def shown(**asked: str) -> list[Any]:
    """Return the items that Vic, who only looks, is shown."""
    answer = clinic.signed_in(clinic.vic()).get(reverse("item_list"), asked)
    assert answer.status_code == 200
    return [row.record for row in answer.context["table"].rows]


def skus(**asked: str) -> list[str]:
    return [item.sku for item in shown(**asked)]


@pytest.mark.parametrize(
    "typed",
    ["lidocaine", "LIDO 20", "lido-1", "00323155940312", "323155940312", "0409-4276-01", "42760"],
)
def test_an_item_is_found_by_name_sku_or_product_code(typed: str) -> None:
    add_item(lidocaine(), [gtin(), NDC])
    add_item(needle())

    assert skus(q=typed) == ["lido-1-20"]


def test_two_digits_are_no_product_code() -> None:
    add_item(lidocaine(), [gtin()])

    assert skus(q="31") == []


def test_what_cannot_be_a_name_finds_nothing_and_says_why() -> None:
    add_item(lidocaine())

    answer = clinic.signed_in(clinic.vic()).get(reverse("item_list"), {"q": "a\x00b"})

    assert answer.status_code == 200
    assert "Null characters are not allowed." in answer.content.decode()


def test_items_are_narrowed_by_kind_container_and_supplier() -> None:
    add_offer(northgate(), add_item(lidocaine()), offer())
    add_offer(harbor(), add_item(needle()), offer(pack_quantity=Decimal(100)))

    assert skus(kind="needle") == ["needle-25g-15"]
    assert skus(container="multi_dose_vial") == ["lido-1-20"]
    assert skus(supplier="harbor") == ["needle-25g-15"]


def test_what_the_clinic_gave_up_is_shown_on_request() -> None:
    add_item(lidocaine())
    add_item(needle(is_active=False))

    assert skus() == ["lido-1-20"]
    assert skus(state="0") == ["needle-25g-15"]
    assert len(skus(state="all")) == 2


def test_only_what_may_be_used_today_counts_as_usable() -> None:
    today = timezone.localdate()
    item = add_item(lidocaine())
    clinic.received(item, 40, lot="GOOD", expires_on=today)
    clinic.received(item, 60, lot="OLD", expires_on=today - timedelta(days=1))
    clinic.received(item, 20, lot="GOOD", expires_on=today, where="room-2")

    (row,) = shown()

    assert (row.usable, row.on_hand) == (60, 120)


def test_the_list_says_where_an_item_is_ordered() -> None:
    item = add_item(lidocaine())
    add_offer(northgate(), item, offer())
    add_offer(harbor(), item, offer(preferred=True))

    assert shown()[0].preferred_supplier == "Harbor Drug Wholesale"


def questions_for(numbers: range) -> int:
    """Receive one more needle for each number, and count what the list asks the database."""
    for number in numbers:
        clinic.received(add_item(needle(sku=f"needle-{number}")), 100, lot=f"N{number}")
    client = clinic.signed_in(clinic.vic())
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("item_list"))
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_items() -> None:
    assert questions_for(range(2)) == questions_for(range(2, 30))


def test_the_workbook_has_the_columns_that_the_screen_folds_away() -> None:
    item = add_item(lidocaine())
    clinic.received(item, 40)

    answer = clinic.signed_in(clinic.vic()).get(reverse("item_list"), {"export": "xlsx"})

    sheet = load_workbook(BytesIO(answer.getvalue())).active
    assert sheet
    lines = list(sheet.iter_rows(values_only=True))
    header = next(line for line in lines if "SKU" in line)
    row = dict(zip(header, lines[lines.index(header) + 1], strict=True))
    assert row["Name"] == "Lidocaine 1% 20 mL multi-dose vial"
    assert (row["SKU"], row["Container"], row["In use"]) == ("lido-1-20", "Multi-dose vial", "yes")
    assert (row["Usable"], row["On hand"]) == (40, 40)


def test_an_empty_clinic_is_told_how_to_begin() -> None:
    page = clinic.signed_in(clinic.vic()).get(reverse("item_list")).content.decode()

    assert ItemTable.Meta.empty_text in page


def test_only_a_manager_is_offered_to_add_an_item() -> None:
    pages = {
        who.username: clinic.signed_in(who).get(reverse("item_list")).content.decode()
        for who in (clinic.dana(), clinic.mara())
    }

    assert reverse("item_add") in pages["dana"]
    assert reverse("item_add") not in pages["mara"]
