"""An order leaves: by mail with its workbook, or by the person's own hand."""

from io import BytesIO
from smtplib import SMTPServerDisconnected
from typing import Any
from unittest import mock

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from openpyxl import load_workbook

from inventory.catalog.models import Clinic, Supplier
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import errors, record
from inventory.purchasing.orders.letter import order_sheet
from tests.clinic import NOW, dana, priya, signed_in
from tests.purchasing.formulas import computed
from tests.purchasing.orders.desk import again, approved, drafted, offer
from tests.walk import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def order() -> PurchaseOrder:
    offer()
    Supplier.objects.update(email="orders@northgate.example")
    Clinic.objects.update(name="Lakeside Pain Clinic", address="1 Lake St\nChicago")
    return approved(3)


def browser() -> Client:
    who = priya()
    who.email = "priya@clinic.example"
    who.save()
    return signed_in(who)


def letter(client: Client, url: str) -> dict[str, str]:
    """What the page proposes; its text stands in a box of its own."""
    page = client.get(url)
    return fields_of(page.text) | {"body": page.context["form"]["body"].value(), "do": "mail"}


def send(order: PurchaseOrder, **typed: str) -> Any:
    client, url = browser(), f"/purchasing/orders/{order.pk}/send/"
    return client.post(url, letter(client, url) | typed, follow=True)


def test_the_mail_goes_to_the_supplier_with_the_workbook(
    order: PurchaseOrder, mailoutbox: list[EmailMessage]
) -> None:
    page = send(order)

    (mail,) = mailoutbox
    assert (mail.to, mail.reply_to) == (["orders@northgate.example"], ["priya@clinic.example"])
    assert mail.subject == "Order PO-2026-0001 of Lakeside Pain Clinic"
    name, content, _ = mail.attachments[0]
    rows = computed(load_workbook(BytesIO(content)))["Order"]
    assert name == "PO-2026-0001.xlsx"
    assert any({"needle-25g-15", 3, 33} <= set(row) for row in rows)
    assert "is mailed to orders@northgate.example. It is on order now." in page.text
    assert (again(order).status, again(order).how) == ("sent", "mailed")


def test_address_subject_and_text_can_be_changed(
    order: PurchaseOrder, mailoutbox: list[EmailMessage]
) -> None:
    send(order, to="sam@northgate.example", subject="Urgent\norder", body="Please hurry.")

    (mail,) = mailoutbox
    assert (mail.to, mail.subject, mail.body) == (
        ["sam@northgate.example"],
        "Urgent order",
        "Please hurry.",
    )


@pytest.mark.parametrize(
    "failure", [SMTPServerDisconnected("no answer"), TimeoutError("no answer")]
)
def test_a_mail_that_fails_leaves_the_order_approved_and_says_why(
    order: PurchaseOrder, failure: Exception
) -> None:
    with mock.patch.object(EmailMessage, "send", side_effect=failure):
        page = send(order)

    assert "the mail to orders@northgate.example failed (no answer). It is still" in page.text
    assert (again(order).status, again(order).sending_since) == ("approved", None)


def test_it_is_mailed_by_one_person_at_a_time(order: PurchaseOrder) -> None:
    record.begin_sending(order, seen=order.version, now=NOW)

    with pytest.raises(errors.BeingSent, match="is being mailed at this moment"):
        record.begin_sending(order, seen=order.version, now=NOW)
    with pytest.raises(errors.BeingSent):
        record.mark_sent(order, seen=order.version, by=priya(), now=NOW)


def test_a_second_press_does_not_mail_it_again(
    order: PurchaseOrder, mailoutbox: list[EmailMessage]
) -> None:
    client, url = browser(), f"/purchasing/orders/{order.pk}/send/"
    fields = letter(client, url)

    client.post(url, fields)
    page = client.post(url, fields, follow=True)

    assert len(mailoutbox) == 1
    assert "PO-2026-0001 was sent by Priya Shah" in page.text


def test_priya_sends_it_herself(order: PurchaseOrder, mailoutbox: list[EmailMessage]) -> None:
    send(order, do="by-hand")

    assert (again(order).status, again(order).how, mailoutbox) == ("sent", "downloaded", [])


