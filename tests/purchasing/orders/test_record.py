"""What becomes of an order: approved, sent, received, closed short, cancelled."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import draft_record, errors, record
from inventory.purchasing.orders.letter import usual_letter
from inventory.purchasing.orders.open import on_order_by_item
from inventory.purchasing.orders.words import Confirmed, state_pill, timeline
from tests.clinic import NOW, TODAY, dana, needle, priya
from tests.purchasing import shop
from tests.purchasing.orders.desk import (
    again,
    approved,
    came,
    drafted,
    line,
    offer,
    sent,
    undo_last,
)

pytestmark = pytest.mark.django_db


def with_reason(act: Callable[..., PurchaseOrder], order: PurchaseOrder) -> PurchaseOrder:
    return act(order, reason="Found some", seen=again(order).version, by=priya(), now=NOW)


def state(order: PurchaseOrder) -> str:
    return state_pill(again(order), TODAY).word


def test_an_order_is_approved_sent_received_in_part_and_whole() -> None:
    order = drafted(3)
    states = [state(order)]
    record.approve(order, seen=1, by=dana(), now=NOW)
    states.append(state(order))
    record.mark_sent(order, seen=2, by=priya(), now=NOW)
    states.append(state(order))
    came(order, 100)
    states.append(state(order))
    came(order, 200)

    assert [*states, state(order)] == [
        "draft",
        "approved",
        "sent",
        "received in part",
        "received",
    ]


def test_an_order_without_lines_is_not_approved() -> None:
    order = draft_record.begin(shop.northgate(), by=priya(), now=NOW).order

    with pytest.raises(errors.NothingOrdered, match="has no lines yet"):
        record.approve(order, seen=1, by=dana(), now=NOW)


def test_what_is_approved_is_what_was_seen() -> None:
    order = drafted(3)
    drafted(2)

    with pytest.raises(errors.ChangedMeanwhile, match="Priya Shah: Added Needle 25G"):
        record.approve(order, seen=1, by=dana(), now=NOW)


@pytest.mark.parametrize(
    ("begin", "act", "sentence"),
    [
        (approved, record.approve, "was approved by Dana Lindqvist, .* Only a draft is approved"),
        (drafted, record.mark_sent, "was drafted by Priya Shah, .* Only an approved order is sent"),
        (sent, record.mark_sent, "was sent by Priya Shah, .* Only an approved order is sent"),
    ],
)
def test_a_step_out_of_turn_says_who_was_there_before(
    begin: Callable[[], PurchaseOrder], act: Callable[..., Any], sentence: str
) -> None:
    order = begin()

    with pytest.raises(errors.WrongStatus, match=sentence):
        act(order, seen=order.version, by=dana(), now=NOW)


def test_of_a_draft_that_was_put_back_it_is_said_who_did_that(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    order = approved()
    record.back_to_draft(order, reason="Too dear", seen=order.version, by=dana(), now=NOW)
    order = again(order)

    with django_assert_num_queries(1):  # type: ignore[operator]
        sentence = errors.status_sentence(order)
    assert sentence == "PO-2026-0001 was put back to draft by Dana Lindqvist, Nov 23, 2026, 10:15."


def test_an_approval_that_is_taken_back_lets_the_order_be_changed() -> None:
    order = with_reason(record.back_to_draft, approved())

    assert (order.status, order.approved_by) == ("draft", None)
    assert timeline(order)[0].text == "Back to draft: Found some"


def test_a_sent_order_is_expected_after_the_longest_lead_time_of_its_offers() -> None:
    assert sent(1, offer(lead_time_days=4)).expected_on == date(2026, 11, 27)


def test_an_order_that_is_needed_by_a_day_is_expected_on_it() -> None:
    order = approved(1, offer(lead_time_days=4))
    PurchaseOrder.objects.filter(pk=order.pk).update(needed_by=date(2026, 12, 1))

    order = record.mark_sent(order, seen=order.version, by=priya(), now=NOW)

    assert order.expected_on == date(2026, 12, 1)


def test_of_an_order_that_was_sent_by_hand_no_more_is_told_than_is_known() -> None:
    assert timeline(sent())[0].text == "Sent by hand."


def test_closed_short_what_is_open_is_not_on_order_any_more() -> None:
    order = sent(3)
    came(order, 100)

    with_reason(record.close_short, order)

    assert (state(order), dict(on_order_by_item())) == ("closed short", {})


def test_there_is_nothing_to_close_once_all_has_come() -> None:
    order = sent(3)
    came(order, 300)

    with pytest.raises(errors.NothingOpen, match="Nothing of PO-2026-0001 is still expected"):
        with_reason(record.close_short, order)


@pytest.mark.parametrize("begin", [drafted, approved, sent])
def test_what_has_not_come_can_be_cancelled(begin: Callable[[], PurchaseOrder]) -> None:
    order = with_reason(record.cancel, begin())

    assert (state(order), order.end_reason, dict(on_order_by_item())) == (
        "cancelled",
        "Found some",
        {},
    )


def test_what_has_come_is_not_cancelled_until_it_is_undone() -> None:
    order = sent(3)
    came(order, 100)
    with pytest.raises(errors.ReceivedAlready, match="Close it short instead"):
        with_reason(record.cancel, order)

    undo_last()

    assert with_reason(record.cancel, order).status == "cancelled"


def test_undoing_a_receipt_reopens_the_order_and_is_told() -> None:
    order = sent(3)
    came(order, 300)

    undo_last()

    assert (state(order), line(order).open) == ("sent", 300)
    assert any("Counted wrong" in each.text for each in timeline(order))


def test_more_than_was_ordered_is_received_and_said() -> None:
    against = came(sent(3), 340)

    assert against.warnings == ("Needle 25G 1½ in: 40 more than is open on PO-2026-0001.",)
    assert (line(against.order).open, against.is_complete) == (0, True)


def test_an_order_that_is_sent_after_its_day_is_expected_as_fast_as_it_can_come() -> None:
    order = approved(1, offer(lead_time_days=4))
    PurchaseOrder.objects.update(needed_by=date(2026, 11, 25))
    late = NOW + timedelta(days=7)

    mail = usual_letter(again(order), priya(), TODAY + timedelta(days=7))
    record.mark_sent(again(order), seen=order.version, by=priya(), now=late)

    assert again(order).expected_on == date(2026, 12, 4)
    assert "We need it by" not in mail.body
    assert "We need it by Nov 25, 2026." in usual_letter(again(order), priya(), TODAY).body


def test_nothing_is_received_against_an_order_that_was_not_sent() -> None:
    with pytest.raises(errors.WrongStatus, match="Only an order that was sent and has not"):
        came(approved(), 100)


def test_what_the_supplier_confirms_is_what_is_on_its_way() -> None:
    order = sent(3)

    confirmed = {1: Confirmed(2, Decimal("11.80"), date(2026, 12, 3))}
    record.confirm(order, confirmed, seen=order.version, by=priya(), now=NOW)

    assert dict(on_order_by_item()) == {needle().pk: 200}
    assert line(order).cost == Decimal("23.60")
    assert again(order).expected_on == date(2026, 12, 3)
    assert "2 packs at $11.80 on Dec 3, 2026" in timeline(order)[0].text


def test_an_order_is_late_after_the_day_on_which_it_was_expected() -> None:
    order = sent(1, offer(lead_time_days=3))

    assert state_pill(again(order), date(2026, 11, 27)).word == "late"
