"""Northgate answers: Priya looks at what its workbook changes, and takes in what she agrees to."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.purchasing.models import OrderLine, PurchaseOrder
from inventory.purchasing.orders.letter import order_sheet
from inventory.purchasing.orders.words import timeline
from inventory.sheets.workbook import workbook_bytes
from tests.clinic import dana, gauze, mara, needle, priya, signed_in, vic
from tests.purchasing import shop
from tests.purchasing.orders.desk import again, approved, came, offer, sent
from tests.purchasing.orders.sheets import filled
from tests.walk import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

FEWER: Mapping[str, Any] = {
    "Confirmed packs": 2,
    "Confirmed price": 11.8,
    "Arrives on": date(2026, 12, 3),
}
LATER: Mapping[str, Any] = {"Availability": "back order", "Remark": "In January, we hope."}


@pytest.fixture
def order() -> PurchaseOrder:
    """Three packs of needles at $11.00, and three of gauze at $4.00."""
    return sent(3, offer(), shop.offer(gauze(), pack_price=Decimal("4.00")))


def upload(order: PurchaseOrder, said: Mapping[int, Mapping[str, Any]], **options: Any) -> Any:
    """Send in the order's workbook with what the supplier filled in."""
    workbook = filled(said, order_sheet(order))
    return send(order, workbook_bytes(workbook), **options)


def send(order: PurchaseOrder, content: bytes, who: User | None = None) -> Any:
    file = SimpleUploadedFile("answer.xlsx", content)
    browser = signed_in(who or priya())
    return browser.post(f"/purchasing/orders/{order.pk}/answer/", {"file": file})


def take_in(order: PurchaseOrder, page: Any, *lines: int) -> Any:
    """Tick these lines on the page, and press."""
    fields: dict[str, Any] = fields_of(page.text) | {"line": [str(number) for number in lines]}
    url = f"/purchasing/orders/{order.pk}/confirm/"
    return signed_in(priya()).post(url, fields, follow=True)


def confirmed(order: PurchaseOrder, position: int) -> tuple[Any, ...]:
    line = OrderLine.objects.get(order=order, position=position)
    return line.confirmed_packs, line.confirmed_price, line.confirmed_on


# Looking at it


def test_an_answer_is_shown_in_packs_and_money_before_anything_is_taken_in(
    order: PurchaseOrder,
) -> None:
    page = upload(order, {1: FEWER, 2: LATER})

    words = " ".join(page.text.split())
    assert page.status_code == 200
    for part in ("$11.00", "$11.80", "$33.00", "$23.60", "-$9.40", "$45.00", "$35.60"):
        assert part in words
    assert "Dec 3, 2026" in words
    assert "In January, we hope." in words
    assert confirmed(order, 1) == (None, None, None)


def test_an_answer_that_confirms_what_was_ordered_changes_nothing(order: PurchaseOrder) -> None:
    page = upload(order, {1: {"Confirmed packs": 3, "Availability": "in stock"}})

    assert "This answer changes nothing" in page.text


def test_a_wrong_cell_is_named_and_nothing_is_shown(order: PurchaseOrder) -> None:
    page = upload(order, {1: {"Confirmed packs": 2.5}, 2: {"Confirmed price": -1}})

    assert page.status_code == 422
    assert "Confirmed packs: Expected a whole number of packs" in page.text
    assert "Confirmed price: Expected the price of one pack" in page.text


def test_the_workbook_of_another_order_is_refused(order: PurchaseOrder) -> None:
    other = sent(1, offer())

    page = send(order, workbook_bytes(filled({}, order_sheet(other))))

    assert f"This workbook is of {other}, expected {order}." in page.text


def test_what_is_no_workbook_is_refused_at_the_field(order: PurchaseOrder) -> None:
    page = send(order, b"%PDF-1.7")

    assert page.status_code == 422
    assert "is a PDF document." in page.context["form"].errors["file"][0]


# Taking it in


def test_what_was_ticked_is_confirmed_and_the_rest_stays(order: PurchaseOrder) -> None:
    page = upload(order, {1: FEWER, 2: {"Confirmed packs": 1}})

    answer = take_in(order, page, 1)

    assert confirmed(order, 1) == (2, Decimal("11.80"), date(2026, 12, 3))
    assert confirmed(order, 2) == (None, None, None)
    assert "1 line taken in, 1 left as it was." in answer.text


