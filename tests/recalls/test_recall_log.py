"""The response log of a recall only grows, whoever writes to the database."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.clinic import lidocaine, received
from tests.recalls.notices import recalled


@pytest.mark.django_db
def test_the_log_is_never_changed_or_deleted() -> None:
    received(lidocaine(), 40, "A1")
    note = recalled("A1").notes.get()
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
        refused = pytest.raises(IntegrityError, match="never changed or deleted")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    before = note.text
    note.refresh_from_db()
    assert note.text == before
