"""How to tell that nothing new stands in the ledger, so that what was read of it still holds."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from inventory.stock.models import Movement, PastFile

# More movements than any transaction could stay behind by before it commits: PostgreSQL hands out
# ids before it commits, so that a movement may appear below the newest one.
MOVEMENTS_UNDER_WAY = 1000


@dataclass(frozen=True)
class LedgerMark:
    """A state of the ledger. Nothing in it is ever changed, so equal marks mean equal sums.

    `files` and `taken_back` are of past use, which comes and goes by the file.
    """

    database: str
    newest: tuple[tuple[int, object], ...]
    files: int
    taken_back: int

    def new_since(self, before: "LedgerMark") -> frozenset[int] | None:
        """Return the ids of the movements that an earlier mark did not know; None: all may be."""
        known, now = dict(before.newest), dict(self.newest)
        same = (before.database, before.files, before.taken_back)
        if same != (self.database, self.files, self.taken_back) or not known or not now:
            return None
        if min(now) > max(known) or any(now.get(pk, at) != at for pk, at in known.items()):
            return None
        return frozenset(now.keys() - known.keys()) - frozenset(pk for pk in now if pk < min(known))


def ledger_mark() -> LedgerMark:
    """Return the mark of the ledger as it is now: two queries."""
    newest = Movement.objects.order_by("-pk").values_list("pk", "recorded_at")
    files = PastFile.objects.aggregate(files=Count("pk"), taken_back=Count("taken_back_at"))
    return LedgerMark(
        database=str(connection.settings_dict["NAME"]),
        newest=tuple(newest[:MOVEMENTS_UNDER_WAY]),
        **files,
    )