def test_the_order_is_expected_on_the_last_day_that_any_line_is_promised_for(
    order: PurchaseOrder,
) -> None:
    page = upload(order, {1: {"Arrives on": date(2026, 12, 9)}})
    assert "is expected on Dec 9, 2026 instead of Nov 26, 2026" in page.text
    take_in(order, page, 1)

    take_in(order, upload(order, {1: {}, 2: {"Arrives on": date(2026, 12, 3)}}), 2)

    assert again(order).expected_on == date(2026, 12, 9)


def test_the_day_of_one_line_is_not_that_of_another_which_comes_later() -> None:
    order = sent(1, offer(lead_time_days=3), offer(gauze(), lead_time_days=30))

    page = upload(order, {1: {"Arrives on": date(2026, 11, 25)}})
    take_in(order, page, 1)
    lines = signed_in(mara()).get(f"/purchasing/orders/items/{gauze().sku}/").text

    assert "With all of it" not in page.text
    assert again(order).expected_on == date(2026, 12, 23)
    assert "expected Dec 23, 2026" in lines


def test_an_order_is_not_expected_for_a_line_of_which_nothing_comes(order: PurchaseOrder) -> None:
    page = upload(order, {1: {"Confirmed packs": 0, "Arrives on": date(2027, 1, 15)}})

    assert "With all of it" not in page.text


def test_a_remark_is_told_of_the_order(order: PurchaseOrder) -> None:
    take_in(order, upload(order, {2: LATER}), 2)

    assert timeline(order)[0].text == f"{gauze().name}: Back order. “In January, we hope.”"


def test_a_remark_stands_at_its_line_and_in_the_workbook_of_the_lines(
    order: PurchaseOrder,
) -> None:
    take_in(order, upload(order, {2: LATER}), 2)
    browser, url = signed_in(priya()), f"/purchasing/orders/{order.pk}/"

    page = browser.get(url).text
    exported = load_workbook(BytesIO(browser.get(url, {"export": "xlsx"}).content)).worksheets[0]

    assert '<div class="note">Back order. “In January, we hope.”</div>' in page
    assert "Back order. “In January, we hope.”" in [cell.value for row in exported for cell in row]


def test_the_day_that_the_supplier_names_is_not_what_we_ask_for(order: PurchaseOrder) -> None:
    take_in(order, upload(order, {1: {"Arrives on": date(2026, 12, 9)}}), 1)

    assert order_sheet(again(order)).needed_by is None


def test_the_same_answer_again_changes_nothing(order: PurchaseOrder) -> None:
    said = {1: FEWER, 2: LATER}
    take_in(order, upload(order, said), 1, 2)
    version = again(order).version

    page = upload(order, said)

    assert "This answer changes nothing" in page.text
    assert again(order).version == version


def test_a_second_press_takes_nothing_in_twice(order: PurchaseOrder) -> None:
    page = upload(order, {1: FEWER})
    take_in(order, page, 1)
    told = len(timeline(order))

    again_pressed = take_in(order, page, 1)

    assert "This answer changes nothing" in again_pressed.text
    assert len(timeline(order)) == told


def test_an_order_that_was_changed_meanwhile_is_looked_at_again(order: PurchaseOrder) -> None:
    page = upload(order, {1: FEWER})
    take_in(order, upload(order, {1: {"Confirmed packs": 1}}), 1)

    refused = take_in(order, page, 1)

    assert refused.status_code == 422
    assert f"{order} was changed since you opened it" in refused.text
    assert confirmed(order, 1) == (1, None, None)
    take_in(order, refused, 1)
    assert confirmed(order, 1)[0] == 2


def test_without_a_tick_nothing_is_taken_in(order: PurchaseOrder) -> None:
    refused = take_in(order, upload(order, {1: FEWER}))

    assert "Tick at least one line" in refused.text
    assert "checked" not in refused.text


def test_a_line_that_the_answer_does_not_change_cannot_be_ticked(order: PurchaseOrder) -> None:
    refused = take_in(order, upload(order, {1: FEWER}), 2)

    assert refused.status_code == 422
    assert confirmed(order, 2) == (None, None, None)


@pytest.mark.parametrize("forged", ["", "x", "\0", "eyJvcmRlciI6ICJQTyJ9:1abc:xyz"])
def test_an_answer_that_was_not_shown_is_not_taken_in(order: PurchaseOrder, forged: str) -> None:
    url = f"/purchasing/orders/{order.pk}/confirm/"
    fields = {"answer": forged, "line": "1", "version": str(order.version)}

    page = signed_in(priya()).post(url, fields, follow=True)

    assert f"Expected the supplier&#x27;s answer to {order} as it was shown." in page.text


