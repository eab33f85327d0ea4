"""SQLite as Django has it, but for a writer that waits for its turn in vain.

Django leaves the cursor of a BEGIN that was refused ("database is locked") to the garbage
collector. It runs in any thread, at any moment: in the one that is writing too, and there it waits
for as long as the cursor's connection waits for its turn to write. The two wait for each other, and
every other thread with them, until SQLite gives up; that refuses the next BEGIN, and so on.
"""

from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Closes the cursor with which it begins a transaction, whatever comes of it."""

    transaction_mode: Any

    def _start_transaction_under_autocommit(self) -> None:
        with self.cursor() as cursor:
            cursor.execute(f"BEGIN {self.transaction_mode or 'DEFERRED'}")
