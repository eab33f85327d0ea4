"""Sending stock back to a supplier."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.accounts.models import User
from inventory.catalog.models import Supplier
from inventory.stock import ledger
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.requests import ReceiptLine, StockLine, Want
from inventory.stock.trace import trace
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    otto,
    place,
    priya,
    received,
    signed_in,
    used,
    vic,
)
from tests.walk import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def acme() -> Supplier:
    return Supplier.objects.get_or_create(code="acme", defaults={"name": "Acme Medical"})[0]


def shown(address: str, who: User | None = None) -> str:
    answer = signed_in(who or mara()).get(address)
    assert answer.status_code == 200
    return answer.text


def send(numbers: dict[Holding, str], query: str = "?location=room-1", **form: str) -> Any:
    fields = {f"holding-{holding.pk}": number for holding, number in numbers.items()}
    known = {"submission_key": str(uuid4()), "supplier": acme().code}
    return signed_in(mara()).post(f"/stock/return/{query}", known | fields | form, follow=True)


def test_what_goes_back_says_to_whom_and_by_which_number() -> None:
    shelf = received(lidocaine(), 100)
    answer = send({shelf: "2"}, reference="RMA-77", reason="Short-dated")
    movement = Movement.objects.latest("pk")
    assert (on_hand(lidocaine()), movement.kind, movement.supplier) == (60, "return", acme())
    assert (movement.reference, movement.reason) == ("RMA-77", "Short-dated")
    for words in ("Sent back to Acme Medical.", "Sent back to</dt>", "RMA-77", "Short-dated"):
        assert words in answer.text


def test_the_page_of_the_lot_tells_of_the_return() -> None:
    shelf = received(lidocaine(), 100)
    send({shelf: "2"}, reference="RMA-77")
    page = shown(f"/stock/lots/{shelf.lot_id}/")
    assert "100 received = 60 on hand + 0 used + 0 wasted + 40 returned" in page
    assert "Acme Medical · RMA-77" in page


def test_a_recalled_lot_goes_back() -> None:
    shelf = received(needle(), 5)
    ledger.set_lot_status(
        shelf.lot, by=dana(), status=Lot.Status.RECALLED, reason="Notice", now=NOW
    )
    send({shelf: "5"})
    assert on_hand(needle()) == 0


def test_the_page_of_one_expired_lot_is_filled_in() -> None:
    line = ReceiptLine(needle(), Decimal(5), "A1", TODAY - timedelta(days=1))
    shelf = (
        ledger.receive(
            by=dana(),
            location=place(),
            lines=[line],
            supplier=acme(),
            happened_at=NOW,
            now=NOW,
        )
        .lines[0]
        .holding
    )
    fields = fields_of(shown(f"/stock/return/?holding={shelf.pk}"))
    assert (fields[f"holding-{shelf.pk}"], fields["supplier"]) == ("5", "acme")
    assert fields["reason"].startswith("Expired")


def test_a_lot_that_came_from_nobody_known_asks_for_the_supplier() -> None:
    shelf = received(needle(), 5)
    acme()
    page = shown(f"/stock/return/?holding={shelf.pk}")
    assert '<option value="acme" selected>' not in page


def test_what_cannot_be_used_comes_first() -> None:
    received(gauze(), 5)
    received(needle(), 5, expires_on=TODAY - timedelta(days=1))
    page = shown("/stock/return/?location=room-1")
    assert page.index(needle().name) < page.index(gauze().name)


def test_what_is_not_there_does_not_go_back() -> None:
    gone, there = received(needle(), 1), received(kenalog(), 5)
    used(Want(needle(), Decimal(1)))
    answer = send({gone: "1", there: "1"})
    assert (answer.status_code, on_hand(kenalog())) == (422, 5)
    assert "Not enough stock" in answer.text


def test_what_is_elsewhere_by_now_does_not_go_back() -> None:
    elsewhere, there = received(needle(), 1, where="room-2"), received(kenalog(), 5)
    answer = send({elsewhere: "1", there: "1"})
    assert (answer.status_code, on_hand(needle()), on_hand(kenalog())) == (422, 1, 5)


def test_pressing_twice_sends_it_back_once() -> None:
    shelf, key = received(needle(), 5), str(uuid4())
    for _ in range(2):
        answer = send({shelf: "1"}, submission_key=key)
    assert (answer.status_code, on_hand(needle())) == (200, 4)


def test_a_return_that_was_a_mistake_is_reversed() -> None:
    shelf = received(needle(), 5)
    send({shelf: "2"})
    ledger.reverse(
        Movement.objects.latest("pk"), by=dana(), reason="Kept", happened_at=NOW, now=NOW
    )
    assert (on_hand(needle()), trace(shelf.lot).returns) == (5, [])


@pytest.mark.parametrize(
    ("number", "form", "sentence"),
    [
        ("", {}, "Say what goes back"),
        ("0", {}, "Expected a quantity above 0"),
        ("6", {}, "Not enough stock"),
        ("1.5", {}, "counted in whole pieces"),
        ("-1", {}, "greater than or equal to 0"),
        ("x", {}, "Expected an amount like 2 or 0.5"),
        ("1", {"supplier": ""}, "Choose one."),
        ("1", {"supplier": "nobody"}, "Select a valid choice"),
        ("1", {"supplier": "a\0b"}, ""),
        ("1", {"reference": "x" * 101}, "at most 100 characters"),
        ("1", {"reference": "a\0b"}, ""),
    ],
)
def test_it_refuses_what_cannot_go_back(number: str, form: dict[str, str], sentence: str) -> None:
    shelf = received(needle(), 5)
    answer = send({shelf: number}, **form)
    assert (answer.status_code, sentence in answer.text, on_hand(needle())) == (422, True, 5)


@pytest.mark.parametrize("who", [mara, dana, priya])
def test_nurses_managers_and_purchasers_send_back(who: Any) -> None:
    received(needle(), 5)
    assert "Send it back" in shown("/stock/return/?location=room-1", who())


@pytest.mark.parametrize("who", [vic, otto])
def test_others_do_not(who: Any) -> None:
    shelf = received(needle(), 5)
    fields = {f"holding-{shelf.pk}": "1", "supplier": acme().code, "submission_key": "one"}
    answer = signed_in(who()).post("/stock/return/?location=room-1", fields)
    assert (answer.status_code, on_hand(needle())) == (403, 5)


@pytest.mark.parametrize(
    "query", ["?holding=999", "?holding=x", "?holding=99999999999999999999", "?location=%00"]
)
def test_an_odd_address_is_answered(query: str) -> None:
    assert signed_in(mara()).get(f"/stock/return/{query}").status_code == 200


def test_the_newest_returns_are_shown_and_the_others_counted() -> None:
    shelf = received(needle(), 30)
    for _ in range(22):
        ledger.return_to_supplier(
            by=mara(),
            location=place(),
            lines=[StockLine(needle(), Decimal(1), holding=shelf)],
            supplier=acme(),
            happened_at=NOW,
            now=NOW,
        )
    assert Entry.objects.filter(kind=Entry.Kind.RETURN).count() == 22
    assert "2 older</a>" in shown(f"/stock/lots/{shelf.lot_id}/")
