"""The clinic's days: from midnight to midnight in its own time zone."""

from datetime import date, datetime, time

from django.utils import timezone


def midnight(day: date) -> datetime:
    """Return the moment at which this day begins in the clinic."""
    return timezone.make_aware(datetime.combine(day, time.min))
