"""Lists of orders, of the lines of one, and of what was spent."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.purchasing.models import OrderLine, PurchaseOrder
from inventory.purchasing.orders.spend import Spend
from inventory.purchasing.orders.words import (
    is_coming,
    line_confirmed_words,
    state_pill,
)
from inventory.purchasing.reasons import packs_words
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
from inventory.web.words import day_words, money_words, month_words

# What stands below something else on the screen, and beside it in the sheet.
BESIDE = ("position", "sku", "order_code", "packs", "pack_quantity", "confirmed", "remark")
# What a line does not know before its order is sent.
NOT_YET = ("received", "open", "given_up", "paid")


class OrderTable(Table):
    """A row per order. Wants `with_people()`, `with_progress()` and `with_value()`."""

    number = Column(
        linkify=("order_detail", {"pk": A("pk")}),
        order_by=("pk",),
        attrs={"cell": {"class": "date"}},
    )
    supplier = Column(accessor="supplier__name", verbose_name="Supplier")
    state = StatusColumn(empty_values=())
    line_count = IntegerColumn(verbose_name="Lines")
    value = MoneyColumn(verbose_name="Value", empty_values=())
    created_at = DateTimeColumn(
        verbose_name="Drafted", attrs={"cell": {"class": "date d-none d-xl-table-cell"}}
    )
    sent_at = DateTimeColumn(verbose_name="Sent", default="not yet")
    expected_on = DateColumn(verbose_name="Expected", empty_values=())

    class Meta:
        empty_text = "Nothing has been ordered here yet."

    def render_state(self, record: PurchaseOrder) -> Pill:
        return state_pill(record, self.today)

    def value_state(self, record: PurchaseOrder) -> str:
        return state_pill(record, self.today).word

    def render_value(self, value: Decimal | None, record: PurchaseOrder) -> str:
        if value is None:
            return "not priced" if record.line_count else ""  # type: ignore[attr-defined]
        return money_words(value)

    def value_value(self, value: Decimal | None) -> Decimal | None:
        return value

    def render_expected_on(self, record: PurchaseOrder) -> str:
        if not is_coming(record):
            return ""
        return day_words(record.expected_on) if record.expected_on else "not said"

    def value_expected_on(self, record: PurchaseOrder) -> date | None:
        return record.expected_on if is_coming(record) else None


class OrderLineTable(Table):
    """The lines of one order. Wants `with_received()` and `with_paid()`."""

    position = IntegerColumn(verbose_name="Line")
    item = Column(accessor="item__name", verbose_name="Item")
    sku = Column(accessor="item__sku", verbose_name="SKU")
    order_code = Column(verbose_name="Order code")
    packs = IntegerColumn(verbose_name="Packs")
    pack_quantity = QuantityColumn(verbose_name="Pack size", unit="item.unit")
    quantity = QuantityColumn(verbose_name="Ordered", unit="item.unit", orderable=False)
    confirmed = Column(empty_values=(), orderable=False, verbose_name="Confirmed")
    remark = Column()
    received = QuantityColumn(unit="item.unit")
    open = QuantityColumn(verbose_name="Open", unit="item.unit")
    given_up = QuantityColumn(accessor="open", verbose_name="Given up", unit="item.unit")
    price = MoneyColumn(verbose_name="Pack price", orderable=False, default="no price")
    cost = MoneyColumn(verbose_name="Cost", orderable=False, total=True, default="not priced")
    paid = MoneyColumn(verbose_name="Paid", total=True, default="")

    class Meta:
        empty_text = "This order has no lines."

    def render_item(self, value: str, record: OrderLine) -> SafeString:
        url = reverse("item_detail", args=[record.item.sku])
        link = format_html('<a href="{}">{}. {}</a>', url, record.position, value)
        packs = packs_words(record.packs, record.pack_quantity, record.item.unit)
        confirmed = line_confirmed_words(record)
        notes = [
            f"{record.order_code}, {packs}" if record.order_code else packs,
            *([f"confirmed: {confirmed}"] if confirmed else []),
            *([record.remark] if record.remark else []),
        ]
        lines = format_html_join("", '<div class="note">{}</div>', ([note] for note in notes))
        return format_html("<div>{}{}</div>", link, lines)

    def value_item(self, value: str) -> str:
        return value

    def render_confirmed(self, record: OrderLine) -> str:
        return line_confirmed_words(record)


class SpendTable(Table):
    """A row per month and supplier."""

    month = Column()
    supplier = Column(accessor="supplier__name", verbose_name="Supplier")
    orders = IntegerColumn(total=True)
    ordered = MoneyColumn(total=True)
    received = MoneyColumn(total=True)
    unpriced = IntegerColumn(verbose_name="Without a price")

    class Meta:
        empty_text = "Nothing was ordered or received against an order in these months."

    def render_month(self, record: Spend) -> str:
        return month_words(record.month)

    def value_month(self, record: Spend) -> str:
        return f"{record.month:%Y-%m}"
