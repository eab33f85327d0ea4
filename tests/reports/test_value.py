"""What expiring stock is worth, what of it will be lost, and what was thrown away."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.attention.chart import chart
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import void
from inventory.reports.periods import months_after
from inventory.reports.value import by_month, perishing, wasted, worth
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    logged,
    needle,
    place,
    received,
    used,
)

LATER = TODAY + timedelta(days=400)


@pytest.mark.parametrize(
    ("today", "months", "expected"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 1)),
        (date(2026, 11, 23), 2, date(2027, 1, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 1)),
        (date(2028, 2, 29), 1, date(2028, 3, 1)),
    ],
)
def test_a_month_is_named_by_its_first_day(today: date, months: int, expected: date) -> None:
    assert months_after(today, months) == expected


@pytest.mark.django_db
def test_stock_that_nobody_uses_will_all_be_lost() -> None:
    received(kenalog(), 4, expires_on=TODAY + timedelta(days=20), unit_cost=Decimal("14.5"))
    total = worth(perishing(TODAY, LATER))
    assert (total.lots, total.value, total.lost) == (1, Decimal(58), Decimal(58))


@pytest.mark.django_db
def test_what_will_be_used_in_time_is_not_lost() -> None:
    received(needle(), 200, at=NOW - timedelta(days=30), expires_on=TODAY + timedelta(days=20))
    used(Want(needle(), Decimal(60)), at=NOW - timedelta(days=30))
    # 2 a day for 20 days, of 140.
    assert [stock.lost for stock in perishing(TODAY, LATER)] == [Decimal(100)]


@pytest.mark.django_db
def test_the_later_lot_is_used_after_the_sooner_one() -> None:
    at = NOW - timedelta(days=30)
    received(needle(), 70, lot="SOON", at=at, expires_on=TODAY + timedelta(days=10))
    received(needle(), 30, lot="LATE", at=at, expires_on=TODAY + timedelta(days=20))
    used(Want(needle(), Decimal(60)), at=at)
    assert [stock.lost for stock in perishing(TODAY, LATER)] == [Decimal(0), Decimal(0)]


@pytest.mark.django_db
def test_a_lot_without_a_cost_is_counted_and_worth_nothing() -> None:
    received(kenalog(), 4, expires_on=TODAY + timedelta(days=20))
    total = worth(perishing(TODAY, LATER))
    assert (total.unpriced, total.value) == (1, Decimal(0))


@pytest.mark.django_db
def test_what_cannot_be_used_is_not_about_to_expire() -> None:
    received(kenalog(), 4, expires_on=TODAY - timedelta(days=1), unit_cost=Decimal(10))
    assert perishing(TODAY, LATER) == []


@pytest.mark.django_db
def test_each_month_has_a_bar_even_an_empty_one() -> None:
    received(kenalog(), 4, expires_on=date(2027, 1, 31), unit_cost=Decimal(10))
    drawn = chart(by_month(perishing(TODAY, LATER), TODAY))
    assert [(column.bar.name, column.height) for column in drawn.columns] == [
        ("Nov", 0),
        ("Dec", 0),
        ("Jan", 126),
        ("Feb", 0),
        ("Mar", 0),
        ("Apr", 0),
    ]


@pytest.mark.django_db
def test_waste_tells_what_was_left_over_in_single_dose_vials() -> None:
    received(kenalog(), 4, unit_cost=Decimal(14))
    used(Want(kenalog(), Decimal("0.5")))
    found = wasted(TODAY, TODAY)
    assert (found.total, found.left_over) == (Decimal(7), Decimal(7))


@pytest.mark.django_db
def test_what_is_left_in_a_vial_for_many_is_waste_but_not_of_a_single_dose() -> None:
    room = place("room-1")
    room.treatment_area = True
    room.save()
    received(lidocaine(), 20, where="room-1", unit_cost=Decimal(1))
    used(Want(lidocaine(), Decimal(5)))
    found = wasted(TODAY, TODAY)
    assert (found.total, found.left_over) == (Decimal(15), Decimal(0))


@pytest.mark.django_db
def test_waste_that_a_void_took_back_is_none() -> None:
    received(kenalog(), 4, unit_cost=Decimal(14))
    procedure = logged(LineWanted(kenalog(), Decimal("0.5"))).procedure
    supplies = Procedure.Supplies.RETURNED
    void(procedure, by=dana(), reason="Not done", supplies=supplies, now=NOW)
    found = wasted(TODAY, TODAY)
    assert (found.total, found.left_over) == (Decimal(0), Decimal(0))
