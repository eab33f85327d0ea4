"""Which code counts on a day, and whether two periods meet."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.billing_codes import code_on, covers, overlap


@dataclass(frozen=True)
class Coded:
    """A code with its period, as the item's page keeps it."""

    hcpcs: str = "J1030"
    billing_unit: str = "40 mg"
    effective_from: date | None = None
    effective_to: date | None = None


OWN = Coded("J1010", "1 mg")
FORMER = Coded(effective_to=date(2024, 3, 31))
COMING = Coded("J9999", "5 mg", effective_from=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("day", "hcpcs"),
    [
        (date(2020, 1, 1), "J1030"),
        (date(2024, 3, 31), "J1030"),
        (date(2024, 4, 1), "J1010"),
        (date(2026, 12, 31), "J1010"),
        (date(2027, 1, 1), "J9999"),
        (date(2099, 1, 1), "J9999"),
    ],
)
def test_a_dated_code_wins_on_its_days(day: date, hcpcs: str) -> None:
    assert code_on(day, OWN, [FORMER, COMING]).hcpcs == hcpcs


def test_without_dated_codes_the_item_s_own_counts_always() -> None:
    assert code_on(date(2026, 11, 23), OWN, []) is OWN


def test_a_dated_code_without_a_code_says_that_nothing_is_billed() -> None:
    nothing = Coded("", "", effective_from=date(2026, 1, 1))

    assert code_on(date(2026, 11, 23), OWN, [nothing]).hcpcs == ""


ends = st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 12))
periods = st.builds(Coded, effective_from=ends, effective_to=ends).filter(
    lambda period: (
        not (period.effective_from and period.effective_to)
        or period.effective_from <= period.effective_to
    )
)


@given(periods, periods)
def test_periods_overlap_when_a_day_is_in_both(one: Coded, other: Coded) -> None:
    around = (date(2023, 12, 30) + timedelta(days=days) for days in range(20))
    shared = any(covers(one, day) and covers(other, day) for day in around)

    assert overlap(one, other) is overlap(other, one) is shared
