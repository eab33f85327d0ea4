"""What kind of demand an item has, what a week will need, and from which stock on it is ordered."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.purchasing.planning.demand import (
    Demand,
    DemandClass,
    demand_of_days,
    in_stock_all_week,
    open_weekdays,
)
from inventory.purchasing.planning.expiry import most_to_order, will_expire_unused
from inventory.purchasing.planning.forecast import Method, croston, forecast, sba, tsb
from inventory.purchasing.planning.levels import Policy, levels
from inventory.purchasing.planning.ordering import Need, suggested_packs
from inventory.purchasing.planning.quantiles import (
    MOST_POISSON_RATIO,
    demand_quantile,
    negative_binomial_quantile,
    poisson_quantile,
)
from tests.purchasing.shop import TODAY

LEVELS = ("0.90", "0.95", "0.98", "0.99")


def weeks(*used: int) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, used))


def weekly(*used: int) -> Demand:
    """A demand of one use in each week that has some."""
    sizes = [size for size in used if size]
    return Demand(
        weeks(*used), len(sizes), Decimal(sum(sizes)), Decimal(sum(size**2 for size in sizes))
    )


# Quantiles


@pytest.mark.parametrize(
    ("mean", "quantiles"),
    [
        ("0.5", [1, 2, 2, 3]),
        ("1", [2, 3, 3, 4]),
        ("2", [4, 5, 5, 6]),
        ("4", [7, 8, 9, 9]),
        ("8", [12, 13, 14, 15]),
        ("12", [17, 18, 20, 21]),
    ],
)
def test_single_uses_are_poisson(mean: str, quantiles: list[int]) -> None:
    assert [poisson_quantile(Decimal(mean), Decimal(p)) for p in LEVELS] == quantiles


@pytest.mark.parametrize(
    ("mean", "variance", "quantiles"),
    [
        (1, 2, [3, 4, 5, 6]),
        (2, 4, [5, 6, 7, 9]),
        (4, 8, [8, 9, 11, 13]),
        (4, 12, [9, 11, 13, 15]),
        (8, 24, [15, 17, 20, 23]),
    ],
)
def test_uses_that_vary_more_are_negative_binomial(
    mean: int, variance: int, quantiles: list[int]
) -> None:
    found = [
        negative_binomial_quantile(Decimal(mean), Decimal(variance), Decimal(p)) for p in LEVELS
    ]

    assert found == quantiles


@pytest.mark.parametrize(("variance", "quantile"), [("4.4", 8), ("8", 9)])
def test_the_variance_says_which_of_the_two(variance: str, quantile: int) -> None:
    assert demand_quantile(Decimal(4), Decimal(variance), Decimal("0.95")) == quantile


@pytest.mark.parametrize(("mean", "probability"), [("-1", "0.95"), ("1", "0"), ("1", "1")])
def test_what_is_no_mean_or_no_probability_is_refused(mean: str, probability: str) -> None:
    with pytest.raises(ValueError, match="Expected"):
        poisson_quantile(Decimal(mean), Decimal(probability))


hundreds = st.decimals("100", "400", places=1)
ratios = st.decimals("1", "30", places=1)
probabilities = st.decimals("0.8", "0.999", places=3)


@settings(max_examples=40)
@given(mean=hundreds, ratio=ratios, probability=probabilities)
def test_hundreds_are_not_counted_and_come_out_as_if_they_were_or_little_more(
    mean: Decimal, ratio: Decimal, probability: Decimal
) -> None:
    counted = poisson_quantile(mean, probability)
    if ratio > MOST_POISSON_RATIO:
        counted = negative_binomial_quantile(mean, ratio * mean, probability)

    found = demand_quantile(mean, ratio * mean, probability)

    assert counted <= found <= counted + 2


@given(
    mean=st.decimals("80", "120", places=1),
    more=st.decimals("0", "40", places=1),
    ratio=ratios,
    probability=probabilities,
)
def test_more_demand_never_needs_less_where_counting_ends(
    mean: Decimal, more: Decimal, ratio: Decimal, probability: Decimal
) -> None:
    less, needed = (
        demand_quantile(each, ratio * each, probability) for each in (mean, mean + more)
    )

    assert less <= needed


# Demand


@pytest.mark.parametrize(
    ("used", "kind"),
    [
        ((5, 6, 5, 4, 5, 6, 5, 5), DemandClass.SMOOTH),
        ((0, 5, 0, 0, 5, 0, 6, 0), DemandClass.INTERMITTENT),
        ((1, 20, 2, 1, 30, 1, 2, 25), DemandClass.ERRATIC),
        ((0, 1, 0, 30, 0, 0, 2, 0), DemandClass.LUMPY),
        ((), DemandClass.INTERMITTENT),
    ],
)
def test_demand_has_a_class(used: tuple[int, ...], kind: DemandClass) -> None:
    assert weekly(*used).demand_class is kind


def test_at_the_cut_off_demand_is_not_smooth_any_more() -> None:
    # 33 weeks, 25 of them with use: an interval of 1.32.
    assert weekly(*[1] * 25, *[0] * 8).demand_class is DemandClass.INTERMITTENT


def test_days_make_weeks_that_end_with_the_last_day() -> None:
    used = {TODAY: Decimal(2), TODAY - timedelta(days=7): Decimal(3)}

    demand = demand_of_days(used, date(2026, 1, 1), TODAY)

    assert (demand.weeks, demand.uses, demand.used) == (weeks(3, 2), 2, 5)


def test_a_week_with_four_days_in_stock_would_have_used_more() -> None:
    assert in_stock_all_week(Decimal(8), 3) == 14
    assert in_stock_all_week(Decimal(0), 7) is None


def test_a_week_is_as_long_as_the_clinic_is_open() -> None:
    assert in_stock_all_week(Decimal(8), 1, days_open=5) == 10
    assert in_stock_all_week(Decimal(0), 5, days_open=5) is None
    # Used on a Saturday, when the clinic is mostly closed.
    assert in_stock_all_week(Decimal(2), 5, days_open=5) == 2


def days_at_work(*weekdays: int, weeks: int = 12) -> list[date]:
    """So many weeks, up to the last Sunday, of work on these days of them; Monday is 0."""
    sunday = TODAY - timedelta(days=TODAY.isoweekday() % 7)
    ago = (timedelta(days=7 * week + 6 - day) for week in range(weeks) for day in weekdays)
    return [sunday - each for each in ago]


def test_a_clinic_is_closed_on_the_days_on_which_it_is_never_at_work() -> None:
    assert open_weekdays(days_at_work(0, 1, 2, 3, 4)) == {0, 1, 2, 3, 4}


def test_one_saturday_in_a_quarter_does_not_open_it_on_saturdays() -> None:
    once = days_at_work(5, weeks=1)

    assert open_weekdays([*days_at_work(0, 2), *once]) == {0, 2}
    assert open_weekdays([*days_at_work(0, 2), *days_at_work(5, weeks=2)]) == {0, 2, 5}


def test_a_clinic_that_has_just_begun_may_be_open_on_any_day() -> None:
    assert open_weekdays(days_at_work(0, 1, 2, weeks=3)) == set(range(7))
    assert open_weekdays([]) == set(range(7))


# Forecasts


def test_the_forecasts_of_steady_demand_are_that_demand() -> None:
    steady = weeks(*[4] * 20)

    assert (croston(steady), tsb(steady)) == (4, 4)


def test_sba_takes_the_bias_of_croston_off() -> None:
    some = weeks(*[0, 4] * 6)

    assert croston(some) == 2
    assert sba(some) == Decimal("1.90")


@pytest.mark.parametrize(
    ("used", "method"),
    [
        ((4, 4, 4), Method.MEAN),
        ((4, 5, 4, 5) * 4, Method.CROSTON),
        ((0, 5, 0) * 6, Method.SBA),
        ((4,) * 12 + (0,) * 9, Method.TSB),
    ],
)
def test_the_kind_of_demand_says_which_forecast(used: tuple[int, ...], method: Method) -> None:
    assert forecast(weekly(*used)).method is method


def test_an_item_that_nobody_uses_any_more_is_needed_less_each_week() -> None:
    faded = [forecast(weekly(*[4] * 20, *[0] * idle)).weekly for idle in (9, 15, 25)]

    assert faded == sorted(faded, reverse=True)
    assert faded[-1] < Decimal("0.4")


def test_where_uses_differ_widely_a_quiet_year_is_not_taken_for_a_steady_one() -> None:
    # One use a week, now and then a large one: of a unit's use about 21 are taken.
    demand = weekly(*[2, 2, 2, 30] * 5)

    assert demand.demand_class is DemandClass.ERRATIC
    assert demand.weekly_variance / demand.weekly_mean < demand.size_of_a_unit
    assert forecast(demand).ratio == demand.size_of_a_unit


def test_uses_that_are_alike_take_less_below_the_level_the_more_is_ordered() -> None:
    predicted = forecast(weekly(*[10, 0] * 10))

    below = [predicted.overshoot_of(Decimal(order)) for order in (0, 1, 5, 100)]

    assert below[0] == 10
    # At first by as much as the order grows, in the end half a use.
    assert below[1] == pytest.approx(Decimal(9), abs=Decimal("0.1"))
    assert below[3] == pytest.approx(Decimal(5), abs=Decimal("0.1"))
    assert below == sorted(below, reverse=True)


# Levels

histories = st.lists(st.integers(0, 40), min_size=8, max_size=52).filter(any)
services = st.sampled_from([Decimal(level) for level in LEVELS])
lots = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 400).map(lambda days: TODAY + timedelta(days=days))),
        st.integers(1, 300).map(Decimal),
    ),
    max_size=4,
)


def test_what_is_not_used_has_no_levels() -> None:
    assert levels(forecast(Demand()), 3, Policy()) is None


def test_par_is_above_the_level_by_what_an_order_is_for() -> None:
    found = levels(forecast(weekly(*[14] * 20)), 3, Policy(cover_days=14))

    assert found is not None
    assert found.par_level - found.reorder_point == 28


def test_of_what_is_used_by_the_fortnight_each_use_is_ordered_back() -> None:
    # A toxin for every other Wednesday: a use takes 400, and a week's order would be of 200.
    found = levels(forecast(weekly(*[0, 400] * 10)), 7, Policy(cover_days=7))

    assert found is not None
    assert found.reorder_point >= 400
    assert found.par_level == found.reorder_point + 1


@given(histories, services, st.integers(0, 30), st.integers(1, 30))
def test_a_longer_lead_time_never_orders_later(
    used: list[int], service: Decimal, days: int, more: int
) -> None:
    predicted, policy = forecast(weekly(*used)), Policy(service)

    sooner, later = levels(predicted, days, policy), levels(predicted, days + more, policy)

    assert sooner is not None
    assert later is not None
    assert sooner.reorder_point <= later.reorder_point
    assert sooner.par_level <= later.par_level


@given(histories, st.integers(0, 30))
def test_more_service_never_needs_less_stock(used: list[int], days: int) -> None:
    predicted = forecast(weekly(*used))
    points = [levels(predicted, days, Policy(Decimal(level))) for level in LEVELS]

    reached = [point.reorder_point for point in points if point is not None]
    assert reached == sorted(reached)


@given(
    histories,
    st.sampled_from(["0.98", "0.999", "0.99995"]),
    st.integers(0, 600),
    st.integers(1, 30),
)
def test_the_highest_service_and_the_longest_delivery_have_levels_too(
    used: list[int], service: str, days: int, cover: int
) -> None:
    policy = Policy(Decimal(service), cover_days=cover)

    assert levels(forecast(weekly(*used)), days, policy) is not None


def need_of(stock: list[tuple[date | None, Decimal]], days: int, shelf_life: int) -> Need:
    """What is needed of an item with a use of 2 a day, kept between 30 and 60."""
    daily, until = Decimal(2), TODAY + timedelta(days=days)
    return Need(
        usable=sum((quantity for _, quantity in stock), Decimal(0)),
        reorder_point=Decimal(30),
        par_level=Decimal(60),
        daily_usage=daily,
        lead_time_days=days,
        no_cover=will_expire_unused(stock, daily, TODAY, until),
        most=most_to_order(stock, Decimal(0), daily, days + shelf_life, TODAY),
        learned_from=Decimal(1),
    )


def ordered(need: Need, pack: int) -> int:
    return suggested_packs(need, Decimal(pack)) if need.is_due else 0


@given(lots, lots, st.integers(0, 20), st.integers(1, 40))
def test_more_stock_never_orders_more(
    stock: list[tuple[date | None, Decimal]],
    more: list[tuple[date | None, Decimal]],
    days: int,
    pack: int,
) -> None:
    fresh = 10_000

    assert ordered(need_of(stock + more, days, fresh), pack) <= ordered(
        need_of(stock, days, fresh), pack
    )


@given(lots, st.integers(0, 20), st.integers(1, 40), st.integers(0, 400))
def test_an_order_is_used_before_it_expires_unless_one_pack_is_the_least(
    stock: list[tuple[date | None, Decimal]], days: int, pack: int, shelf_life: int
) -> None:
    need = need_of(stock, days, shelf_life)

    packs = ordered(need, pack)

    assert need.most is not None
    assert packs <= 1 or packs * pack <= need.most
