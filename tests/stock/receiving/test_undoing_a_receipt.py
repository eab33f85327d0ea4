"""A receipt that was a mistake: whoever received it takes it back on the same day."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from time_machine import travel

from inventory.stock.models import Movement
from inventory.stock.requests import Want
from tests.clinic import NOW, dana, lidocaine, mara, on_hand, priya, signed_in, used, vic
from tests.stock.receiving.desk import TRAY, TRAY_OF_A1, Counter, code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def receipt() -> Movement:
    """A tray of lidocaine that Mara received."""
    code(lidocaine(), TRAY, 500)
    Counter().scan(TRAY_OF_A1).receive()
    return Movement.objects.get()


def undo(receipt: Movement, who: Any = mara) -> Any:
    form = {"reason": "Received by mistake", "submission_key": str(uuid4())}
    path = f"/stock/movements/{receipt.pk}/reverse/"
    return signed_in(who()).post(path, form, follow=True)


def offers_undo(receipt: Movement, who: Any) -> bool:
    page = signed_in(who()).get(f"/stock/movements/{receipt.pk}/").text
    return "Undo this receipt" in page


@pytest.mark.parametrize("who", [mara, dana])
def test_who_received_it_and_managers_undo_it(receipt: Movement, who: Any) -> None:
    assert offers_undo(receipt, who)
    assert (undo(receipt, who).status_code, on_hand(lidocaine())) == (200, 0)


@pytest.mark.parametrize("who", [priya, vic])
def test_others_do_not(receipt: Movement, who: Any) -> None:
    assert not offers_undo(receipt, who)
    assert (undo(receipt, who).status_code, on_hand(lidocaine())) == (403, 500)


def test_the_next_day_it_is_for_managers(receipt: Movement) -> None:
    with travel(NOW + timedelta(days=1), tick=False):
        assert not offers_undo(receipt, mara)
        assert (undo(receipt).status_code, undo(receipt, dana).status_code) == (403, 200)


def test_a_nurse_undoes_nothing_but_receipts(receipt: Movement) -> None:
    use = used(Want(lidocaine(), Decimal(4)), where="storeroom").movement
    assert undo(use).status_code == 403


def test_what_was_used_of_it_stands_in_the_way(receipt: Movement) -> None:
    used(Want(lidocaine(), Decimal(4)), where="storeroom")
    answer = undo(receipt)
    assert answer.status_code == 409
    assert "only 480 mL of what this movement brought is left" in answer.text


def test_it_is_undone_once(receipt: Movement) -> None:
    undo(receipt)
    answer = undo(receipt)
    assert (answer.status_code, on_hand(lidocaine())) == (409, 0)
