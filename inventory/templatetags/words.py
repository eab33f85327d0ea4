"""Template filters for quantities, money and days, and the status pill."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template

from inventory.web.pills import Pill, Tone
from inventory.web.roles import EVERYONE
from inventory.web.words import (
    day_words,
    days_away_words,
    money_words,
    month_words,
    period_words,
    quantity_words,
    time_words,
    unit_words,
)

register = template.Library()


@register.filter
def quantity(value: Decimal | int | None) -> str:
    """`{{ 12.500|quantity }}` is "12.5"."""
    return "" if value is None else quantity_words(value)


@register.filter
def of_amount(unit: str, value: Decimal | int | None) -> str:
    """`{{ item.unit|of_amount:quantity }}` is "units" after 100, "unit" after 1."""
    return unit if value is None else unit_words(value, unit)


@register.filter
def money(value: Decimal | int | None) -> str:
    """`{{ 1284|money }}` is "$1,284.00"."""
    return "" if value is None else money_words(value)


@register.filter
def day(value: date | None) -> str:
    """`{{ lot.expires_on|day }}` is "Dec 10, 2026"."""
    return "" if value is None else day_words(value)


@register.filter
def month(value: date) -> str:
    """`{{ asked.first|month }}` is "December 2026"."""
    return month_words(value)


@register.filter
def period(first: date | None, last: date | None) -> str:
    """`{{ code.effective_from|period:code.effective_to }}` is "until Mar 31, 2024"."""
    return period_words(first, last)


@register.filter
def clock(value: datetime | None, today: date) -> str:
    """`{{ moved_at|clock:clinic_today }}` is "10:15", or "Nov 20, 10:15" on another day."""
    return "" if value is None else time_words(value, today)


@register.filter
def in_days(value: date | None, today: date) -> str:
    """`{{ lot.expires_on|in_days:clinic_today }}` is "in 18 days"."""
    return "" if value is None else days_away_words(value, today)


@register.simple_tag
def pill(tone: Tone, word: Any) -> Pill:
    """`{% pill "bad" "expired" %}`: a colour, always with its word."""
    return Pill(tone, str(word))


@register.filter
def initials(person: Any) -> str:
    """Return "MO" for Mara Ortiz, "M" for the username mara."""
    parts = str(person).split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


@register.filter
def role_words(roles: frozenset[str]) -> str:
    """Return "nurse and manager", in the usual order."""
    return " and ".join(role for role in EVERYONE if role in roles)
