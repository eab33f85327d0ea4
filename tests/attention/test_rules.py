"""What raises a flag, and what does not: plain rows, no database."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.attention.rules import (
    Finding,
    Kind,
    Level,
    Severity,
    Stock,
    Supply,
    UnusableUse,
    Windows,
    find,
    of_lots,
    of_supply,
    of_unusable_use,
)

TODAY = date(2026, 11, 22)
LIDOCAINE, LOT_A, ROOM, STOREROOM = 1, 7, 11, 12


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def sealed(quantity: int, **facts: Any) -> Stock:
    known = {"holding_id": 70, "lot_id": LOT_A, "item_id": LIDOCAINE, "location_id": ROOM}
    return Stock(**{**known, "quantity": Decimal(quantity), **facts})


def vial(quantity: int, beyond_use_on: date, **facts: Any) -> Stock:
    return sealed(quantity, opened=True, beyond_use_on=beyond_use_on, **facts)


def supply(**facts: Any) -> Supply:
    return Supply(**{"item_id": LIDOCAINE, "stocked_before": True, **facts})


def found(needs: Supply, *stocks: Stock) -> list[Finding]:
    return list(of_supply(needs, stocks, TODAY))


def kinds(findings: list[Finding]) -> list[Kind]:
    return [finding.kind for finding in findings]


def on_shelf(*stocks: Stock, today: date = TODAY) -> list[Finding]:
    return list(of_lots(stocks, Windows(), today))


# Out


def test_an_item_with_a_reorder_point_and_nothing_usable_is_out() -> None:
    assert kinds(found(supply(reorder_point=Decimal(9), stocked_before=False))) == [Kind.OUT]


def test_an_item_that_was_stocked_before_is_out_without_a_reorder_point() -> None:
    assert kinds(found(supply(stocked_before=True))) == [Kind.OUT]


def test_an_item_that_nobody_ever_stocked_or_planned_is_not_out() -> None:
    assert found(supply(stocked_before=False)) == []


@pytest.mark.parametrize(
    "useless",
    [
        sealed(40, expires_on=days(-1)),
        sealed(40, status="recalled"),
        sealed(40, status="quarantined"),
        vial(40, days(-1)),
    ],
)
def test_what_cannot_be_used_does_not_keep_an_item_from_being_out(useless: Stock) -> None:
    assert [(f.kind, f.unusable) for f in found(supply(), useless)] == [(Kind.OUT, Decimal(40))]


@pytest.mark.parametrize("usable", [sealed(1, expires_on=TODAY), vial(1, TODAY)])
def test_the_last_day_itself_keeps_an_item_from_being_out(usable: Stock) -> None:
    assert found(supply(), usable) == []


# Low


@pytest.mark.parametrize(("usable", "expected"), [(99, [Kind.LOW]), (100, [Kind.LOW]), (101, [])])
def test_an_item_is_low_at_its_reorder_point_and_below(usable: int, expected: list[Kind]) -> None:
    assert kinds(found(supply(reorder_point=Decimal(100)), sealed(usable))) == expected


def test_low_counts_the_whole_clinic() -> None:
    needs = supply(reorder_point=Decimal(100))
    assert found(needs, sealed(60), sealed(60, location_id=STOREROOM)) == []


def test_low_counts_only_what_can_be_used() -> None:
    (finding,) = found(
        supply(reorder_point=Decimal(100)), sealed(60), sealed(60, expires_on=days(-1))
    )
    assert (finding.kind, finding.quantity) == (Kind.LOW, Decimal(60))


IN_ROOM = (Level(ROOM, Decimal(10)),)


def test_a_place_at_its_own_level_is_low_and_says_where_there_is_some() -> None:
    (finding,) = found(supply(levels=IN_ROOM), sealed(10), sealed(41, location_id=STOREROOM))
    assert (finding.location_id, finding.quantity, finding.elsewhere) == (
        ROOM,
        Decimal(10),
        ((STOREROOM, Decimal(41)),),
    )


def test_an_empty_place_is_low_while_the_clinic_has_some() -> None:
    (finding,) = found(supply(levels=IN_ROOM), sealed(41, location_id=STOREROOM))
    assert (finding.kind, finding.quantity) == (Kind.LOW, Decimal(0))


def test_the_place_with_the_most_is_named_first() -> None:
    cart = 13
    (finding,) = found(
        supply(levels=IN_ROOM), sealed(5, location_id=STOREROOM), sealed(8, location_id=cart)
    )
    assert [place for place, _ in finding.elsewhere] == [cart, STOREROOM]


def test_a_place_above_its_own_level_raises_nothing() -> None:
    assert found(supply(levels=IN_ROOM), sealed(11)) == []


def test_an_item_that_is_out_does_not_also_ask_to_restock_a_place() -> None:
    assert kinds(found(supply(levels=IN_ROOM))) == [Kind.OUT]


# Runs out before a delivery could come


def test_an_item_that_lasts_less_than_its_delivery_takes_is_flagged_for_the_day() -> None:
    (finding,) = found(supply(daily_usage=Decimal("3.1"), lead_time_days=3), sealed(8))
    assert (finding.kind, finding.due_on) == (Kind.STOCKOUT_BEFORE_DELIVERY, days(2))


def test_an_item_that_lasts_exactly_until_the_delivery_is_left_alone() -> None:
    assert found(supply(daily_usage=Decimal(3), lead_time_days=3), sealed(9)) == []


def test_an_item_that_nobody_uses_never_runs_out() -> None:
    assert found(supply(lead_time_days=30), sealed(1)) == []


def test_an_item_without_an_offer_has_no_delivery_to_wait_for() -> None:
    assert found(supply(daily_usage=Decimal(50)), sealed(1)) == []


def test_an_item_that_is_out_already_is_not_about_to_run_out() -> None:
    assert kinds(found(supply(daily_usage=Decimal(3), lead_time_days=3))) == [Kind.OUT]


# Expiring and expired


@pytest.mark.parametrize(
    ("in_days", "expected"),
    [
        (-1, (Kind.EXPIRED, Severity.URGENT)),
        (0, (Kind.EXPIRING, Severity.SOON)),
        (30, (Kind.EXPIRING, Severity.SOON)),
        (31, (Kind.EXPIRING, Severity.NOTICE)),
        (90, (Kind.EXPIRING, Severity.NOTICE)),
    ],
)
def test_a_lot_is_flagged_by_how_far_its_expiry_is(
    in_days: int, expected: tuple[Kind, Severity]
) -> None:
    (finding,) = on_shelf(sealed(40, expires_on=days(in_days)))
    assert (finding.kind, finding.severity) == expected


def test_a_clinic_may_want_to_know_earlier() -> None:
    (finding,) = of_lots([sealed(40, expires_on=days(120))], Windows(180, 150), TODAY)
    assert finding.severity == Severity.SOON


@pytest.mark.parametrize(
    "quiet",
    [
        sealed(40, expires_on=days(91)),
        sealed(40),
        sealed(0, expires_on=days(-1)),
        sealed(40, expires_on=days(5), status="quarantined"),
        sealed(0, status="recalled"),
        vial(12, TODAY),
        vial(0, days(-5)),
    ],
)
def test_what_is_far_empty_on_hold_or_good_today_needs_nobody(quiet: Stock) -> None:
    assert on_shelf(quiet) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2028, 2, 28), Kind.EXPIRING),
        (date(2028, 2, 29), Kind.EXPIRING),
        (date(2028, 3, 1), Kind.EXPIRED),
    ],
)
def test_a_leap_day_is_a_day_like_any_other(today: date, expected: Kind) -> None:
    assert kinds(on_shelf(sealed(40, expires_on=date(2028, 2, 29)), today=today)) == [expected]


def test_sealed_and_opened_stock_of_an_expiring_lot_is_one_finding_a_place() -> None:
    until = days(10)
    findings = on_shelf(sealed(40, expires_on=until), vial(8, days(5), expires_on=until))
    assert [finding.quantity for finding in findings] == [Decimal(48)]


def test_an_expiring_lot_in_two_places_is_two_findings() -> None:
    until = days(10)
    findings = on_shelf(
        sealed(20, expires_on=until), sealed(20, expires_on=until, location_id=STOREROOM)
    )
    assert [finding.location_id for finding in findings] == [ROOM, STOREROOM]


def test_a_quarantined_lot_expires_all_the_same() -> None:
    assert kinds(on_shelf(sealed(40, expires_on=days(-1), status="quarantined"))) == [Kind.EXPIRED]


# Opened vials


def test_an_opened_vial_is_past_beyond_use_the_day_after() -> None:
    (finding,) = on_shelf(vial(12, days(-1)))
    assert (finding.kind, finding.due_on) == (Kind.BEYOND_USE, days(-1))


def test_each_vial_past_beyond_use_is_a_finding_of_its_own() -> None:
    findings = on_shelf(vial(12, days(-1), holding_id=71), vial(3, days(-2), holding_id=72))
    assert [finding.holding_id for finding in findings] == [71, 72]


def test_an_opened_vial_of_an_expired_lot_is_past_beyond_use_since_the_expiry() -> None:
    (finding,) = on_shelf(vial(12, days(9), expires_on=days(-1)))
    assert (finding.kind, finding.due_on) == (Kind.BEYOND_USE, days(-1))


# Recalls, and what was used all the same


def test_a_recall_goes_before_an_expiry() -> None:
    lot = sealed(40, status="recalled", expires_on=days(-1))
    assert [(f.kind, f.due_on) for f in on_shelf(lot)] == [(Kind.RECALLED, None)]


def test_use_of_an_unusable_lot_is_urgent() -> None:
    use = UnusableUse(17, LIDOCAINE, LOT_A, ROOM, Decimal("0.5"), days(-2))
    assert of_unusable_use(use).severity == Severity.URGENT


# All together


def test_one_situation_raises_every_kind_it_should() -> None:
    findings = find(
        [sealed(20, expires_on=days(20)), vial(5, days(-9), lot_id=8, holding_id=71)],
        [supply(reorder_point=Decimal(50))],
        [UnusableUse(17, LIDOCAINE, LOT_A, ROOM, Decimal(1), TODAY)],
        Windows(),
        TODAY,
    )
    assert sorted(kinds(findings)) == ["beyond_use", "expiring", "low", "unusable_used"]


QUANTITIES = st.integers(0, 100).map(Decimal)
DAYS = st.none() | st.integers(-100, 100).map(days)
STOCKS = st.builds(
    Stock,
    holding_id=st.integers(1, 9),
    lot_id=st.integers(1, 3),
    item_id=st.just(LIDOCAINE),
    location_id=st.sampled_from([ROOM, STOREROOM]),
    quantity=QUANTITIES,
    status=st.sampled_from(["available", "quarantined", "recalled"]),
    expires_on=DAYS,
    opened=st.booleans(),
    beyond_use_on=DAYS,
)


@given(stock=STOCKS)
def test_whatever_has_to_be_discarded_can_never_be_allocated(stock: Stock) -> None:
    condemned = {Kind.EXPIRED, Kind.BEYOND_USE, Kind.RECALLED}
    flagged = set(kinds(on_shelf(stock))) & condemned
    assert not (flagged and stock.usable(TODAY))


@given(stocks=st.lists(STOCKS), reorder_point=QUANTITIES)
def test_an_item_is_out_or_low_or_neither_but_never_both(
    stocks: list[Stock], reorder_point: Decimal
) -> None:
    found_kinds = kinds(found(supply(reorder_point=reorder_point), *stocks))
    usable = sum(stock.quantity for stock in stocks if stock.usable(TODAY))
    expected = [Kind.OUT] if usable == 0 else [Kind.LOW] if usable <= reorder_point else []
    assert found_kinds == expected
