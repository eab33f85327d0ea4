"""Lists of items and locations together with what is on hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.catalog.models import Item, Location
from inventory.catalog.tables import IN_THE_SHEET_ONLY, StateColumn
from inventory.stock.holding_words import holding_words, state_pill
from inventory.stock.models import Holding
from inventory.stock.usable import usable_until
from inventory.web.pills import Pill
from inventory.web.tables import (
    Column,
    DateColumn,
    IntegerColumn,
    QuantityColumn,
    StatusColumn,
    Table,
)
from inventory.web.words import quantity_words


class ItemTable(Table):
    """What the clinic stocks. Wants `on_hand`, `usable` and `preferred_supplier` annotated."""

    name = Column()
    sku = Column(verbose_name="SKU", attrs=IN_THE_SHEET_ONLY)
    kind = Column()
    container = Column()
    usable = QuantityColumn(unit="unit")
    on_hand = QuantityColumn(unit="unit", attrs=IN_THE_SHEET_ONLY)
    reorder_point = QuantityColumn(unit="unit")
    par_level = QuantityColumn(unit="unit")
    preferred_supplier = Column(verbose_name="Ordered from")
    in_use = Column(accessor="is_active", verbose_name="In use", attrs=IN_THE_SHEET_ONLY)

    class Meta:
        empty_text = "No item yet. A manager adds the first one, or loads the starter catalog."

    def value_name(self, value: str) -> str:
        return value

    def render_name(self, record: Item) -> SafeString:
        url = reverse("item_detail", args=[record.sku])
        pill = "" if record.is_active else Pill("quiet", "not in use")
        words = '<a href="{}">{}</a> {}<div class="note">{}</div>'
        return format_html(words, url, record.name, pill, record.sku)

    def render_container(self, record: Item) -> str:
        return "" if record.container == Item.Container.NONE else record.get_container_display()

    def value_usable(self, value: Decimal) -> Decimal:
        return value

    def render_usable(self, record: Any, value: Decimal, column: QuantityColumn) -> SafeString:
        quantity = column.render(value, record)
        in_the_way = record.on_hand - value
        if not in_the_way:
            return format_html("{}", quantity)
        words = '{}<div class="note">{} not usable</div>'
        return format_html(words, quantity, quantity_words(in_the_way))

    def render_in_use(self, value: bool) -> str:
        return "yes" if value else "no"


class LocationTable(Table):
    """The places that hold stock. Wants site fetched and `items_on_hand` annotated."""

    name = Column(linkify=("location_detail", {"code": A("code")}))
    code = Column()
    site = Column(accessor="site__name", verbose_name="Site")
    treatment_area = Column(verbose_name="Patients treated here")
    items_on_hand = IntegerColumn(verbose_name="Items on hand")
    state = StateColumn()

    class Meta:
        empty_text = "No location yet. A manager adds the first one."

    def render_treatment_area(self, record: Location) -> str:
        return "yes" if record.treatment_area else "no"


class HoldingColumns(Table):
    """What is on hand of one lot in one place. Wants `with_lot()`."""

    quantity = QuantityColumn(unit="lot__item__unit")
    container = Column(verbose_name="Container", empty_values=(), orderable=False)
    usable_until = DateColumn(
        verbose_name="Use until",
        empty_values=(),
        orderable=False,
        relative=True,
    )
    state = StatusColumn(empty_values=(), orderable=False)

    def render_container(self, record: Holding) -> str:
        return holding_words(record)

    def value_usable_until(self, record: Holding) -> date | None:
        return usable_until(record.lot.expires_on, record.beyond_use_on)

    def render_usable_until(self, record: Holding, column: DateColumn) -> Any:
        day = self.value_usable_until(record)
        return column.render(day, self) if day else "no date"

    def render_state(self, record: Holding) -> Pill:
        return state_pill(record, self.today)


class ItemHoldingTable(HoldingColumns):
    """Where an item is, lot by lot."""

    lot = Column(
        accessor="lot__number",
        verbose_name="Lot",
        default="not tracked",
        linkify=("lot_detail", {"pk": A("lot_id")}),
    )
    location = Column(
        accessor="location__name",
        verbose_name="Location",
        linkify=("location_detail", {"code": A("location__code")}),
    )

    class Meta:
        sequence = ("lot", "location", "...")
        empty_text = "Nothing of this is on hand."


class LocationHoldingTable(HoldingColumns):
    """What is in a place, item by item."""

    item = Column(
        accessor="lot__item__name",
        verbose_name="Item",
        linkify=("item_detail", {"sku": A("lot__item__sku")}),
    )
    lot = Column(
        accessor="lot__number",
        verbose_name="Lot",
        default="not tracked",
        linkify=("lot_detail", {"pk": A("lot_id")}),
    )

    class Meta:
        sequence = ("item", "lot", "...")
        empty_text = "Nothing is on hand here."
