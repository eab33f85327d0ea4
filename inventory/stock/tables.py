"""Lists of stock, lots and entries, for the screen and for the sheet."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.stock.catalog_tables import HoldingColumns
from inventory.stock.holding_words import holding_words
from inventory.stock.lot_words import entry_words, lot_pill, reason_words
from inventory.stock.models import Entry, Holding, Lot
from inventory.stock.opened import can_be_opened, opening_url
from inventory.web.pills import Pill
from inventory.web.tables import (
    Column,
    DateColumn,
    DateTimeColumn,
    QuantityColumn,
    StatusColumn,
    Table,
    UnitCostColumn,
)

UNTRACKED = "not tracked"


class StockTable(HoldingColumns):
    """A row per holding, with a way to it. Wants `with_lot()`."""

    item = Column(
        accessor="lot__item__name",
        verbose_name="Item",
        linkify=("item_detail", {"sku": A("lot__item__sku")}),
    )
    lot = Column(
        accessor="lot__number",
        verbose_name="Lot",
        default=UNTRACKED,
        attrs={"cell": {"class": "date"}},
        linkify=("lot_detail", {"pk": A("lot_id")}),
    )
    location = Column(
        accessor="location__name",
        verbose_name="Location",
        linkify=("location_detail", {"code": A("location__code")}),
    )
    usable_until = DateColumn(
        verbose_name="Use until", empty_values=(), order_by=("lot__expires_on",), relative=True
    )

    class Meta:
        sequence = ("item", "lot", "location", "...")
        empty_text = "Nothing is on the shelf. Receive the first delivery."

    def __init__(self, data: Any, *, handles: bool = False, **options: Any) -> None:
        """`handles`: whether the person may open vials."""
        self.handles = handles
        super().__init__(data, **options)

    def render_container(self, record: Holding) -> SafeString:
        url = reverse("holding_detail", args=[record.pk])
        there = format_html('<a href="{}">{}</a>', url, self.value_container(record))
        if not self.handles or not can_be_opened(record, self.today):
            return there
        return format_html('{} <a class="note" href="{}">Open one</a>', there, opening_url(record))

    def value_container(self, record: Holding) -> str:
        return holding_words(record) or "loose"


class LotTable(Table):
    """A row per lot. Wants `item` fetched and `on_hand` annotated."""

    item = Column(
        accessor="item__name",
        verbose_name="Item",
        linkify=("item_detail", {"sku": A("item__sku")}),
    )
    number = Column(verbose_name="Lot", default=UNTRACKED, linkify=("lot_detail", {"pk": A("pk")}))
    expires_on = DateColumn(verbose_name="Expires", relative=True)
    on_hand = QuantityColumn(verbose_name="On hand", unit="item.unit")
    unit_cost = UnitCostColumn(verbose_name="Cost of one unit")
    received_at = DateTimeColumn(verbose_name="First received")
    state = StatusColumn(empty_values=(), order_by=("status",))

    class Meta:
        empty_text = "No lot is on the shelf."

    def value_state(self, record: Lot) -> str:
        return lot_pill(record, self.today).word

    def render_state(self, record: Lot) -> Pill:
        return lot_pill(record, self.today)


class LotUseTable(Table):
    """The procedures that a lot went into, for a recall. Wants the rows of `trace.uses`, with their
    person and procedure fetched; it is only shown: procedures stand above this package."""

    happened_at = DateTimeColumn(verbose_name="When", linkify=("movement_detail", {"pk": A("pk")}))
    procedure = Column(
        accessor="procedure__type__name",
        verbose_name="Procedure",
        linkify=("procedure_detail", {"pk": A("procedure__pk")}),
    )
    location = Column(accessor="place", verbose_name="Location")
    provider = Column(accessor="procedure__provider", verbose_name="Provider", default="")
    by = Column(verbose_name="Logged by", orderable=False)
    quantity = QuantityColumn(unit="unit", verbose_name="Quantity")

    class Meta:
        empty_text = "No procedure has used any of it."

    def __init__(self, data: Any, *, unit: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.columns["quantity"].column.unit = lambda _: unit


class EntryTable(Table):
    """The ledger, a row per entry. Wants movement, person, lot, item and location fetched."""

    happened_at = DateTimeColumn(
        verbose_name="When",
        order_by=("pk",),
        linkify=("movement_detail", {"pk": A("movement_id")}),
    )
    kind = Column(verbose_name="What", orderable=False)
    item = Column(
        accessor="item__name",
        verbose_name="Item",
        orderable=False,
        linkify=("item_detail", {"sku": A("item__sku")}),
    )
    lot = Column(
        accessor="holding__lot__number",
        verbose_name="Lot",
        default=UNTRACKED,
        orderable=False,
        attrs={"cell": {"class": "date"}},
        linkify=("lot_detail", {"pk": A("holding__lot_id")}),
    )
    location = Column(accessor="location__name", verbose_name="Location", orderable=False)
    quantity = QuantityColumn(unit="item.unit", orderable=False)
    by = Column(accessor="movement__by", verbose_name="Who", orderable=False)
    reason = Column(accessor="movement__reason", verbose_name="Why", default="", orderable=False)

    class Meta:
        empty_text = "Nothing has happened to any stock yet."

    def render_kind(self, record: Entry) -> str:
        return entry_words(record)

    def value_kind(self, record: Entry) -> str:
        return entry_words(record)

    def render_reason(self, value: str) -> str:
        return reason_words(value)

    def value_reason(self, value: str) -> str:
        return reason_words(value)
