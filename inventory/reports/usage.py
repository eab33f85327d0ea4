"""Usage: what was used and wasted, by item, procedure type, provider, location or month."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.urls import reverse

from inventory.catalog.models import Item, Location
from inventory.procedures.models import ProcedureType
from inventory.reports import sums
from inventory.reports.definition import ZERO, Answer, Asked, Heading, Picture, Report
from inventory.reports.periods import months_before, months_of
from inventory.stock.models import Entry
from inventory.web.words import month_words

NO_PROCEDURE = "Not on a procedure"
NO_PROVIDER = "No provider named"
MOST_MONTHS = 12

COSTS = (
    Heading("used_cost", "Used, cost", "money", total=True),
    Heading("wasted_cost", "Wasted, cost", "money", total=True),
    Heading("cost", "Cost", "money", total=True),
)
COST_IN_TWO_TONES = Picture("Cost", whole="cost", part="wasted_cost", part_words="wasted")
AT_COST = "Cost is what the lot cost when it came."


@dataclass
class Usage:
    """What one row adds up to; quantities are in the item's unit, where the row is an item.

    `before` is what files say of the time before the stock was counted here: it has no cost.
    """

    name: str = ""
    url: str = ""
    month: date | None = None
    unit: str = ""
    used: Decimal = ZERO
    wasted: Decimal = ZERO
    before: Decimal = ZERO
    procedures: int = 0
    procedures_before: int = 0
    used_cost: Decimal = ZERO
    wasted_cost: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        return self.used_cost + self.wasted_cost


@dataclass(frozen=True)
class ItemMonths:
    """What was used of an item in each month."""

    name: str
    url: str
    unit: str
    months: Sequence[Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.months, ZERO)


@dataclass(frozen=True)
class Name:
    """What a row is called, and where it leads."""

    text: str
    url: str = ""
    month: date | None = None


@dataclass(frozen=True)
class Dimension:
    """What a row is: the same thing as a key of entries and of procedures, and its names."""

    title: str
    of_entry: Callable[[Asked], Any]
    of_procedure: Callable[[Asked], Any]
    names: Callable[[Asked, Sequence[Any]], Mapping[Any, Name]]
    is_time: bool = False


def usage(asked: Asked) -> Answer:
    """Return what was used and wasted, net of what was undone."""
    if asked.by == "item":
        return _by_item(asked)
    if asked.by == "item-month":
        return _by_item_and_month(asked)
    return _by(DIMENSIONS[asked.by], asked)


def _by_item(asked: Asked) -> Answer:
    found = sums.gone(asked, None)
    rows = _added_up(found)
    past = sums.used_before(asked).order_by().values_list("item")
    for item, used, discarded in past.annotate(Sum("quantity"), Sum("discarded")):
        rows[item].used += used
        rows[item].wasted += discarded
        rows[item].before += used + discarded
    for item in Item.objects.filter(pk__in=rows):
        row = rows[item.pk]
        row.name, row.unit = item.name, item.unit
        row.url = reverse("item_detail", args=[item.sku])
    has_past = any(row.before for row in rows.values())
    headings = [
        Heading("name", "Item"),
        Heading("used", "Used", "quantity"),
        Heading("wasted", "Wasted", "quantity"),
        *([Heading("before", "Of it before Vialkeeper", "quantity")] if has_past else []),
        *COSTS,
    ]
    past_note = "What was used before Vialkeeper is in the quantities and has no cost."
    return Answer(
        headings,
        _dearest_first(rows.values()),
        _nothing(asked),
        _notes(found, *([past_note] if has_past else [])),
        COST_IN_TWO_TONES,
    )


def _by_item_and_month(asked: Asked) -> Answer:
    first = months_before(asked.until, MOST_MONTHS - 1)
    is_cut = asked.since < first
    asked = replace(asked, since=max(asked.since, first))
    months = months_of(asked.since, asked.until)
    amounts: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO] * len(months))
    used = sums.use_entries_of(asked).order_by()
    of_entry = sums.number_of_month(asked, "happened_at")
    for item, month, quantity in _by_month(used, of_entry):
        amounts[item][month] -= quantity
    of_past_use = sums.number_of_month(asked, "used_at")
    for item, month, quantity in _by_month(sums.used_before(asked).order_by(), of_past_use):
        amounts[item][month] += quantity
    rows = [
        ItemMonths(item.name, reverse("item_detail", args=[item.sku]), item.unit, amounts[item.pk])
        for item in Item.objects.filter(pk__in=amounts)
        if any(amounts[item.pk])
    ]
    headings = [
        Heading("name", "Item"),
        Heading("unit", "Unit"),
        Heading("total", "Total", "quantity", with_unit=False),
        *(
            Heading(
                f"month_{n}",
                f"{month:%b\u00a0%y}",
                "quantity",
                accessor=f"months__{n}",
                with_unit=False,
            )
            for n, month in enumerate(months)
        ),
    ]
    notes = ["Used, without waste, and with what was used before Vialkeeper.", sums.NET]
    if is_cut:
        notes.append(f"The last {MOST_MONTHS} months of the period: more would not fit.")
    return Answer(headings, rows, _nothing(asked), notes)


def _by_month(rows: Any, key: Any) -> Any:
    return rows.annotate(month=key).values_list("item", "month").annotate(Sum("quantity"))


def _by(dimension: Dimension, asked: Asked) -> Answer:
    found = sums.gone(asked, dimension.of_entry(asked))
    rows = _added_up(found)
    key = dimension.of_procedure(asked)
    for value, count in sums.count_by(sums.procedures_of(asked), key).items():
        rows[value].procedures = count
    before = sums.count_by(sums.procedures_before(asked), key)
    for value, count in before.items():
        rows[value].procedures_before = count
    for value, name in dimension.names(asked, list(rows)).items():
        rows[value].name, rows[value].url, rows[value].month = name.text, name.url, name.month
    past = Heading("procedures_before", "Before Vialkeeper", "integer", total=True)
    headings = [
        Heading("month", "Month", "month")
        if dimension.is_time
        else Heading("name", dimension.title),
        Heading("procedures", "Procedures", "integer", total=True),
        *([past] if before else []),
        *COSTS,
    ]
    past_note = "Procedures from before Vialkeeper are counted by themselves; they have no cost."
    return Answer(
        headings,
        [rows[month] for month in sorted(rows)]
        if dimension.is_time
        else _dearest_first(rows.values()),
        _nothing(asked),
        _notes(found, *([past_note] if before else [])),
        replace(COST_IN_TWO_TONES, shown="last" if dimension.is_time else "greatest"),
    )


def _added_up(found: Iterable[sums.Gone]) -> defaultdict[Any, Usage]:
    rows: defaultdict[Any, Usage] = defaultdict(Usage)
    for each in found:
        row = rows[each.key]
        if each.kind == Entry.Kind.USE:
            row.used += each.quantity
            row.used_cost += each.cost
        else:
            row.wasted += each.quantity
            row.wasted_cost += each.cost
    return rows


def _dearest_first(rows: Iterable[Usage]) -> list[Usage]:
    return sorted(rows, key=lambda row: (-row.cost, row.name.casefold()))


def _nothing(asked: Asked) -> str:
    return f"Nothing was used or wasted {asked.period_words}."


def _notes(found: Iterable[sums.Gone], *more: str) -> list[str]:
    return [AT_COST, *sums.unpriced_gone(found), *more, sums.NET]


def _types(asked: Asked, keys: Sequence[Any]) -> dict[Any, Name]:
    types = ProcedureType.objects.in_bulk([key for key in keys if key is not None])
    odd = {None: Name(NO_PROCEDURE)} if None in keys else {}
    return odd | {
        pk: Name(kind.name, reverse("procedure_type_detail", args=[kind.code]))
        for pk, kind in types.items()
    }


def _providers(asked: Asked, keys: Sequence[Any]) -> dict[Any, Name]:
    odd = {None: NO_PROCEDURE, "": NO_PROVIDER}
    return {key: Name(odd.get(key, key)) for key in keys}


def _locations(asked: Asked, keys: Sequence[Any]) -> dict[Any, Name]:
    places = Location.objects.in_bulk(keys)
    return {
        pk: Name(place.name, reverse("location_detail", args=[place.code]))
        for pk, place in places.items()
    }


def _months(asked: Asked, keys: Sequence[Any]) -> dict[Any, Name]:
    """Name every month of the period, if there is anything at all in one of them."""
    months = months_of(asked.since, asked.until) if keys else ()
    return {n: Name(month_words(month), month=month) for n, month in enumerate(months)}


DIMENSIONS = {
    "type": Dimension(
        "Procedure type", lambda _: sums.of_procedure("type"), lambda _: F("type"), _types
    ),
    "provider": Dimension(
        "Provider", lambda _: sums.of_procedure("provider"), lambda _: F("provider"), _providers
    ),
    "location": Dimension("Location", lambda _: F("location"), lambda _: F("location"), _locations),
    "month": Dimension(
        "Month",
        lambda asked: sums.number_of_month(asked, "happened_at"),
        lambda asked: sums.number_of_month(asked, "performed_at"),
        _months,
        is_time=True,
    ),
}

USAGE = Report(
    code="usage",
    title="Usage",
    question="What was used, what was wasted, and what did it cost?",
    answer=usage,
    filters=("period", "location", "provider"),
    by=(
        ("item", "Item"),
        ("type", "Procedure type"),
        ("provider", "Provider"),
        ("location", "Location"),
        ("month", "Month"),
        ("item-month", "Item and month"),
    ),
)
