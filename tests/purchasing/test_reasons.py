"""Why something should be ordered, as a sentence with its numbers."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.purchasing.planning.ordering import Need
from inventory.purchasing.reasons import Suggestion, packs_words, rate_words, reason
from tests.purchasing.shop import TODAY


def need(usable: int, **known: int | str) -> Need:
    numbers: dict[str, Any] = {
        name: Decimal(value) for name, value in known.items() if name != "lead_time_days"
    }
    lead_time = known.get("lead_time_days")
    return Need(Decimal(usable), lead_time_days=int(lead_time) if lead_time else None, **numbers)


def two_packs(size: int, minimum_packs: int = 1) -> Suggestion:
    return Suggestion(2, Decimal(size), minimum_packs)


def test_it_says_what_there_is_and_what_the_order_makes_of_it() -> None:
    low = need(12, reorder_point=20, par_level=900)

    assert reason(low, two_packs(500), "mL", TODAY) == (
        "12 mL usable is below the reorder point of 20 mL;"
        " 2 packs of 500 mL bring it to 1,012 mL, par level 900 mL"
    )


def test_it_says_when_it_runs_out_before_an_order_could_come() -> None:
    short = need(8, daily_usage="3.1", lead_time_days=3, reorder_point=24, par_level=58)

    assert reason(short, two_packs(25), "each", TODAY) == (
        "8 usable, 3.1 a day, delivery takes 3 days: out by Tuesday, Nov 24, before an order could"
        " come; 2 packs of 25 bring it to the par level of 58"
    )


def test_it_says_that_nothing_is_left() -> None:
    out = need(0, daily_usage=2, lead_time_days=1, reorder_point=10)

    assert reason(out, two_packs(25), "each", TODAY) == (
        "Nothing usable is left, 2 a day is used, delivery takes 1 day;"
        " 2 packs of 25 bring it above the reorder point, to 50"
    )


def test_it_says_that_an_item_has_no_reorder_point() -> None:
    assert reason(need(0), Suggestion(1, Decimal(20), pack_name="vial"), "mL", TODAY) == (
        "Nothing usable is left; 1 vial of 20 mL brings it to 20 mL; it has no reorder point yet"
    )


def test_it_says_what_is_on_order() -> None:
    waiting = need(3, on_order=5, reorder_point=8, par_level=10)

    assert reason(waiting, two_packs(1), "each", TODAY).startswith(
        "3 usable and 5 on order are at the reorder point of 8;"
    )


def test_it_says_that_the_supplier_wants_a_larger_order() -> None:
    low = need(9, reorder_point=10, par_level=12)

    assert reason(low, two_packs(100, minimum_packs=2), "each", TODAY).endswith(
        "; 2 packs of 100, the supplier's minimum, bring it to 209, par level 12"
    )


def test_it_names_the_place_that_is_looked_at() -> None:
    low = need(9, reorder_point=10, par_level=12)

    assert reason(low, two_packs(2), "each", TODAY, "Room 1").startswith("9 usable in Room 1 is")


@pytest.mark.parametrize(
    ("daily", "unit", "words"),
    [
        ("3.14", "each", "3.1 a day"),
        ("1", "unit", "1 unit a day"),
        ("0.05", "mL", "less than 0.1 mL a day"),
    ],
)
def test_a_rate_is_said_in_tenths(daily: str, unit: str, words: str) -> None:
    assert rate_words(Decimal(daily), unit) == words


@pytest.mark.parametrize(
    ("packs", "size", "unit", "name", "words"),
    [
        (1, 25, "each", "pack", "1 pack of 25"),
        (2, 500, "mL", "pack", "2 packs of 500 mL"),
        (1200, 1, "each", "piece", "1,200 pieces"),
        (3, 100, "unit", "vial", "3 vials of 100 units"),
    ],
)
def test_packs_are_said_with_what_they_hold(
    packs: int, size: int, unit: str, name: str, words: str
) -> None:
    assert packs_words(packs, Decimal(size), unit, name) == words


def test_it_says_what_a_level_was_learned_from_and_what_will_not_be_there_to_be_used() -> None:
    low = Need(
        Decimal(40),
        Decimal(34),
        Decimal(50),
        daily_usage=Decimal(3),
        no_cover=Decimal(10),
        learned_from=Decimal(2),
    )

    assert reason(low, two_packs(10), "each", TODAY) == (
        "40 usable, of which 10 will expire unused, is below the reorder point of 34,"
        " learned from 2 a day; 2 packs of 10 bring it to the par level of 50"
    )


@pytest.mark.parametrize(
    ("most", "packs", "ending"),
    [
        (20, 2, "to 30, par level 40, no more than can be used before it expires"),
        (5, 1, "to 20, par level 40; 5 of it may expire unused"),
        (400, 3, "to the par level of 40"),
    ],
)
def test_it_says_what_shelf_life_makes_of_an_order(most: int, packs: int, ending: str) -> None:
    low = Need(Decimal(10), Decimal(20), Decimal(40), most=Decimal(most), learned_from=Decimal(1))

    words = reason(low, Suggestion(packs, Decimal(10)), "each", TODAY)

    assert words.endswith(f" it {ending}")


def test_it_says_that_what_is_on_order_may_come_before_it_runs_out() -> None:
    waited_for = need(10, on_order=100, daily_usage=5, lead_time_days=7, par_level=200)

    assert "before an order could come, unless the 100 on order come first; 2 packs" in reason(
        waited_for, two_packs(45), "each", TODAY
    )


def test_what_is_above_the_reorder_point_is_not_called_below_it() -> None:
    short = need(40, daily_usage=9, lead_time_days=3, reorder_point=3, no_cover=20)

    assert reason(short, two_packs(10), "each", TODAY).startswith(
        "40 usable, of which 20 will expire unused, lasts for less than a delivery takes;"
    )


def test_it_says_what_will_expire_of_an_item_without_a_reorder_point_too() -> None:
    assert reason(need(5, no_cover=5), two_packs(10), "each", TODAY) == (
        "5 usable, of which 5 will expire unused; 2 packs of 10 bring it to 20; it has no reorder"
        " point yet"
    )


def test_it_says_that_a_budget_allows_no_more() -> None:
    low = need(10, reorder_point=50, most=400)
    cut = Suggestion(2, Decimal(10), is_cut=True)

    assert reason(low, cut, "each", TODAY).endswith(
        "; 2 packs of 10 bring it to 30, reorder point 50, as much as the budget allows"
    )
