"""The look of every list, and columns that know their typed value.

A column is defined once: `render` makes the cell on the screen, `value` the typed cell of the
sheet (Decimal, date, datetime, int or text). `inventory.sheets.pages.table_page` shows a table
as a page and as a workbook.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.utils import Accessor

from inventory.web.pills import Pill
from inventory.web.words import (
    day_words,
    days_away_words,
    money_words,
    quantity_words,
    time_words,
    unit_words,
)

Kind = Literal["text", "quantity", "money", "unit_cost", "date", "datetime", "integer"]
PAGE_SIZE = 50


class Table(tables.Table):
    """A list in the clinic's look. `today` is the clinic's day, for "in 18 days"."""

    exports = False
    """Whether the page offers this list as a workbook; `table_page` says so."""

    def __init__(self, data: Any, *, today: date, **options: Any) -> None:
        self.today = today
        options.setdefault("empty_text", self._meta.empty_text or "Nothing to show here.")
        super().__init__(data, **options)


class Column(tables.Column):
    """Text; the base of our columns. `kind` is the kind of the cell in a sheet."""

    kind: Kind = "text"


class NumberColumn(Column):
    """A number: right-aligned, in figures of equal width.

    `total=True` adds the sum of all filtered rows below, on the screen and in the sheet.
    """

    def __init__(self, *args: Any, total: bool = False, **options: Any) -> None:
        options.setdefault("attrs", {"cell": {"class": "number"}})
        if total:
            options["footer"] = self._total
        self.total = total
        super().__init__(*args, **options)

    def words(self, value: Any) -> str:
        return f"{value:,}"

    def render(self, value: Any) -> str:
        return self.words(value)

    def value(self, value: Any) -> Any:
        return value

    def _total(self, bound_column: Any, table: Any) -> str:
        # Of thousands of rows: asking each of them for its cell would take most of the page's time.
        values = (bound_column.accessor.resolve(record, quiet=True) for record in table.data)
        return self.words(sum((value for value in values if value is not None), Decimal(0)))


class IntegerColumn(NumberColumn):
    """A count."""

    kind: Kind = "integer"


class QuantityColumn(NumberColumn):
    """An amount; `unit` is the accessor of its unit ("item.unit"), or a function of the row."""

    kind: Kind = "quantity"

    def __init__(
        self, *args: Any, unit: str | Callable[[Any], str] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.unit = unit

    def words(self, value: Any) -> str:
        return quantity_words(value)

    def unit_of(self, record: Any) -> str:
        if self.unit is None:
            return ""
        if callable(self.unit):
            return self.unit(record)
        return str(Accessor(self.unit.replace(".", "__")).resolve(record, quiet=True) or "")

    def render(self, value: Any, record: Any) -> str | SafeString:  # type: ignore[override]
        unit = self.unit_of(record)
        if not unit:
            return self.words(value)
        return format_html(
            '{} <span class="unit">{}</span>', self.words(value), unit_words(value, unit)
        )


class MoneyColumn(NumberColumn):
    """Money, to the cent."""

    kind: Kind = "money"

    def words(self, value: Any) -> str:
        return money_words(value)


class UnitCostColumn(MoneyColumn):
    """The cost of one unit, up to a hundredth of a cent."""

    kind: Kind = "unit_cost"


class DateColumn(Column):
    """A day. With `relative=True` it says beneath how far away that is."""

    kind: Kind = "date"

    def __init__(self, *args: Any, relative: bool = False, **options: Any) -> None:
        options.setdefault("attrs", {"cell": {"class": "date"}})
        self.relative = relative
        super().__init__(*args, **options)

    def render(self, value: date, table: Any) -> str | SafeString:
        if not self.relative:
            return day_words(value)
        away = days_away_words(value, table.today)
        return format_html('{} <span class="note">{}</span>', day_words(value), away)

    def value(self, value: date) -> date:
        return value


class DateTimeColumn(Column):
    """A moment, in the clinic's own time."""

    kind: Kind = "datetime"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("attrs", {"cell": {"class": "date"}})
        super().__init__(*args, **options)

    def render(self, value: datetime, table: Any) -> str:
        return time_words(value, table.today)

    def value(self, value: datetime) -> datetime:
        return value


class StatusColumn(Column):
    """A `Pill`; the sheet gets its word."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("orderable", "order_by" in options)
        super().__init__(*args, **options)

    def render(self, value: Pill) -> Pill:
        return value

    def value(self, value: Pill) -> str:
        return value.word
