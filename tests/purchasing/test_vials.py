"""What a multi-dose vial really costs, worked out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.purchasing.planning.vials import Vial, drug_name, smaller_vial

# In 28 days this draws 14 mL.
HALF_A_DAY = [Decimal("0.5")]


def vial(volume: int | str, price: str, sku: str = "vial", days: int = 28) -> Vial:
    return Vial(sku, Decimal(volume), Decimal(price), days)


@pytest.mark.parametrize(
    ("volume", "daily", "cost"),
    [
        # 28 × 0.5 = 14 mL of 50 are drawn before it goes: 7.00 / 14.
        ("50", "0.5", "0.5"),
        # 28 × 2 = 56 mL: it is used up in time, and costs what its label says, 7.00 / 50.
        ("50", "2", "0.14"),
        # Drawn to the last drop on the last day.
        ("14", "0.5", "0.5"),
    ],
)
def test_a_vial_costs_its_price_over_what_is_drawn_of_it(
    volume: str, daily: str, cost: str
) -> None:
    assert vial(volume, "7.00").cost_per_unit(Decimal(daily)) == Decimal(cost)


def test_a_label_that_allows_fewer_days_makes_it_dearer() -> None:
    # 14 × 0.5 = 7 mL: 7.00 / 7.
    assert vial(50, "7.00", days=14).cost_per_unit(Decimal("0.5")) == 1


def test_a_smaller_vial_saves_what_the_large_one_throws_away() -> None:
    large, small = vial(50, "7.00"), vial(10, "2.80", "small")

    found = smaller_vial(large, [small], HALF_A_DAY)

    # 365 × 0.5 = 182.5 mL a year, at 0.50 of the large one and at 0.28 of the small one.
    assert found is not None
    assert (found.vial.sku, found.now, found.then) == ("small", Decimal("0.5"), Decimal("0.28"))
    assert found.saved_a_year == Decimal("40.15")


def test_each_place_opens_vials_of_its_own() -> None:
    large, small = vial(50, "7.00"), vial(10, "2.80", "small")

    assert smaller_vial(large, [small], [Decimal(2)]) is None
    # Four rooms that share the same 2 mL a day throw most of four vials away.
    assert smaller_vial(large, [small], HALF_A_DAY * 4) is not None


@pytest.mark.parametrize(
    ("others", "dailies"),
    [
        ([], HALF_A_DAY),
        ([vial(50, "1.00"), vial(100, "1.00")], HALF_A_DAY),
        ([vial(10, "5.00")], HALF_A_DAY),
        ([vial(10, "1.00")], []),
        ([vial(10, "1.00")], [Decimal(0)]),
    ],
)
def test_nothing_is_advised_where_nothing_smaller_costs_less(
    others: list[Vial], dailies: list[Decimal]
) -> None:
    assert smaller_vial(vial(50, "7.00"), others, dailies) is None


def test_a_vial_of_which_nothing_is_drawn_has_no_cost() -> None:
    with pytest.raises(ValueError, match="above zero"):
        vial(50, "7.00").cost_per_unit(Decimal(0))


prices = st.decimals("0.01", 500, places=2)
vials = st.builds(
    Vial,
    st.just("other"),
    st.decimals("0.5", 100, places=1),
    prices,
    st.integers(1, 90),
)


@given(vials, st.lists(vials, max_size=4), st.lists(st.decimals(0, 20, places=3), max_size=3))
def test_a_vial_that_is_used_up_is_never_replaced_by_one_that_costs_more(
    present: Vial, others: list[Vial], dailies: list[Decimal]
) -> None:
    used_up = [daily for daily in dailies if daily * present.days >= present.volume]

    found = smaller_vial(present, others, used_up)

    if found:
        assert found.vial.volume < present.volume
        assert found.vial.price / found.vial.volume < present.price / present.volume


@pytest.mark.parametrize(
    ("name", "drug"),
    [
        ("Lidocaine 1% 20 mL multi-dose vial", "lidocaine 1%"),
        (
            "Lidocaine 2% with epinephrine 1:100,000 20 mL",
            "lidocaine 2% with epinephrine 1:100,000",
        ),
        ("Bupivacaine  0.25% 7.5ML vial", "bupivacaine 0.25%"),
        ("Saline", "saline"),
    ],
)
def test_a_drug_is_named_before_its_volume(name: str, drug: str) -> None:
    assert drug_name(name) == drug
