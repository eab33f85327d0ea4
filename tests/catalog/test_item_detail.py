"""The page of an item: what it is, what is on hand and where, who sells it, which codes it has."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.catalog.models import Item
from inventory.catalog.register import add_item, add_offer, set_level
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import Want
from tests import clinic
from tests.catalog.facts import gtin, lidocaine, needle, northgate, offer, room

pytestmark = pytest.mark.django_db


def page(item: Item) -> str:
    """Return what Mara, a nurse, reads about an item."""
    answer = clinic.signed_in(clinic.mara()).get(reverse("item_detail", args=[item.sku]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def opened(item: Item, quantity: str) -> Holding:
    """Use some of it now, and return the vial that this opened."""
    now = timezone.now()
    want = Want(item, Decimal(quantity))
    ledger.use(by=clinic.mara(), location=room(), wants=[want], happened_at=now, now=now)
    return Holding.objects.opened().get()


def test_a_nurse_reads_what_may_be_used_in_vials_too() -> None:
    item = add_item(lidocaine())
    clinic.received(item, 60, expires_on=timezone.localdate() + timedelta(days=90))
    opened(item, "4")

    text = page(item)

    assert '56 <span class="unit">mL</span>' in text
    assert "2 vials and 1 open" in text
    assert "open vial" in text


def test_a_nurse_reads_what_is_in_the_way_and_why() -> None:
    item = add_item(lidocaine())
    clinic.received(item, 20, expires_on=timezone.localdate() - timedelta(days=1))
    held = clinic.received(item, 40, lot="R1", expires_on=timezone.localdate()).lot
    now = timezone.now()
    ledger.set_lot_status(
        held, by=clinic.dana(), status=Lot.Status.RECALLED, reason="maker", now=now
    )

    text = page(item)

    assert "60 mL" in text
    assert '<span class="pill pill-bad">expired</span>' in text
    assert '<span class="pill pill-held">recalled</span>' in text


def test_a_nurse_reads_codes_offers_and_levels() -> None:
    item = add_item(lidocaine(), [gtin()])
    add_offer(northgate(), item, offer())
    clinic.received(item, 40, expires_on=timezone.localdate())
    set_level(item, room(), Decimal(20), Decimal(100))

    text = page(item)

    assert "00323155940312" in text
    assert "NG-10117 · $75.00 for 500 mL · 3 days" in text
    assert "40 mL usable · fill up at 20, to 100" in text


def test_an_opened_vial_lasts_the_usual_days_unless_the_label_says_otherwise() -> None:
    assert "<dd>28 days</dd>" in page(add_item(lidocaine()))
    assert "<dd>6 days</dd>" in page(add_item(lidocaine(sku="other", beyond_use_days=6)))


def test_an_item_without_anything_says_so() -> None:
    text = page(add_item(needle()))

    assert "Nothing of this is on hand." in text
    assert "a scanner will not know this item" in text
    assert "Nobody yet." in text


def test_a_nurse_is_offered_nothing_that_only_a_manager_may_do() -> None:
    item = add_item(lidocaine(), [gtin()])

    assert '<form method="post" action="/catalog/' not in page(item)
    assert reverse("item_edit", args=[item.sku]) not in page(item)


@pytest.mark.parametrize("sku", ["unknown", "lido%00", "LIDO", "a..b"])
def test_an_unknown_item_is_not_found(sku: str) -> None:
    answer = clinic.signed_in(clinic.mara()).get(f"/catalog/items/{sku}/")

    assert answer.status_code == 404
