"""The history of an item, a lot, a holding, a place or a person: one timeline, newest first.

A row for each movement, as far as it concerns the subject, and for each change of a lot's status.
A page of it costs the same few queries however long the history is: the ids are sorted and cut by
the database, and only what a page shows is fetched.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location
from inventory.stock.backdating import is_backdated
from inventory.stock.history_words import (
    KINDS,
    STATUSES,
    Told,
    change_sentence,
    movement_sentence,
    undone_words,
)
from inventory.stock.models import Entry, Holding, Lot, LotStatusChange, Movement
from inventory.web.days import midnight

STATUS = "status"
CHANGE, MOVEMENT = 0, 1
# How many rows are fetched at a time when all of them are wanted.
BATCH = 500


@dataclass(frozen=True)
class Subject:
    """Whose history it is.

    `own` are the entries that concern it; `around` those that its sentences need besides, as where
    a transfer went. A person's history is that of the movements they recorded, whole.
    """

    own: Q
    around: Q
    changes: QuerySet[LotStatusChange]
    by: User | None = None
    # Whether every row is of the same item, so that its changes add up.
    is_of_one_item: bool = True

    @property
    def entries(self) -> QuerySet[Entry]:
        return Entry.objects.filter(self.own)


@dataclass(frozen=True)
class Asked:
    """What part of a history is asked for; what is empty narrows nothing."""

    kind: str = ""
    since: date | None = None
    until: date | None = None
    by: User | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Happening:
    """One row. `recorded_at` is there where it was recorded later than it happened.

    `item`, `quantity` and `unit` are there where all of it was one item's: the net change.
    """

    at: datetime
    by: User
    what: str
    sentence: str
    recorded_at: datetime | None = None
    item: Item | None = None
    lots: Sequence[Lot] = ()
    where: str = ""
    quantity: Decimal | None = None
    movement: Movement | None = None
    # It is only shown: procedures stand above this package.
    procedure: Any = None
    undone: str = ""
    undone_by: Movement | None = None

    @property
    def unit(self) -> str:
        return self.item.unit if self.item else ""


def of_item(item: Item) -> Subject:
    changes = LotStatusChange.objects.filter(lot__item=item)
    return Subject(own=Q(item=item), around=Q(item=item), changes=changes)


def of_lot(lot: Lot) -> Subject:
    own = Q(holding__lot=lot)
    return Subject(own=own, around=own, changes=LotStatusChange.objects.filter(lot=lot))


def of_holding(holding: Holding) -> Subject:
    """An opened vial, or the sealed stock of a lot in one place; with the status of its lot."""
    changes = LotStatusChange.objects.filter(lot=holding.lot_id)
    if holding.opened_at is not None:
        changes = changes.filter(changed_at__gte=holding.opened_at)
    around = Q(holding__lot=holding.lot_id)
    return Subject(own=Q(holding=holding), around=around, changes=changes)


def of_location(location: Location) -> Subject:
    """What came, left and was used there. A lot's status is no matter of one place."""
    return Subject(
        own=Q(location=location),
        around=Q(),
        changes=LotStatusChange.objects.none(),
        is_of_one_item=False,
    )


def of_person(person: User) -> Subject:
    return Subject(
        own=Q(movement__by=person),
        around=Q(),
        changes=LotStatusChange.objects.filter(by=person),
        by=person,
        is_of_one_item=False,
    )


class History:
    """The rows of a history, counted and cut without reading more than is shown."""

    def __init__(self, subject: Subject, asked: Asked | None = None) -> None:
        self.subject = subject
        asked = asked or Asked()
        self.sources: list[QuerySet[Any]] = []
        if asked.kind != STATUS:
            self.sources.append(_movements(subject, asked))
        if asked.kind in ("", STATUS):
            self.sources.append(_changes(subject, asked))

    def __len__(self) -> int:
        return sum(source.count() for source in self.sources)

    def __iter__(self) -> Iterator[Happening]:
        for start in range(0, len(self), BATCH):
            yield from self[start : start + BATCH]

    def __getitem__(self, part: slice) -> list[Happening]:
        first, *others = self.sources
        timeline = first.union(*others, all=True) if others else first
        cut = list(timeline.order_by("-at", "-table", "-pk")[part])
        moved = _read([pk for _, table, pk in cut if table == MOVEMENT], self.subject)
        changed = LotStatusChange.objects.select_related("lot__item", "by").in_bulk(
            [pk for _, table, pk in cut if table == CHANGE]
        )
        return [
            _of_movement(moved[pk]) if table == MOVEMENT else _of_change(changed[pk])
            for _, table, pk in cut
        ]


def told(movement: Movement) -> Told:
    """Return the whole of one movement, for its sentence."""
    return _read([movement.pk], of_person(movement.by))[movement.pk]


# Which rows


