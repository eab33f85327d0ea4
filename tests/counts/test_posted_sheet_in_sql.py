"""What the database keeps of a sheet that was posted, whoever writes to it."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from inventory.counts.models import CountSheet, CountSheetLine
from inventory.stock.models import Holding
from tests.clinic import needle, received
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


def refused(constraint: str) -> Any:
    return pytest.raises(IntegrityError, match=constraint)


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
