"""How far back a delivery may be dated."""

from datetime import datetime, timedelta

from django.utils import timezone

from inventory.catalog.models import Clinic
from inventory.stock.errors import InvalidLine

# Clocks of tablets run a little ahead; more than that is a slip of the finger.
CLOCK_SKEW = timedelta(minutes=5)


def check_received_at(received_at: datetime, now: datetime) -> None:
    """Refuse the future, and what lies further back than the clinic's limit in calendar days.

    Raises InvalidLine.
    """
    if received_at > now + CLOCK_SKEW:
        raise InvalidLine("received_at", "A delivery cannot have come in the future.")
    limit = Clinic.objects.values_list("receipt_backdating_days", flat=True).get(pk=1)
    days = (timezone.localdate(now) - timezone.localdate(received_at)).days
    if days > limit:
        raise InvalidLine(
            "received_at", f"A delivery is taken in within {limit} days; this came {days} days ago."
        )
