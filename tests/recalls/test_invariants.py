"""The database itself refuses a recall that makes no sense, and a log that is rewritten."""

import pytest
from django.db import DatabaseError, connection, transaction

from inventory.recalls import record
from inventory.recalls.models import Recall, RecallLot, RecallNote
from inventory.recalls.record import Ending
from inventory.stock.models import LotHold
from tests.clinic import NOW, dana, lidocaine, received
from tests.recalls.notices import recalled

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own statement")
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="PostgreSQL's own statement"
)


@pytest.fixture(autouse=True)
def _an_open_recall_and_a_closed_one() -> None:
    received(lidocaine(), 40)
    recalled("A1")
    record.close_recall(recalled(), Ending("Done"), by=dana(), now=NOW)


def facts() -> list[object]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Recall, RecallLot, RecallNote, LotHold)
    ]


def refused(sql: str) -> None:
    """The statement fails, and everything is what it was."""
    before = facts()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert facts() == before


@pytest.mark.parametrize(
    "sql",
    [
        # It names lots, or all of them.
        "UPDATE inventory_recall SET all_lots = true WHERE patterns = 'A1'",
        "UPDATE inventory_recall SET patterns = '' WHERE patterns = 'A1'",
        "UPDATE inventory_recall SET patterns = 'A1' WHERE all_lots",
        # It holds.
        "UPDATE inventory_recall SET status = 'available'",
        "UPDATE inventory_recall SET status = ''",
        # It says what and why.
        "UPDATE inventory_recall SET title = ''",
        "UPDATE inventory_recall SET reason = ''",
        # Its end says who, when and how, and is not before its beginning.
        "UPDATE inventory_recall SET closed_at = opened_at WHERE closed_at IS NULL",
        "UPDATE inventory_recall SET closed_by_id = opened_by_id WHERE closed_at IS NULL",
        "UPDATE inventory_recall SET outcome = 'Done' WHERE closed_at IS NULL",
        "UPDATE inventory_recall SET outcome = '' WHERE closed_at IS NOT NULL",
        "UPDATE inventory_recall SET closed_by_id = NULL WHERE closed_at IS NOT NULL",
        "UPDATE inventory_recall SET closed_at = NULL WHERE closed_at IS NOT NULL",
        (
            "UPDATE inventory_recall SET closed_at = '2000-01-01 00:00:00+00'"
            " WHERE closed_at IS NOT NULL"
        ),
    ],
)
def test_a_recall_makes_sense(sql: str) -> None:
    refused(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory_recalllot SET on_hand = -1",
        (
            "INSERT INTO inventory_recalllot (recall_id, lot_id, on_hand, status_before,"
            " by_likeness) SELECT recall_id, lot_id, 1, status_before, by_likeness"
            " FROM inventory_recalllot"
        ),
    ],
)
def test_a_lot_is_held_once_with_what_was_there(sql: str) -> None:
    refused(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory_lothold SET status = 'available'",
        "UPDATE inventory_lothold SET pattern = ''",
        "UPDATE inventory_lothold SET ended_at = since WHERE ended_at IS NULL",
        "UPDATE inventory_lothold SET ended_by_id = by_id WHERE ended_at IS NULL",
    ],
)
def test_a_hold_holds_until_somebody_ended_it(sql: str) -> None:
    refused(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory_recallnote SET text = 'All was well'",
        "UPDATE inventory_recallnote SET at = at",
        "DELETE FROM inventory_recallnote",
        (
            "INSERT INTO inventory_recallnote (recall_id, by_id, at, text)"
            " SELECT recall_id, by_id, at, '' FROM inventory_recallnote"
        ),
    ],
)
def test_the_log_is_only_added_to(sql: str) -> None:
    refused(sql)


@on_sqlite
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT OR REPLACE INTO inventory_recallnote SELECT * FROM inventory_recallnote",
        "UPDATE OR REPLACE inventory_recallnote SET id = 1",
    ],
)
def test_the_log_is_not_replaced(sql: str) -> None:
    refused(sql)


@on_postgresql
@pytest.mark.parametrize(
    "sql",
    [
        "TRUNCATE inventory_recallnote",
        (
            "INSERT INTO inventory_recallnote SELECT * FROM inventory_recallnote"
            " ON CONFLICT (id) DO UPDATE SET text = 'x'"
        ),
    ],
)
def test_the_log_is_not_emptied_or_overwritten(sql: str) -> None:
    refused(sql)