@pytest.mark.parametrize("do", ["mail", "by-hand"])
def test_nothing_is_sent_to_a_supplier_who_was_put_out_of_use_meanwhile(
    order: PurchaseOrder, mailoutbox: list[EmailMessage], do: str
) -> None:
    Supplier.objects.update(is_active=False)

    page = send(order, do=do)

    assert "Northgate Medical Supply is not in use any more" in page.text
    assert (again(order).status, mailoutbox) == ("approved", [])


def test_a_draft_for_a_supplier_out_of_use_is_not_approved() -> None:
    order = drafted(3)
    Supplier.objects.update(is_active=False)

    with pytest.raises(errors.NotInUse):
        record.approve(again(order), seen=order.version, by=dana(), now=NOW)


def test_where_no_address_is_known_the_page_says_so_and_takes_the_one_that_is_typed(
    order: PurchaseOrder, mailoutbox: list[EmailMessage]
) -> None:
    Supplier.objects.update(email="")
    before = browser().get(f"/purchasing/orders/{order.pk}/send/").text
    page = send(order, to="sam@northgate.example", remember="on")

    assert "Northgate Medical Supply has no e-mail address for orders yet." in before
    assert 'href="/catalog/suppliers/northgate/"' in before
    assert mailoutbox[0].to == ["sam@northgate.example"]
    assert (
        "Orders of Northgate Medical Supply go to sam@northgate.example from now on." in page.text
    )
    assert Supplier.objects.get().email == "sam@northgate.example"


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("", {"to": "sam@northgate.example", "remember": ""}),
        ("orders@northgate.example", {"to": "sam@northgate.example", "remember": "on"}),
    ],
    ids=["not asked to", "one is known"],
)
def test_an_address_is_remembered_only_where_none_is_known_and_she_wants_it(
    order: PurchaseOrder, mailoutbox: list[EmailMessage], known: str, typed: dict[str, str]
) -> None:
    Supplier.objects.update(email=known)
    send(order, **typed)

    assert (len(mailoutbox), Supplier.objects.get().email) == (1, known)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Expected the supplier&#x27;s e-mail address, like orders@example.com."),
        ("sam", "Expected one e-mail address like orders@example.com, but got “sam”."),
        ("a@b.example, c@d.example", "but got “a@b.example, c@d.example”."),
        (f"{'x' * 250}@b.example", "Expected one e-mail address like orders@example.com"),
    ],
)
def test_what_is_no_address_is_refused_and_nothing_is_kept_of_it(
    order: PurchaseOrder, mailoutbox: list[EmailMessage], typed: str, sentence: str
) -> None:
    Supplier.objects.update(email="")
    page = send(order, to=typed, remember="on")

    assert page.status_code == 422
    assert sentence in page.text
    assert (again(order).status, Supplier.objects.get().email, mailoutbox) == ("approved", "", [])


def test_an_address_that_could_not_be_mailed_to_is_not_remembered(order: PurchaseOrder) -> None:
    Supplier.objects.update(email="")
    with mock.patch.object(EmailMessage, "send", side_effect=TimeoutError("no answer")):
        send(order, to="sam@northgate.example", remember="on")

    assert Supplier.objects.get().email == ""


def test_a_draft_has_no_workbook_yet() -> None:
    page = browser().get(f"/purchasing/orders/{drafted().pk}/workbook/", follow=True)

    assert "Its workbook is there once it is approved." in page.text


def test_the_workbook_is_made_of_what_the_order_says(order: PurchaseOrder) -> None:
    sheet = order_sheet(order)

    assert sheet.letterhead.address == ("1 Lake St", "Chicago")
    assert [(each.number, each.packs, each.pack_price) for each in sheet.lines] == [(1, 3, 11)]


def test_an_order_without_a_letterhead_says_what_is_missing(order: PurchaseOrder) -> None:
    url = f"/purchasing/orders/{order.pk}/send/"
    Clinic.objects.update(address="", phone="555-0142")

    assert "letterhead has no address of the clinic" in signed_in(priya()).get(url).text
    assert 'href="/catalog/clinic/"' in signed_in(dana()).get(url).text

    Clinic.objects.update(address="1200 Lakeside Drive")
    assert "letterhead" not in signed_in(priya()).get(url).text


def test_an_address_with_the_end_of_a_line_in_it_is_none(
    order: PurchaseOrder, mailoutbox: list[EmailMessage]
) -> None:
    page = send(order, to='"a\x0bb"@example.com')

    assert page.status_code == 422
    assert "Expected one e-mail address" in page.text
    assert mailoutbox == []
