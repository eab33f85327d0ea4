"""How far back what happened may be dated, in calendar days of the clinic."""

from datetime import datetime, timedelta

from django.utils import timezone

from inventory.catalog.models import Clinic
from inventory.stock.errors import InvalidLine
from inventory.web.words import days_words

# Clocks of tablets run a little ahead; more than that is a slip of the finger.
CLOCK_SKEW = timedelta(seconds=30)
# Recorded so much later than it happened, both times are shown.
WORTH_SAYING = timedelta(minutes=5)


def check_received_at(received_at: datetime, now: datetime) -> None:
    """Refuse a delivery of the future, or further back than the clinic's limit: InvalidLine."""
    if received_at > now + CLOCK_SKEW:
        raise InvalidLine("received_at", "A delivery cannot have come in the future.")
    days = _days_ago(received_at, now)
    if days > 0 and days > (limit := _limit("receipt_backdating_days")):
        raise InvalidLine(
            "received_at",
            f"A delivery is taken in {_within(limit)}; this came {days_words(days)} ago.",
        )


def check_performed_at(
    performed_at: datetime, now: datetime, *, instead_of: datetime | None = None
) -> None:
    """Refuse a procedure of the future, or further back than the clinic's limit: InvalidLine.

    One that is logged `instead_of` another may keep that one's day, however long ago.
    """
    if performed_at > now + CLOCK_SKEW:
        raise InvalidLine("performed_at", "A procedure cannot be performed in the future.")
    if instead_of and timezone.localdate(performed_at) == timezone.localdate(instead_of):
        return
    days = _days_ago(performed_at, now)
    if days > 0 and days > (limit := _limit("procedure_backdating_days")):
        raise InvalidLine(
            "performed_at",
            f"A procedure is logged {_within(limit)}; this one was {days_words(days)} ago.",
        )


def is_backdated(happened_at: datetime, recorded_at: datetime) -> bool:
    """Whether it was recorded so much later that both times are worth saying."""
    return abs(recorded_at - happened_at) > WORTH_SAYING


def _days_ago(moment: datetime, now: datetime) -> int:
    return (timezone.localdate(now) - timezone.localdate(moment)).days


def _within(limit: int) -> str:
    return f"within {days_words(limit)}" if limit else "on its day"


def _limit(field: str) -> int:
    days: int = Clinic.objects.values_list(field, flat=True).get(pk=1)
    return days
