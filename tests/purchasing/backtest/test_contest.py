"""Our suggestions against a fixed par and min/max, on made-up demand."""

from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest

from inventory.purchasing.backtest.contest import Contest, Story, contest, stories
from inventory.purchasing.backtest.demand_maker import FIRST_DAY, made_up_demand
from inventory.purchasing.backtest.picture import picture
from inventory.purchasing.backtest.policies import Ours, Record
from inventory.purchasing.backtest.report import as_json, as_text
from inventory.purchasing.backtest.simulate import Shelf, Terms, play
from inventory.purchasing.planning.demand import DemandClass, demand_of_days
from tests.deep import DEEP

ITEMS, DAYS, HISTORY = (20, 1095, 730) if DEEP else (8, 540, 365)
LEAD_TIMES = (1, 3, 10) if DEEP else (3,)
PROMISED = Decimal("0.95")
COUNTED = {
    *("items", "cycles", "cycle_service_level", "fill_rate", "stockout_days"),
    *("average_stock_value", "expired_value", "orders"),
}


@cache
def made_up(lead_time: int) -> tuple[Story, ...]:
    demand = made_up_demand(7, ITEMS, DAYS)
    terms = dict.fromkeys(demand, Terms(lead_time_days=lead_time))
    return tuple(stories(demand, terms, HISTORY))


@cache
def played(lead_time: int = 3) -> Contest:
    return contest(made_up(lead_time), PROMISED)


@pytest.mark.parametrize("lead_time", LEAD_TIMES)
@pytest.mark.parametrize("kind", DemandClass)
def test_each_class_gets_the_promised_service(kind: DemandClass, lead_time: int) -> None:
    score = played(lead_time).ours.classes[kind]

    assert score.cycle_service_level is not None
    assert score.cycle_service_level >= PROMISED - Decimal("0.02")


@pytest.mark.parametrize("lead_time", LEAD_TIMES)
def test_at_equal_service_ours_needs_less_stock_and_waste(lead_time: int) -> None:
    saved = played(lead_time).less_than_the_better

    assert saved is not None
    assert saved > 0


def test_the_others_serve_as_well_as_ours_where_service_is_said_to_be_equal() -> None:
    ours = played().ours.total
    for each in played().at_equal_service.values():
        total = each.scores.total
        assert (total.cycle_service_level or 0) >= (ours.cycle_service_level or 0)
        assert total.stockout_days <= ours.stockout_days


def test_the_same_seed_makes_the_same_demand_and_another_one_other() -> None:
    assert made_up_demand(1, 2, 100) == made_up_demand(1, 2, 100)
    assert made_up_demand(1, 2, 100) != made_up_demand(2, 2, 100)


@pytest.mark.parametrize("kind", DemandClass)
def test_made_up_demand_is_mostly_of_the_class_it_is_named_after(kind: DemandClass) -> None:
    named = [story for story in made_up(3) if story.sku.startswith(f"{kind}-")]

    # Few uses of a rare item may happen to be alike.
    assert 3 * sum(story.demand_class == kind for story in named) >= 2 * len(named)


def test_no_policy_sees_what_comes_later() -> None:
    story = made_up(3)[0]
    other = [*story.played[:60], *(wanted * 9 for wanted in story.played[60:])]

    def orders(demand: list[Decimal]) -> list[int]:
        placed: list[int] = []

        class Noted(Ours):
            def packs(self, today: int, wanted: Decimal, shelf: Shelf) -> int:
                placed.append(super().packs(today, wanted, shelf))
                return placed[-1]

        play(demand, Noted(story.history, story.terms, PROMISED), story.terms)
        return placed[:60]

    assert any(orders(list(story.played)))
    assert orders(list(story.played)) == orders(other)


def test_a_week_added_up_by_itself_is_the_demand_of_all_days_together() -> None:
    story = made_up(3)[-1]
    record = Record(story.history)
    for wanted in story.played[:21]:
        record.note(wanted)
    days = [*story.history, *story.played[:21]]
    used = {FIRST_DAY + timedelta(days=day): wanted for day, wanted in enumerate(days) if wanted}
    expected = demand_of_days(used, FIRST_DAY, FIRST_DAY + timedelta(days=len(days) - 1))

    found = record.demand()
    assert (found.weeks, found.uses, found.used) == (expected.weeks, expected.uses, expected.used)
    assert found.used_squared == expected.used_squared


def test_without_any_cycle_there_is_no_service_level_to_speak_of() -> None:
    story = Story("one", [Decimal(1)] * 10, [Decimal(0)] * 3, Terms(), DemandClass.SMOOTH)

    total = as_json(contest([story], PROMISED))["policies"]["ours"]["total"]

    assert total["cycle_service_level"] is None
    assert total["fill_rate"] is None


def test_the_numbers_for_machines_have_the_promised_names() -> None:
    numbers = as_json(played())

    assert {"service_level", "policies"} <= set(numbers)
    assert set(numbers["policies"]) == {"ours", "fixed_par", "min_max"}
    for policy in numbers["policies"].values():
        assert set(policy["classes"]) == {"smooth", "intermittent", "erratic", "lumpy"}
        assert all(set(each) == COUNTED for each in (*policy["classes"].values(), policy["total"]))


def test_what_people_read_compares_all_three() -> None:
    for shown in (as_text(played()), picture(played())):
        assert all(name in shown for name in ("Vialkeeper", "Fixed par", "Min/max"))
