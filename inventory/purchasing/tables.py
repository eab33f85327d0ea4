"""The columns of the reorder report."""

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from inventory.catalog.models import Item, Supplier
from inventory.purchasing.orders.drafted import OnDraft
from inventory.purchasing.reasons import packs_words
from inventory.purchasing.reorder_row import ReorderRow
from inventory.web.pills import Pill
from inventory.web.tables import Column, MoneyColumn, QuantityColumn, Table
from inventory.web.words import amount_words, day_words, quantity_words

TO_TICK = {"cell": {"class": "tick-cell"}}
ON_A_WIDE_SCREEN = {"cell": {"class": "number d-none d-xl-table-cell"}}


def _unit(row: ReorderRow) -> str:
    return "" if row.item.unit == Item.Unit.EACH else row.item.unit


class ReorderTable(Table):
    """What to order, why, from whom and for how much."""

    pick = Column(
        verbose_name="Pick",
        orderable=False,
        empty_values=(),
        exclude_from_export=True,
        attrs=TO_TICK,
    )
    # An accessor calls what it finds: names sort as people read them.
    item = Column(accessor="item__name", order_by="item__name__casefold")
    days_of_supply = Column(verbose_name="Lasts", order_by="urgency", empty_values=())
    usable = QuantityColumn(unit=_unit)
    used_90 = QuantityColumn(verbose_name="Used, 90 days", unit=_unit, attrs=ON_A_WIDE_SCREEN)
    suggested_quantity = QuantityColumn(verbose_name="Order", unit=_unit)
    supplier = Column(order_by="supplier__name__casefold", empty_values=())
    cost = MoneyColumn(total=True, default="not priced")

    class Meta:
        empty_text = "Nothing has to be ordered: every item is above its reorder point."

    def render_pick(self, record: ReorderRow) -> SafeString | str:
        """A box to tick, and which offer that means; none where drafts have all of it."""
        if record.offer is None or not record.packs_to_draft:
            return ""
        return format_html(
            '<label class="tick"><input type="checkbox" name="pick" value="{0}" form="order-draft"'
            ' checked aria-label="Order {1}"></label>'
            '<input type="hidden" name="offer-{0}" value="{2}" form="order-draft">',
            record.item.sku,
            record.item.name,
            record.offer.as_shown,
        )

    def render_item(self, value: str, record: ReorderRow) -> SafeString:
        url = reverse("item_outlook", args=[record.item.sku])
        link = format_html('<a href="{}">{}</a>', url, value)
        return _noted(link, [record.reason])

    def render_days_of_supply(self, record: ReorderRow) -> SafeString | str:
        if record.usable <= 0:
            return _noted(Pill("bad", "out").__html__(), ["order today"])
        days = record.days_of_supply
        if days is None:
            return Pill("quiet", "not used lately").__html__()
        words = f"{amount_words(days, 'day' if days == 1 else 'days')}"
        pill = Pill("bad" if record.runs_out_before_delivery else "soon", words).__html__()
        late = record.order_by <= self.today
        return _noted(pill, ["order today" if late else f"order by {day_words(record.order_by)}"])

    def render_usable(self, value: Decimal, record: ReorderRow) -> SafeString:
        unit, notes = record.item.unit, []
        if record.on_hand != record.usable:
            notes.append(f"of {amount_words(record.on_hand, unit)} on hand")
        if record.expiring:
            notes.append(f"{amount_words(record.expiring, unit)} expiring")
        if record.on_order:
            notes.append(f"{amount_words(record.on_order, unit)} on order")
        return _noted(amount_words(value, unit), notes)

    def render_used_90(self, value: Decimal, record: ReorderRow) -> SafeString:
        notes = [f"{quantity_words(record.used_30)} in 30 days"]
        if record.wasted_90:
            notes.append(f"{quantity_words(record.wasted_90)} wasted")
        return _noted(amount_words(value, record.item.unit), notes)

    def render_suggested_quantity(self, value: Decimal, record: ReorderRow) -> SafeString:
        packs = packs_words(record.packs, record.pack_size, record.item.unit, record.pack_name)
        amount = amount_words(value, record.item.unit)
        drafted = [_on_draft(line) for line in record.drafted]
        if "pick" in self.exclude or record.offer is None or not record.packs_to_draft:
            return _noted(amount, [packs, *drafted])
        entry = format_html(
            '<input class="packs" type="number" inputmode="numeric" min="1" name="packs-{}"'
            ' value="{}" form="order-draft" data-price="{}" aria-label="Packs of {}">',
            record.item.sku,
            record.packs_to_draft,
            record.pack_price,
            record.item.name,
        )
        size = amount_words(record.pack_size, record.item.unit)
        if drafted:
            return _noted(entry, [f"more packs of {size}", f"{amount} wanted", *drafted])
        return _noted(entry, [f"packs of {size}", f"{amount} in all"])

    def render_supplier(self, value: Supplier | None, record: ReorderRow) -> SafeString | str:
        if value is None:
            return "No supplier"
        return _noted(value.name, [record.order_code] if record.order_code else [])


def _on_draft(line: OnDraft) -> SafeString:
    return format_html(
        '{} pack{} on draft <a href="{}">{}</a>',
        f"{line.packs:,}",
        "" if line.packs == 1 else "s",
        reverse("order_detail", args=[line.order_id]),
        line.order,
    )


def _noted(text: str | SafeString, notes: Iterable[str]) -> SafeString:
    below = format_html_join("", '<span class="note d-block">{}</span>', ([note] for note in notes))
    return format_html("<div>{}{}</div>", text, below)
