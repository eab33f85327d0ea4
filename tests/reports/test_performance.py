"""How suppliers kept what they were asked for, by numbers made up for it.

Northgate is sent an order on Monday, November 2, for needles: 10 packs of 100 at $11.00, promised
in 5 days. It is November 23.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inventory.reports.performance import Came, Performance, SentLine, change

TODAY = date(2026, 11, 23)
NEEDLES = SentLine(
    order=1,
    supplier=1,
    item=1,
    sent_on=date(2026, 11, 2),
    packs=10,
    pack_quantity=Decimal(100),
    pack_price=Decimal(11),
    due_on=date(2026, 11, 7),
    lead_time_days=5,
)


def came(day: int, quantity: int, cost: str | None = None) -> Came:
    return Came(date(2026, 11, day), Decimal(quantity), None if cost is None else Decimal(cost))


def line(*what_came: Came, **changes: Any) -> SentLine:
    return replace(NEEDLES, came=what_came, **changes)


def of(*lines: SentLine) -> Performance:
    return Performance(lines, TODAY)


def test_each_order_has_one_outcome() -> None:
    found = of(
        line(came(5, 1000), order=1),
        line(came(5, 1000), order=2),
        line(came(5, 400), order=2),
        line(order=3),
        line(came(5, 400), order=4, closed_on=date(2026, 11, 9)),
        line(order=5, is_cancelled=True),
        line(order=6, confirmed_packs=0),
    )
    parts = (found.in_full, found.in_part, found.not_yet, found.declined)

    assert (found.orders, parts) == (6, (1, 1, 1, 1))
    assert (found.closed, found.cancelled) == (1, 1)


def test_an_order_took_until_the_first_of_it_came_and_the_usual_one_is_told() -> None:
    found = of(
        line(came(5, 400), came(20, 600), order=1),
        line(came(4, 1000), order=1, lead_time_days=9),
        line(came(12, 1000), order=2),
        line(order=3),
    )

    assert (found.promised_days, found.real_days) == (5, 6)


def test_what_came_before_it_was_sent_took_no_time() -> None:
    assert of(line(came(1, 1000))).real_days == 0


@pytest.mark.parametrize(
    ("it", "due", "late"),
    [
        (line(came(7, 1000)), 1, 0),
        (line(came(8, 1000)), 1, 1),
        (line(came(6, 900), came(8, 100)), 1, 1),
        (line(came(6, 1000), came(20, 50)), 1, 0),
        (line(), 1, 1),
        (line(due_on=date(2026, 12, 3)), 0, 0),
        (line(due_on=TODAY), 0, 0),
        (line(closed_on=date(2026, 11, 6)), 0, 0),
        (line(closed_on=date(2026, 11, 7)), 0, 0),
        (line(closed_on=date(2026, 11, 8)), 1, 1),
        (line(came(5, 1000), closed_on=date(2026, 11, 6)), 1, 0),
        (line(is_cancelled=True), 0, 0),
        (line(came(5, 1000), due_on=None), 0, 0),
        (line(came(6, 400), confirmed_packs=4), 1, 0),
        (line(confirmed_packs=0), 0, 0),
    ],
    ids=[
        "on its day",
        "a day late",
        "the last of it late",
        "more than asked for later",
        "never came",
        "not due yet",
        "due today",
        "closed before its day",
        "closed on its day",
        "closed after its day",
        "complete in an order that was closed",
        "cancelled",
        "nobody said when",
        "as little as confirmed",
        "none confirmed",
    ],
)
def test_a_line_is_on_time_when_all_of_it_is_there_on_its_day(
    it: SentLine, due: int, late: int
) -> None:
    assert (of(it).due, of(it).late) == (due, late)


def test_the_share_on_time_is_that_of_the_lines_that_were_due() -> None:
    on_time, late = line(came(5, 1000)), line(came(9, 1000))

    assert of(on_time, on_time, late, line(due_on=date(2026, 12, 3))).on_time == Decimal("66.7")
    assert of(line(is_cancelled=True)).on_time is None


@pytest.mark.parametrize(
    ("it", "of_ordered", "of_confirmed"),
    [
        (line(came(5, 1000)), "100", "100"),
        (line(came(5, 800)), "80", "80"),
        (line(came(5, 800), confirmed_packs=8), "80", "100"),
        (line(came(5, 1200)), "100", "100"),
        (line(came(5, 400), confirmed_packs=8, closed_on=date(2026, 11, 9)), "40", "50"),
        (line(came(5, 400), due_on=None, closed_on=date(2026, 11, 9)), "40", "40"),
        (line(), "0", "0"),
    ],
)
def test_it_is_filled_by_what_came_of_what_was_ordered_and_of_what_was_confirmed(
    it: SentLine, of_ordered: str, of_confirmed: str
) -> None:
    found = of(it)

    assert (found.filled, found.filled_of_confirmed) == (Decimal(of_ordered), Decimal(of_confirmed))


def test_too_much_of_one_line_fills_no_other() -> None:
    assert of(line(came(5, 2000)), line()).filled == 50


def test_what_could_still_come_in_time_and_what_was_cancelled_is_missing_nowhere() -> None:
    on_its_way = line(came(5, 100), due_on=date(2026, 12, 3))
    given_up = line(came(5, 100), closed_on=date(2026, 11, 6))

    assert of(on_its_way, given_up, line(is_cancelled=True)).filled is None
    assert of(line(confirmed_packs=0)).filled_of_confirmed is None


@pytest.mark.parametrize(
    ("it", "percent"),
    [
        (line(came(5, 1000, "121.00")), "10"),
        (line(came(5, 400, "39.60"), came(6, 600), confirmed_price=Decimal(20)), "-10"),
        (line(confirmed_price=Decimal("11.55")), "5"),
        (line(came(5, 1000)), None),
        (line(came(5, 1000, "121.00"), pack_price=None), None),
        (line(confirmed_price=Decimal(20), is_cancelled=True), None),
        (line(came(5, 1, "3.33"), pack_quantity=Decimal(3), pack_price=Decimal(10)), "0"),
    ],
    ids=[
        "dearer",
        "cheaper, as far as it is known",
        "confirmed only",
        "nobody said",
        "ordered without a price",
        "cancelled",
        "a third of a pack, to the cent",
    ],
)
def test_the_price_is_held_against_that_of_the_order(it: SentLine, percent: str | None) -> None:
    assert of(it).price_change == (None if percent is None else Decimal(percent))


def test_prices_weigh_as_much_as_they_cost() -> None:
    small = line(came(5, 100, "22.00"), packs=1)
    large = line(came(5, 900, "99.00"), packs=9)

    assert of(small, large).price_change == 10


def test_what_cost_nothing_before_has_not_become_dearer_by_a_share() -> None:
    assert change(Decimal(0), Decimal(5)) is None
