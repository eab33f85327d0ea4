"""Marking the use of an unusable lot as seen."""

from datetime import datetime

from inventory.accounts.models import User
from inventory.procedures.models import ProcedureLine


def mark_reviewed(line: ProcedureLine, *, by: User, now: datetime) -> bool:
    """Say who looked at the line, once; False when somebody had looked at it before."""
    seen = ProcedureLine.objects.filter(pk=line.pk, reviewed_at__isnull=True)
    return bool(seen.update(reviewed_at=now, reviewed_by=by))
