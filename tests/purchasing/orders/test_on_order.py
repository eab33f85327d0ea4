"""What is on order, when it comes, and what came teaches."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.purchasing.lead_times import Observed
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import record
from inventory.purchasing.orders.delivered import lead_times_by_item
from inventory.purchasing.orders.open import expected_arrivals, on_order_by_item
from inventory.purchasing.orders.spend import spend
from inventory.purchasing.orders.words import Confirmed, state_pill
from tests.clinic import NOW, TODAY, gauze, lidocaine, needle, place, priya
from tests.purchasing import shop
from tests.purchasing.orders.desk import again, approved, came, drafted, offer, sent, undo_last

pytestmark = pytest.mark.django_db


def on_order() -> Decimal:
    return on_order_by_item().get(needle().pk, Decimal(0))


def confirm(order: PurchaseOrder, packs: int) -> None:
    answered(order, {1: Confirmed(packs)})


def answered(order: PurchaseOrder, said: Mapping[int, Confirmed]) -> None:
    record.confirm(order, said, seen=again(order).version, by=priya(), now=NOW)


def test_a_draft_is_not_on_order_and_what_is_approved_or_sent_is() -> None:
    sent(1)
    approved(2)
    drafted(4)

    assert on_order() == 300


def test_what_came_is_not_on_order_any_more_unless_it_is_undone() -> None:
    order = sent(3)
    came(order, 100)
    after_the_first = on_order()
    came(order, 100)
    undo_last()

    assert (after_the_first, on_order()) == (200, 200)


def test_an_order_that_came_in_full_is_not_looked_at_again_until_a_receipt_is_undone() -> None:
    order = sent(2)
    came(order, 100)
    came(order, 100)
    looked_at = list(PurchaseOrder.objects.on_order())
    undo_last()

    assert (looked_at, list(PurchaseOrder.objects.on_order()), on_order()) == ([], [order], 100)


def test_it_is_looked_at_again_when_the_supplier_sends_more_after_all() -> None:
    order = sent(2)
    confirm(order, packs=1)
    came(order, 100)
    came_in_full = on_order()
    confirm(order, packs=2)

    assert (came_in_full, on_order()) == (0, 100)


def test_an_order_that_is_confirmed_down_to_what_came_is_complete() -> None:
    order = sent(2)
    came(order, 100)
    confirm(order, packs=1)

    assert not PurchaseOrder.objects.on_order().exists()


def test_of_what_is_sold_out_nothing_comes() -> None:
    order = sent(2)
    confirm(order, packs=0)

    assert state_pill(again(order), TODAY).word == "nothing comes"


def test_a_line_that_got_more_takes_nothing_from_another_order() -> None:
    came(sent(1), 150)
    sent(2)

    assert on_order() == 200


def test_it_is_one_query_however_many_orders_there_are(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    for packs in (1, 2, 3):
        sent(packs)
    item = needle()

    with django_assert_num_queries(1):  # type: ignore[operator]
        on_order_by_item()
    with django_assert_num_queries(1):  # type: ignore[operator]
        expected_arrivals(item, TODAY)


def test_a_place_counts_what_is_delivered_there() -> None:
    order = sent(3)
    order.deliver_to = place("room-2")
    order.save()

    assert dict(on_order_by_item([place("room-2").pk])) == {needle().pk: 300}
    assert dict(on_order_by_item([place("room-1").pk])) == {}


def test_arrivals_come_by_their_day_and_what_is_late_comes_today() -> None:
    first = sent(1, offer(lead_time_days=3)).number
    order = sent(2)
    order.lines.update(confirmed_on=date(2026, 12, 3))
    last = approved(4).number

    def arrivals(today: date) -> list[tuple[date | None, Decimal, str]]:
        return [
            (each.day, each.quantity, each.order) for each in expected_arrivals(needle(), today)
        ]

    soon, late = date(2026, 11, 26), date(2026, 11, 30)
    confirmed = (date(2026, 12, 3), 200, order.number)
    assert arrivals(TODAY) == [(soon, 100, first), (soon, 400, last), confirmed]
    assert arrivals(late) == [(late, 100, first), (late, 400, last), confirmed]


def test_a_day_that_was_confirmed_for_the_needles_is_not_that_of_the_gauze() -> None:
    order = sent(1, offer(lead_time_days=3), offer(gauze(), lead_time_days=30))
    answered(order, {1: Confirmed(on=date(2026, 11, 25))})
    came(order, 100)

    due, next_day = date(2026, 12, 23), date(2026, 12, 24)
    assert [each.day for each in expected_arrivals(gauze(), TODAY)] == [due]
    assert again(order).expected_on == due
    assert state_pill(again(order), due).word == "received in part"
    assert state_pill(again(order), next_day).word == "late"


def test_what_is_needed_by_a_day_stays_due_on_it_when_another_line_is_confirmed() -> None:
    order = approved(1, offer(lead_time_days=3), offer(gauze(), lead_time_days=30))
    PurchaseOrder.objects.filter(pk=order.pk).update(needed_by=date(2026, 12, 1))
    order = record.mark_sent(order, seen=order.version, by=priya(), now=NOW)
    answered(order, {1: Confirmed(on=date(2026, 12, 9))})

    assert [each.day for each in expected_arrivals(gauze(), TODAY)] == [date(2026, 12, 1)]
    assert again(order).expected_on == date(2026, 12, 9)


def test_nobody_waits_for_the_day_of_a_line_of_which_nothing_comes() -> None:
    order = sent(1, offer(lead_time_days=3), offer(gauze()))
    answered(order, {1: Confirmed(0, on=date(2027, 1, 15))})

    assert again(order).expected_on == date(2026, 11, 26)


def test_the_report_does_not_ask_to_order_again_what_is_on_its_way() -> None:
    item = lidocaine(reorder_point=400, par_level=900)
    shop.offer(item, pack_quantity=500)
    before = shop.row(item)

    sent(2, offer(item))

    assert (before.packs, before.on_order) == (2, 0)
    assert item.sku not in shop.rows()


def test_an_order_teaches_its_suppliers_and_its_items_lead_time() -> None:
    both = sent(1, offer(), offer(gauze()))
    came(both, 100, days=2)
    came(both, 100, gauze(), days=5)
    came(both, 10, gauze(), days=9)
    came(sent(1), 100, days=4)
    supplier = shop.northgate().pk

    assert lead_times_by_item() == Observed(
        {supplier: [2, 4]}, {(supplier, needle().pk): [2, 4], (supplier, gauze().pk): [5]}
    )


def test_a_receipt_that_was_undone_teaches_no_lead_time() -> None:
    came(sent(1), 100, days=2)
    undo_last()

    assert lead_times_by_item() == Observed({}, {})


def test_a_price_that_was_paid_becomes_the_offers_and_is_said() -> None:
    (learned,) = came(sent(1), 100, unit_price="0.118").prices

    assert str(learned) == (
        "Northgate Medical Supply's price of Needle 25G 1½ in went from $11.00 to $11.80."
    )
    assert offer().pack_price == Decimal("11.80")


@pytest.mark.parametrize("unit_price", ["0.11", None])
def test_the_same_price_and_none_teach_nothing(unit_price: str | None) -> None:
    assert came(sent(1), 50, unit_price=unit_price).prices == ()


def test_a_third_of_a_pack_at_the_asked_price_does_not_change_it_by_a_cent() -> None:
    offered = offer(pack_quantity=3, pack_price=Decimal("10.00"))

    assert came(sent(2), 1, unit_price=str(offered.pack_price / 3)).prices == ()


def test_spend_is_what_was_ordered_and_what_was_paid_by_month_and_supplier() -> None:
    came(sent(3), 200, unit_price="0.12", days=20)
    came(sent(1), 100)
    undo_last()

    rows = spend(date(2026, 11, 1), date(2027, 1, 1))

    assert [(row.month, row.orders, row.ordered, row.received) for row in rows] == [
        (date(2026, 12, 1), 0, 0, Decimal("24.00")),
        (date(2026, 11, 1), 2, Decimal("45.00"), 0),
    ]
    assert spend(TODAY + timedelta(days=40), date(2027, 3, 1)) == []


def test_a_cancelled_order_is_no_spend() -> None:
    order = sent(2)
    record.cancel(order, reason="Twice", seen=order.version, by=priya(), now=NOW)

    assert spend(date(2026, 11, 1), date(2027, 1, 1)) == []


def test_spend_is_what_the_supplier_confirmed() -> None:
    order = sent(3)
    said = {1: Confirmed(2, Decimal("11.50"))}
    record.confirm(order, said, seen=order.version, by=priya(), now=NOW)

    (row,) = spend(date(2026, 11, 1), date(2027, 1, 1))
    assert row.ordered == Decimal("23.00")


def test_a_line_without_a_price_counts_once_in_however_many_parts_it_comes() -> None:
    order = sent(3)
    order.lines.update(pack_price=None)
    came(order, 100, unit_price=None)
    came(order, 200, unit_price=None)

    (row,) = spend(date(2026, 11, 1), date(2027, 1, 1))
    assert row.unpriced == 1


def test_what_an_order_closed_short_did_not_bring_is_no_spend() -> None:
    came(order := sent(3), 150)
    record.close_short(order, reason="None left", seen=again(order).version, by=priya(), now=NOW)

    (row,) = spend(date(2026, 11, 1), date(2027, 1, 1))
    assert row.ordered == Decimal("16.50")
