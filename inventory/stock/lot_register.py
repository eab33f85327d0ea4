"""Changing a lot's status, as far as the person may."""

from collections.abc import Collection
from datetime import datetime

from inventory.accounts.models import User
from inventory.stock import ledger
from inventory.stock.errors import ForManagers
from inventory.stock.models import Lot, LotStatusChange
from inventory.web.roles import MANAGER
from inventory.web.transactions import all_or_nothing


def may_set(roles: Collection[str], status: str, wanted: str) -> bool:
    """Say whether these roles may make a lot `wanted` that is in this status.

    Whoever finds a wet carton may put it in quarantine; the rest is for managers.
    """
    if MANAGER in roles:
        return True
    return wanted == Lot.Status.QUARANTINED and status != Lot.Status.RECALLED


@all_or_nothing
def set_status(
    lot: Lot,
    *,
    by: User,
    roles: Collection[str],
    status: Lot.Status,
    reason: str,
    now: datetime,
) -> LotStatusChange:
    """Hold, recall or release a lot. Raises ForManagers, judged by the status under lock."""
    with ledger.together([lot.item]):
        lot.refresh_from_db(fields=["status"])
        if not may_set(roles, lot.status, status):
            raise ForManagers(lot, status)
        return ledger.set_lot_status(lot, by=by, status=status, reason=reason, now=now)
