"""What the reports add up of the ledger: one aggregate query for each question.

Entries are summed by lot in the database and multiplied with the cost of the lot here: two exact
columns have no common scale in SQL. A reversal's entries carry the opposite sign, so a sum is net
of everything that was undone, on the day on which it was undone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from inventory.catalog.models import Item
from inventory.procedures.models import PastProcedure, Procedure
from inventory.reports.definition import ZERO, Asked
from inventory.reports.periods import months_of
from inventory.stock.models import Entry, Holding, Lot, PastUse
from inventory.web.days import midnight, month_after

USED = Sum("quantity", filter=Q(kind=Entry.Kind.USE))
WASTED = Sum("quantity", filter=Q(kind=Entry.Kind.WASTE))
NET = "What was undone is taken off on the day on which it was undone."


class LotFacts(NamedTuple):
    """What the sums have to know of a lot; the names are those of its columns."""

    pk: int
    item: int
    unit_cost: Decimal | None


@dataclass(frozen=True)
class Gone:
    """So much of one lot that was used or wasted, above zero; `key` says what it belongs to."""

    key: Any
    kind: str
    lot: LotFacts
    quantity: Decimal

    @property
    def cost(self) -> Decimal:
        """What it cost, exactly. A lot without a price costs nothing here, and is counted."""
        return self.quantity * (self.lot.unit_cost or ZERO)


def gone(asked: Asked, key: Any) -> list[Gone]:
    """Return what was used and wasted in the period, by the key and by lot: three queries.

    Without a key it is the item.
    """
    entries = entries_of(asked, [Entry.Kind.USE, Entry.Kind.WASTE])
    return read_gone(entries, key)


def read_gone(entries: QuerySet[Entry], key: Any = None) -> list[Gone]:
    """Add up these entries by the key and lot: three queries.

    The fewer columns the rows are told apart by, the sooner they are sorted: use and waste are two
    sums of one row.
    """
    keys = {} if key is None else {"key": key}
    rows = (
        entries.order_by()
        .annotate(of_holding=computed("holding"), **keys)
        .values_list("of_holding", *keys)
        .annotate(used=USED, wasted=WASTED)
    )
    lots = lots_by_holding()
    sums: dict[tuple[Any, str, LotFacts], Decimal] = defaultdict(Decimal)
    for holding, *of_key, used, wasted in rows:
        lot = lots[holding]
        value = of_key[0] if of_key else lot.item
        sums[value, Entry.Kind.USE, lot] -= used or ZERO
        sums[value, Entry.Kind.WASTE, lot] -= wasted or ZERO
    return [Gone(*of_it, quantity) for of_it, quantity in sums.items() if quantity]


def computed(column: str) -> Coalesce:
    """Return the column as if it were computed: what is computed is in no index.

    By an index SQLite would fetch most of the ledger in the order of items or of holdings, each
    entry from another page, which takes four times as long as to read all of it through.
    """
    return Coalesce(column, column)


def lots_by_holding() -> dict[int, LotFacts]:
    """Return the lot of each holding: two queries. The entries name their holding alone."""
    lots = {row[0]: LotFacts(*row) for row in Lot.objects.order_by().values_list(*LotFacts._fields)}
    holdings = Holding.objects.order_by().values_list("pk", "lot")
    return {holding: lots[lot] for holding, lot in holdings}


def entries_of(asked: Asked, kinds: Sequence[Entry.Kind]) -> QuerySet[Entry]:
    """Return the entries of these kinds that somebody asks for."""
    begins, ends = moments(asked)
    inside = Q(read_at__gte=begins, read_at__lt=ends)
    return _narrowed(_read_through(kinds, inside), asked)


def entries_after(day: date) -> QuerySet[Entry]:
    """Return all that has happened since this day was over."""
    return _read_through(Entry.Kind.values, Q(read_at__gte=end_of(day)))


def use_entries_of(asked: Asked) -> QuerySet[Entry]:
    """Return what was used: item, day and quantity are read from the index alone."""
    begins, ends = moments(asked)
    entries = Entry.objects.filter(
        item__in=Item.objects.order_by().values("pk"),
        kind=Entry.Kind.USE,
        happened_at__gte=begins,
        happened_at__lt=ends,
    )
    return _narrowed(entries, asked)


def procedures_of(asked: Asked) -> QuerySet[Procedure]:
    """Return the procedures that were logged here and not voided."""
    logged = Procedure.objects.filter(status=Procedure.Status.LOGGED)
    return _performed(logged, asked)


def procedures_before(asked: Asked) -> QuerySet[PastProcedure]:
    """Return the procedures that files say of the time before."""
    return _performed(PastProcedure.objects.all(), asked)


def count_by(procedures: QuerySet[Any], key: Any) -> dict[Any, int]:
    """Return how many there are by the key: one query."""
    rows = procedures.order_by().annotate(key=key).values_list("key").annotate(count=Count("pk"))
    return dict(rows)


def used_before(asked: Asked) -> QuerySet[PastUse]:
    """Return what files say was used before the stock was counted here."""
    begins, ends = moments(asked)
    uses = PastUse.objects.filter(used_at__gte=begins, used_at__lt=ends)
    if asked.location:
        uses = uses.filter(location=asked.location)
    for word in asked.provider.split():
        uses = uses.filter(line__procedure__provider__icontains=word)
    return uses


def of_procedure(field: str) -> Coalesce:
    """Key: a field of the procedure that an entry, or what it undoes, belongs to; None for none."""
    return Coalesce(f"movement__reverses__procedure__{field}", f"movement__procedure__{field}")


def number_of_month(asked: Asked, moment: str) -> Case:
    """Key: which month of the period the moment is in, from 0. Comparisons are all it takes."""
    months = months_of(asked.since, asked.until)
    whens = [
        When(**{f"{moment}__lt": midnight(month_after(month))}, then=Value(number))
        for number, month in enumerate(months[:-1])
    ]
    last = Value(len(months) - 1)
    if not whens:
        # Nothing to tell apart; but to group by a constant is an error.
        whens = [When(**{f"{moment}__isnull": True}, then=last)]
    return Case(*whens, default=last, output_field=IntegerField())


def unpriced_note(lots: Iterable[tuple[int, Decimal | None]]) -> list[str]:
    """Say how many of these lots, each with its cost, have no price."""
    count = len({lot for lot, unit_cost in lots if unit_cost is None})
    if not count:
        return []
    if count == 1:
        return ["1 lot has no price and counts as nothing."]
    return [f"{count:,} lots have no price and count as nothing."]


def unpriced_gone(found: Iterable[Gone]) -> list[str]:
    """Say how many lots of what is gone have no price."""
    return unpriced_note((gone.lot.pk, gone.lot.unit_cost) for gone in found)


def moments(asked: Asked) -> tuple[datetime, datetime]:
    """Return when the period begins, and when it is over."""
    return midnight(asked.since), end_of(asked.until)


def end_of(day: date) -> datetime:
    """Return the moment at which this day is over in the clinic."""
    return midnight(day + timedelta(days=1))


def _read_through(kinds: Sequence[str], when: Q) -> QuerySet[Entry]:
    """Entries of these kinds with such a `read_at`, from first to last as they were written."""
    read = Entry.objects.alias(read_kind=computed("kind"), read_at=computed("happened_at"))
    return read.filter(when, read_kind__in=kinds)


def _narrowed(entries: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    if asked.location:
        entries = entries.filter(location=asked.location)
    for word in asked.provider.split():
        entries = entries.filter(
            Q(movement__procedure__provider__icontains=word)
            | Q(movement__reverses__procedure__provider__icontains=word)
        )
    return entries


def _performed(procedures: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    begins, ends = moments(asked)
    procedures = procedures.filter(performed_at__gte=begins, performed_at__lt=ends)
    if asked.location:
        procedures = procedures.filter(location=asked.location)
    for word in asked.provider.split():
        procedures = procedures.filter(provider__icontains=word)
    return procedures
