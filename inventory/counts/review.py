"""What a count found, held against what the ledger said and what has moved since. Writes nothing.

Stock may move between the making of a sheet and its posting. Who counted knows whether that had
happened by then; the ledger does not. So each moment at which the person may have counted is an
`Outcome` of its own, and only where nothing moved is there nothing to ask.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from inventory.counts.models import CountSheet, CountSheetLine
from inventory.counts.reasons import OVERFILL, why_reason_does_not_fit
from inventory.stock import requests
from inventory.stock.models import Entry, Holding, Movement

ZERO = Decimal(0)
CENT = Decimal("0.01")
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Moved:
    """What one movement did to a row's holding since the row was made."""

    movement: Movement
    quantity: Decimal
    # Its newest entry on this holding.
    up_to: int
    # Whether the holding was in the sheet's place afterwards: an opened vial moves as itself.
    here_afterwards: bool


@dataclass(frozen=True)
class Outcome:
    """The count, if it was made when the ledger had got as far as the entry `up_to`."""

    up_to: int
    expected: Decimal
    counted: Decimal
    unit_cost: Decimal | None

    @property
    def variance(self) -> Decimal:
        return self.counted - self.expected

    @property
    def percent(self) -> Decimal | None:
        """The variance in percent of what was expected; None where nothing was."""
        if not self.expected:
            return None
        return (self.variance * 100 / self.expected).quantize(TENTH, ROUND_HALF_UP)

    @property
    def value(self) -> Decimal | None:
        """The variance at cost, to the cent; None where the cost is not known."""
        if self.unit_cost is None:
            return None
        return (self.variance * self.unit_cost).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class ReviewRow:
    """One counted row of a sheet with all that may be true of it."""

    line: CountSheetLine
    # As it is now; None for a found lot of which the ledger still knows nothing here.
    holding: Holding | None
    moved: tuple[Moved, ...]
    outcomes: tuple[Outcome, ...]
    # How much overfill an opened vial may still turn out to have had.
    overfill_left: Decimal = ZERO

    @property
    def newest(self) -> int:
        """The newest entry of the holding that was looked at."""
        return self.moved[-1].up_to if self.moved else self.line.expected_up_to

    @property
    def seen(self) -> str:
        """What somebody who looks at this row has seen, to compare with later."""
        return f"{self.line.counted}/{self.newest}"

    @property
    def chosen(self) -> Outcome | None:
        """What is true of the row, as far as that has been said; None while it has to be asked."""
        if not self.moved:
            return self.outcomes[0]
        if self.line.answered_up_to != self.newest:
            return None
        said = self.line.counted_up_to
        return next((outcome for outcome in self.outcomes if outcome.up_to == said), None)

    @property
    def may_differ(self) -> bool:
        """Say whether a reason may be needed."""
        return any(outcome.variance for outcome in self.outcomes)

    @property
    def question(self) -> str:
        """What the row still asks; empty where nothing stands in the way of posting it."""
        if self.chosen is None:
            return "Say whether you counted before or after this."
        if not self.chosen.variance:
            return ""
        if not self.line.reason:
            return "Say why it differs."
        return why_reason_does_not_fit(
            self.line.reason,
            self.chosen.variance,
            opened=self.line.is_opened,
            overfill_left=self.overfill_left,
            unit=self.line.lot.item.unit,
        )


@dataclass(frozen=True)
class Review:
    """All rows of a sheet that were counted, and those that were not."""

    rows: tuple[ReviewRow, ...]
    not_counted: tuple[CountSheetLine, ...]

    @property
    def differing(self) -> list[ReviewRow]:
        return [row for row in self.rows if row.moved or row.may_differ]

    @property
    def agreeing(self) -> list[ReviewRow]:
        return [row for row in self.rows if not (row.moved or row.may_differ)]

    @property
    def settled(self) -> list[tuple[ReviewRow, Outcome]]:
        """Return the rows of which it is known what is true."""
        return [(row, row.chosen) for row in self.rows if row.chosen is not None]

    @property
    def variances(self) -> list[Outcome]:
        """Return the outcomes that are settled and differ."""
        return [outcome for _, outcome in self.settled if outcome.variance]

    @property
    def lost(self) -> Decimal:
        return sum((each.value for each in self.variances if each.value and each.value < 0), ZERO)

    @property
    def gained(self) -> Decimal:
        return sum((each.value for each in self.variances if each.value and each.value > 0), ZERO)

    @property
    def total(self) -> Decimal:
        """What is settled so far, at cost: the sum of the values as they are shown."""
        return self.lost + self.gained

    @property
    def unpriced(self) -> int:
        """How many of the variances have no known cost."""
        return sum(each.value is None for each in self.variances)

    @property
    def unsettled(self) -> int:
        """How many rows still ask whether they were counted before or after something."""
        return len(self.rows) - len(self.settled)

    @property
    def questions(self) -> dict[int, str]:
        """Return what still stands in the way of posting, by the id of the line."""
        return {row.line.pk: row.question for row in self.rows if row.question}

    @property
    def seen(self) -> dict[int, str]:
        return {row.line.pk: row.seen for row in self.rows}


def review(sheet: CountSheet) -> Review:
    """Hold every counted row against the ledger, in a fixed number of queries."""
    lines = lines_of(sheet)
    counted = [line for line in lines if line.is_counted]
    holdings = _holdings_now(sheet, counted)
    entries = _entries_since(counted, holdings)
    overfilled = _overfill_found(counted)
    return Review(
        rows=tuple(
            ReviewRow(
                line,
                holding,
                *_moments(sheet, line, entries.get(holding.pk, ()) if holding else ()),
                overfill_left=_overfill_left(line, overfilled),
            )
            for line in counted
            for holding in [holdings.get(line.pk)]
        ),
        not_counted=tuple(line for line in lines if not line.is_counted),
    )


