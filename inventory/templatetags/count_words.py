"""Template filters for the rows of a count sheet."""

from datetime import date
from decimal import Decimal

from django import template

from inventory.counts import words
from inventory.counts.models import CountSheet, CountSheetLine
from inventory.counts.review import Moved, Outcome
from inventory.stock.models import Holding
from inventory.web.pills import Pill

register = template.Library()


@register.filter
def counted_row(line: CountSheetLine, today: date) -> str:
    """`{{ line|counted_row:clinic_today }}` is "Lot A1", or who opened the vial and when."""
    return words.line_words(line, today)


@register.filter
def opened_words(vial: Holding, today: date) -> str:
    """`{{ vial|opened_words:clinic_today }}` is "Open vial, opened Nov 20, 10:15 by Mara"."""
    return words.vial_words(vial, today)


@register.filter
def measure(line: CountSheetLine) -> str:
    """`{{ line|measure }}` is "vials", "mL", "units" or "pieces"."""
    return words.measure_words(line)


@register.filter
def until(line: CountSheetLine) -> date | None:
    """`{{ line|until|day }}` is the last day on which it may be used."""
    return words.until_of(line)


@register.filter
def state(line: CountSheetLine, today: date) -> Pill | str:
    """`{{ line|state:clinic_today }}` is the pill of what may not be used, else nothing."""
    return words.state_of(line, today) or ""


@register.filter
def held(line: CountSheetLine, quantity: Decimal) -> str:
    """`{{ line|held:line.counted }}` is "2 vials (40 mL)"."""
    return words.held_words(line, quantity)


@register.filter
def variance(line: CountSheetLine, outcome: Outcome) -> str:
    """`{{ line|variance:outcome }}` is "1 vial (20 mL) less"."""
    return words.variance_words(line, outcome.variance)


@register.filter
def percent(value: Decimal | None) -> str:
    """`{{ outcome.percent|percent }}` is "+12.5%"."""
    return words.percent_words(value)


@register.filter
def worth(value: Decimal | None) -> str:
    """`{{ outcome.value|worth }}` is "−$0.40"."""
    return words.value_words(value)


@register.simple_tag
def moved_words(line: CountSheetLine, moved: Moved, today: date) -> words.MovedWords:
    """`{% moved_words line moved clinic_today as said %}` says what moved."""
    return words.moved_words(line, moved, today)


@register.filter
def sheet_state(sheet: CountSheet) -> Pill:
    """`{{ sheet|sheet_state }}` says whether a sheet is open, posted or cancelled."""
    return words.sheet_pill(sheet)
