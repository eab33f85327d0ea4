"""The only writer of count sheets: makes them, keeps what is counted, posts or cancels them.

Stock is written by `ledger` alone, when a sheet is posted. Whoever needs both locks the items
first, then the sheet, so that no two people wait for each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Q, QuerySet

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location
from inventory.counts import errors
from inventory.counts.models import CountSheet, CountSheetLine
from inventory.counts.reasons import AS_EXPECTED
from inventory.counts.review import Outcome, ReviewRow, review
from inventory.counts.words import about_words
from inventory.stock import ledger
from inventory.stock.errors import (
    HoldingElsewhere,
    InvalidLine,
    MovedSinceCounted,
)
from inventory.stock.models import Entry, Holding, Lot
from inventory.stock.requests import StockLine
from inventory.web.transactions import all_or_nothing

ZERO = Decimal(0)
# A form takes a thousand fields, and a review has three a row.
MOST_ROWS = 300
Settled = Sequence[tuple[ReviewRow, Outcome]]
ByLedger = HoldingElsewhere | InvalidLine | MovedSinceCounted


@dataclass(frozen=True)
class Scope:
    """What of a place a sheet is about: everything, unless it is narrowed."""

    kinds: Sequence[str] = ()
    items: Sequence[Item] = ()
    opened_only: bool = False

    @property
    def is_everything(self) -> bool:
        return not (self.kinds or self.items or self.opened_only)

    def narrow(self, holdings: QuerySet[Holding]) -> QuerySet[Holding]:
        wanted = Q()
        if self.kinds:
            wanted &= Q(lot__item__kind__in=self.kinds)
        if self.items:
            wanted &= Q(lot__item__in=[item.pk for item in self.items])
        if self.opened_only:
            wanted &= Q(opened_at__isnull=False)
        return holdings.filter(wanted)


@dataclass(frozen=True)
class Number:
    """What somebody entered for a row, and what the row showed before; None: nothing."""

    line: int
    counted: Decimal | None
    shown: Decimal | None


@dataclass(frozen=True)
class Answer:
    """Why a row differs, and, where stock moved, how far the ledger had got when it was counted.

    `answered_up_to` is the newest entry that the person knew of.
    """

    reason: str = ""
    counted_up_to: int | None = None
    answered_up_to: int | None = None


def answer_of(line: CountSheetLine) -> Answer:
    """Return what is kept of a row."""
    return Answer(line.reason, line.counted_up_to, line.answered_up_to)


@all_or_nothing
def make(*, location: Location, scope: Scope, blind: bool, by: User, now: datetime) -> CountSheet:
    """Make a sheet of what is there. Raises SheetIsOpen, NothingToCount or TooManyRows."""
    there = scope.narrow(Holding.objects.on_hand().filter(location=location))
    items = list(Item.objects.filter(pk__in=there.values("lot__item")))
    with ledger.together(items):
        # One at a time: the unique constraint would say the same, but not in a sentence.
        list(Location.objects.select_for_update(no_key=True).filter(pk=location.pk))
        if CountSheet.objects.still_open().filter(location=location).exists():
            raise errors.SheetIsOpen(location)
        holdings = list(there.filter(lot__item__in=items).order_by("pk"))
        if not holdings and not scope.is_everything:
            raise errors.NothingToCount(location)
        if len(holdings) > MOST_ROWS:
            raise errors.TooManyRows(location, len(holdings), MOST_ROWS)
        about = about_words(scope.kinds, scope.items, opened_only=scope.opened_only)
        sheet = CountSheet.objects.create(
            location=location, about=about[:200], blind=blind, made_by=by, made_at=now
        )
        up_to = _newest_entry()
        CountSheetLine.objects.bulk_create(
            CountSheetLine(
                sheet=sheet,
                holding=holding,
                lot_id=holding.lot_id,
                expected=holding.quantity,
                expected_up_to=up_to,
            )
            for holding in holdings
        )
    return sheet


@all_or_nothing
def add_found(sheet: CountSheet, *, lot: Lot, vial: Holding | None = None) -> CountSheetLine:
    """Add a row for a lot, or an open vial, that is there but not listed.

    Raises SheetIsClosed or OnTheSheetAlready.
    """
    with ledger.together([lot.item]):
        sheet = _locked(sheet)
        holding = vial or Holding.objects.sealed().filter(location=sheet.location, lot=lot).first()
        if holding is not None:
            holding.refresh_from_db(fields=["quantity"])
        same = Q(holding=holding) if vial else Q(lot=lot, holding__opened_at__isnull=True)
        if sheet.lines.filter(same).exists():
            raise errors.OnTheSheetAlready(lot)
        return CountSheetLine.objects.create(
            sheet=sheet,
            lot=lot,
            holding=holding,
            found=True,
            expected=holding.quantity if holding else ZERO,
            expected_up_to=_newest_entry(),
        )


@all_or_nothing
def save_numbers(
    sheet: CountSheet, numbers: Iterable[Number], *, by: User, now: datetime
) -> dict[int, Decimal | None]:
    """Keep what was entered; return what somebody else entered meanwhile, by the id of the line.

    A row is written only where its number is another than the page showed, so that two people with
    a tablet each never undo each other's. Where both entered a number, neither is lost: the first
    stays, and the second is told. Raises SheetIsClosed.
    """
    sheet = _locked(sheet)
    lines = sheet.lines.in_bulk()
    others: dict[int, Decimal | None] = {}
    changed = []
    for number in numbers:
        line = lines.get(number.line)
        if line is None or number.counted in (number.shown, line.counted):
            continue
        if line.counted != number.shown:
            others[line.pk] = line.counted
            continue
        _count(line, number.counted, by, now)
        if sheet.reviewed_at is not None and line.counted_first is None:
            line.counted_first = line.counted
        changed.append(line)
    CountSheetLine.objects.bulk_update(
        changed,
        [
            "counted",
            "counted_at",
            "counted_by",
            "counted_first",
            "reason",
            "counted_up_to",
            "answered_up_to",
        ],
    )
    return others


@all_or_nothing
def open_review(sheet: CountSheet, *, now: datetime) -> None:
    """Let those who count see what was expected, and keep what they had counted until then.

    Raises SheetIsClosed or NothingCounted.
    """
    sheet = _locked(sheet)
    counted = list(sheet.lines.filter(counted__isnull=False))
    if not counted:
        raise errors.NothingCounted
    if sheet.reviewed_at is None:
        sheet.reviewed_at = now
        sheet.save(update_fields=["reviewed_at"])
    fresh = [line for line in counted if line.counted_first is None]
    for line in fresh:
        line.counted_first = line.counted
    CountSheetLine.objects.bulk_update(fresh, ["counted_first"])


@all_or_nothing
def save_answers(
    sheet: CountSheet, answers: Mapping[int, Answer], *, shown: Mapping[int, Answer]
) -> dict[int, Answer]:
    """Keep why rows differ, and when they were counted; return what somebody else has answered
    meanwhile, by the id of the line.

    As with numbers, the first answer stays where it is not the one that the page had `shown`, and
    the second is told. Raises SheetIsClosed.
    """
    sheet = _locked(sheet)
    others: dict[int, Answer] = {}
    changed = []
    for line in sheet.lines.filter(pk__in=answers, counted__isnull=False):
        answer, kept = answers[line.pk], answer_of(line)
        if kept == answer:
            continue
        if kept != shown.get(line.pk, Answer()):
            others[line.pk] = kept
            continue
        line.reason = answer.reason
        line.counted_up_to, line.answered_up_to = _in_order(line, answer)
        changed.append(line)
    CountSheetLine.objects.bulk_update(changed, ["reason", "counted_up_to", "answered_up_to"])
    return others


@all_or_nothing
def post(sheet: CountSheet, *, seen: Mapping[int, str], by: User, now: datetime) -> CountSheet:
    """Write what was counted into the ledger: a movement for each reason, all of it or nothing.

    `seen` is what the person looked at, as `Review.seen` says it: more may have moved since.
    Raises SheetIsClosed, NothingCounted, ChangedSinceReview, RowsIncomplete or RowRefused.
    """
    counted = sheet.lines.filter(counted__isnull=False)
    with ledger.together(Item.objects.filter(pk__in=counted.values("lot__item"))):
        sheet = _locked(sheet)
        now_there = review(sheet)
        if not now_there.rows:
            raise errors.NothingCounted
        if now_there.seen != seen:
            differs = now_there.seen.items() ^ seen.items()
            raise errors.ChangedSinceReview({line for line, _ in differs})
        if now_there.questions:
            raise errors.RowsIncomplete(now_there.questions)
        _post_rows(sheet, now_there.settled, by, now)
        sheet.posted_at, sheet.posted_by = now, by
        sheet.posted_up_to = _newest_entry()
        sheet.save(update_fields=["posted_at", "posted_by", "posted_up_to"])
    return sheet


@all_or_nothing
def cancel(sheet: CountSheet, *, by: User, now: datetime) -> CountSheet:
    """Give a sheet up: nothing of it reaches the ledger. Raises SheetIsClosed."""
    sheet = _locked(sheet)
    sheet.cancelled_at, sheet.cancelled_by = now, by
    sheet.save(update_fields=["cancelled_at", "cancelled_by"])
    return sheet


def _locked(sheet: CountSheet) -> CountSheet:
    """Own the sheet until the transaction ends, and read it anew."""
    sheets = CountSheet.objects.select_for_update(no_key=True, of=("self",))
    people = ("location", "posted_by", "cancelled_by")
    sheet = sheets.select_related(*people).get(pk=sheet.pk)
    if not sheet.is_open:
        raise errors.SheetIsClosed(sheet)
    return sheet


def _newest_entry() -> int:
    """Return the newest id in use: whoever owns an item has not seen its later entries yet."""
    newest: int | None = Entry.objects.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def _count(line: CountSheetLine, counted: Decimal | None, by: User, now: datetime) -> None:
    line.counted = counted
    line.counted_at = None if counted is None else now
    line.counted_by = None if counted is None else by
    # Another number asks everything anew.
    line.reason = ""
    line.counted_up_to = line.answered_up_to = None


def _in_order(line: CountSheetLine, answer: Answer) -> tuple[int | None, int | None]:
    counted, answered = answer.counted_up_to, answer.answered_up_to
    if counted is None or answered is None or not line.expected_up_to <= counted <= answered:
        return None, None
    return counted, answered


def _post_rows(sheet: CountSheet, settled: Settled, by: User, now: datetime) -> None:
    # An opened vial that was carried elsewhere since it was counted is put right where it is.
    groups: dict[tuple[str, Location], list[tuple[ReviewRow, Outcome]]] = defaultdict(list)
    for row, outcome in settled:
        reason = row.line.reason if outcome.variance else AS_EXPECTED
        place = row.holding.location if row.holding else sheet.location
        groups[reason, place].append((row, outcome))
    for (reason, place), group in groups.items():
        _post_group(group, place, reason, by, now)
    CountSheetLine.objects.bulk_update(
        [row.line for row, _ in settled], ["movement", "holding", "variance", "value", "reason"]
    )


def _post_group(group: Settled, place: Location, reason: str, by: User, now: datetime) -> None:
    try:
        count = ledger.count(
            by=by,
            location=place,
            lines=[_stock_line(row, outcome) for row, outcome in group],
            reason=reason,
            happened_at=now,
            now=now,
        )
    except (HoldingElsewhere, InvalidLine, MovedSinceCounted) as refusal:
        raise errors.RowRefused(_row_of(refusal, group), str(refusal)) from refusal
    for (row, outcome), counted in zip(group, count.lines, strict=True):
        line = row.line
        line.movement, line.holding = count.movement, counted.holding
        line.variance, line.value = outcome.variance, outcome.value
        if not outcome.variance:
            line.reason = ""


def _stock_line(row: ReviewRow, outcome: Outcome) -> StockLine:
    lot = row.line.lot
    if row.holding is not None:
        return StockLine(lot.item, outcome.counted, holding=row.holding, expected=outcome.expected)
    return StockLine(lot.item, outcome.counted, lot=lot, expected=outcome.expected)


def _row_of(refusal: ByLedger, group: Settled) -> int:
    """Return the id of the line that the ledger refuses."""
    lines = [row.line.pk for row, _ in group]
    if isinstance(refusal, InvalidLine):
        number = refusal.field.removeprefix("lines.").partition(".")[0]
        return lines[int(number)] if number.isdigit() else lines[0]
    named = (row.line.pk for row, _ in group if row.holding == refusal.holding)
    return next(named, lines[0])
