"""Waste: what was thrown away, why, and what it cost."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from inventory.catalog.models import Item
from inventory.reports import sums
from inventory.reports.definition import ZERO, Answer, Asked, Heading, Picture, Report, Shown
from inventory.reports.periods import months_of
from inventory.stock.models import Entry, Movement
from inventory.stock.requests import WasteReason

LEFT_OVER = "left_over"
LEFT_IN_VIAL = "left_in_vial"
UNDONE = "undone"
# In the order in which they are read; a reason nobody knows is "other".
REASONS: dict[str, str] = {
    LEFT_OVER: "Single-dose remainder",
    LEFT_IN_VIAL: "Multi-dose remainder",
    UNDONE: "Procedure undone",
    **dict(WasteReason.choices),
}
LEFT = {LEFT_OVER, LEFT_IN_VIAL}


@dataclass(frozen=True)
class Thrown:
    """So much of a lot that was thrown away for one reason, and what it cost."""

    key: Any
    reason: str
    item: int
    quantity: Decimal
    cost: Decimal


@dataclass(frozen=True)
class ReasonRow:
    """What one reason adds up to."""

    name: str
    items: int
    cost: Decimal
    avoidable: Decimal


@dataclass(frozen=True)
class CostsByReason:
    """A month or an item, with a cost for each reason; a quantity only where it is an item."""

    name: str
    costs: dict[str, Decimal]
    url: str = ""
    month: date | None = None
    unit: str = ""
    quantity: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        return sum(self.costs.values(), ZERO)

    @property
    def avoidable(self) -> Decimal:
        return sum((cost for reason, cost in self.costs.items() if reason not in LEFT), ZERO)


def waste(asked: Asked) -> Answer:
    """Return what was thrown away, net of what was put back."""
    by = {"reason": _by_reason, "month": _by_month, "item": _by_item}
    return by[asked.by](asked)


def _by_reason(asked: Asked) -> Answer:
    thrown, notes = _thrown(asked, Value(0))
    rows = []
    for reason, name in REASONS.items():
        of_it = [each for each in thrown if each.reason == reason]
        cost = sum((each.cost for each in of_it), ZERO)
        avoidable = ZERO if reason in LEFT else cost
        if of_it:
            rows.append(ReasonRow(name, len({each.item for each in of_it}), cost, avoidable))
    headings = [
        Heading("name", "Reason"),
        Heading("items", "Items", "integer"),
        Heading("cost", "Cost", "money", total=True),
    ]
    return _answer(asked, headings, sorted(rows, key=lambda row: -row.cost), notes)


def _by_month(asked: Asked) -> Answer:
    thrown, notes = _thrown(asked, sums.number_of_month(asked, "happened_at"))
    costs = _costs(thrown)
    months = months_of(asked.since, asked.until) if thrown else ()
    rows = [
        CostsByReason(f"{month:%b %Y}", costs[number], month=month)
        for number, month in enumerate(months)
    ]
    headings = [Heading("month", "Month", "month"), *_reason_headings(thrown)]
    return _answer(asked, headings, rows, notes, shown="last")


def _by_item(asked: Asked) -> Answer:
    thrown, notes = _thrown(asked, F("item"))
    costs = _costs(thrown)
    quantities: dict[int, Decimal] = defaultdict(Decimal)
    for each in thrown:
        quantities[each.item] += each.quantity
    past = sums.used_before(asked).filter(discarded__gt=0).order_by().values_list("item")
    for item, discarded in past.annotate(Sum("discarded")):
        quantities[item] += discarded
        notes = [*notes, PAST] if PAST not in notes else notes
    rows = [
        CostsByReason(
            item.name,
            costs[item.pk],
            reverse("item_detail", args=[item.sku]),
            unit=item.unit,
            quantity=quantities[item.pk],
        )
        for item in Item.objects.filter(pk__in=quantities)
    ]
    headings = [
        Heading("name", "Item"),
        Heading("quantity", "Quantity", "quantity"),
        *_reason_headings(thrown),
    ]
    return _answer(asked, headings, sorted(rows, key=lambda row: -row.cost), notes)


PAST = "What was left over before Vialkeeper is in the quantities and has no cost."


def _answer(
    asked: Asked,
    headings: Sequence[Heading],
    rows: Sequence[Any],
    notes: Sequence[str],
    *,
    shown: Shown = "greatest",
) -> Answer:
    picture = Picture(
        "Cost",
        whole="cost",
        part="avoidable",
        part_words="other than remainders",
        shown=shown,
    )
    return Answer(headings, rows, f"Nothing was wasted {asked.period_words}.", notes, picture)


def _reason_headings(thrown: Iterable[Thrown]) -> list[Heading]:
    """What the reasons add up to, then a column for each that occurs."""
    occur = {each.reason for each in thrown}
    return [
        Heading("cost", "Cost", "money", total=True),
        *(
            Heading(reason, name, "money", total=True, accessor=f"costs__{reason}")
            for reason, name in REASONS.items()
            if reason in occur
        ),
    ]


def _costs(thrown: Iterable[Thrown]) -> dict[Any, dict[str, Decimal]]:
    costs: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for each in thrown:
        costs[each.key][each.reason] += each.cost
    return costs


def _thrown(asked: Asked, key: Any) -> tuple[list[Thrown], list[str]]:
    """Return what was thrown away, and what has to be said of it: four queries."""
    rows = (
        sums.entries_of(asked, [Entry.Kind.WASTE])
        .order_by()
        .annotate(
            key=key,
            origin=Coalesce("movement__reverses__kind", "movement__kind"),
            why=Coalesce("movement__reverses__reason", "movement__reason"),
            undone=USED_UP_AFTER_ALL,
            of_holding=sums.computed("holding"),
        )
        .values_list("key", "origin", "why", "undone", "of_holding")
        .annotate(total=Sum("quantity"))
    )
    lots = sums.lots_by_holding()
    single = set(Item.objects.filter(container__in=Item.SINGLE_DOSE).values_list("pk", flat=True))
    thrown, found = [], []
    for value, origin, why, undone, holding, total in rows:
        if total:
            lot = lots[holding]
            reason = _reason(origin, why, undone=undone, is_single_dose=lot.item in single)
            thrown.append(Thrown(value, reason, lot.item, -total, -total * (lot.unit_cost or ZERO)))
            found.append((lot.pk, lot.unit_cost))
    return thrown, [AT_COST, *sums.unpriced_note(found), sums.NET]


# Supplies of a procedure that was voided, and that could not be put back.
USED_UP_AFTER_ALL = Case(
    When(Q(movement__reverses__isnull=False, quantity__lt=0), then=Value(1)), default=Value(0)
)
AT_COST = (
    "Cost is what the lot cost when it came. A remainder is what a container still held when it was"
    " thrown away after its one procedure; what a count found missing is no waste."
)


def _reason(origin: str, why: str, *, undone: int, is_single_dose: bool) -> str:
    if origin == Movement.Kind.USE:
        if undone:
            return UNDONE
        return LEFT_OVER if is_single_dose else LEFT_IN_VIAL
    return why if why in WasteReason.values else WasteReason.OTHER


WASTE = Report(
    code="waste",
    title="Waste",
    question="What was thrown away, why, and what did it cost?",
    answer=waste,
    filters=("period", "location"),
    by=(("reason", "Reason"), ("month", "Month"), ("item", "Item")),
)
