"""The rows of a count sheet in words: what is counted, in what, what moved, and why to count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from inventory.catalog.models import Item
from inventory.counts.models import CountSheet, CountSheetLine
from inventory.counts.plan import Proposal
from inventory.counts.review import Moved, Outcome
from inventory.stock.holding_words import NOUNS, container_words
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.usable import usable_until, why_not
from inventory.web.pills import Pill
from inventory.web.words import (
    amount_words,
    day_words,
    money_words,
    quantity_words,
    time_words,
    unit_words,
)

MINUS = "−"
CAME_OR_LEFT = {
    Movement.Kind.USE: ("used", "came back"),
    Movement.Kind.OPEN: ("taken out and opened", "opened"),
    Movement.Kind.WASTE: ("discarded", "came back"),
    Movement.Kind.TRANSFER: ("moved away", "came"),
    Movement.Kind.COUNT: ("counted away", "found by a count"),
    Movement.Kind.RETURN: ("returned", "came back"),
    Movement.Kind.REVERSAL: ("left", "came back"),
}


@dataclass(frozen=True)
class MovedWords:
    """What moved, in words, and the page that tells more."""

    sentence: str
    link_text: str
    url: str


def measure_words(line: CountSheetLine) -> str:
    """Return what the row is counted in: "vials", "mL", "units" or "pieces"."""
    item = line.lot.item
    if item.container_volume and not line.is_opened:
        return NOUNS[Item.Container(item.container)][1]
    return "pieces" if item.unit == Item.Unit.EACH else unit_words(2, item.unit)


def until_of(line: CountSheetLine) -> date | None:
    """Return the last day on which it may be used."""
    beyond_use_on = line.holding.beyond_use_on if line.holding else None
    return usable_until(line.lot.expires_on, beyond_use_on)


def state_of(line: CountSheetLine, today: date) -> Pill | None:
    """Return what keeps it from being used; None where it may be."""
    lot = line.lot
    beyond_use_on = line.holding.beyond_use_on if line.holding else None
    why = why_not(lot.status, lot.expires_on, beyond_use_on, today)
    if not why:
        return None
    if lot.status != Lot.Status.AVAILABLE:
        return Pill("held", lot.get_status_display().lower())
    return Pill("bad", why.rpartition(" ")[0])


def line_words(line: CountSheetLine, today: date) -> str:
    """Return "Lot A1", "Not tracked by lot" or "Open vial, opened Nov 20, 10:15 by Mara Ortiz"."""
    lot = f"lot {line.lot.number}" if line.lot.number else "not tracked by lot"
    if line.holding is None or not line.holding.is_opened:
        return lot[0].upper() + lot[1:]
    return f"{vial_words(line.holding, today)}, {lot}"


def vial_words(vial: Holding, today: date) -> str:
    """Return "Open vial, opened Nov 20, 10:15 by Mara Ortiz"."""
    opened = time_words(vial.opened_at, today) if vial.opened_at else ""
    return f"Open vial, opened {opened} by {vial.opened_by}"


def held_words(line: CountSheetLine, quantity: Decimal) -> str:
    """Return "2 vials (40 mL)", "13.5 mL" or "310"."""
    amount = amount_words(quantity, line.lot.item.unit)
    containers = "" if line.is_opened else container_words(line.lot.item, quantity)
    return f"{containers} ({amount})" if containers else amount


def variance_words(line: CountSheetLine, variance: Decimal) -> str:
    """Return "1 vial (20 mL) less", "0.5 mL more" or "as expected"."""
    if not variance:
        return "as expected"
    return f"{held_words(line, abs(variance))} {'more' if variance > 0 else 'less'}"


def percent_words(percent: Decimal | None) -> str:
    """Return "+12.5%" or "−3%"; nothing where nothing was expected."""
    if percent is None:
        return ""
    sign = "+" if percent > 0 else MINUS
    return f"{sign}{quantity_words(abs(percent))}%"


def value_words(value: Decimal | None) -> str:
    """Return "+$3.10", "−$0.40" or "cost not known"."""
    if value is None:
        return "cost not known"
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{money_words(abs(value))}"


def outcome_words(line: CountSheetLine, outcome: Outcome) -> str:
    """Return "2 vials (40 mL) expected: 1 vial (20 mL) less, −50%, −$12.00"."""
    expected = f"{held_words(line, outcome.expected)} expected"
    if not outcome.variance:
        return f"{expected}: as counted"
    parts = [
        variance_words(line, outcome.variance),
        percent_words(outcome.percent),
        value_words(outcome.value),
    ]
    return f"{expected}: {', '.join(filter(None, parts))}"


def moved_words(line: CountSheetLine, moved: Moved, today: date) -> MovedWords:
    """Return "4 mL used at 10:15" with the way to Procedure 17."""
    movement = moved.movement
    at = time_words(movement.happened_at, today)
    recorded = time_words(movement.recorded_at, today)
    late = f", recorded {recorded}" if recorded != at else ""
    sentence = f"{_what_moved(line, moved)} {'at' if len(at) == len('10:15') else 'on'} {at}{late}"
    procedure = getattr(movement, "procedure", None)
    if procedure is None:
        url = reverse("movement_detail", args=[movement.pk])
        return MovedWords(sentence, str(movement), url)
    url = reverse("procedure_detail", args=[procedure.pk])
    return MovedWords(sentence, f"Procedure {procedure.pk}, {procedure.type}", url)


def _what_moved(line: CountSheetLine, moved: Moved) -> str:
    if not moved.quantity:
        return "Carried elsewhere" if not moved.here_afterwards else "Nothing came or left"
    amount = held_words(line, abs(moved.quantity))
    kind = Movement.Kind(moved.movement.kind)
    left, came = CAME_OR_LEFT.get(kind, ("left", "came"))
    return f"{amount} {left if moved.quantity < 0 else came}"


def about_words(kinds: Iterable[str], items: Iterable[Item], *, opened_only: bool) -> str:
    """Return what a sheet is about: "everything", "toxins", "opened vials of 3 items"."""
    items = list(items)
    if items:
        what = f"{len(items)} item{'' if len(items) == 1 else 's'}"
    else:
        labels = dict(Item.Kind.choices)
        what = ", ".join(str(labels[kind]).lower() for kind in kinds)
    if opened_only:
        return f"opened vials of {what}" if what else "opened vials"
    return what or "everything"


def sheet_pill(sheet: CountSheet) -> Pill:
    """Say whether a sheet is open, posted or cancelled."""
    if sheet.posted_at is not None:
        return Pill("usable", "posted")
    if sheet.cancelled_at is not None:
        return Pill("quiet", "cancelled")
    return Pill("soon", "open")


def why_count(proposal: Proposal, today: date) -> str:
    """Return "Not counted on a sheet yet; changed 4 times since Oct 1, 2026; $3 on the shelf"."""
    stocked = proposal.stocked
    number = f"changed {stocked.changes:,} time{'' if stocked.changes == 1 else 's'}"
    if stocked.last_counted is None:
        since = f" since {day_words(stocked.since)}" if stocked.since else ""
        parts = ["Not counted on a sheet yet", f"{number}{since}"]
    else:
        ago = (today - stocked.last_counted).days
        when = {0: "today", 1: "yesterday"}.get(ago, f"{ago} days ago")
        parts = [f"Counted {when}", f"{number} since"]
    worth = f"{money_words(stocked.value)} on the shelf"
    parts.append(f"{worth}, part of it of unknown cost" if stocked.unpriced else worth)
    return "; ".join(parts)
