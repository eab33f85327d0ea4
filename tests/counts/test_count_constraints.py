"""What the database itself refuses of count sheets, whoever writes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from inventory.counts.models import CountSheet, CountSheetLine
from inventory.stock.models import Holding
from tests.clinic import NOW, mara, needle, received
from tests.counts.counting import count, explain, line_of, post, sheet_of

pytestmark = pytest.mark.django_db


def set_raw(thing: CountSheet | CountSheetLine, **columns: Any) -> None:
    """Write past all of our code."""
    names = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
    table = connection.ops.quote_name(thing._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {names} WHERE id = %s", [*columns.values(), thing.pk])


@pytest.fixture
def holding() -> Holding:
    return received(needle(), 64)


@pytest.fixture
def sheet(holding: Holding) -> CountSheet:
    return sheet_of()


@pytest.fixture
def counted(sheet: CountSheet, holding: Holding) -> CountSheetLine:
    return line_of(count(sheet, {holding: 60}), holding)


@pytest.fixture
def posted(sheet: CountSheet, counted: CountSheetLine, holding: Holding) -> CountSheetLine:
    explain(sheet, holding, "Miscounted before")
    post(sheet)
    return line_of(sheet, holding)


@contextmanager
def refused(constraint: str, column: str = "") -> Iterator[None]:
    """Expect a refusal by this constraint; SQLite names the column of a unique one instead."""
    name = column if column and connection.vendor == "sqlite" else constraint
    with pytest.raises(IntegrityError, match=name):
        yield


BY_NOW = NOW + timedelta(minutes=5)
A_SHEET: tuple[tuple[str, Callable[[], dict[str, Any]]], ...] = (
    ("a_posted_count_sheet_says_by_whom", lambda: {"posted_at": BY_NOW}),
    ("a_posted_count_sheet_says_by_whom", lambda: {"posted_by_id": mara().pk}),
    (
        "a_posted_count_sheet_says_by_whom",
        lambda: {"posted_at": BY_NOW, "posted_by_id": mara().pk},
    ),
    ("a_cancelled_count_sheet_says_by_whom", lambda: {"cancelled_at": BY_NOW}),
    ("a_cancelled_count_sheet_says_by_whom", lambda: {"cancelled_by_id": mara().pk}),
    (
        "a_count_sheet_is_posted_or_cancelled",
        lambda: {
            "posted_at": BY_NOW,
            "posted_by_id": mara().pk,
            "posted_up_to": 1,
            "cancelled_at": BY_NOW,
            "cancelled_by_id": mara().pk,
        },
    ),
)
A_LINE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("counted_never_negative", {"counted": -1}),
    ("counted_never_negative", {"counted_first": -1}),
    ("counted_never_negative", {"expected": -1}),
    ("what_is_counted_says_when_and_by_whom", {"counted_at": None}),
    ("what_is_counted_says_when_and_by_whom", {"counted_by_id": None}),
    ("what_is_counted_says_when_and_by_whom", {"counted": None}),
    ("count_marks_in_order", {"counted_up_to": 10**6}),
    ("count_marks_in_order", {"answered_up_to": 10**6}),
    ("count_marks_in_order", {"counted_up_to": 10**6, "answered_up_to": 10**6 - 1}),
    ("count_marks_in_order", {"counted_up_to": 0, "answered_up_to": 10**6}),
    ("only_what_is_counted_is_posted", {"variance": 0}),
    ("only_what_is_counted_is_posted", {"value": 1}),
)


@pytest.mark.parametrize(("constraint", "columns"), A_SHEET)
def test_a_sheet_that_cannot_be(
    constraint: str, columns: Callable[[], dict[str, Any]], sheet: CountSheet
) -> None:
    with refused(constraint):
        set_raw(sheet, **columns())


@pytest.mark.parametrize(("constraint", "columns"), A_LINE)
def test_a_row_that_cannot_be(
    constraint: str, columns: dict[str, Any], counted: CountSheetLine
) -> None:
    with refused(constraint):
        set_raw(counted, **columns)


def test_a_place_has_one_open_sheet(sheet: CountSheet) -> None:
    with refused("one_open_count_sheet_a_place", "location_id"), transaction.atomic():
        CountSheet.objects.create(location=sheet.location, about="all", made_by=mara(), made_at=NOW)


def test_a_holding_is_on_a_sheet_once(sheet: CountSheet, counted: CountSheetLine) -> None:
    with refused("a_holding_once_a_count_sheet", "holding_id"), transaction.atomic():
        CountSheetLine.objects.create(
            sheet=sheet, lot=counted.lot, holding=counted.holding, expected=0
        )


def test_a_found_lot_is_on_a_sheet_once(sheet: CountSheet, counted: CountSheetLine) -> None:
    CountSheetLine.objects.create(sheet=sheet, lot=counted.lot, expected=0)
    with refused("a_found_lot_once_a_count_sheet", "lot_id"), transaction.atomic():
        CountSheetLine.objects.create(sheet=sheet, lot=counted.lot, expected=0)


def test_a_posted_variance_keeps_its_reason(posted: CountSheetLine) -> None:
    with refused("a_variance_has_a_reason"):
        set_raw(posted, reason="")


@pytest.mark.parametrize("column", ["variance", "movement_id", "holding_id"])
def test_a_posted_row_stays_whole(column: str, posted: CountSheetLine) -> None:
    with refused("only_what_is_counted_is_posted"):
        set_raw(posted, **{column: None})


def test_a_posted_count_is_not_uncounted(posted: CountSheetLine) -> None:
    with refused("only_what_is_counted_is_posted"):
        set_raw(posted, counted=None, counted_at=None, counted_by_id=None)
