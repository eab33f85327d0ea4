"""A flag as a row on a screen: a word with a colour, and what this person can do about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from inventory.attention.rules import Kind, Severity
from inventory.attention.sentences import Flag
from inventory.web.pills import Pill
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, VIEWER

WHO_MAY = {
    "Order": (MANAGER, PURCHASER, VIEWER),
    "Discard": (NURSE, MANAGER),
    "Transfer": (NURSE, MANAGER),
    "Trace": EVERYONE,
    "Review": EVERYONE,
}
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class FlagRow:
    """What a list shows of a flag. `action_label` names what this person may really do."""

    flag: Flag
    pill: Pill
    subject_url: str
    action_label: str
    action_url: str


def rows_for(roles: Collection[str], flags: Iterable[Flag], today: date) -> list[FlagRow]:
    """Return the rows of these flags as somebody with these roles sees them."""
    return [_row(flag, roles, today) for flag in flags]


def _row(flag: Flag, roles: Collection[str], today: date) -> FlagRow:
    item_url = reverse("item_detail", args=[flag.item.sku])
    label, url = flag.action_label, flag.action_url
    if not set(WHO_MAY[label]) & set(roles):
        label, url = "See stock", f"{reverse('stock_list')}?item={flag.item.sku}"
    return FlagRow(
        flag=flag,
        pill=pill_of(flag, today),
        subject_url=reverse("lot_detail", args=[flag.lot.pk]) if flag.lot else item_url,
        action_label=label,
        action_url=url,
    )


PILLS = {
    Kind.OUT: Pill("bad", "out"),
    Kind.LOW: Pill("soon", "low"),
    Kind.EXPIRED: Pill("bad", "expired"),
    Kind.BEYOND_USE: Pill("bad", "past beyond-use"),
    Kind.RECALLED: Pill("held", "recalled"),
    Kind.UNUSABLE_USED: Pill("held", "to review"),
}


def pill_of(flag: Flag, today: date) -> Pill:
    """Return the flag's kind as a word with its colour, and the day where it is about one."""
    if flag.kind in PILLS:
        return PILLS[flag.kind]
    day = _near(flag.due_on or today, today)
    if flag.kind is Kind.STOCKOUT_BEFORE_DELIVERY:
        return Pill("bad", f"out {day}")
    return Pill("soon" if flag.severity is Severity.SOON else "quiet", f"expires {day}")


def _near(day: date, today: date) -> str:
    """Return "today", "Tue" within a week, else "Jan 31"."""
    if day == today:
        return "today"
    return f"{day:%a}" if today < day < today + A_WEEK else f"{day:%b} {day.day}"
