"""Lists of opened vials, and of sealed ones to open."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.stock.holding_words import container_words
from inventory.stock.models import Holding
from inventory.stock.opened import OpenedVial
from inventory.stock.usable import beyond_use_on
from inventory.web.tables import (
    Column,
    DateColumn,
    DateTimeColumn,
    QuantityColumn,
    StatusColumn,
    Table,
)
from inventory.web.words import amount_words


class OpenedTable(Table):
    """The rows of the board of opened vials, for its sheet."""

    location = Column(accessor="holding__location__name", verbose_name="Location")
    item = Column(accessor="holding__lot__item__name", verbose_name="Item")
    lot = Column(
        accessor="holding__lot__number", verbose_name="Lot", empty_values=(None,), default=""
    )
    left = QuantityColumn(
        accessor="holding__quantity", unit="holding__lot__item__unit", verbose_name="Left"
    )
    volume = QuantityColumn(unit="holding__lot__item__unit", verbose_name="When full")
    opened_at = DateTimeColumn(accessor="holding__opened_at", verbose_name="Opened")
    opened_by = Column(accessor="holding__opened_by", verbose_name="Opened by")
    until = DateColumn(verbose_name="Use by")
    countdown = StatusColumn(verbose_name="State")
    is_for_one_patient = Column(verbose_name="For one patient")
    code = Column(verbose_name="Label")

    class Meta:
        orderable = False
        empty_text = "No vial is open."

    def render_is_for_one_patient(self, value: bool) -> str:
        return "yes" if value else "no"


class SealedTable(Table):
    """Sealed multi-dose vials, each with a button that opens one. Wants `with_lot()`.

    `opened` holds what is open already of an item in a place, by both their ids.
    """

    item = Column(
        accessor="lot__item__name",
        verbose_name="Item",
        linkify=("item_detail", {"sku": A("lot__item__sku")}),
    )
    lot = Column(
        accessor="lot__number",
        verbose_name="Lot",
        default="not tracked",
        attrs={"cell": {"class": "date"}},
        linkify=("lot_detail", {"pk": A("lot_id")}),
    )
    location = Column(accessor="location__name", verbose_name="Location")
    sealed = Column(
        empty_values=(),
        verbose_name="Sealed",
        orderable=False,
        attrs={"cell": {"class": "date"}},
    )
    expires_on = DateColumn(accessor="lot__expires_on", verbose_name="Expires", relative=True)
    use_by = DateColumn(empty_values=(), verbose_name="Then use by", orderable=False)
    to_do = Column(
        empty_values=(),
        verbose_name="To do",
        orderable=False,
        exclude_from_export=True,
        attrs={"cell": {"class": "open-press"}},
    )

    class Meta:
        empty_text = "No sealed multi-dose vial that may be used is here."

    def __init__(
        self, data: Any, *, opened: Mapping[tuple[int, int], OpenedVial], **options: Any
    ) -> None:
        self.opened = opened
        super().__init__(data, **options)

    def render_sealed(self, record: Holding) -> str:
        return container_words(record.lot.item, record.quantity)

    def value_use_by(self, record: Holding) -> date:
        item = record.lot.item
        return beyond_use_on(self.today, item.beyond_use_days, record.lot.expires_on)

    def render_use_by(self, record: Holding, column: DateColumn) -> str | SafeString:
        return column.render(self.value_use_by(record), self)

    def render_to_do(self, record: Holding) -> SafeString:
        lot = record.lot
        press = format_html(
            '<button class="btn" type="submit" form="open" name="holding" value="{}"'
            ' aria-label="Open one: {}, {}">Open one</button>',
            record.pk, lot.full_name, record.location,
        )  # fmt: skip
        already = self.opened.get((lot.item_id, record.location_id))
        if already is None:
            return press
        left = amount_words(already.holding.quantity, lot.item.unit)
        words = '{}<div class="note">one is open here, {} left</div>'
        return format_html(words, press, left)
