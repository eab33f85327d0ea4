"""Orders on their pages: from the report to a draft, changed in place, approved, found again."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location, Supplier, SupplierOffer
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import draft_record, record
from inventory.purchasing.orders.words import Confirmed
from tests.clinic import NOW, dana, gauze, kenalog, mara, needle, place, priya, signed_in, vic
from tests.purchasing import shop
from tests.purchasing.orders.desk import again, approved, came, drafted, line, offer, sent
from tests.walk import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def press(order: PurchaseOrder, do: str, who: User | None = None, /, **typed: str) -> Any:
    """Press a button of a draft, with what its page shows but for what was typed."""
    browser, url = signed_in(who or priya()), f"/purchasing/orders/{order.pk}/"
    fields = fields_of(browser.get(url).text) | typed | {"do": do}
    action = "approve" if do == "approve" else "edit"
    return browser.post(f"{url}{action}/", fields, follow=True)


def with_reason(order: PurchaseOrder, action: str, reason: str = "Sold out") -> Any:
    url = f"/purchasing/orders/{order.pk}/{action}/"
    sent_form = {"version": str(again(order).version), "reason": reason}
    return signed_in(priya()).post(url, sent_form, follow=True)


def pick(browser: Client, **fields: Any) -> Any:
    return browser.post("/purchasing/orders/draft/", fields, follow=True)


# From the report


def test_what_was_ticked_becomes_a_draft_for_each_supplier() -> None:
    harbor = Supplier.objects.create(code="harbor", name="Harbor")
    offer(), shop.offer(gauze(), harbor)
    fields = {"packs-needle-25g-15": "2", "packs-gauze-2x2": "4", "packs-kenalog-40-1": "9"}

    page = pick(signed_in(priya()), pick=["needle-25g-15", "gauze-2x2"], **fields)

    drafts = PurchaseOrder.objects.order_by("supplier__name")
    assert [(str(each.supplier), each.lines.get().packs) for each in drafts] == [
        ("Harbor", 4),
        ("Northgate Medical Supply", 2),
    ]
    assert page.redirect_chain[-1][0] == "/purchasing/orders/?state=draft"


def test_a_second_press_with_the_same_key_adds_nothing_up() -> None:
    offer()
    fields = {"packs-needle-25g-15": "2", "submission_key": str(uuid4())}
    browser = signed_in(priya())

    for _ in range(2):
        pick(browser, pick="needle-25g-15", **fields)

    assert line(PurchaseOrder.objects.get()).packs == 2


def test_the_offer_that_the_report_showed_is_ordered() -> None:
    offer()
    big = shop.offer(needle(), order_code="BIG", pack_quantity=1000, pack_price=Decimal(90))

    pick(
        signed_in(priya()),
        pick="needle-25g-15",
        **{"packs-needle-25g-15": "1", "offer-needle-25g-15": str(big.pk)},
    )

    assert line(PurchaseOrder.objects.get()).order_code == "BIG"


@pytest.mark.parametrize(
    "meanwhile", [{"is_active": False}, {"pack_quantity": 1000}], ids=["out of use", "larger"]
)
def test_what_is_offered_otherwise_by_now_is_left_out_and_said(meanwhile: dict[str, Any]) -> None:
    shop.offer(needle(), Supplier.objects.create(code="harbor", name="Harbor"), pack_quantity=1000)
    shown = f"{offer().pk}:100"
    SupplierOffer.objects.filter(pk=offer().pk).update(**meanwhile)

    page = pick(
        signed_in(priya()),
        pick="needle-25g-15",
        **{"packs-needle-25g-15": "4", "offer-needle-25g-15": shown},
    )

    assert "Needle 25G 1½ in was left out: it is not offered any more as it was shown" in page.text
    assert not PurchaseOrder.objects.exists()


def test_an_item_that_was_put_out_of_use_is_left_out_and_said() -> None:
    offer()
    Item.objects.update(is_active=False)

    page = pick(signed_in(priya()), pick="needle-25g-15", **{"packs-needle-25g-15": "2"})

    assert "Needle 25G 1½ in was left out: it is not in use any more." in page.text
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize("packs", ["", "0", "-1", "1.5", "²", "9999999"])
def test_packs_that_are_none_are_refused_and_nothing_is_drafted(packs: str) -> None:
    offer()

    page = pick(signed_in(priya()), pick="needle-25g-15", **{"packs-needle-25g-15": packs})

    assert f"whole packs of Needle 25G 1½ in, but got “{packs}”" in page.text
    assert not PurchaseOrder.objects.exists()


def test_of_orders_that_are_drafted_together_one_refusal_leaves_none() -> None:
    offer()
    shop.offer(gauze(), Supplier.objects.create(code="harbor", name="Harbor"), pack_quantity=10**8)
    fields = {"packs-needle-25g-15": "2", "packs-gauze-2x2": "5000"}

    page = pick(signed_in(priya()), pick=["needle-25g-15", "gauze-2x2"], **fields)

    assert "Nothing was drafted. Expected from 1 to 9 packs of Gauze" in page.text
    assert not PurchaseOrder.objects.exists()


def test_what_nobody_sells_is_left_out_and_said() -> None:
    kenalog(), offer()
    fields = {"packs-needle-25g-15": "2", "packs-kenalog-40-1": "3"}

    page = pick(signed_in(priya()), pick=["needle-25g-15", "kenalog-40-1"], **fields)

    assert "Kenalog-40 1 mL single-dose vial was left out: nobody sells it yet." in page.text
    assert PurchaseOrder.objects.get().lines.count() == 1


# A draft


def test_priya_changes_packs_and_price_in_place() -> None:
    order = drafted(3)
    pk = line(order).pk

    page = press(order, "save", **{f"packs-{pk}": "5", f"price-{pk}": "10.40"})

    assert (line(order).packs, line(order).pack_price) == (5, Decimal("10.40"))
    assert "$52.00" in page.text
    assert "3 to 5 packs" in page.text


def test_a_line_is_searched_added_and_removed() -> None:
    order = drafted(3)
    gauze()

    found = press(order, "find", find="gauze")
    press(order, "add:gauze-2x2")
    press(order, f"remove:{line(order).pk}")

    assert 'value="add:gauze-2x2"' in found.text
    assert [each.item for each in order.lines.all()] == [gauze()]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed() -> None:
    order = drafted(3)
    pk = line(order).pk

    page = press(order, "save", **{f"packs-{pk}": "a few", f"price-{pk}": "1"})

    assert page.status_code == 422
    assert "Expected whole packs, like 3." in page.text
    assert (line(order).packs, line(order).pack_price) == (3, Decimal("11.00"))


def test_two_who_change_a_draft_at_once_lose_nothing() -> None:
    order = drafted(3)
    pk = line(order).pk
    press(order, "save", dana(), **{f"packs-{pk}": "4"})

    page = press(order, "save", version="1", **{f"packs-{pk}": "7"})

    assert page.status_code == 422
    assert "was changed since you opened it" in page.text
    assert "Dana Lindqvist: Changed: Needle 25G 1½ in 3 to 4 packs." in page.text
    # What she typed stands beside what there is now; pressed again, it counts.
    assert fields_of(page.text) | {f"packs-{pk}": "7", "version": "2"} == fields_of(page.text)
    assert "now 4 at $11.00" in page.text
    assert line(order).packs == 4


def test_a_manager_approves_what_she_typed() -> None:
    order = drafted(3)

    page = press(order, "approve", dana(), **{f"packs-{line(order).pk}": "6"})

    assert "is approved. Send it now, or later." in page.text
    assert (again(order).status, line(order).packs) == ("approved", 6)


def test_a_purchaser_does_not_approve() -> None:
    order = drafted(3)

    assert press(order, "approve").status_code == 403
    assert again(order).status == "draft"


def test_a_purchaser_approves_by_no_other_address_either() -> None:
    order = drafted()
    url = f"/purchasing/orders/{order.pk}/"
    fields = fields_of(signed_in(priya()).get(url).text)

    signed_in(priya()).post(f"{url}edit/", fields | {"do": "approve"})

    assert again(order).status == "draft"


def test_an_order_that_was_approved_meanwhile_says_by_whom() -> None:
    order = drafted(3)
    browser, url = signed_in(priya()), f"/purchasing/orders/{order.pk}/"
    fields = fields_of(browser.get(url).text)
    press(order, "approve", dana())

    page = browser.post(f"{url}edit/", fields | {"do": "save"}, follow=True)

    assert "PO-2026-0001 was approved by Dana Lindqvist" in page.text


def test_a_supplier_with_a_draft_is_gone_on_with() -> None:
    order = drafted(3)

    form = {"supplier": "northgate"}
    page = signed_in(priya()).post("/purchasing/orders/add/", form, follow=True)

    assert page.redirect_chain[-1][0] == f"/purchasing/orders/{order.pk}/"
    assert "has this draft already" in page.text


def test_nothing_is_ordered_again_from_a_supplier_out_of_use() -> None:
    order = sent(3)
    Supplier.objects.update(is_active=False)

    copied = {"submission_key": "again"}
    page = signed_in(priya()).post(f"/purchasing/orders/{order.pk}/copy/", copied, follow=True)

    assert "Northgate Medical Supply is not in use any more" in page.text
    assert PurchaseOrder.objects.count() == 1


def test_a_copy_is_made_once() -> None:
    order, form = sent(3), {"submission_key": str(uuid4())}
    browser = signed_in(priya())

    for _ in range(2):
        browser.post(f"/purchasing/orders/{order.pk}/copy/", form)

    assert PurchaseOrder.objects.filter(status="draft").count() == 1


# Its end


@pytest.mark.parametrize(
    ("begin", "action", "status"),
    [(approved, "reopen", "draft"), (sent, "cancel", "cancelled"), (sent, "close", "closed")],
)
def test_an_order_goes_back_or_ends_with_a_reason(
    begin: Callable[[], PurchaseOrder], action: str, status: str
) -> None:
    order = begin()

    refused = with_reason(order, action, reason="")
    page = with_reason(order, action)

    assert refused.status_code == 422
    assert again(order).status == status
    assert "Sold out" in page.text


# Who sees what


@pytest.mark.parametrize(
    ("who", "buttons"),
    [
        (priya, {"Receive", "Cancel it", "Copy as a new draft", "Order workbook"}),
        (mara, {"Receive", "Order workbook"}),
        (vic, {"Order workbook"}),
    ],
)
def test_the_page_offers_what_a_person_may_do(who: Callable[[], User], buttons: set[str]) -> None:
    page = signed_in(who()).get(f"/purchasing/orders/{sent(3).pk}/").text

    every = {"Receive", "Cancel it", "Copy as a new draft", "Order workbook", "Close short"}
    assert {each for each in every if f">{each}<" in page} == buttons


def test_a_viewer_looks_at_a_draft_and_changes_nothing() -> None:
    page = signed_in(vic()).get(f"/purchasing/orders/{drafted(3).pk}/").text

    assert 'name="do"' not in page
    assert "$33.00" in page


@pytest.mark.parametrize(
    ("asked", "packs"),
    [
        ({"state": "draft"}, {1}),
        ({"state": "approved"}, {2}),
        ({"state": "sent"}, {3}),
        ({"state": "open"}, {2, 3}),
        ({"state": "received"}, {4}),
        ({"item": "needle"}, {1, 2, 3, 4}),
        ({"item": "gauze"}, set()),
        ({"supplier": "northgate", "q": "0001"}, {4}),
    ],
)
def test_orders_are_found_by_state_item_supplier_and_number(
    asked: dict[str, str], packs: set[int]
) -> None:
    came(sent(4), 400)
    sent(3)
    approved(2)
    drafted(1)

    table = signed_in(vic()).get("/purchasing/orders/", asked).context["table"]

    assert {line(each.record).packs for each in table.rows} == packs


def test_an_item_says_what_of_it_is_on_order_and_what_it_cost() -> None:
    came(sent(3), 100, unit_price="0.12")

    page = signed_in(mara()).get("/purchasing/orders/items/needle-25g-15/").text

    assert "200 on order from Northgate Medical Supply" in page
    assert "$11.00 for 100; paid $12.00 for 100" in page


def test_a_supplier_says_how_long_it_took() -> None:
    for days in (2, 4, 6):
        came(sent(1), 100, days=days)

    page = signed_in(priya()).get("/purchasing/orders/suppliers/northgate/").text

    assert "Delivers in 4 days, mostly 3 to 5, learned from 3 orders." in page


def test_the_spend_is_added_up_on_the_page_and_in_the_workbook() -> None:
    came(sent(3), 100, unit_price="0.12")
    browser = signed_in(priya())

    page = browser.get("/purchasing/spend/").text
    answer = browser.get("/purchasing/spend/", {"export": "xlsx"})

    assert "November 2026" in page
    (_, row, total) = (
        load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    )
    assert row == ("2026-11", "Northgate Medical Supply", 1, 33, 12, 0)
    assert total[3] == "=SUM(D2:D2)"


def test_the_spend_says_of_which_months_it_is_when_priya_asks_for_others() -> None:
    asked = {"since": "2026-01", "until": "2026-03"}
    answer = signed_in(priya()).get("/purchasing/spend/", asked, headers={"HX-Request": "true"})

    assert '<p id="spend-period" class="note" hx-swap-oob="true">' in answer.text
    assert "From Jan 1, 2026 to Mar 31, 2026." in answer.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_months_that_end_before_they_begin_are_named(headers: dict[str, str]) -> None:
    asked = {"since": "2026-06", "until": "2026-03"}
    answer = signed_in(priya()).get("/purchasing/spend/", asked, headers=headers)

    assert "to: Expected June 2026 or later, but got March 2026." in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-06", "until": "2026-03"},
        {"since": "2027-03"},
        {"since": "2027-03", "until": "soon"},
    ],
)
def test_months_that_make_no_sense_narrow_nothing(asked: dict[str, str]) -> None:
    answer = signed_in(priya()).get("/purchasing/spend/", asked)

    assert "From Dec 1, 2025 to Nov 30, 2026." in answer.text


def test_a_month_to_end_with_alone_asks_for_the_year_that_ends_with_it() -> None:
    answer = signed_in(priya()).get("/purchasing/spend/", {"until": "2025-01"})

    assert "From Feb 1, 2024 to Jan 31, 2025." in answer.text


def test_nobody_needs_it_on_a_day_that_is_past() -> None:
    order = drafted()

    page = press(order, "save", needed_by="2026-11-01")

    assert page.status_code == 422
    assert "Expected today, Nov 23, 2026, or a day after it, but got Nov 1, 2026." in page.text
    assert 'value="2026-11-01"' in page.text


def test_a_draft_whose_day_went_by_is_still_saved_and_not_approved() -> None:
    order = drafted()
    PurchaseOrder.objects.filter(pk=order.pk).update(needed_by=date(2026, 11, 20))

    saved = press(order, "save", note="Ring twice")
    refused = press(order, "approve", dana(), note="Ring thrice")

    assert "Saved." in saved.text
    assert "was not approved: the day that it is needed by is past. Expected today," in refused.text
    assert (again(order).status, again(order).note) == ("draft", "Ring thrice")


def test_of_what_has_ended_nothing_is_expected() -> None:
    order = sent(3)
    came(order, 100)
    with_reason(order, "close")
    browser = signed_in(priya())

    page = browser.get(f"/purchasing/orders/{order.pk}/").text
    listed = browser.get("/purchasing/orders/").text

    assert "Given up" in page
    assert "<dt>Expected</dt>" not in page
    assert re.search(r'data-label="Expected"></td>', listed)


def test_what_is_open_is_named_before_it_is_given_up() -> None:
    order = sent(3, offer(), shop.offer(gauze(), pack_price=Decimal("4.00")))
    came(order, 150), came(order, 300, gauze())

    page = signed_in(priya()).get(f"/purchasing/orders/{order.pk}/close/").text

    assert "1. Needle 25G 1½ in" in page
    assert '150<div class="note">1.5 packs of 100</div>' in page
    assert page.count("$16.50") == 2
    assert "Gauze" not in page


def test_what_is_on_order_is_listed_before_it_is_cancelled_and_nothing_of_a_draft() -> None:
    order, draft = sent(3), drafted(2)
    browser = signed_in(priya())

    page = browser.get(f"/purchasing/orders/{order.pk}/cancel/").text

    assert "On order until now" in page
    assert '300<div class="note">3 packs of 100</div>' in page
    assert "On order until now" not in browser.get(f"/purchasing/orders/{draft.pk}/cancel/").text


def test_what_was_cancelled_was_not_lately_ordered() -> None:
    order = sent(3)
    with_reason(order, "cancel")

    assert str(order) not in signed_in(priya()).get("/purchasing/orders/items/needle-25g-15/").text


def test_a_supplier_says_what_was_not_sent_yet() -> None:
    approved(3)

    assert "not sent yet" in signed_in(priya()).get("/purchasing/orders/suppliers/northgate/").text


def test_an_order_with_nothing_on_it_is_not_called_unpriced() -> None:
    draft_record.begin(shop.northgate(), by=priya(), now=NOW)

    assert "not priced" not in signed_in(priya()).get("/purchasing/orders/").text


def test_what_never_came_is_not_found_among_what_was_received() -> None:
    order = sent(3)
    record.confirm(order, {1: Confirmed(0)}, seen=order.version, by=dana(), now=NOW)

    listed = signed_in(priya()).get("/purchasing/orders/?state=received").text

    assert f">{order}<" not in listed


def test_approving_keeps_where_it_was_to_go_though_the_place_is_out_of_use() -> None:
    order = drafted()
    PurchaseOrder.objects.update(deliver_to=place())
    Location.objects.update(is_active=False)

    press(order, "approve", dana())

    assert (again(order).status, again(order).deliver_to) == ("approved", place())
