"""What orders that came teach of lead times."""

from inventory.purchasing.lead_times import (
    LeadTime,
    Observed,
    lead_time_days,
    learned,
    learned_lead_time,
)

NORTHGATE, NEEDLE = 1, 2


def test_two_orders_are_too_few() -> None:
    assert learned([3, 4]) is None


def test_the_usual_is_the_median_and_half_days_count_whole() -> None:
    assert learned([2, 3, 4, 30]) == LeadTime(count=4, days=4, quick=3, slow=11)


def test_it_is_said_in_words() -> None:
    assert str(learned([4, 2, 6])) == "4 days, mostly 3 to 5, learned from 3 orders"
    assert str(learned([1, 1, 1])) == "1 day, learned from 3 orders"


def test_an_items_own_days_come_before_its_suppliers() -> None:
    observed = Observed({NORTHGATE: [2, 2, 2, 9, 9, 9]}, {(NORTHGATE, NEEDLE): [9, 9, 9]})

    assert lead_time_days(observed, NORTHGATE, NEEDLE, offered=5) == 9


def test_with_too_few_of_its_own_the_suppliers_days_count() -> None:
    observed = Observed({NORTHGATE: [2, 2, 9]}, {(NORTHGATE, NEEDLE): [9]})

    assert lead_time_days(observed, NORTHGATE, NEEDLE, offered=5) == 2


def test_of_a_supplier_who_never_delivered_nothing_is_learned() -> None:
    assert learned_lead_time(Observed(), NORTHGATE, NEEDLE) is None
