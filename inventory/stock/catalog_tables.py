"""Lists of items and locations together with what is on hand."""

from datetime import date
from typing import Any

from django_tables2 import A

from inventory.catalog.models import Item, Location
from inventory.catalog.tables import StateColumn
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


class ItemTable(Table):
    """What the clinic stocks. Wants `on_hand`, `usable` and `preferred_supplier` annotated."""

    name = Column(linkify=("item_detail", {"sku": A("sku")}))
    sku = Column(verbose_name="SKU")
    kind = Column()
    container = Column()
    usable = QuantityColumn(verbose_name="Usable", unit="unit")
    on_hand = QuantityColumn(verbose_name="On hand", unit="unit")
    reorder_point = QuantityColumn(unit="unit")
    par_level = QuantityColumn(unit="unit")
    preferred_supplier = Column(verbose_name="Ordered from")
    state = StateColumn()

    class Meta:
        empty_text = "No item yet. A manager adds the first one, or loads the starter catalog."

    def render_container(self, record: Item) -> str:
        return "" if record.container == Item.Container.NONE else record.get_container_display()


class LocationTable(Table):
    """The places that hold stock. Wants site fetched and `items_on_hand` annotated."""

    name = Column(linkify=("location_detail", {"code": A("code")}))
    code = Column()
    site = Column(accessor="site__name")
    treatment_area = Column(verbose_name="Patients treated here")
    items_on_hand = IntegerColumn(verbose_name="Items on hand")
    state = StateColumn()

    class Meta:
        empty_text = "No location yet. A manager adds the first one."

    def render_treatment_area(self, record: Location) -> str:
        return "yes" if record.treatment_area else "no"


class HoldingColumns(Table):
    """What is on hand of one lot in one place. Wants `with_lot()`."""

    quantity = QuantityColumn(unit="lot.item.unit")
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
        accessor="lot__number", default="not tracked", linkify=("lot_detail", {"pk": A("lot_id")})
    )
    location = Column(
        accessor="location__name", linkify=("location_detail", {"code": A("location__code")})
    )

    class Meta:
        sequence = ("lot", "location", "...")
        empty_text = "Nothing of this is on hand."


class LocationHoldingTable(HoldingColumns):
    """What is in a place, item by item."""

    item = Column(accessor="lot__item__name", linkify=("item_detail", {"sku": A("lot__item__sku")}))
    lot = Column(
        accessor="lot__number", default="not tracked", linkify=("lot_detail", {"pk": A("lot_id")})
    )

    class Meta:
        sequence = ("item", "lot", "...")
        empty_text = "Nothing is on hand here."
