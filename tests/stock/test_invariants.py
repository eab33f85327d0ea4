"""The database itself refuses what must never be, whoever asks and however."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from inventory.stock import ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Entry, Holding, Movement
from inventory.stock.requests import Want
from tests.clinic import NOW, dana, lidocaine, mara, place, received, used

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own statement")
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="PostgreSQL's own statement"
)


@pytest.fixture(autouse=True)
def _a_ledger_with_a_reversal() -> None:
    received(lidocaine(), 40)
    use = used(Want(lidocaine(), Decimal(4)))
    ledger.reverse(use.movement, by=dana(), reason="a slip", happened_at=NOW, now=NOW)
    used(Want(lidocaine(), Decimal(4)))


def refused(sql: str) -> None:
    """The statement fails, and the ledger is what it was."""
    before = list(Entry.objects.values_list()), list(Movement.objects.values_list())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert (list(Entry.objects.values_list()), list(Movement.objects.values_list())) == before
    assert check_ledger().holds


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory_movement SET reason = 'tidied up'",
        "UPDATE inventory_entry SET quantity = quantity + 1000",
        "DELETE FROM inventory_movement",
        "DELETE FROM inventory_entry",
        "DELETE FROM inventory_entry WHERE id = (SELECT MAX(id) FROM inventory_entry)",
    ],
)
def test_history_is_not_rewritten(sql: str) -> None:
    refused(sql)


@on_sqlite
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT OR REPLACE INTO inventory_entry SELECT * FROM inventory_entry",
        "INSERT OR REPLACE INTO inventory_movement SELECT * FROM inventory_movement",
        (
            "REPLACE INTO inventory_movement"
            " (kind, happened_at, recorded_at, by_id, reason, reference, reverses_id)"
            " SELECT kind, happened_at, recorded_at, by_id, 'x', '', reverses_id"
            " FROM inventory_movement WHERE kind = 'reversal'"
        ),
        "UPDATE OR REPLACE inventory_entry SET id = 1",
        (
            "INSERT INTO inventory_entry SELECT * FROM inventory_entry WHERE true"
            " ON CONFLICT (id) DO UPDATE SET quantity = 1"
        ),
    ],
)
def test_history_is_not_replaced(sql: str) -> None:
    refused(sql)


@on_postgresql
@pytest.mark.parametrize(
    "sql",
    [
        "TRUNCATE inventory_entry",
        "TRUNCATE inventory_movement CASCADE",
        "TRUNCATE inventory_holding CASCADE",
        (
            "INSERT INTO inventory_entry SELECT * FROM inventory_entry"
            " ON CONFLICT (id) DO UPDATE SET quantity = 1"
        ),
        (
            "MERGE INTO inventory_entry e USING inventory_entry s ON e.id = s.id"
            " WHEN MATCHED THEN UPDATE SET quantity = 1"
        ),
    ],
)
def test_history_is_not_truncated_or_merged(sql: str) -> None:
    refused(sql)


def test_the_orm_cannot_rewrite_history_either() -> None:
    movement = Movement.objects.first()
    assert movement is not None
    movement.reason = "tidied up"
    for attempt in (movement.save, Entry.objects.all().delete, Movement.objects.all().delete):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            attempt()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory_holding SET quantity = -1",
        "UPDATE inventory_holding SET quantity = quantity - 1000000",
        (
            "INSERT INTO inventory_holding (lot_id, location_id, quantity)"
            " SELECT lot_id, location_id, -5 FROM inventory_holding"
        ),
    ],
)
def test_no_statement_makes_a_holding_negative(sql: str) -> None:
    refused(sql)


def test_a_movement_is_reversed_at_most_once() -> None:
    reversed_before = Movement.objects.get(kind="reversal").reverses
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(
            kind="reversal", reverses=reversed_before, by=dana(), happened_at=NOW, recorded_at=NOW
        )


def test_a_reversal_says_what_it_reverses() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(kind="reversal", by=dana(), happened_at=NOW, recorded_at=NOW)


def test_a_lot_has_one_sealed_holding_in_a_place() -> None:
    sealed = Holding.objects.sealed().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(lot=sealed.lot, location=sealed.location)


def test_a_sealed_vial_has_no_beyond_use_date() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.sealed().update(beyond_use_on=date(2027, 1, 1))


def test_a_holding_with_history_is_not_deleted() -> None:
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Holding.objects.all().delete()


def test_the_check_names_a_balance_that_was_tampered_with() -> None:
    Holding.objects.sealed().update(quantity=Decimal(60))
    (difference,) = check_ledger().differences
    assert "lido-1-20, lot A1, room-1" in difference
    assert "holds 60, its entries add up to 20" in difference


def test_the_check_names_a_vial_that_was_carried_off_in_secret() -> None:
    Holding.objects.opened().on_hand().update(location=place("room-2"))
    assert "where it is not" in check_ledger().differences[0]


def test_the_check_names_a_forged_entry() -> None:
    holding = Holding.objects.sealed().get()
    Entry.objects.create(
        movement=Movement.objects.filter(kind="use").latest("pk"),
        holding=holding,
        location=holding.location,
        item=lidocaine(),
        kind="open",
        quantity=Decimal(20),
        happened_at=NOW - timedelta(days=1),
    )
    differences = " ".join(check_ledger().differences)
    assert "its entries add up to 40" in differences
    assert "its open entries of item" in differences
    assert "its time or item is not that of its movement" in differences


def test_the_check_names_a_guard_that_was_taken_down() -> None:
    drop = (
        "DROP TRIGGER inventory_entry_no_delete"
        if connection.vendor == "sqlite"
        else "DROP TRIGGER inventory_entry_append_only ON inventory_entry"
    )
    with connection.cursor() as cursor:
        cursor.execute(drop)
    (difference,) = check_ledger().differences
    assert "no longer guards the ledger" in difference


def test_nothing_is_kept_as_a_binary_fraction() -> None:
    used(Want(lidocaine(), Decimal("0.1")))
    used(Want(lidocaine(), Decimal("0.2")))
    typeof = "typeof" if connection.vendor == "sqlite" else "pg_typeof"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {typeof}(quantity) FROM inventory_holding")
        assert cursor.fetchall() in ([("integer",)], [("bigint",)])
    assert Holding.objects.opened().on_hand().get().quantity == Decimal("15.7")


def test_a_nurse_is_named_on_every_movement() -> None:
    assert set(Movement.objects.filter(kind="use").values_list("by", flat=True)) == {mara().pk}
