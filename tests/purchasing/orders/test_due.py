"""When a line of an order is due."""

from datetime import date

import pytest

from inventory.purchasing.orders.due import due_on
from tests.clinic import NOW

CONFIRMED, OF_ORDER, PAST = date(2026, 12, 9), date(2026, 12, 1), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("confirmed_on", "own_day", "longest_days", "due"),
    [
        (CONFIRMED, OF_ORDER, 4, CONFIRMED),
        (None, OF_ORDER, 4, OF_ORDER),
        # The order left after the day on which it was needed.
        (None, PAST, 4, date(2026, 11, 27)),
        (None, None, 4, date(2026, 11, 27)),
        (None, PAST, None, None),
    ],
)
def test_a_line_is_due_when_it_was_confirmed_else_with_its_order_else_as_fast_as_it_can_come(
    confirmed_on: date | None, own_day: date | None, longest_days: int | None, due: date | None
) -> None:
    assert due_on(confirmed_on, own_day, NOW, longest_days) == due
