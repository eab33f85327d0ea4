"""What becomes of a lot that arrives while a hold waits for it. Rows in, answers out: no query."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from inventory.stock.lot_patterns import matches, may_be
from inventory.stock.models import Lot, LotHold
from inventory.web.words import day_words, days_words


def holds_on(lot: Lot, holds: Iterable[LotHold]) -> list[LotHold]:
    """Return those of the holds that mean this lot."""
    return [
        hold for hold in holds if hold.item_id == lot.item_id and matches(hold.pattern, lot.number)
    ]


def status_on_arrival(lot: Lot, caught_by: Sequence[LotHold]) -> str:
    """Return the strictest of what the lot is and what its holds make of it."""
    statuses = [lot.status, *(hold.status for hold in caught_by)]
    return max(statuses, key=Lot.Status.values.index)


def hold_warnings(lot: Lot, holds: Iterable[LotHold]) -> Iterator[str]:
    """Yield what whoever receives the lot has to know; `holds` are those in force."""
    waiting = list(holds)
    if lot.status != Lot.Status.AVAILABLE:
        why = "".join(f" ({hold.reason})" for hold in holds_on(lot, waiting)[:1])
        status = lot.get_status_display().lower()
        yield f"{lot.subject} is {status}{why}: it cannot be used. Set it aside."
        return
    alike = (
        hold for hold in waiting if hold.item_id == lot.item_id and may_be(hold.pattern, lot.number)
    )
    for hold in list(alike)[:1]:
        yield (
            f"Lot {lot} reads like {hold.pattern}, which is {hold.status} ({hold.reason})."
            " Check the label; if it is the same lot, hold this one too."
        )


def expiry_warnings(lot: Lot, today: date, soon_days: int) -> Iterator[str]:
    """Yield that the lot has expired, or will within so many days."""
    if lot.expires_on is None:
        return
    days = (lot.expires_on - today).days
    if days < 0:
        day = day_words(lot.expires_on)
        yield f"{lot.subject} expired on {day}: it cannot be used. Set it aside."
    elif days <= soon_days:
        left = "today" if not days else f"in {days_words(days)}"
        yield f"{lot.subject} is short-dated: it expires on {day_words(lot.expires_on)}, {left}."
