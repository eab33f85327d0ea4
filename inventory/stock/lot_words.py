"""A lot's status, and what happened to it, in a few words."""

from datetime import date

from inventory.stock.models import Entry, Lot, Movement
from inventory.stock.requests import WasteReason
from inventory.stock.usable import why_not
from inventory.web.pills import Pill

REASONS = dict(WasteReason.choices)


def lot_pill(lot: Lot, today: date) -> Pill:
    """Say whether a lot may be used, and why not."""
    if lot.status != Lot.Status.AVAILABLE:
        return Pill("held", lot.get_status_display().lower())
    if why_not(lot.status, lot.expires_on, None, today):
        return Pill("bad", "expired")
    return Pill("usable", "available")


def reason_words(reason: str) -> str:
    """Return a reason as people read it: those of waste are kept as codes."""
    return str(REASONS.get(reason, reason))


def entry_words(entry: Entry) -> str:
    """Return what became of the quantity. Wants the movement fetched."""
    words = entry.get_kind_display()
    return f"{words}, undone" if entry.movement.kind == Movement.Kind.REVERSAL else words
