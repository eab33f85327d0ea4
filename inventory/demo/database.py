"""Whose clinic the database holds, and emptying it when it is the demo's own.

The triggers that keep the ledger append-only stay as they are: SQLite's file is removed, and
PostgreSQL's schema is dropped and made anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from inventory.catalog.models import Clinic, Item, Location
from inventory.demo.load import LOADING
from inventory.demo.opening import OPENING
from inventory.stock.models import Movement

LEDGER = "inventory_movement"
MIGRATIONS = "django_migrations"


class Holds(Enum):
    """What a database holds."""

    NOTHING = "nothing"
    DEMO = "the demo clinic"
    PART_OF_DEMO = "a demo clinic that was not loaded to its end"
    CLINIC = "a clinic of somebody's own"


class CannotReset(Exception):
    """The text says what is in the way."""


def holds() -> Holds:
    """Say whose clinic this is, without changing anything.

    The first movement tells, because no movement can be changed. A clinic with a catalog or a
    place of its own is somebody's before its first delivery.
    """
    tables = connection.introspection.table_names()
    if LEDGER not in tables:
        return Holds.NOTHING
    first = Movement.objects.order_by("pk").values_list("reference", flat=True).first()
    if first == OPENING:
        unfinished = Clinic.objects.filter(name=LOADING).exists()
        return Holds.PART_OF_DEMO if unfinished else Holds.DEMO
    if first is not None or Item.objects.exists() or Location.objects.exists():
        return Holds.CLINIC
    return Holds.NOTHING


def migrate() -> None:
    """Bring the tables up to date."""
    call_command("migrate", interactive=False, verbosity=0)


def empty() -> None:
    """Remove everything; ask `holds` first. Raises CannotReset."""
    if connection.vendor == "sqlite":
        _remove_file()
    else:
        _make_schema_anew()


@contextmanager
def without_query_log() -> Iterator[None]:
    """Keep Django from writing down every statement, as it does with DEBUG on: it takes longer
    than the statements themselves."""
    debug, settings.DEBUG = settings.DEBUG, False
    try:
        yield
    finally:
        settings.DEBUG = debug


def _remove_file() -> None:
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _make_schema_anew() -> None:
    ours = {MIGRATIONS, *connection.introspection.django_table_names(include_views=False)}
    others = sorted(set(connection.introspection.table_names()) - ours)
    if others:
        raise CannotReset(
            f"Beside the demo the database holds {', '.join(others)}, which would be lost."
            " Let DATABASE_URL name another one."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