def lines_of(sheet: CountSheet) -> list[CountSheetLine]:
    """Return the rows of a sheet in the order in which a shelf is counted: by item, its sealed
    stock first, the soonest expiry first, then its open vials one by one."""
    lines = sheet.lines.select_related(
        "lot__item",
        "holding__location",
        "holding__opened_by",
        "counted_by",
        "movement__reversed_by",
    )

    def place(line: CountSheetLine) -> tuple[object, ...]:
        holding, lot = line.holding, line.lot
        until = (holding.beyond_use_on if holding else None) or lot.expires_on
        name = lot.item.name.lower()
        return name, lot.item_id, line.is_opened, until is None, until, line.pk

    ordered = sorted(lines, key=place)
    for line in ordered:
        if line.holding is not None:
            line.holding.lot = line.lot
    return ordered


def came_since(sheet: CountSheet, lines: Sequence[CountSheetLine]) -> list[Holding]:
    """Return what is in the place now of the sheet's items, and is not on the sheet."""
    listed = {line.holding_id for line in lines}
    sealed_lots = {line.lot_id for line in lines if not line.is_opened}
    there = Holding.objects.on_hand().with_lot().select_related("opened_by")
    there = there.filter(
        location=sheet.location_id, lot__item__in={line.lot.item_id for line in lines}
    ).order_by("pk")
    return [
        holding
        for holding in there
        if holding.pk not in listed
        and (holding.is_opened or (sealed_lots and holding.lot_id not in sealed_lots))
    ]


def _holdings_now(sheet: CountSheet, lines: Iterable[CountSheetLine]) -> dict[int, Holding]:
    """Return the holding of each row by the row's id; a found lot may have got one meanwhile."""
    lines = list(lines)
    known = {line.pk: line.holding for line in lines if line.holding is not None}
    found = {line.lot_id: line for line in lines if line.holding is None}
    if found:
        sealed = Holding.objects.sealed().select_related("location")
        for holding in sealed.filter(location=sheet.location_id, lot__in=found):
            holding.lot = found[holding.lot_id].lot
            known[found[holding.lot_id].pk] = holding
    return known


def _entries_since(
    lines: Sequence[CountSheetLine], holdings: Mapping[int, Holding]
) -> dict[int, list[Entry]]:
    """Return what happened to the holdings since the first of these rows was made."""
    if not holdings:
        return {}
    entries = Entry.objects.filter(
        holding__in={holding.pk for holding in holdings.values()},
        pk__gt=min(line.expected_up_to for line in lines),
    )
    # Procedures stand above this package; a row only says whose movement it is.
    entries = entries.select_related("movement__by", "movement__procedure__type")
    since: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries.order_by("pk"):
        since[entry.holding_id].append(entry)
    return since


def _overfill_found(lines: Iterable[CountSheetLine]) -> dict[int, Decimal]:
    """Return how much overfill earlier counts have found in opened vials, by their ids."""
    vials = [line.holding_id for line in lines if line.is_opened]
    entries = Entry.objects.filter(
        holding__in=vials,
        kind=Entry.Kind.COUNT,
        movement__reason=OVERFILL,
        movement__reversed_by__isnull=True,
    )
    found: dict[int, Decimal] = defaultdict(Decimal)
    for holding, quantity in entries.values_list("holding", "quantity"):
        found[holding] += quantity
    return found


def _overfill_left(line: CountSheetLine, found: Mapping[int, Decimal]) -> Decimal:
    volume = line.lot.item.container_volume
    if volume is None or line.holding_id is None or not line.is_opened:
        return ZERO
    most: Decimal = volume * (requests.OVERFILL - 1)
    return max(most - found.get(line.holding_id, ZERO), ZERO)


def _moments(
    sheet: CountSheet, line: CountSheetLine, entries: Iterable[Entry]
) -> tuple[tuple[Moved, ...], tuple[Outcome, ...]]:
    """Return what moved since the row was made, and what is true of it at each moment."""
    since = [entry for entry in entries if entry.pk > line.expected_up_to]
    moved = _moved(sheet.location_id, since)
    outcomes = [_outcome(line, line.expected_up_to, line.expected)]
    expected = line.expected
    for each in moved:
        expected += each.quantity
        if each.here_afterwards:
            outcomes.append(_outcome(line, each.up_to, expected))
    return moved, tuple(outcomes)


def _moved(location_id: int, entries: Sequence[Entry]) -> tuple[Moved, ...]:
    by_movement: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_movement[entry.movement_id].append(entry)
    moved, place = [], location_id
    for own in by_movement.values():
        for entry in own:
            if entry.kind == Entry.Kind.TRANSFER and entry.quantity > 0:
                place = entry.location_id
        moved.append(
            Moved(
                movement=own[0].movement,
                quantity=sum((entry.quantity for entry in own), ZERO),
                up_to=own[-1].pk,
                here_afterwards=place == location_id,
            )
        )
    return tuple(moved)


def _outcome(line: CountSheetLine, up_to: int, expected: Decimal) -> Outcome:
    counted = ZERO if line.counted is None else line.counted
    return Outcome(up_to, expected, counted, line.lot.unit_cost)
