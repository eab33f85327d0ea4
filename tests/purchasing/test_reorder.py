"""Which items have to be ordered, how much of them, and from whom."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.catalog.models import Item, LocationLevel
from inventory.purchasing.offers import usual_offers
from inventory.purchasing.reorder import reorder_rows
from inventory.purchasing.reorder_row import totals_by_supplier
from inventory.stock import ledger
from inventory.stock.models import Lot
from tests.clinic import dana
from tests.purchasing.shop import (
    TODAY,
    ago,
    kenalog,
    lidocaine,
    needle,
    northgate,
    offer,
    receive,
    row,
    rows,
    storeroom,
    use,
)

pytestmark = pytest.mark.django_db


def quarantine(lot: Lot) -> None:
    ledger.set_lot_status(
        lot, by=dana(), status=Lot.Status.QUARANTINED, reason="Cloudy", now=ago(0)
    )


# Which


def test_an_item_at_its_reorder_point_is_in_the_report() -> None:
    item = needle(reorder_point=100, par_level=300)
    receive(item, 100)

    assert list(rows()) == [item.sku]


def test_an_item_above_its_reorder_point_is_not() -> None:
    receive(needle(reorder_point=100, par_level=300), 101)

    assert rows() == {}


def test_what_is_not_usable_does_not_hold_an_order_up() -> None:
    item = needle(reorder_point=100, par_level=300)
    receive(item, 80)
    quarantine(receive(item, 500, "B2"))

    assert (row(item).on_hand, row(item).usable, row(item).position) == (580, 80, 80)


def test_an_item_that_has_run_out_is_in_the_report_though_nobody_set_levels() -> None:
    item = needle()
    receive(item, 10)

    use(item, 10, days_ago=100)

    assert row(item).reorder_point is None
    assert row(item).packs == 1


def test_levels_that_nobody_set_are_learned_from_use() -> None:
    item = needle()
    offer(item, pack_quantity=10, lead_time_days=7)
    receive(item, 300, days_ago=200)
    for week in range(20):
        use(item, 14, days_ago=2 + 7 * week)
    found = row(item)

    assert not found.by_hand
    assert found.levels is not None
    assert (found.reorder_point, found.par_level) == (
        found.levels.reorder_point,
        found.levels.par_level,
    )
    # 14 a week, for a week of delivery and a week until somebody orders, and never just that.
    assert 28 < found.levels.reorder_point < 60


def test_levels_set_by_hand_are_in_force_beside_what_was_learned() -> None:
    item = needle(reorder_point=100, par_level=120)
    offer(item, pack_quantity=10)
    receive(item, 300, days_ago=200)
    for week in range(20):
        use(item, 14, days_ago=2 + 7 * week)

    assert (row(item).by_hand, row(item).reorder_point, row(item).par_level) == (True, 100, 120)
    assert row(item).levels is not None


def test_an_item_that_was_never_stocked_is_not() -> None:
    needle()

    assert rows() == {}


def test_an_item_that_was_never_stocked_is_in_the_report_when_it_has_a_reorder_point() -> None:
    assert row(needle(reorder_point=0, par_level=100)).packs == 100


def test_an_item_out_of_use_is_never_ordered() -> None:
    needle(reorder_point=100, par_level=300, is_active=False)

    assert rows() == {}


# How much


def test_it_suggests_whole_packs_up_to_par() -> None:
    item = lidocaine(reorder_point=200, par_level=900)
    offer(item, pack_quantity=500, pack_price=Decimal("75.00"))
    receive(item, 60)

    found = row(item)

    assert (found.packs, found.suggested_quantity, found.cost) == (2, 1000, Decimal("150.00"))


def test_it_suggests_at_least_what_the_supplier_sells() -> None:
    item = needle(reorder_point=100, par_level=150)
    offer(item, minimum_packs=5)
    receive(item, 90)

    assert row(item).packs == 5


def test_without_par_it_goes_above_the_reorder_point() -> None:
    item = needle(reorder_point=200)
    offer(item)
    receive(item, 100)

    assert row(item).packs == 2


def test_without_an_offer_a_container_is_the_pack_and_nothing_is_priced() -> None:
    item = lidocaine(reorder_point=20, par_level=50)

    found = row(item)

    assert (found.packs, found.pack_size, found.supplier, found.cost) == (3, 20, None, None)


# From whom


def test_the_preferred_offer_is_taken_although_another_is_cheaper() -> None:
    item = needle()
    offer(item, northgate("harbor", "Harbor"), pack_price=Decimal("5.00"))
    preferred = offer(item, preferred=True)

    assert usual_offers([item.pk])[item.pk].pk == preferred.pk


def test_the_offer_that_is_cheapest_for_one_unit_is_taken() -> None:
    item = needle()
    offer(item, pack_quantity=100, pack_price=Decimal("11.00"))
    bulk = offer(item, northgate("harbor", "Harbor"), pack_quantity=1000, pack_price=Decimal(90))

    assert usual_offers([item.pk])[item.pk].pk == bulk.pk


def test_of_two_offers_at_one_price_the_sooner_is_taken() -> None:
    item = needle()
    offer(item, lead_time_days=3)
    sooner = offer(item, northgate("harbor", "Harbor"), lead_time_days=1)

    assert usual_offers([item.pk])[item.pk].pk == sooner.pk


@pytest.mark.parametrize("of_use", ["offer", "supplier"])
def test_a_preferred_offer_out_of_use_is_passed_over(of_use: str) -> None:
    item = needle()
    other = offer(item)
    harbor = northgate("harbor", "Harbor")
    offer(item, harbor, preferred=True, is_active=of_use != "offer")
    harbor.is_active = of_use != "supplier"
    harbor.save()

    assert usual_offers([item.pk])[item.pk].pk == other.pk


def test_another_offer_is_taken_when_the_preferred_one_would_come_too_late() -> None:
    item = needle(reorder_point=10, par_level=100)
    offer(item, preferred=True, lead_time_days=20)
    soon = offer(item, northgate("harbor", "Harbor"), lead_time_days=2, pack_price=Decimal(20))
    receive(item, 220)
    use(item, 180)

    found = row(item)

    assert found.offer
    assert (found.offer.pk, found.lead_time_days) == (soon.pk, 2)
    assert not found.runs_out_before_delivery
    assert found.reason.endswith("; from Harbor in 2 days: Northgate Medical Supply would take 20")


def test_the_preferred_offer_is_taken_when_every_one_would_come_too_late() -> None:
    item = needle(reorder_point=10, par_level=100)
    preferred = offer(item, preferred=True, lead_time_days=20)
    offer(item, northgate("harbor", "Harbor"), lead_time_days=15)
    receive(item, 190)
    use(item, 180)

    assert row(item).offer.pk == preferred.pk  # type: ignore[union-attr]


def test_a_minimum_beyond_what_a_year_uses_is_paid_for_too() -> None:
    item = needle(reorder_point=100, par_level=150)
    offer(item, pack_quantity=1000, pack_price=Decimal(90), minimum_packs=5)
    small = offer(item, northgate("harbor", "Harbor"), pack_price=Decimal("11.00"))
    receive(item, 100)
    use(item, 30)

    found = row(item)

    assert found.offer
    assert (found.offer.pk, found.packs) == (small.pk, 1)
    assert found.reason.endswith(
        "; from Harbor, not Northgate Medical Supply: it costs least for what will be used"
    )


# How soon


def test_it_says_how_long_the_stock_lasts() -> None:
    item = needle(reorder_point=100, par_level=300)
    receive(item, 150)
    use(item, 90, days_ago=10)

    found = row(item)

    assert (found.daily_usage, found.days_of_supply) == (3, 20)
    assert (found.used_30, found.used_90, found.wasted_90) == (90, 90, 0)


def test_use_two_months_ago_counts_for_the_quarter_only() -> None:
    item = needle(reorder_point=100, par_level=300)
    receive(item, 100)
    use(item, 6, days_ago=60)

    assert (row(item).used_30, row(item).used_90) == (0, 6)


def test_the_most_urgent_comes_first_and_what_nobody_uses_last() -> None:
    idle = needle("idle", "A needle nobody uses", reorder_point=10)
    receive(idle, 5)
    slow = needle("slow", "B", reorder_point=100)
    fast = needle("fast", "C", reorder_point=100)
    for item, amount in ((slow, 3), (fast, 30)):
        receive(item, 60)
        use(item, amount)

    assert list(rows()) == [fast.sku, slow.sku, idle.sku]


def test_what_is_out_comes_before_all_that_is_there_used_lately_or_not() -> None:
    scarce = needle("scarce", "Scarce", reorder_point=100)
    receive(scarce, 60)
    use(scarce, 59)
    needle("never", "Never there", reorder_point=10)
    gone = needle("gone", "Used up", reorder_point=10)
    receive(gone, 60)
    use(gone, 60)

    assert list(rows()) == ["gone", "never", "scarce"]


def test_equally_urgent_items_come_by_name() -> None:
    for name in ("gauze", "Bandage", "Applicator"):
        needle(name.lower(), name, reorder_point=10)

    assert [found.item.name for found in rows().values()] == ["Applicator", "Bandage", "gauze"]


def test_it_says_what_expires_and_what_will_not_be_used_by_then() -> None:
    item = needle(reorder_point=200, par_level=300)
    receive(item, 130, expires_on=TODAY + timedelta(days=20))
    receive(item, 50, "B2")
    use(item, 30, days_ago=5)

    found = row(item)

    assert (found.expiring, found.will_expire_unused) == (100, 80)


def test_an_opened_vial_that_is_discarded_soon_is_not_expiring_but_may_go_unused() -> None:
    item = lidocaine(reorder_point=40, par_level=100)
    receive(item, 20)
    use(item, 3, days_ago=8)

    found = row(item)

    assert (found.usable, found.expiring, found.will_expire_unused) == (17, 0, 15)


# One place


def test_a_place_is_held_against_its_own_level() -> None:
    item, room = needle(reorder_point=10, par_level=20), storeroom("room-1", "Room 1")
    LocationLevel.objects.create(item=item, location=room, reorder_point=30, par_level=60)
    receive(item, 500)
    receive(item, 25, location=room)

    found = row(item, room)

    assert (found.usable, found.reorder_point, found.packs) == (25, 30, 35)
    assert found.reason.startswith("25 usable in Room 1 is below the reorder point of 30")
    assert rows() == {}


def test_an_item_without_a_level_in_a_place_is_not_missed_there() -> None:
    needle(reorder_point=10, par_level=20)

    assert rows(storeroom()) == {}


def test_a_single_dose_vial_lasts_as_long_as_there_are_whole_ones() -> None:
    item = kenalog(reorder_point=100)
    receive(item, 60)
    for days_ago in range(1, 31):
        use(item, "0.5", days_ago=days_ago)

    assert (row(item).used_90, row(item).wasted_90, row(item).days_of_supply) == (15, 15, 30)


# All together


def test_totals_are_by_supplier_and_what_nobody_sells_comes_last() -> None:
    sold = needle("sold", reorder_point=10, par_level=250)
    offer(sold, pack_price=Decimal("11.00"))
    needle("unsold", reorder_point=10, par_level=20)

    totals = totals_by_supplier(reorder_rows(TODAY))

    assert [(str(total.supplier), total.packs, total.cost) for total in totals] == [
        ("Northgate Medical Supply", 3, Decimal("33.00")),
        ("None", 20, 0),
    ]


def shelf_of(count: int, name: str) -> list[Item]:
    items = [needle(f"{name}-{number}", reorder_point=100) for number in range(count)]
    for item in items:
        offer(item)
        receive(item, 50)
        use(item, 5)
    return items


@pytest.mark.parametrize("place", [False, True])
def test_more_items_need_no_more_queries(place: bool) -> None:
    location = storeroom() if place else None

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert reorder_rows(TODAY, location)
        return len(queries)

    for item in shelf_of(2, "few"):
        LocationLevel.objects.create(
            item=item, location=storeroom(), reorder_point=100, par_level=100
        )
    few = count()
    for item in shelf_of(10, "many"):
        LocationLevel.objects.create(
            item=item, location=storeroom(), reorder_point=100, par_level=100
        )

    assert count() == few <= 19


def test_what_runs_out_before_a_delivery_is_in_the_report_though_nobody_set_a_reorder_point() -> (
    None
):
    item = needle()
    offer(item, lead_time_days=7)
    receive(item, 100)
    use(item, 96, days_ago=2)

    found = row(item)

    assert found.runs_out_before_delivery
    assert "before an order could come" in found.reason
    assert found.packs == 1


def test_a_place_is_not_ordered_for_because_deliveries_take_long() -> None:
    item, room = needle(), storeroom("room-1", "Room 1")
    offer(item, lead_time_days=90)
    LocationLevel.objects.create(item=item, location=room, reorder_point=2, par_level=50)
    receive(item, 30, location=room)
    use(item, 20, location=room)

    assert rows(room) == {}
