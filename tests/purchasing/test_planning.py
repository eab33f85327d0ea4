"""How much to order and when, as functions of numbers alone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.purchasing.planning.expiry import will_expire_unused
from inventory.purchasing.planning.ordering import (
    Need,
    daily_usage,
    days_of_supply,
    packs_to_exceed,
    packs_to_order,
    runs_out_on,
    suggested_packs,
)
from tests.purchasing.shop import TODAY

amounts = st.decimals(0, 100_000, places=3)
positive = st.decimals("0.001", 100_000, places=3)
minimums = st.integers(1, 20)
days = st.one_of(st.none(), st.dates(TODAY, TODAY + timedelta(days=1000)))
shelves = st.lists(st.tuples(days, amounts), max_size=6)


def in_days(count: int) -> date:
    return TODAY + timedelta(days=count)


# Usage


def test_usage_is_spread_over_the_ninety_days_it_was_counted_in() -> None:
    assert daily_usage(Decimal(180), date(2025, 1, 1), TODAY) == 2


def test_usage_of_a_newer_item_is_spread_over_the_days_since_its_first_use() -> None:
    assert daily_usage(Decimal(180), TODAY - timedelta(days=45), TODAY) == 4


def test_usage_of_an_item_used_since_yesterday_is_spread_over_a_month() -> None:
    assert daily_usage(Decimal(6), TODAY - timedelta(days=1), TODAY) == Decimal("0.2")


@pytest.mark.parametrize("consumed", [Decimal(0), Decimal(-3)])
def test_what_was_put_back_altogether_is_not_used(consumed: Decimal) -> None:
    assert daily_usage(consumed, TODAY, TODAY) == 0


def test_days_of_supply_are_rounded_down_to_a_tenth() -> None:
    assert days_of_supply(Decimal(8), Decimal("3.1")) == Decimal("2.5")


def test_what_is_not_used_has_no_days_of_supply() -> None:
    assert days_of_supply(Decimal(8), Decimal(0)) is None


def test_it_runs_out_on_the_day_on_which_the_last_of_it_goes() -> None:
    assert runs_out_on(Decimal(8), Decimal("3.1"), TODAY) == date(2026, 11, 24)


def test_it_does_not_say_in_which_century_it_runs_out() -> None:
    assert runs_out_on(Decimal(999_999_999), Decimal("0.0001"), TODAY) is None


# Packs


def test_it_orders_whole_packs_up_to_par() -> None:
    assert packs_to_order(Decimal(12), Decimal(900), Decimal(500)) == 2


def test_it_orders_nothing_at_par() -> None:
    assert packs_to_order(Decimal(900), Decimal(900), Decimal(500), minimum=3) == 0


def test_it_goes_above_a_level_that_a_pack_would_only_reach() -> None:
    assert packs_to_exceed(Decimal(0), Decimal(100), Decimal(50)) == 3


def test_it_refuses_a_pack_that_holds_nothing() -> None:
    with pytest.raises(ValueError, match="a pack that holds something, got 0"):
        packs_to_order(Decimal(1), Decimal(2), Decimal(0))


def test_an_item_at_a_reorder_point_that_is_its_par_level_is_ordered() -> None:
    assert suggested_packs(Need(Decimal(20), Decimal(20), Decimal(20)), Decimal(10)) == 1


@given(amounts, amounts, positive, minimums)
def test_an_order_brings_the_position_to_par(
    position: Decimal, par: Decimal, pack: Decimal, minimum: int
) -> None:
    assert position + packs_to_order(position, par, pack, minimum) * pack >= par


@given(amounts, amounts, positive)
def test_an_order_has_no_pack_too_many(position: Decimal, par: Decimal, pack: Decimal) -> None:
    packs = packs_to_order(position, par, pack)

    assert packs == 0 or position + (packs - 1) * pack < par


@given(amounts, amounts, positive, minimums)
def test_an_order_honours_the_minimum(
    position: Decimal, par: Decimal, pack: Decimal, minimum: int
) -> None:
    packs = packs_to_order(position, par, pack, minimum)

    assert packs == 0 or packs >= minimum


@given(amounts, positive, amounts, amounts, positive, minimums)
def test_more_stock_never_orders_more(
    usable: Decimal, more: Decimal, point: Decimal, above: Decimal, pack: Decimal, minimum: int
) -> None:
    less, better = (Need(stock, point, point + above) for stock in (usable, usable + more))

    assert suggested_packs(better, pack, minimum) <= suggested_packs(less, pack, minimum)


@given(amounts, amounts, positive, minimums)
def test_without_par_an_order_goes_above_the_reorder_point(
    usable: Decimal, point: Decimal, pack: Decimal, minimum: int
) -> None:
    packs = suggested_packs(Need(usable, point), pack, minimum)

    assert usable + packs * pack > point


@given(amounts, amounts, positive, minimums)
def test_whatever_is_due_has_something_to_order(
    usable: Decimal, point: Decimal, pack: Decimal, minimum: int
) -> None:
    need = Need(usable, point, par_level=point)

    assert (suggested_packs(need, pack, minimum) > 0) == need.is_due


# Due, and in time


def test_what_is_on_order_counts_for_the_position() -> None:
    assert not Need(Decimal(5), Decimal(20), on_order=Decimal(100)).is_due


def test_it_runs_out_before_a_delivery_when_it_lasts_for_less_than_the_lead_time() -> None:
    assert Need(Decimal(8), daily_usage=Decimal("3.1"), lead_time_days=3).runs_out_before_delivery


def test_it_lasts_until_a_delivery_that_comes_on_the_last_day() -> None:
    need = Need(Decimal(9), daily_usage=Decimal(3), lead_time_days=3)

    assert not need.runs_out_before_delivery


def test_nobody_knows_when_a_delivery_without_a_supplier_would_come() -> None:
    assert not Need(Decimal(0), daily_usage=Decimal(3)).runs_out_before_delivery


# Expiring


def test_what_the_days_left_cannot_use_up_will_expire() -> None:
    assert will_expire_unused([(in_days(10), Decimal(100))], Decimal(3), TODAY) == 70


def test_the_soonest_to_expire_is_used_first_and_the_next_has_the_days_after_it() -> None:
    lots = [(in_days(20), Decimal(50)), (in_days(10), Decimal(20))]

    assert will_expire_unused(lots, Decimal(3), TODAY) == 10


def test_a_lot_that_is_lost_in_part_leaves_the_next_its_own_days() -> None:
    lots = [(in_days(10), Decimal(50)), (in_days(20), Decimal(30))]

    assert will_expire_unused(lots, Decimal(3), TODAY) == 20


def test_what_never_expires_is_never_lost() -> None:
    assert will_expire_unused([(None, Decimal(50))], Decimal(0), TODAY) == 0


@given(shelves, amounts)
def test_no_more_is_lost_than_can_expire(
    lots: list[tuple[date | None, Decimal]], daily: Decimal
) -> None:
    perishable = sum((quantity for day, quantity in lots if day), Decimal(0))

    assert 0 <= will_expire_unused(lots, daily, TODAY) <= perishable


@given(shelves, amounts, amounts)
def test_more_use_never_loses_more(
    lots: list[tuple[date | None, Decimal]], daily: Decimal, more: Decimal
) -> None:
    busier = will_expire_unused(lots, daily + more, TODAY)

    assert busier <= will_expire_unused(lots, daily, TODAY)


@given(shelves, amounts, st.tuples(days, amounts))
def test_more_stock_never_loses_less(
    lots: list[tuple[date | None, Decimal]], daily: Decimal, lot: tuple[date | None, Decimal]
) -> None:
    fuller = will_expire_unused([*lots, lot], daily, TODAY)

    assert fuller >= will_expire_unused(lots, daily, TODAY)


# Gone before an order could come


def test_what_will_be_gone_before_an_order_could_come_is_due_above_its_reorder_point() -> None:
    assert Need(Decimal(4), daily_usage=Decimal(2), lead_time_days=7).is_due
    assert Need(Decimal(4), Decimal(1), Decimal(9), Decimal(0), Decimal(2), 7).is_due


def test_a_par_level_that_is_reached_is_enough() -> None:
    assert not Need(Decimal(4), Decimal(1), Decimal(4), Decimal(0), Decimal(2), 7).is_due


def test_without_a_par_level_enough_is_ordered_to_last_until_the_next_order_comes() -> None:
    need = Need(Decimal(4), daily_usage=Decimal(2), lead_time_days=7)
    assert suggested_packs(need, Decimal(5)) == 3


@given(
    usable=amounts,
    more=positive,
    point=st.none() | amounts,
    daily=amounts,
    lead=st.integers(0, 60),
    spare=st.none() | amounts,
)
def test_more_stock_never_orders_more_whatever_runs_out(
    usable: Decimal,
    more: Decimal,
    point: Decimal | None,
    daily: Decimal,
    lead: int,
    spare: Decimal | None,
) -> None:
    par = None if spare is None else (point or Decimal(0)) + spare

    def packs(stock: Decimal) -> int:
        need = Need(stock, point, par, daily_usage=daily, lead_time_days=lead)
        return suggested_packs(need, Decimal(10)) if need.is_due else 0

    assert packs(usable + more) <= packs(usable)
