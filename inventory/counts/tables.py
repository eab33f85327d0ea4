"""Lists of count sheets, of the rows of one, and of what to count next."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.catalog.models import Item, Location
from inventory.counts.models import CountSheet, CountSheetLine
from inventory.counts.words import line_words, sheet_pill, value_words
from inventory.stock.holding_words import container_words
from inventory.stock.tables import UNTRACKED
from inventory.web.pills import Pill
from inventory.web.tables import (
    Column,
    DateColumn,
    DateTimeColumn,
    IntegerColumn,
    MoneyColumn,
    QuantityColumn,
    StatusColumn,
    Table,
)
from inventory.web.words import quantity_words, unit_words

# What a sheet may not show while it is open, and what it does not know yet.
NOT_YET = ("variance", "value", "reason", "movement")
# What stands below something else on the screen, and beside it in the sheet.
BESIDE = ("container", "counted_by")


class SignedMoneyColumn(MoneyColumn):
    """Money that was found (+) or is missing (−)."""

    def words(self, value: Any) -> str:
        return value_words(value)


class CountSheetTable(Table):
    """A row per sheet. Wants `with_progress()`, the place and the people fetched."""

    made_at = DateTimeColumn(
        verbose_name="Made", linkify=("count_sheet_detail", {"pk": A("pk")}), order_by=("pk",)
    )
    location = Column(accessor="location__name", verbose_name="Where")
    about = Column(verbose_name="What")
    state = StatusColumn(empty_values=())
    rows = IntegerColumn()
    rows_counted = IntegerColumn(verbose_name="Counted")
    rows_differing = IntegerColumn(verbose_name="Differ")
    value_found = SignedMoneyColumn(verbose_name="Value", default="")
    by = Column(verbose_name="By", empty_values=(), orderable=False)

    class Meta:
        empty_text = "Nothing has been counted on a sheet yet."

    def render_state(self, record: CountSheet) -> Pill:
        return sheet_pill(record)

    def value_state(self, record: CountSheet) -> str:
        return sheet_pill(record).word

    def render_by(self, record: CountSheet) -> str:
        return str(record.posted_by or record.cancelled_by or record.made_by)


class CountSheetLineTable(Table):
    """The rows of one sheet, as they were counted and posted."""

    item = Column(
        accessor="lot__item__name",
        verbose_name="Item",
        linkify=("item_detail", {"sku": A("lot__item__sku")}),
    )
    lot = Column(accessor="lot__number", verbose_name="Lot", default=UNTRACKED)
    container = Column(verbose_name="Container", empty_values=(), orderable=False)
    expected_then = QuantityColumn(verbose_name="Expected", unit="lot__item__unit")
    counted = QuantityColumn(unit="lot__item__unit", default="not counted")
    variance = QuantityColumn(unit="lot__item__unit", default="")
    value = SignedMoneyColumn(total=True, default="")
    reason = Column(verbose_name="Why", default="")
    counted_by = Column(verbose_name="Counted by", default="", orderable=False)
    movement = Column(
        verbose_name="Movement",
        default="",
        orderable=False,
        linkify=("movement_detail", {"pk": A("movement_id")}),
    )

    class Meta:
        empty_text = "This sheet has no rows."

    def render_lot(self, record: CountSheetLine) -> SafeString:
        url = reverse("lot_detail", args=[record.lot_id])
        link = format_html('<a href="{}">{}</a>', url, record.lot.number)
        found = "found, not listed" if record.found else ""
        return _with_note(link, ", ".join(filter(None, (self.render_container(record), found))))

    def value_lot(self, value: str) -> str:
        return value

    def render_container(self, record: CountSheetLine) -> str:
        if record.is_opened:
            return line_words(record, self.today).partition(", lot")[0]
        return container_words(record.lot.item, record.counted) if record.is_counted else ""

    def value_counted(self, value: Decimal) -> Decimal:
        return value

    def render_counted(
        self, value: Decimal, record: CountSheetLine, column: QuantityColumn
    ) -> SafeString:
        return _with_note(column.render(value, record), f"by {record.counted_by}")

    def value_variance(self, value: Decimal) -> Decimal:
        return value

    def render_variance(self, value: Decimal, record: CountSheetLine) -> SafeString | str:
        if not value:
            return "none"
        sign = "+" if value > 0 else "−"
        unit = unit_words(value, record.lot.item.unit)
        number = quantity_words(abs(value))
        return format_html('{}{} <span class="unit">{}</span>', sign, number, unit)

    def render_movement(self, record: CountSheetLine) -> Any:
        movement = record.movement
        undone = movement is not None and hasattr(movement, "reversed_by")
        return format_html("{}{}", movement, ", reversed" if undone else "")


def _with_note(cell: str, note: str) -> SafeString:
    return (
        format_html('{}<div class="note">{}</div>', cell, note) if note else format_html("{}", cell)
    )


@dataclass(frozen=True)
class PlanRow:
    """An item in a place, and why to count it next."""

    item: Item
    location: Location
    value: Decimal
    changes: int
    last_counted: Any
    why: str
    ticked: bool


class CountPlanTable(Table):
    """What to count next, the first first. A tick belongs to the form below the list."""

    tick = Column(
        empty_values=(), orderable=False, verbose_name="Count it", exclude_from_export=True
    )
    item = Column(
        accessor="item__name",
        verbose_name="Item",
        linkify=("item_detail", {"sku": A("item__sku")}),
    )
    location = Column(accessor="location__name", verbose_name="Where")
    value = MoneyColumn(verbose_name="On the shelf")
    changes = IntegerColumn(verbose_name="Changes since")
    last_counted = DateColumn(verbose_name="Last counted", default="never")
    why = Column(verbose_name="Why", orderable=False)

    class Meta:
        empty_text = "Nothing is on the shelf here."

    def render_tick(self, record: PlanRow) -> SafeString:
        return format_html(
            '<label class="tick"><input type="checkbox" name="items" value="{}" form="make-sheet"'
            ' aria-label="Count {}"{}></label>',
            record.item.sku,
            record.item.name,
            SafeString(" checked") if record.ticked else "",
        )
