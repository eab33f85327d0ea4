"""The procedures of a clinic's year, moved so that it ends now.

The year is moved by whole weeks: weekdays stay what they were, and its last week is this week (at a
weekend the one that just ended). Holidays and seasons move along.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from django.utils import timezone

FILE = Path(__file__).parent / "procedures.csv"
LAST_MONDAY = date(2026, 10, 26)
SHORTAGE = (date(2026, 2, 9), date(2026, 3, 27))
"""From when and until when the clinic could not buy Kenalog-40, as the file has it."""

SATURDAY = 5
FEWEST_TODAY = 3
USUAL_GAP = timedelta(minutes=20)


@dataclass(frozen=True)
class Planned:
    """One procedure of the file; `instead` holds what was used instead of the kit's quantity."""

    performed_at: datetime
    type: str
    location: str
    provider: str
    muscles: int
    sites: int
    encounter_ref: str
    instead: tuple[tuple[str, Decimal], ...]

    @cached_property
    def day(self) -> date:
        return timezone.localdate(self.performed_at)


def shift_to(today: date) -> timedelta:
    """Return by how much the file's year moves: whole weeks."""
    return monday(today) - LAST_MONDAY


def monday(day: date) -> date:
    """Return the Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def planned_year(now: datetime) -> list[Planned]:
    """Return the year's procedures up to now, in the order in which they were performed.

    On a weekday some are always today: before the first one is due, three are moved ahead.
    """
    today = timezone.localdate(now)
    planned = list(_read(shift_to(today)))
    done = [procedure for procedure in planned if procedure.performed_at < now]
    if today.weekday() >= SATURDAY or (done and done[-1].day == today):
        return done
    of_today = [procedure for procedure in planned if procedure.day == today]
    return [*done, *_moved_ahead(of_today[:FEWEST_TODAY], now)]


def expected_after(now: datetime) -> list[Planned]:
    """Return what the clinic expects: the rest of this week, then this week and the last again."""
    planned = list(_read(shift_to(timezone.localdate(now))))
    since = planned[-1].day - timedelta(days=11)
    again = [
        replace(procedure, performed_at=procedure.performed_at + timedelta(weeks=2))
        for procedure in planned
        if procedure.day >= since
    ]
    return [procedure for procedure in [*planned, *again] if procedure.performed_at > now]


def clinic_days(planned: Iterable[Planned]) -> list[date]:
    """Return the days on which somebody was treated."""
    return sorted({procedure.day for procedure in planned})


def _read(shift: timedelta) -> Iterable[Planned]:
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Planned(
                performed_at=timezone.make_aware(
                    datetime.fromisoformat(row["performed_at"]) + shift
                ),
                type=row["type"],
                location=row["location"],
                provider=row["provider"],
                muscles=int(row["muscles"]),
                sites=int(row["sites"]),
                encounter_ref=row["encounter_ref"],
                instead=tuple(_instead(row["instead"])),
            )


def _instead(text: str) -> Iterable[tuple[str, Decimal]]:
    for part in text.split():
        sku, _, quantity = part.partition("=")
        yield sku, Decimal(quantity)


def _moved_ahead(procedures: Sequence[Planned], now: datetime) -> list[Planned]:
    """Spread these over the last hour, or over what there is of the day at midnight's edge."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    gap = min(USUAL_GAP, (now - midnight) / (len(procedures) + 1))
    return [
        replace(procedure, performed_at=now - gap * (len(procedures) - place))
        for place, procedure in enumerate(procedures)
    ]
