"""The tests run against the database that was asked for, set up as a clinic's."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_it_is_the_database_that_was_asked_for(pytestconfig: pytest.Config) -> None:
    assert connection.vendor == pytestconfig.getoption("--database")


def test_sqlite_is_set_up_as_in_a_clinic() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite needs to be told.")

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pragma_journal_mode, pragma_synchronous")

        assert cursor.fetchone() == ("wal", 2)
