"""The clinic's days: from midnight to midnight in its own time zone."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """Return the moment at which this day begins in the clinic."""
    return timezone.make_aware(datetime.combine(day, time.min))


def month_after(day: date) -> date:
    """Return the first day of the next month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
