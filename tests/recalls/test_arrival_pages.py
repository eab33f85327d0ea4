"""A lot that a recall was waiting for arrives: the pages tell of it."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from inventory.stock.models import Lot
from tests.clinic import dana, kenalog, lidocaine, mara, place, received, signed_in, vic
from tests.recalls.notices import recalled, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def arrives(lot: str) -> Any:
    """Mara receives two vials of this lot on the page."""
    place("storeroom")
    form = {
        "location": "storeroom",
        "supplier": "",
        "reference": "",
        "received_on": "2026-11-23",
        "submission_key": str(uuid4()),
        "lines-0-item": "lido-1-20",
        "lines-0-lot": lot,
        "lines-0-expires_on": "2027-12-31",
        "lines-0-quantity": "2",
        "lines-0-measure": "container",
        "lines-0-price": "",
    }
    return signed_in(mara()).post("/stock/receive/", form, follow=True)


def list_of_recalls(**asked: str) -> str:
    return signed_in(vic()).get("/recalls/", asked).text


def test_who_receives_it_is_told_to_set_it_aside() -> None:
    recalled("A*")
    assert "Lot A9 is recalled (Recall Z-1234: particles found)" in arrives("a9").text


def test_the_trace_accounts_for_it() -> None:
    recall = recalled("A*")
    arrives("a9")
    page = signed_in(vic()).get(reverse("recall_detail", args=[recall.pk])).text
    assert "lot A9 arrived and was held at once." in page
    assert "every lot balances" in page


def test_its_page_leads_to_the_recall() -> None:
    recall = recalled("A*")
    arrives("a9")
    page = signed_in(vic()).get(reverse("lot_detail", args=[Lot.objects.get().pk])).text
    assert reverse("recall_detail", args=[recall.pk]) in page


def test_the_list_counts_it_and_does_not_say_that_none_was_found() -> None:
    recalled("A*", "B*")
    arrives("a9")
    assert "1 lot<" in list_of_recalls()
    assert "1 lot<" not in list_of_recalls(state="none")


def test_a_lot_that_is_held_and_comes_again_is_counted_once() -> None:
    received(lidocaine(), 20, "A9")
    recalled("A*")
    arrives("a9")
    assert "1 lot<" in list_of_recalls()


def test_a_recall_of_two_items_is_listed_once() -> None:
    recalled("A1", items=[lidocaine(), kenalog()])
    table = list_of_recalls(q="single-dose").split('id="table"')[1]
    assert table.count("Lidocaine 1%, particles") == 1
    table = list_of_recalls(q="vial").split('id="table"')[1]
    assert table.count("Lidocaine 1%, particles") == 1


def test_a_makers_run_behind_the_number_arrives_with_a_warning() -> None:
    recalled("25-090-DK")
    page = arrives("25-090-DK01").text
    assert "Lot 25-090-DK01 reads like 25-090-DK, which is recalled" in page
    assert status_of(Lot.objects.get()) == "available"


def test_a_makers_run_behind_the_number_waits_for_a_tick() -> None:
    received(lidocaine(), 20, "25090DK01")
    asked = {"item": "lido-1-20", "lots": "25-090-DK"}
    page = signed_in(dana()).get("/recalls/add/", asked).text
    assert "No lot matches" in page
    assert "Is this the same lot?" in page
