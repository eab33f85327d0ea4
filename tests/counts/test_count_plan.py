"""What to count next: what is worth much, moves often, or was counted long ago."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from inventory.counts.plan import Stocked, propose
from inventory.counts.stocked import read_stocked
from inventory.stock import ledger
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    needle,
    place,
    received,
    used,
    vic,
)
from tests.counts.counting import count, line_of, page, post, send, sheet_of

A_WEEK_AGO = TODAY - timedelta(days=7)
TOXIN = Stocked("room-1", "toxin", Decimal(600), 4, A_WEEK_AGO)
GAUZE = Stocked("room-1", "gauze", Decimal(6), 4, A_WEEK_AGO)


def order(*stocked: Stocked) -> list[str]:
    return [each.stocked.item for each in propose(stocked, TODAY)]


# The rule


def test_of_two_counted_on_one_day_the_dearer_comes_first() -> None:
    assert order(GAUZE, TOXIN) == ["toxin", "gauze"]


def test_of_two_of_one_value_the_one_that_changes_more_comes_first() -> None:
    busy = replace(TOXIN, item="busy", changes=40)
    assert order(TOXIN, busy) == ["busy", "toxin"]


def test_of_two_alike_the_one_counted_longer_ago_comes_first() -> None:
    old = replace(TOXIN, item="old", last_counted=A_WEEK_AGO - timedelta(days=1))
    assert order(TOXIN, old) == ["old", "toxin"]


def test_what_was_never_counted_comes_before_what_was_counted_last_week() -> None:
    never = replace(TOXIN, item="never", last_counted=None)
    assert order(TOXIN, never) == ["never", "toxin"]


def test_what_was_counted_today_is_last_however_dear() -> None:
    assert order(replace(TOXIN, last_counted=TODAY), GAUZE) == ["gauze", "toxin"]


def test_what_costs_little_comes_round_once_it_is_long_overdue() -> None:
    long_ago = replace(GAUZE, last_counted=date(2026, 1, 1))
    yesterday = replace(TOXIN, value=Decimal(60), last_counted=TODAY - timedelta(days=1))
    assert order(yesterday, long_ago) == ["gauze", "toxin"]


STOCKED = st.builds(
    Stocked,
    location=st.just("room-1"),
    item=st.text(max_size=3),
    value=st.decimals(0, 100_000, places=2),
    changes=st.integers(0, 10_000),
    last_counted=st.none() | st.dates(date(2020, 1, 1), date(2027, 12, 31)),
)


@given(STOCKED, st.decimals(0, 1000, places=2), st.integers(0, 100), st.integers(0, 1000))
def test_more_value_changes_or_days_never_put_anything_off(
    stocked: Stocked, value: Decimal, changes: int, days: int
) -> None:
    earlier = stocked.last_counted and stocked.last_counted - timedelta(days=days)
    more = replace(
        stocked,
        value=stocked.value + value,
        changes=stocked.changes + changes,
        last_counted=earlier,
    )
    [before], [after] = propose([stocked], TODAY), propose([more], TODAY)
    assert after.score >= before.score


# What it looks at


@pytest.mark.django_db
@pytest.mark.usefixtures("monday_morning")
class TestTheClinic:
    def test_value_and_changes_are_those_of_what_is_there(self) -> None:
        received(lidocaine(), 40, unit_cost=Decimal("0.45"))
        used(Want(lidocaine(), Decimal(4)))
        [stocked] = read_stocked()
        assert (stocked.location, stocked.item) == ("room-1", "lido-1-20")
        # Received and opened; put in the vial and drawn from it.
        assert (stocked.value, stocked.changes) == (Decimal("16.20"), 4)

    def test_a_count_starts_the_changes_anew(self) -> None:
        holding = received(needle(), 64)
        post(count(sheet_of(), {holding: 64}))
        used(Want(needle(), Decimal(4)))
        [stocked] = read_stocked()
        assert (stocked.last_counted, stocked.changes) == (TODAY, 1)

    def test_a_row_that_was_not_counted_is_not_taken_for_counted(self) -> None:
        holding = received(needle(), 64)
        received(gauze(), 100)
        post(count(sheet_of(), {holding: 64}))
        counted = {each.item: each.last_counted for each in read_stocked()}
        assert counted == {needle().sku: TODAY, gauze().sku: None}

    def test_a_count_that_was_reversed_is_none(self) -> None:
        holding = received(needle(), 64)
        sheet = post(count(sheet_of(), {holding: 64}))
        movement = line_of(sheet, holding).movement
        assert movement is not None
        ledger.reverse(movement, by=dana(), reason="Wrong room", happened_at=NOW, now=NOW)
        assert read_stocked()[0].last_counted is None

    def test_a_place_is_counted_for_itself(self) -> None:
        here = received(needle(), 64)
        received(needle(), 9, where="room-2")
        post(count(sheet_of(), {here: 64}))
        counted = {each.location: each.last_counted for each in read_stocked()}
        assert counted == {"room-1": TODAY, "room-2": None}

    def test_what_has_no_known_cost_is_said_to_be_so(self) -> None:
        received(needle(), 64)
        assert "$0.00 on the shelf, part of it of unknown cost" in page("plan/")

    def test_the_page_says_why_and_the_first_make_a_sheet(self) -> None:
        received(kenalog(), 3, unit_cost=Decimal("14.00"))
        received(needle(), 64, unit_cost=Decimal("0.10"))
        shown = page("plan/?location=room-1")
        why = "Not counted on a sheet yet; changed 1 time since Nov 23, 2026; $42.00 on the shelf"
        assert why in shown
        assert shown.index(kenalog().name) < shown.index(needle().name)
        answer = send("add/", {"location": "room-1", "blind": "on", "items": kenalog().sku})
        assert "0 of 1 counted" in answer.text

    @pytest.mark.parametrize("query", ["", "?location=all", "?location=nowhere", "?location=%00"])
    def test_an_odd_place_is_answered(self, query: str) -> None:
        received(needle(), 64)
        assert needle().name in page(f"plan/{query}", vic())

    def test_an_empty_clinic_has_nothing_to_count(self) -> None:
        place()
        assert "Nothing is on the shelf here." in page("plan/")

    def test_a_longer_ledger_asks_the_database_no_more(self) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                read_stocked()
            return len(queries)

        received(needle(), 64)
        before = asked()
        for number in range(8):
            received(needle(), 10, lot=f"B{number}", where=f"room-{number}")
        used(Want(needle(), Decimal(4)))
        assert (asked(), before) == (3, 3)
