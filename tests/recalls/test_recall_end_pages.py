"""The end of a recall on the pages: pressed twice, read again, and what becomes of its lots."""

from typing import Any

import pytest
from django.urls import reverse

from inventory.recalls.models import Recall
from inventory.stock.models import Lot
from tests.clinic import dana, lidocaine, received, signed_in
from tests.recalls.notices import recalled, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def address(recall: Recall) -> str:
    return reverse("recall_close", args=[recall.pk])


def close(recall: Recall, then: str = "keep") -> Any:
    form = {"outcome": "Not ours.", "then": then, "submission_key": "one-press"}
    return signed_in(dana()).post(address(recall), form, follow=True)


def offered(recall: Recall) -> str:
    return signed_in(dana()).get(address(recall)).text


@pytest.mark.parametrize("then", ["keep", "stop", "release"])
def test_pressing_twice_closes_once_whatever_becomes_of_the_lots(then: str) -> None:
    received(lidocaine(), 40)
    recall = recalled("A1", status=Lot.Status.QUARANTINED)
    first, second = close(recall, then), close(recall, then)
    assert first.redirect_chain == second.redirect_chain != []
    assert recall.notes.filter(text__startswith="Closed:").count() == 1


def test_what_is_not_offered_is_not_done_either() -> None:
    lot = received(lidocaine(), 40).lot
    recall = recalled("A1")
    answer = close(recall, "release")
    recall.refresh_from_db()
    assert (answer.status_code, recall.is_open, status_of(lot)) == (422, True, "recalled")


def test_who_opens_the_page_of_a_closed_one_is_told_how_it_ended() -> None:
    recall = recalled("A1")
    close(recall)
    answer = signed_in(dana()).get(address(recall), follow=True)
    assert answer.redirect_chain == [(reverse("recall_detail", args=[recall.pk]), 302)]
    assert "This recall was closed by Dana Lindqvist: Not ours." in answer.text


def test_where_none_was_found_nobody_is_told_that_lots_stay_held() -> None:
    page = offered(recalled("A1"))
    assert "None is held; lots that arrive later are" in page
    assert "They stay held" not in page


def test_where_deliveries_are_not_watched_nobody_is_told_that_they_are() -> None:
    received(lidocaine(), 40)
    recall = recalled("A1")
    signed_in(dana()).post(reverse("recall_unwatch", args=[recall.pk]))
    page = offered(recall)
    assert "They stay held" in page
    assert "lots that arrive later" not in page
