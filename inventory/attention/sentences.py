"""Flags in words: what is the matter, with numbers and units, and the one thing to do about it.

No sentence holds anything about a patient: free text that somebody typed stays on its own page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from inventory.attention.rules import (
    KIND_ORDER,
    SEVERITY_ORDER,
    Finding,
    Kind,
    Severity,
)
from inventory.catalog.models import Item, Location
from inventory.stock.holding_words import container_words
from inventory.stock.models import Lot
from inventory.web.words import day_words, days_away_words, quantity_words

PLACES_NAMED = 2


@dataclass(frozen=True)
class Names:
    """The rows that findings name by their ids; `recalls` are those of recalled lots, by lot."""

    items: Mapping[int, Item]
    lots: Mapping[int, Lot]
    locations: Mapping[int, Location]
    recalls: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Flag:
    """Something that needs a person: a finding, put into words when somebody reads it.

    `location` is None where the whole clinic is meant. `quantity` is in the item's unit.
    `subject` names the item, and its lot where it is one lot's matter; `detail` is the rest.
    """

    finding: Finding
    names: Names
    today: date

    @property
    def kind(self) -> Kind:
        return self.finding.kind

    @property
    def severity(self) -> Severity:
        return self.finding.severity

    @property
    def item(self) -> Item:
        return self.names.items[self.finding.item_id]

    @property
    def lot(self) -> Lot | None:
        lot = self.finding.lot_id
        return self.names.lots[lot] if lot is not None else None

    @property
    def location(self) -> Location | None:
        return _location(self.finding, self.names)

    @property
    def quantity(self) -> Decimal:
        return self.finding.quantity

    @property
    def due_on(self) -> date | None:
        return self.finding.due_on

    @property
    def subject(self) -> str:
        lot = self.lot
        return f"{self.item.name}, lot {lot.number}" if lot and lot.number else self.item.name

    @cached_property
    def detail(self) -> str:
        return _DETAILS[self.kind](self.finding, self.names, self.today)

    @property
    def action_label(self) -> str:
        return self._action[0]

    @property
    def action_url(self) -> str:
        return self._action[1]

    @property
    def message(self) -> str:
        """The whole sentence, for where nothing else stands beside it."""
        return f"{self.subject}: {self.detail}"

    @cached_property
    def urgency(self) -> tuple[int, date, int, str, str]:
        """Sorts the most urgent first, then what is due first; no day means today."""
        return (
            SEVERITY_ORDER[self.severity],
            self.due_on or self.today,
            KIND_ORDER[self.kind],
            self.subject.lower(),
            self.location.name if self.location else "",
        )

    @cached_property
    def _action(self) -> tuple[str, str]:
        return _action(self.finding, self.names)


def _location(finding: Finding, names: Names) -> Location | None:
    return names.locations[finding.location_id] if finding.location_id is not None else None


# What is the matter


def _out(finding: Finding, names: Names, today: date) -> str:
    item = names.items[finding.item_id]
    sentence = "Nothing usable in the clinic"
    if finding.unusable:
        sentence += f"; {amount(finding.unusable, item)} on the shelf cannot be used"
    if finding.reorder_point is not None:
        sentence += f"; the reorder point is {amount(finding.reorder_point, item)}"
    return f"{sentence}."


def _runs_out(finding: Finding, names: Names, today: date) -> str:
    item = names.items[finding.item_id]
    days = "1 day" if finding.lead_time_days == 1 else f"{finding.lead_time_days} days"
    when = finding.due_on or today
    return (
        f"{amount(finding.quantity, item)} usable, {_rate(finding.daily_usage, item)} a day,"
        f" delivery takes {days}: out {days_away_words(when, today)}, {when:%A}."
    )


def _low(finding: Finding, names: Names, today: date) -> str:
    item, place = names.items[finding.item_id], _location(finding, names)
    usable = f"{amount(finding.quantity, item)} usable" if finding.quantity else "None usable"
    where = f" in {place}" if place else ""
    sentence = f"{usable}{where}, reorder point {amount(finding.reorder_point or 0, item)}"
    elsewhere = ", ".join(
        f"{amount(held, item)} in {names.locations[other]}"
        for other, held in finding.elsewhere[:PLACES_NAMED]
    )
    return f"{sentence}; {elsewhere}." if elsewhere else f"{sentence}."


def _expiring(finding: Finding, names: Names, today: date) -> str:
    return f"{_held(finding, names)}; expires {_when(finding.due_on, today)}."


def _expired(finding: Finding, names: Names, today: date) -> str:
    return f"{_held(finding, names)}; expired {_when(finding.due_on, today)}."


def _beyond_use(finding: Finding, names: Names, today: date) -> str:
    item = names.items[finding.item_id]
    return (
        f"Opened vial with about {amount(finding.quantity, item)} in {_location(finding, names)};"
        f" its beyond-use date was {_when(finding.due_on, today)}."
    )


def _recalled(finding: Finding, names: Names, today: date) -> str:
    return f"{_held(finding, names)}; set it aside and see who had it."


def _unusable_used(finding: Finding, names: Names, today: date) -> str:
    what = amount(finding.quantity, names.items[finding.item_id])
    return (
        f"{what} that could not be used went into a procedure on"
        f" {day_words(finding.used_on or today)} in {_location(finding, names)};"
        " a manager has to look at it."
    )


_DETAILS = {
    Kind.OUT: _out,
    Kind.STOCKOUT_BEFORE_DELIVERY: _runs_out,
    Kind.LOW: _low,
    Kind.EXPIRING: _expiring,
    Kind.EXPIRED: _expired,
    Kind.BEYOND_USE: _beyond_use,
    Kind.RECALLED: _recalled,
    Kind.UNUSABLE_USED: _unusable_used,
}


def _held(finding: Finding, names: Names) -> str:
    held = containers(finding.quantity, names.items[finding.item_id])
    return f"{held} in {_location(finding, names)}"


def _when(day: date | None, today: date) -> str:
    return f"{day_words(day)}, {days_away_words(day, today)}" if day else "on an unknown day"


# What to do about it


def _action(finding: Finding, names: Names) -> tuple[str, str]:
    """Return the label and the address of the page where the person does it."""
    if finding.kind in {Kind.EXPIRED, Kind.BEYOND_USE}:
        return "Discard", f"{reverse('waste_add')}?holding={finding.holding_id}"
    if finding.kind is Kind.EXPIRING:
        return "Transfer", f"{reverse('transfer_add')}?holding={finding.holding_id}"
    if finding.kind is Kind.RECALLED:
        recall = names.recalls.get(finding.lot_id or 0)
        page = ("recall_detail", recall) if recall else ("lot_detail", finding.lot_id)
        return "Trace", reverse(page[0], args=[page[1]])
    if finding.kind is Kind.UNUSABLE_USED:
        return "Review", reverse("procedure_detail", args=[finding.procedure_id])
    if finding.elsewhere and finding.location_id is not None:
        query = {
            "item": names.items[finding.item_id].sku,
            "from": names.locations[finding.elsewhere[0][0]].code,
            "to": names.locations[finding.location_id].code,
        }
        return "Transfer", f"{reverse('transfer_add')}?{urlencode(query)}"
    return "Order", reverse("reorder_report")


# Words


def amount(quantity: Decimal | int, item: Item) -> str:
    """Return "40 mL", "100 units" or, for what is counted by the piece, "310"."""
    number = quantity_words(quantity)
    if item.unit == Item.Unit.EACH:
        return number
    plural = "s" if item.unit == Item.Unit.UNIT and quantity != 1 else ""
    return f"{number} {item.unit}{plural}"


def containers(quantity: Decimal, item: Item) -> str:
    """Return "2 vials (40 mL)" where the quantity is whole containers, else the plain amount."""
    if not item.container_volume or quantity % item.container_volume:
        return amount(quantity, item)
    return f"{container_words(item, quantity)} ({amount(quantity, item)})"


def _rate(daily_usage: Decimal, item: Item) -> str:
    tenths = daily_usage.quantize(Decimal("0.1"))
    return amount(tenths, item) if tenths else "less than 0.1"