def _movements(subject: Subject, asked: Asked) -> QuerySet[Any]:
    movements = Movement.objects.all()
    if subject.by is not None:
        movements = movements.filter(by=subject.by)
    else:
        movements = movements.filter(pk__in=subject.entries.values("movement"))
    if asked.kind:
        movements = movements.filter(kind=asked.kind)
    for word in asked.words:
        of_item = subject.entries.filter(item__in=_named(word))
        of_lot = subject.entries.filter(holding__lot__in=Lot.objects.filter(number__icontains=word))
        movements = movements.filter(
            Q(reason__icontains=word)
            | Q(reference__icontains=word)
            | Q(supplier__name__icontains=word)
            | Q(procedure__type__name__icontains=word)
            | Q(pk__in=of_item.values("movement"))
            | Q(pk__in=of_lot.values("movement"))
        )
    return _dated(movements, "happened_at", asked, MOVEMENT)


def _changes(subject: Subject, asked: Asked) -> QuerySet[Any]:
    changes = subject.changes
    for word in asked.words:
        changes = changes.filter(
            Q(reason__icontains=word)
            | Q(lot__number__icontains=word)
            | Q(lot__item__in=_named(word))
        )
    return _dated(changes, "changed_at", asked, CHANGE)


def _dated(rows: QuerySet[Any], moment: str, asked: Asked, table: int) -> QuerySet[Any]:
    if asked.since:
        rows = rows.filter(**{f"{moment}__gte": midnight(asked.since)})
    if asked.until:
        rows = rows.filter(**{f"{moment}__lt": midnight(asked.until + timedelta(days=1))})
    if asked.by:
        rows = rows.filter(by=asked.by)
    dated = rows.annotate(at=F(moment), table=Value(table, output_field=IntegerField()))
    ids: QuerySet[Any] = dated.order_by().values_list("at", "table", "pk")
    return ids


def _named(word: str) -> QuerySet[Item]:
    return Item.objects.filter(Q(name__icontains=word) | Q(sku__icontains=word))


# What they say


def _read(movements: Sequence[int], subject: Subject) -> dict[int, Told]:
    """Read these movements as far as they concern the subject: nine queries."""
    rows = Movement.objects.select_related(
        "by", "supplier", "reverses__by", *_of_procedure("procedure"),
        *_of_procedure("reverses__procedure"),
    ).in_bulk(movements)  # fmt: skip
    # Joined in, this would be looked for in all movements where next to none was ever reversed.
    undone_by = {
        movement.reverses_id: movement
        for movement in Movement.objects.filter(reverses__in=rows).select_related("by")
    }
    own_ids = set(subject.entries.filter(movement__in=rows).values_list("pk", flat=True))
    own: dict[int, list[Entry]] = defaultdict(list)
    around: dict[int, list[Entry]] = defaultdict(list)
    entries = Entry.objects.filter(subject.around, movement__in=rows).order_by("pk")
    # Prefetched, not joined: many entries are of few things, and each thing is made once.
    for entry in entries.prefetch_related("holding__lot", "item", "location"):
        entry.holding.lot.item = entry.item
        around[entry.movement_id].append(entry)
        if entry.pk in own_ids:
            own[entry.movement_id].append(entry)
    after = _after_counts(rows, own)
    return {
        pk: Told(row, own[pk], around[pk], after, undone_by.get(pk)) for pk, row in rows.items()
    }


def _of_procedure(path: str) -> tuple[str, ...]:
    return (f"{path}__type", f"{path}__amends", f"{path}__amended_by")


def _after_counts(
    movements: Mapping[int, Movement], entries: Mapping[int, list[Entry]]
) -> dict[int, Decimal]:
    """What each holding held after it was counted, where its count is told by itself."""
    counts = [
        entries[pk][0].pk
        for pk, movement in movements.items()
        if movement.kind == Movement.Kind.COUNT and len(entries[pk]) == 1
    ]
    so_far = Entry.objects.filter(holding=OuterRef("holding"), pk__lte=OuterRef("pk"))
    after = so_far.order_by().values("holding").annotate(held=Sum("quantity")).values("held")
    return dict(
        Entry.objects.filter(pk__in=counts)
        .annotate(after=Subquery(after))
        .values_list("pk", "after")
    )


def _of_movement(row: Told) -> Happening:
    movement, items = row.movement, row.items
    item = items[0] if len(items) == 1 else None
    late = is_backdated(movement.happened_at, movement.recorded_at)
    return Happening(
        at=movement.happened_at,
        recorded_at=movement.recorded_at if late else None,
        by=movement.by,
        what=KINDS[movement.kind],
        sentence=movement_sentence(row),
        item=item,
        lots=[lot for lot in row.lots if lot.number],
        where=row.where,
        quantity=row.net if item else None,
        movement=movement,
        procedure=row.procedure or getattr(movement.reverses, "procedure", None),
        undone=undone_words(row),
        undone_by=row.undone_by,
    )


def _of_change(change: LotStatusChange) -> Happening:
    return Happening(
        at=change.changed_at,
        by=change.by,
        what=STATUSES[change.status],
        sentence=change_sentence(change),
        item=change.lot.item,
        lots=[change.lot],
    )
