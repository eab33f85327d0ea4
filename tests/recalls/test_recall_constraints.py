"""What the database itself refuses of recalls, of their log and of holds, whoever writes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from inventory.recalls.models import Recall, RecallLot, RecallNote
from inventory.stock.models import LotHold
from tests.clinic import NOW, dana, lidocaine, received
from tests.recalls.notices import recalled

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def recall() -> Recall:
    received(lidocaine(), 40, "A1")
    return recalled("A1")


def run(sql: str, *values: Any) -> None:
    """Write past all of our code; an attack on nothing proves nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount > 0


def set_raw(model: type[models.Model], columns: dict[str, Any]) -> None:
    names = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
    run(f"UPDATE {model._meta.db_table} SET {names}", *columns.values())


@contextmanager
def refused(what: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=what):
        yield


ENDING: dict[str, Callable[[], Any]] = {
    "closed_at": lambda: LATER,
    "closed_by_id": lambda: dana().pk,
    "outcome": lambda: "Done",
}
ATTACKS: tuple[tuple[str, type[models.Model], dict[str, Any]], ...] = (
    ("a_recall_names_lots_or_all_of_them", Recall, {"patterns": ""}),
    ("a_recall_names_lots_or_all_of_them", Recall, {"all_lots": True}),
    ("a_recall_holds", Recall, {"status": "available"}),
    ("a_recall_holds", Recall, {"status": "Recalled"}),
    ("a_recall_says_what_and_why", Recall, {"title": ""}),
    ("a_recall_says_what_and_why", Recall, {"reason": ""}),
    ("a_recalled_lot_is_never_below_nothing", RecallLot, {"on_hand": -1}),
    ("a_hold_holds", LotHold, {"status": "available"}),
    ("a_hold_names_lots", LotHold, {"pattern": ""}),
    ("an_ended_hold_says_when_and_by_whom", LotHold, {"ended_at": LATER}),
)


@pytest.mark.parametrize(("constraint", "model", "columns"), ATTACKS)
def test_what_cannot_be(
    constraint: str, model: type[models.Model], columns: dict[str, Any]
) -> None:
    with refused(constraint):
        set_raw(model, columns)


@pytest.mark.parametrize("forgotten", ENDING)
def test_a_closed_recall_says_all_of_who_when_and_how(forgotten: str) -> None:
    known = {name: value() for name, value in ENDING.items() if name != forgotten}
    with refused("a_closed_recall_says_who_when_and_how_it_ended"):
        set_raw(Recall, known)


def test_a_recall_is_not_closed_before_it_was_opened() -> None:
    ending = {name: value() for name, value in ENDING.items()}
    with refused("a_closed_recall_says_who_when_and_how_it_ended"):
        set_raw(Recall, {**ending, "closed_at": NOW - timedelta(seconds=1)})


def test_a_hold_does_not_end_by_itself() -> None:
    with refused("an_ended_hold_says_when_and_by_whom"):
        set_raw(LotHold, {"ended_by_id": dana().pk})


def test_a_recall_holds_a_lot_once() -> None:
    columns = "recall_id, lot_id, on_hand, status_before, by_likeness"
    told = "recall_id" if connection.vendor == "sqlite" else "a_recall_holds_a_lot_once"
    with refused(told):
        run(
            f"INSERT INTO inventory_recalllot ({columns}) SELECT {columns} FROM inventory_recalllot"
        )


def test_a_note_says_something(recall: Recall) -> None:
    with refused("a_note_says_something"), transaction.atomic():
        RecallNote.objects.create(recall=recall, by=dana(), at=NOW, text="")


def test_the_log_is_never_changed_or_deleted(recall: Recall) -> None:
    note = recall.notes.get()
    attacks = [
        "UPDATE inventory_recallnote SET text = 'none found'",
        "UPDATE inventory_recallnote SET at = at",
        "DELETE FROM inventory_recallnote",
    ]
    if connection.vendor == "sqlite":
        columns = "id, at, text, by_id, recall_id"
        attacks.append(
            f"INSERT OR REPLACE INTO inventory_recallnote ({columns})"
            f" SELECT {columns.replace('text', repr('none found'))} FROM inventory_recallnote"
        )
    for sql in attacks:
        with refused("never changed or deleted"):
            run(sql)
    assert recall.notes.get().text == note.text


def test_a_lot_that_a_recall_held_is_not_deleted(recall: Recall) -> None:
    with refused("(?i)foreign key"), transaction.atomic():
        run("UPDATE inventory_recalllot SET lot_id = 987654321")
        connection.check_constraints()