def test_the_answer_to_one_order_is_not_taken_in_for_another(order: PurchaseOrder) -> None:
    other = sent(1, offer())
    page = upload(order, {1: FEWER})

    take_in(other, page, 1)

    assert confirmed(other, 1) == (None, None, None)


def test_what_was_received_already_stays_received(order: PurchaseOrder) -> None:
    came(order, 300)

    take_in(order, upload(again(order), {1: {"Confirmed packs": 2}}), 1)

    needles: Any = order.lines.with_received().get(position=1)
    assert (needles.received, needles.open) == (300, 0)


# Who, and when


def test_an_order_that_was_not_sent_has_no_answer() -> None:
    order = approved()

    page = signed_in(priya()).get(f"/purchasing/orders/{order.pk}/answer/", follow=True)

    assert "Only a sent order is confirmed." in page.text


@pytest.mark.parametrize(("who", "may"), [(priya, True), (dana, True), (mara, False), (vic, False)])
def test_who_buys_takes_answers_in(order: PurchaseOrder, who: Any, may: bool) -> None:
    browser: Client = signed_in(who())

    assert ("/answer/" in browser.get(f"/purchasing/orders/{order.pk}/").text) is may
    status = browser.get(f"/purchasing/orders/{order.pk}/answer/").status_code
    assert status == (200 if may else 403)


def test_more_packs_than_anybody_could_count_are_not_taken_in() -> None:
    order = sent(5, offer(pack_quantity=10**8))

    answer = take_in(order, upload(order, {1: {"Confirmed packs": 100_000}}), 1)

    assert "Expected from 0 to 9 packs of Needle 25G 1½ in, but got 100,000." in answer.text
    assert confirmed(order, 1) == (None, None, None)


def test_a_remark_that_the_supplier_takes_back_is_gone(order: PurchaseOrder) -> None:
    sorry = {"Availability": "discontinued", "Remark": "Sorry."}
    take_in(order, upload(order, {1: sorry}), 1)

    take_in(order, upload(order, {1: {"Confirmed packs": 3}}), 1)

    line = order.lines.get(position=1)
    assert (line.confirmed_packs, line.remark) == (3, "")


@pytest.mark.parametrize(
    ("said", "remark", "told"),
    [
        ({"Availability": "in stock"}, "In stock.", "A remark alone: nothing else changes."),
        ({}, "", "No remark any more: nothing else changes."),
    ],
    ids=["in stock", "nothing"],
)
def test_what_is_on_back_order_no_more_is_heard(
    order: PurchaseOrder, said: Mapping[str, Any], remark: str, told: str
) -> None:
    take_in(order, upload(order, {2: {"Availability": "back order"}}), 2)

    page = upload(order, {2: said})
    take_in(order, page, 2)

    assert "Until now: Back order." in page.text
    assert told in page.text
    assert order.lines.get(position=2).remark == remark
    assert timeline(order)[0].text == f"{gauze().name}: {remark or 'no remark any more.'}"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "as ordered"),
        ({"Confirmed price": 11.5}, "at $11.50, else as ordered"),
        ({"Confirmed packs": 2}, "2 packs, else as ordered"),
        ({"Confirmed packs": 3, "Confirmed price": 11.5}, "3 packs at $11.50"),
    ],
)
def test_a_line_that_goes_back_to_what_was_ordered_leaves_a_trace(
    order: PurchaseOrder, said: Mapping[str, Any], told: str
) -> None:
    take_in(order, upload(order, {1: {"Confirmed packs": 1, "Confirmed price": 11.8}}), 1)

    take_in(order, upload(order, {1: said, 2: {"Confirmed price": 5}}), 1, 2)

    assert timeline(order)[0].text == (
        f"Confirmed by {order.supplier}: {needle()} {told}; {gauze()} at $5.00."
    )


def test_what_is_in_stock_as_before_is_no_news(order: PurchaseOrder) -> None:
    take_in(order, upload(order, {2: {"Confirmed price": 5, "Availability": "in stock"}}), 2)

    page = upload(order, {2: {"Confirmed price": 5}})

    assert "This answer changes nothing" in page.text


def test_a_line_that_is_ticked_twice_is_taken_in_once(order: PurchaseOrder) -> None:
    answer = take_in(order, upload(order, {1: FEWER}), 1, 1, 1)

    assert "1 line taken in." in answer.text
