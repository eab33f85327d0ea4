"""Numbers, days and times as a nurse reads them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

MONTH_DAYS = 30
YEAR_DAYS = 365


def quantity_words(quantity: Decimal | int) -> str:
    """Return "1,200", "12.5" or "0.25": no zeros that say nothing, never an exponent."""
    text = f"{Decimal(quantity):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount_words(quantity: Decimal | int, unit: str) -> str:
    """Return "40 mL", "100 units" or, for what is counted by the piece, "310"."""
    number = quantity_words(quantity)
    return number if unit == "each" else f"{number} {unit_words(quantity, unit)}"


def unit_words(quantity: Decimal | int, unit: str) -> str:
    """Return the unit as it is read after the quantity: "units" after 100, "unit" after 1."""
    return "units" if unit == "unit" and abs(quantity) != 1 else unit


def money_words(amount: Decimal | int) -> str:
    """Return "$1,284.00" or "-$3.10"; four decimals only where a unit cost needs them."""
    exact = Decimal(amount)
    places = 2 if exact == exact.quantize(Decimal("0.01")) else 4
    return f"{'-' if exact < 0 else ''}${abs(exact):,.{places}f}"


def cents_words(amount: Decimal) -> str:
    """Return exact money as it is shown, rounded to the cent: "$4.13" of 4.125."""
    return money_words(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))


def dollars_words(amount: Decimal | int) -> str:
    """Return "$1,284" or "-$3": whole dollars, where there is little room."""
    whole = Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{'-' if whole < 0 else ''}${abs(whole):,f}"


def day_words(day: date) -> str:
    """Return "Dec 10, 2026"."""
    return f"{day:%b} {day.day}, {day.year:04}"


def month_words(day: date) -> str:
    """Return "December 2026" for any day of it."""
    return f"{day:%B} {day.year:04}"


def period_words(first: date | None, last: date | None) -> str:
    """Return "from Apr 1, 2024", "until Mar 31, 2024" or "from Apr 1, 2024 to Jun 30, 2024"."""
    if first is None:
        return f"until {day_words(last)}" if last else "always"
    until = f" to {day_words(last)}" if last else ""
    return f"from {day_words(first)}{until}"


def time_words(moment: datetime, today: date) -> str:
    """Return "10:15" for today, "Nov 20, 10:15" before, in the clinic's own time."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return clock
    day = day_words(local.date()) if local.year != today.year else f"{local:%b} {local.day}"
    return f"{day}, {clock}"


def moment_words(moment: datetime) -> str:
    """Return "Nov 20, 2026, 10:15", in the clinic's own time."""
    local = timezone.localtime(moment)
    return f"{day_words(local.date())}, {local:%H:%M}"


def days_words(days: int) -> str:
    """Return "1 day" or "7 days"."""
    return f"{days} day{'' if days == 1 else 's'}"


def days_away_words(day: date, today: date) -> str:
    """Return "in 18 days", "tomorrow", "today", "3 days ago", "in 4 months"."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    span = _span_words(abs(days))
    return f"in {span}" if days > 0 else f"{span} ago"


def _span_words(days: int) -> str:
    if days < 3 * MONTH_DAYS:
        return f"{days} days"
    if days < 2 * YEAR_DAYS:
        return f"{days // MONTH_DAYS} months"
    return f"{days // YEAR_DAYS} years"
