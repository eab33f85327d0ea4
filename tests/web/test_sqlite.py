"""How the product's own SQLite connection differs from Django's."""

import gc
import sqlite3
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own trouble")


@pytest.fixture
def _somebody_writes_and_writes(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()
    connection.close()


@pytest.mark.usefixtures("_somebody_writes_and_writes")
def test_who_waited_in_vain_leaves_nothing_that_another_thread_would_wait_for() -> None:
    with pytest.raises(OperationalError, match="locked") as refusal, transaction.atomic():
        pass

    # What was raised still holds the cursor, as it does until somebody collects the garbage.
    assert refusal.value.__traceback__
    left = [each for each in gc.get_objects() if type(each) is SQLiteCursorWrapper]
    ours = [each for each in left if each.connection is connection.connection]
    assert ours
    for cursor in ours:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            cursor.fetchone()
