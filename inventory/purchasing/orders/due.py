"""When a line of an order is due: one rule for the order, the Outlook and the reports."""

from datetime import date, datetime, timedelta

from django.utils import timezone

# What `with_due()` annotates, and in which order `due_on` takes it.
FACTS = ("confirmed_on", "own_day", "since", "longest_days")


def due_on(
    confirmed_on: date | None, own_day: date | None, since: datetime, longest_days: int | None
) -> date | None:
    """Return the day that the supplier confirmed for the line, else the one that its order was
    expected on when it left, else that after the longest lead time of the offers in it.

    What was confirmed for another line says nothing of this one, nor does a day that was past when
    the order left. None: nobody knows.
    """
    left_on = timezone.localdate(since)
    if confirmed_on:
        return confirmed_on
    if own_day and own_day >= left_on:
        return own_day
    return None if longest_days is None else left_on + timedelta(days=longest_days)
