"""The catalog's lists, for the screen and for the sheet."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.catalog.models import Item, SupplierOffer
from inventory.web.pills import Pill
from inventory.web.tables import (
    Column,
    IntegerColumn,
    MoneyColumn,
    QuantityColumn,
    StatusColumn,
    Table,
    UnitCostColumn,
)
from inventory.web.words import money_words

HUNDREDTH_OF_A_CENT = Decimal("0.0001")
# What the screen says in another way, or not at all for want of room.
IN_THE_SHEET_ONLY = {"cell": {"class": "d-none"}}


class StateColumn(StatusColumn):
    """Whether a row is in use, by its `is_active`."""

    def __init__(self) -> None:
        super().__init__(accessor="is_active", verbose_name="State", order_by=("-is_active",))

    def render(self, value: bool) -> Pill:  # type: ignore[override]
        return Pill("usable", "in use") if value else Pill("quiet", "not in use")

    def value(self, value: bool) -> str:  # type: ignore[override]
        return "in use" if value else "not in use"


class SupplierTable(Table):
    """Who sells to the clinic. Wants `offers_in_use` annotated."""

    name = Column(linkify=("supplier_detail", {"code": A("code")}))
    code = Column()
    email = Column(verbose_name="E-mail for orders")
    offers_in_use = IntegerColumn(verbose_name="Offers")
    state = StateColumn()

    class Meta:
        empty_text = "No supplier yet. A manager adds the first one."


class OfferTable(Table):
    """What one supplier sells. Wants item fetched."""

    item = Column(
        accessor="item__name", verbose_name="Item", linkify=("item_detail", {"sku": A("item__sku")})
    )
    order_code = Column()
    pack_quantity = QuantityColumn(verbose_name="One pack", unit="item__unit")
    pack_price = MoneyColumn()
    unit_price = UnitCostColumn(empty_values=(), orderable=False)
    minimum_packs = IntegerColumn(verbose_name="Least packs", attrs=IN_THE_SHEET_ONLY)
    lead_time_days = IntegerColumn(verbose_name="Delivery, days")
    preferred = StatusColumn(verbose_name="Ordered here", order_by=("-preferred",))
    in_use = Column(accessor="is_active", verbose_name="In use", attrs=IN_THE_SHEET_ONLY)

    class Meta:
        empty_text = "No offer of this supplier is known."

    def value_pack_quantity(self, value: Decimal) -> Decimal:
        return value

    def render_pack_quantity(
        self, value: Decimal, record: SupplierOffer, column: QuantityColumn
    ) -> str | SafeString:
        pack = column.render(value, record)
        if record.minimum_packs == 1:
            return pack
        words = '{}<div class="note">at least {} packs</div>'
        return format_html(words, pack, record.minimum_packs)

    def value_unit_price(self, record: SupplierOffer) -> Decimal:
        price: Decimal = record.pack_price / record.pack_quantity
        return price.quantize(HUNDREDTH_OF_A_CENT)

    def render_unit_price(self, record: SupplierOffer) -> str:
        price = money_words(self.value_unit_price(record))
        unit = "each" if record.item.unit == Item.Unit.EACH else f"per {record.item.unit}"
        return format_html('{} <span class="unit">{}</span>', price, unit)

    def value_preferred(self, value: bool) -> str:
        return "first choice" if value else "no"

    def render_preferred(self, value: bool, record: SupplierOffer) -> Pill:
        if not record.is_active:
            return Pill("quiet", "not in use")
        return Pill("usable", "first choice") if value else Pill("quiet", "no")

    def render_in_use(self, value: bool) -> str:
        return "yes" if value else "no"


class SiteTable(Table):
    """The clinic's buildings. Wants `locations_in_use` annotated."""

    name = Column(linkify=("site_edit", {"code": A("code")}))
    code = Column()
    locations_in_use = IntegerColumn(verbose_name="Locations in use")

    class Meta:
        empty_text = "No site yet. The first location makes one."
