"""An order is drafted, changed and copied."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from inventory.catalog.models import Item, Location, Supplier, SupplierOffer
from inventory.purchasing.models import OrderLine, PurchaseOrder
from inventory.purchasing.orders import draft_record, errors, record
from inventory.purchasing.orders.draft_record import DraftChange, LineChange, Pick
from tests.clinic import NOW, dana, gauze, needle, place, priya
from tests.purchasing import shop
from tests.purchasing.orders.desk import again, approved, drafted, offer

pytestmark = pytest.mark.django_db


def change(order: PurchaseOrder, packs: int, price: str, seen: int | None = None) -> PurchaseOrder:
    line = order.lines.get(position=1)
    asked = DraftChange("", place(), None, {line.pk: LineChange(packs, Decimal(price))})
    return draft_record.change(order, asked, seen=seen or order.version, by=priya(), now=NOW)


def told(order: PurchaseOrder) -> list[str]:
    return [event.text for event in order.events.all()]


def test_a_draft_has_a_line_for_each_pick_at_the_price_of_its_offer() -> None:
    order = drafted(2, offer(), offer(gauze(), order_code="G-1", pack_price=Decimal(4)))

    lines = order.lines.values_list("position", "item__sku", "order_code", "packs", "pack_price")
    assert list(lines) == [
        (1, "needle-25g-15", "", 2, Decimal("11.00")),
        (2, "gauze-2x2", "G-1", 2, Decimal("4.00")),
    ]


def test_numbers_go_up_and_begin_anew_each_year() -> None:
    first, other = drafted(), Supplier.objects.create(code="harbor", name="Harbor")
    second = draft_record.begin(other, by=priya(), now=NOW).order
    next_year = draft_record.copy(first, by=priya(), now=NOW.replace(year=2027))

    assert [first.number, second.number, next_year.number] == [
        "PO-2026-0001",
        "PO-2026-0002",
        "PO-2027-0001",
    ]


def test_after_the_number_9999_comes_10000() -> None:
    PurchaseOrder.objects.filter(pk=drafted().pk).update(number="PO-2026-9999")
    PurchaseOrder.objects.filter(pk=approved().pk).update(number="PO-2026-10000")

    assert drafted().number == "PO-2026-10001"


def test_a_second_suggestion_joins_the_draft_and_its_packs_add_up() -> None:
    order = drafted(3)
    pick = Pick(needle(), offer(), 2)

    more = draft_record.draft(shop.northgate(), [pick], by=dana(), now=NOW)

    assert (more.order.pk, more.is_new) == (order.pk, False)
    assert more.added_up == ("Needle 25G 1½ in: 3 on it before, 5 packs now.",)
    assert order.lines.get().packs == 5


def test_what_is_approved_is_left_alone_and_a_new_draft_begun() -> None:
    order = approved(3)

    assert drafted(2).pk != order.pk
    assert order.lines.get().packs == 3


def test_an_offer_of_somebody_else_is_refused_and_nothing_is_drafted() -> None:
    harbor = Supplier.objects.create(code="harbor", name="Harbor")

    with pytest.raises(errors.NotOfThisSupplier, match="Expected an offer of Harbor for Needle"):
        draft_record.draft(harbor, [Pick(needle(), offer(), 1)], by=priya(), now=NOW)

    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize("packs", [0, -1, 100_001])
def test_packs_have_their_bounds(packs: int) -> None:
    with pytest.raises(errors.TooMuch, match=r"Expected from 1 to 100,000 packs of Needle"):
        drafted(packs)


def test_a_change_is_told_with_what_was_before() -> None:
    order = change(drafted(3), 4, "11.80")

    assert (order.version, order.lines.get().packs) == (2, 4)
    assert told(order)[-1] == (
        "Changed: Needle 25G 1½ in 3 to 4 packs; Needle 25G 1½ in $11.00 to $11.80;"
        " deliver to Room 1."
    )


def test_a_day_is_told_as_it_is_read() -> None:
    asked = DraftChange("", None, date(2026, 12, 3), {})
    order = draft_record.change(drafted(), asked, seen=1, by=priya(), now=NOW)
    draft_record.change(order, replace(asked, needed_by=None), seen=2, by=priya(), now=NOW)

    assert told(order)[-2:] == [
        "Changed: needed by Dec 3, 2026.",
        "Changed: needed by left open.",
    ]


def test_what_was_picked_is_named() -> None:
    order = drafted(2, offer(), offer(gauze()))
    drafted(1)

    assert told(order) == [
        "Drafted with Needle 25G 1½ in, 2 packs of 100; Gauze 2 × 2 in, 2 packs of 100.",
        "Added Needle 25G 1½ in, 1 pack of 100.",
    ]


def test_of_many_things_the_first_are_named_and_the_others_counted() -> None:
    items = [
        Item.objects.create(sku=f"syringe-{size}", name=f"Syringe of {size} mL, Luer lock, sterile")
        for size in range(1, 31)
    ]
    (text,) = told(drafted(2, *map(offer, items)))

    assert text.startswith("Drafted with Syringe of 1 mL, Luer lock, sterile, 2 packs of 100; ")
    assert text.endswith("; and 21 more.")


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused() -> None:
    order = drafted(3)
    change(order, 4, "11.00")

    with pytest.raises(errors.ChangedMeanwhile, match=r"this is version 2, and you saw 1.*Priya"):
        change(order, 7, "11.00", seen=1)

    assert order.lines.get().packs == 4


def test_an_approved_order_is_not_changed() -> None:
    order = approved()

    with pytest.raises(
        errors.WrongStatus,
        match=r"PO-2026-0001 was approved by Dana Lindqvist, Nov 23, 2026, 10:15. Only a draft",
    ):
        change(order, 7, "11.00")


def test_an_item_that_the_supplier_does_not_offer_is_ordered_without_a_price() -> None:
    order = drafted()

    line = draft_record.add_line(order, gauze(), seen=1, by=priya(), now=NOW)

    assert (line.position, line.pack_quantity, line.pack_price) == (2, 1, None)


def test_an_item_is_on_an_order_once() -> None:
    order = drafted()

    with pytest.raises(errors.OrderedAlready, match="is on PO-2026-0001 already, in line 1"):
        draft_record.add_line(order, needle(), seen=1, by=priya(), now=NOW)


def test_lines_move_up_where_one_is_removed() -> None:
    order = drafted(1, offer(), offer(gauze()))

    draft_record.remove_line(order, order.lines.get(position=1).pk, seen=1, by=priya(), now=NOW)

    assert list(order.lines.values_list("position", "item__sku")) == [(1, "gauze-2x2")]


def test_a_copy_is_a_new_draft_at_the_prices_of_today() -> None:
    order = approved(3)
    offered = offer()
    offered.pack_price = Decimal("12.50")
    offered.save()

    copied = draft_record.copy(order, by=priya(), now=NOW)

    line = copied.lines.get()
    assert (again(copied).status, line.packs, line.pack_price) == ("draft", 3, Decimal("12.50"))
    assert told(copied) == ["Copied from PO-2026-0001."]


def test_a_copy_asks_by_the_code_and_at_the_price_of_today() -> None:
    order = approved(3, offer(order_code="OLD-1"))
    SupplierOffer.objects.update(order_code="NEW-2", pack_price=Decimal("12.00"))

    copied = draft_record.copy(order, by=priya(), now=NOW).lines.get()

    assert (copied.order_code, copied.pack_price) == ("NEW-2", Decimal("12.00"))


def test_a_copy_does_not_go_to_a_place_out_of_use() -> None:
    order = change(drafted(3), 3, "11.00")
    Location.objects.update(is_active=False)

    assert draft_record.copy(again(order), by=priya(), now=NOW).deliver_to is None


def test_packs_that_join_a_line_at_an_older_price_say_so() -> None:
    drafted(3)
    SupplierOffer.objects.update(pack_price=Decimal("12.50"))
    picked = Pick(needle(), SupplierOffer.objects.get(), 2)

    more = draft_record.draft(shop.northgate(), [picked], by=priya(), now=NOW)

    assert more.added_up == (
        "Needle 25G 1½ in: 3 on it before, 5 packs now, at $11.00, and the offer says $12.50.",
    )


def test_packs_whose_code_has_changed_join_their_line_and_are_asked_for_by_the_new_code() -> None:
    drafted(3, offer(order_code="OLD-1"))
    SupplierOffer.objects.update(order_code="NEW-2")
    picked = Pick(needle(), SupplierOffer.objects.get(), 2)

    order = draft_record.draft(shop.northgate(), [picked], by=priya(), now=NOW).order

    line = order.lines.get()
    assert (line.packs, line.order_code) == (5, "NEW-2")


def test_of_packs_that_are_called_the_same_by_now_a_copy_has_one_line() -> None:
    order = drafted(3, offer(order_code="OLD-1"))
    OrderLine.objects.create(
        order=order,
        position=2,
        item=needle(),
        offer=offer(),
        order_code="OLDER",
        pack_quantity=100,
        packs=2,
    )
    SupplierOffer.objects.update(order_code="NEW-2")

    copied = draft_record.copy(order, by=priya(), now=NOW)

    line = copied.lines.get()
    assert (line.position, line.packs, line.order_code) == (1, 5, "NEW-2")


def test_what_was_put_out_of_use_is_not_approved_and_named() -> None:
    order = drafted(3)
    Item.objects.update(is_active=False)

    with pytest.raises(errors.ItemsNotInUse, match="line 1, Needle 25G 1½ in, is not in use"):
        record.approve(order, seen=order.version, by=dana(), now=NOW)
