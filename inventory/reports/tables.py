"""A report's answer as a table: a column for each heading."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.reports.definition import Answer, Heading
from inventory.web.tables import (
    Column,
    DateColumn,
    IntegerColumn,
    MoneyColumn,
    NumberColumn,
    QuantityColumn,
    Table,
    UnitCostColumn,
)
from inventory.web.words import cents_words, month_words, quantity_words

# A heading of several words may take several lines.
ONE_LINE = {"cell": {"class": "date"}}
SMALL = {"cell": {"class": "report-text"}}
NARROW = {"cell": {"class": "number"}, "th": {"class": "number text-wrap"}}


class ReportTable(Table):
    """The rows of an answer; `extra_columns` are its headings."""


class LinkedColumn(Column):
    """A text that leads to the row's `url`, where it has one."""

    def render(self, value: Any, record: Any) -> str | SafeString:
        url = getattr(record, "url", "")
        return format_html('<a href="{}">{}</a>', url, value) if url else str(value)

    def value(self, value: Any) -> str:
        return str(value)


class MonthColumn(Column):
    """A month, named by its first day: in words on the screen, as "2026-11" in the sheet."""

    def render(self, value: date) -> str:
        return month_words(value)

    def value(self, value: date) -> str:
        return f"{value:%Y-%m}"


class CentsColumn(MoneyColumn):
    """Money that is exact, and shown to the cent."""

    def words(self, value: Any) -> str:
        return cents_words(value)


class PercentColumn(NumberColumn):
    """A change: with its sign, and never by colour alone."""

    kind = "quantity"

    def words(self, value: Decimal) -> str:
        return f"{'+' if value > 0 else ''}{quantity_words(value)}"


def columns_of(answer: Answer) -> list[tuple[str, Column]]:
    """Return the columns of a table for this answer, the first of them linked."""
    return [
        (heading.name, _column(heading, linked=not number))
        for number, heading in enumerate(answer.headings)
    ]


def _column(heading: Heading, *, linked: bool) -> Column:
    accessor = heading.accessor or heading.name
    options: dict[str, Any] = {"accessor": accessor, "verbose_name": heading.title}
    if heading.kind == "text":
        options["order_by"] = f"{accessor}__casefold"
        return LinkedColumn(**options) if linked else Column(**options)
    if heading.kind == "long":
        return Column(attrs=SMALL, orderable=False, **options)
    if heading.kind == "month":
        return MonthColumn(attrs=ONE_LINE, **options)
    if heading.kind == "date":
        return DateColumn(**options)
    options["attrs"] = NARROW
    if heading.kind == "quantity":
        return QuantityColumn(unit="unit" if heading.with_unit else None, **options)
    return NUMBERS[heading.kind](total=heading.total, **options)


NUMBERS: dict[str, type[NumberColumn]] = {
    "integer": IntegerColumn,
    "money": CentsColumn,
    "unit_cost": UnitCostColumn,
    "percent": PercentColumn,
}
