"""Whose clinic a database holds, and starting over without touching anybody's own."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from inventory.catalog.models import Location, Site
from inventory.demo import database
from inventory.demo.database import CannotReset, Holds
from inventory.procedures.starter import load_starter

SCRATCH = "demo_to_reset"

# What the demo begins with is as hard to remove as all that happens in it.
OPEN_AND_EMPTY = """
import django
django.setup()
from django.utils import timezone
from inventory.catalog.models import Clinic
from inventory.demo import database
from inventory.demo.cast import Cast
from inventory.demo.lots import LotMaker
from inventory.demo.opening import lay_out
from inventory.demo.people import add_everybody
from inventory.procedures.starter import load_starter
from inventory.stock.models import Movement
print(database.holds().name)
database.migrate()
load_starter(lambda _: None)
lay_out(Cast(add_everybody()), LotMaker("any"), timezone.localdate(), timezone.now())
print(database.holds().name)
database.empty()
print(database.holds().name)
database.migrate()
print(Movement.objects.count(), Clinic.objects.get(pk=1).name)
"""


@pytest.mark.django_db
def test_a_new_database_holds_nothing() -> None:
    assert database.holds() is Holds.NOTHING


@pytest.mark.django_db
def test_a_clinic_with_one_place_of_its_own_is_somebodys() -> None:
    Location.objects.create(code="cart", name="Cart", site=Site.objects.create(code="a", name="A"))

    assert database.holds() is Holds.CLINIC


@pytest.mark.django_db
def test_a_clinic_that_began_with_the_starter_catalog_is_somebodys() -> None:
    load_starter(lambda _: None)

    assert database.holds() is Holds.CLINIC


@pytest.mark.django_db
def test_a_schema_that_others_use_too_is_not_dropped() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("A SQLite file is one application's own.")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE payroll (id integer)")

    with pytest.raises(CannotReset, match="payroll, which would be lost"):
        database.empty()


@pytest.fixture
def scratch(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a database that may be emptied; on SQLite it has its tables already."""
    if connection.vendor == "sqlite":
        path = tmp_path / "demo.sqlite3"
        with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
        yield f"sqlite:///{path}"
        return
    server = os.environ["TEST_POSTGRES_URL"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")
        admin.execute(f"CREATE DATABASE {SCRATCH}")
        yield server.replace("/postgres?", f"/{SCRATCH}?")
        admin.execute(f"DROP DATABASE {SCRATCH} WITH (FORCE)")


def test_starting_over_leaves_nothing_but_an_empty_clinic(scratch: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPEN_AND_EMPTY],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "inventory.settings",
            "DATABASE_URL": scratch,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["NOTHING", "DEMO", "NOTHING", "0 Our clinic"]
