"""One definition of usable, in Python and in SQL."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.stock.models import Holding, Lot
from inventory.stock.shelf import why_not_usable
from inventory.stock.usable import beyond_use_on, usable_until, why_not, why_words
from tests.clinic import NOW, TODAY, lidocaine, place

DAYS = st.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=2))


@pytest.mark.parametrize(
    ("status", "expires_on", "last_day", "sentence"),
    [
        ("available", None, None, ""),
        ("available", TODAY, TODAY, ""),
        ("available", date(2026, 11, 22), None, "expired 2026-11-22"),
        ("available", date(2027, 1, 1), date(2026, 11, 22), "past beyond-use 2026-11-22"),
        ("recalled", date(2027, 1, 1), None, "recalled"),
        ("quarantined", date(2020, 1, 1), None, "quarantined"),
    ],
)
def test_it_says_why_stock_may_not_be_used(
    status: str, expires_on: date | None, last_day: date | None, sentence: str
) -> None:
    assert why_not(status, expires_on, last_day, TODAY) == sentence


@pytest.mark.parametrize(
    ("why", "read"),
    [
        ("expired 2026-11-02", "expired Nov 2, 2026"),
        ("past beyond-use 2026-11-22", "past beyond-use Nov 22, 2026"),
        ("recalled", "recalled"),
        ("", ""),
    ],
)
def test_a_person_reads_the_day_as_on_every_page(why: str, read: str) -> None:
    assert why_words(why) == read


@pytest.mark.parametrize(
    ("opened_on", "expires_on", "last_day"),
    [
        (date(2026, 3, 15), date(2028, 1, 31), date(2026, 4, 12)),
        (date(2026, 2, 10), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2028, 2, 1), None, date(2028, 2, 29)),
    ],
)
def test_an_opened_vial_is_for_28_days_and_never_past_the_makers_date(
    opened_on: date, expires_on: date | None, last_day: date
) -> None:
    assert beyond_use_on(opened_on, None, expires_on) == last_day


def test_the_sooner_of_the_two_dates_ends_it() -> None:
    assert usable_until(date(2027, 1, 1), TODAY) == TODAY
    assert usable_until(None, None) is None


@pytest.mark.django_db
@settings(max_examples=40)
@given(
    status=st.sampled_from(Lot.Status.values),
    expires_on=st.none() | DAYS,
    last_day=st.none() | DAYS,
    today=DAYS,
)
def test_python_and_sql_agree(
    status: str, expires_on: date | None, last_day: date | None, today: date
) -> None:
    with transaction.atomic():
        lot = Lot.objects.create(
            item=lidocaine(), number="A1", expires_on=expires_on, status=status
        )
        holding = Holding.objects.create(
            lot=lot,
            location=place(),
            opened_at=NOW if last_day else None,
            beyond_use_on=last_day,
        )
        found = Holding.objects.usable_on(today).filter(pk=holding.pk).exists()
        assert found is (why_not_usable(holding, today) == "")
        transaction.set_rollback(True)
