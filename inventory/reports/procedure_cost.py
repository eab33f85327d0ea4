"""Cost per procedure: what one of each type takes on average, with and without its waste."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F
from django.urls import reverse

from inventory.catalog.models import Item
from inventory.procedures.models import ProcedureType
from inventory.reports import sums
from inventory.reports.definition import ZERO, Answer, Asked, Heading, Picture, Report
from inventory.stock.costs import CENT
from inventory.stock.models import Entry
from inventory.web.words import money_words

DEAREST = 2


@dataclass(frozen=True)
class TypeCost:
    """What the procedures of one type cost; a mean is of one procedure, to the cent."""

    name: str
    url: str
    procedures: int
    used: Decimal
    wasted: Decimal
    dearest: str
    unpriced: int

    @property
    def cost(self) -> Decimal:
        return self.used + self.wasted

    @property
    def mean_used(self) -> Decimal:
        return _mean(self.used, self.procedures)

    @property
    def mean_wasted(self) -> Decimal:
        """What is left between the two other means, so that they add up as they are shown."""
        return self.mean - self.mean_used

    @property
    def mean(self) -> Decimal:
        return _mean(self.cost, self.procedures)


def procedure_cost(asked: Asked) -> Answer:
    """Return the mean cost of the procedures that were logged in the period and not voided."""
    procedures = sums.procedures_of(asked)
    counts = sums.count_by(procedures, F("type"))
    entries = Entry.objects.filter(
        movement__procedure__in=procedures, kind__in=[Entry.Kind.USE, Entry.Kind.WASTE]
    )
    found = sums.read_gone(entries, F("movement__procedure__type"))
    by_type: dict[int, list[sums.Gone]] = defaultdict(list)
    for gone in found:
        by_type[gone.key].append(gone)
    names = dict(Item.objects.order_by().values_list("pk", "name"))
    rows = [
        _row(kind, counts[kind.pk], by_type[kind.pk], names)
        for kind in ProcedureType.objects.filter(pk__in=counts)
    ]
    before = sums.procedures_before(asked).count()
    unpriced = Heading("unpriced", "Lots without a price", "integer")
    return Answer(
        [*HEADINGS, *([unpriced] if any(row.unpriced for row in rows) else [])],
        sorted(rows, key=lambda row: -row.mean),
        f"No procedure was logged {asked.period_words}.",
        _notes(found, before),
        Picture("Mean cost", whole="mean", part="mean_wasted", part_words="wasted"),
    )


def _row(
    kind: ProcedureType, procedures: int, gone: Sequence[sums.Gone], names: dict[int, str]
) -> TypeCost:
    used = sum((each.cost for each in gone if each.kind == Entry.Kind.USE), ZERO)
    return TypeCost(
        name=kind.name,
        url=reverse("procedure_type_detail", args=[kind.code]),
        procedures=procedures,
        used=used,
        wasted=sum((each.cost for each in gone), ZERO) - used,
        dearest=_dearest(gone, procedures, names),
        unpriced=len({each.lot for each in gone if each.lot.unit_cost is None}),
    )


def _dearest(gone: Iterable[sums.Gone], procedures: int, names: dict[int, str]) -> str:
    """Return the items that cost most, with what a procedure takes of each on average."""
    by_item: dict[int, Decimal] = defaultdict(Decimal)
    for each in gone:
        by_item[each.lot.item] += each.cost
    means = [(_mean(cost, procedures), names[item]) for item, cost in by_item.items()]
    first = sorted((mean for mean in means if mean[0] > 0), key=lambda mean: (-mean[0], mean[1]))
    return ", ".join(f"{name} {money_words(mean)}" for mean, name in first[:DEAREST])


def _mean(cost: Decimal, procedures: int) -> Decimal:
    return (cost / procedures).quantize(CENT, ROUND_HALF_UP)


def _notes(found: Iterable[sums.Gone], before: int) -> list[str]:
    notes = [
        AT_COST,
        *sums.unpriced_gone(found),
    ]
    if before:
        notes.append(
            "1 procedure from before Vialkeeper is left out: it has no cost."
            if before == 1
            else f"{before:,} procedures from before Vialkeeper are left out: they have no cost."
        )
    return notes


AT_COST = (
    "Voided procedures are left out. Cost is what the lot cost when it came; waste is what was left"
    " over in containers that were thrown away."
)
HEADINGS = (
    Heading("name", "Procedure type"),
    Heading("procedures", "Procedures", "integer", total=True),
    Heading("mean_used", "Mean without waste", "money"),
    Heading("mean_wasted", "Mean waste", "money"),
    Heading("mean", "Mean with waste", "money"),
    Heading("cost", "Cost of all", "money", total=True),
    Heading("dearest", "Dearest items, mean", "long"),
)

PROCEDURE_COST = Report(
    code="procedure-cost",
    title="Cost per procedure",
    question="What do the supplies of one procedure cost, with and without what is thrown away?",
    answer=procedure_cost,
    filters=("period", "location", "provider"),
)
