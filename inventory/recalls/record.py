"""Answering a recall: holding its lots in one step, the response log, closing it.

Lots and holds are written through the ledger, in the same transaction as the recall's own rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inventory.accounts.models import User
from inventory.catalog.models import Item
from inventory.recalls.held import to_release
from inventory.recalls.models import Recall, RecallLot, RecallNote
from inventory.recalls.search import Found, FoundLot, Query, search
from inventory.stock import ledger
from inventory.stock.models import Lot
from inventory.web.transactions import all_or_nothing
from inventory.web.words import amount_words

LONGEST_REASON = 200


class AlreadyClosed(Exception):
    """The recall was closed before."""

    def __init__(self, recall: Recall) -> None:
        super().__init__(
            f"This recall was closed by {recall.closed_by}: {recall.outcome} A note can still be"
            " added."
        )


@dataclass(frozen=True)
class Notice:
    """A recall notice as it was entered. `alike` are the lots that only read like the notice's, or
    have no number, but are meant: somebody looked at their labels."""

    query: Query
    title: str
    reason: str
    status: Lot.Status = Lot.Status.RECALLED
    reference: str = ""
    alike: frozenset[int] = field(default_factory=frozenset)


@all_or_nothing
def open_recall(notice: Notice, *, by: User, now: datetime) -> Recall:
    """Hold every lot that the notice means, wherever it is, opened vials too, and record it.

    What arrives later and matches is held by the ledger as it arrives. No lot at all is an answer
    too: "none found" is recorded with what was searched.
    """
    with ledger.together(found.item for found in search(notice.query).items):
        # Read again now that nobody else can bring or take any of it.
        found = search(notice.query)
        alike = [lot for lot in found.to_look_at if lot.lot.pk in notice.alike]
        recall = _recorded(notice, found, by, now)
        _hold(recall, found.lots, alike, by, now)
        items = [each.item for each in found.items]
        recall.items.set(items)
        recall.holds.set(_wait_for_more(recall, notice.query, items, by, now))
        add_note(recall, _answer(recall, found, alike), by=by, now=now)
    return recall


def add_note(recall: Recall, text: str, *, by: User, now: datetime) -> RecallNote:
    """Append a line to the response log, for good."""
    return RecallNote.objects.create(recall=recall, by=by, at=now, text=text)


@dataclass(frozen=True)
class Ending:
    """How a recall ends. `release` lets go of the lots that were only quarantined; then nothing
    waits for later arrivals any more either."""

    outcome: str
    keep_watching: bool = True
    release: bool = False


@all_or_nothing
def close_recall(recall: Recall, ending: Ending, *, by: User, now: datetime) -> Recall:
    """Close it with its outcome. Raises AlreadyClosed."""
    with ledger.together(recall.items.all()):
        closing = Recall.objects.filter(pk=recall.pk, closed_at__isnull=True)
        if not closing.update(closed_at=now, closed_by=by, outcome=ending.outcome):
            raise AlreadyClosed(Recall.objects.select_related("closed_by").get(pk=recall.pk))
        add_note(recall, f"Closed: {ending.outcome}"[:1000], by=by, now=now)
        if ending.release:
            _release(recall, ending.outcome, by, now)
        if ending.release or not ending.keep_watching:
            stop_watching(recall, by=by, now=now)
    recall.refresh_from_db()
    return recall


@all_or_nothing
def stop_watching(recall: Recall, *, by: User, now: datetime) -> int:
    """Let later deliveries be; what is held stays held. Returns how many holds that ended."""
    ended = ledger.end_holds(recall.holds.all(), by=by, now=now)
    if ended:
        add_note(recall, "Deliveries are no longer watched for these lots.", by=by, now=now)
    return ended


def _recorded(notice: Notice, found: Found, by: User, now: datetime) -> Recall:
    return Recall.objects.create(
        reference=notice.reference,
        title=notice.title,
        reason=notice.reason,
        code=notice.query.code,
        patterns="" if notice.query.all_lots else "\n".join(notice.query.patterns),
        all_lots=notice.query.all_lots,
        status=notice.status,
        opened_by=by,
        opened_at=now,
    )


def _hold(
    recall: Recall, meant: Sequence[FoundLot], alike: Sequence[FoundLot], by: User, now: datetime
) -> None:
    lots = [each.lot for each in (*meant, *alike)]
    RecallLot.objects.bulk_create(
        RecallLot(
            recall=recall,
            lot=each.lot,
            on_hand=each.on_hand,
            status_before=each.lot.status,
            by_likeness=each in alike,
        )
        for each in (*meant, *alike)
    )
    # What is recalled already is never held more loosely than that.
    strict = Lot.Status.RECALLED
    looser = [lot for lot in lots if recall.status == strict or lot.status != strict]
    ledger.set_lot_statuses(
        looser, by=by, status=Lot.Status(recall.status), reason=_why(recall), now=now
    )


def _wait_for_more(
    recall: Recall, query: Query, items: Sequence[Item], by: User, now: datetime
) -> list[int]:
    holds = ledger.hold_arrivals(
        items,
        query.patterns,
        by=by,
        status=Lot.Status(recall.status),
        reason=_why(recall),
        now=now,
    )
    return [hold.pk for hold in holds]


def _release(recall: Recall, outcome: str, by: User, now: datetime) -> None:
    lots = to_release(recall)
    why = f"Recall {recall.name} closed: {outcome}"[:LONGEST_REASON]
    ledger.set_lot_statuses(lots, by=by, status=Lot.Status.AVAILABLE, reason=why, now=now)
    if lots:
        add_note(recall, f"Released {_numbers(lots)}.", by=by, now=now)


def _answer(recall: Recall, found: Found, alike: Sequence[FoundLot]) -> str:
    """The first line of the log: what was held, or that none was found, and where; what is there
    without a lot number, and was not held, may be of it."""
    lots = [each.lot for each in (*found.lots, *alike)]
    loose = [each for each in found.untracked if each not in alike]
    where = ", ".join(each.item.name for each in found.items) or "no item of this clinic"
    searched = f"Searched {f'{recall.code}: ' if recall.code else ''}{where}; {recall.lot_words}."
    if lots:
        answer = f"{recall.get_status_display()} {_numbers(lots)}. {searched}"
    else:
        answer = f"{'None held' if loose else 'None found'}. {searched}"
    if loose:
        there = ", ".join(
            f"{amount_words(each.on_hand, each.lot.item.unit)} of {each.lot.item.name}"
            for each in loose
        )
        answer = f"{answer} Not tracked by lot, and not held: {there}."
    return answer if len(answer) <= 1000 else f"{answer[:999]}…"


def _numbers(lots: Sequence[Lot]) -> str:
    count = f"{len(lots)} lot{'' if len(lots) == 1 else 's'}"
    return f"{count} ({', '.join(map(str, lots))})"


def _why(recall: Recall) -> str:
    return f"Recall {recall.name}: {recall.reason}"[:LONGEST_REASON]
