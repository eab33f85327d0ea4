"""Whose clinic a database holds, and starting over without touching anybody's own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from inventory.catalog.models import Clinic, Location, Site
from inventory.demo import database
from inventory.demo.database import CannotReset, Holds
from inventory.demo.load import LOADING, load
from inventory.procedures.starter import load_starter
from tests.demo.conftest import CLINIC_TIME
from tests.worlds import built_once

SUNDAY = datetime(2027, 3, 7, 12, 0, tzinfo=CLINIC_TIME)
SCRATCH = "demo_to_reset"

LOAD_AND_EMPTY = """
import django
django.setup()
from django.utils import timezone
from inventory.catalog.models import Clinic
from inventory.demo import database
from inventory.demo.load import load
from inventory.stock.models import Movement
print(database.holds().name)
database.migrate()
load(timezone.now(), weeks=1, quiet=True)
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


loaded = built_once(partial(load, SUNDAY, weeks=1, quiet=True), scope="class")


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
class TestADemo:
    def test_it_is_told_by_its_ledger_whatever_the_clinic_is_called_now(self) -> None:
        Clinic.objects.update(name="Our own name")

        assert database.holds() is Holds.DEMO

    def test_one_that_was_interrupted_is_told_from_a_whole_one(self) -> None:
        Clinic.objects.update(name=LOADING)

        assert database.holds() is Holds.PART_OF_DEMO


@pytest.mark.django_db
def test_a_schema_that_others_use_too_is_not_dropped() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("A SQLite file is one application's own.")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE payroll (id integer)")

    with pytest.raises(CannotReset, match="payroll, which would be lost"):
        database.empty()


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[str]:
    """The address of a database that may be emptied."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'demo.sqlite3'}"
        return
    server = os.environ["TEST_POSTGRES_URL"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")
        admin.execute(f"CREATE DATABASE {SCRATCH}")
        yield server.replace("/postgres?", f"/{SCRATCH}?")
        admin.execute(f"DROP DATABASE {SCRATCH} WITH (FORCE)")


def test_starting_over_leaves_nothing_but_an_empty_clinic(scratch: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD_AND_EMPTY],
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
