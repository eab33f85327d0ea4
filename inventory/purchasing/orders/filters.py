"""Finding an order, and asking for a span of months."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.catalog.models import Supplier
from inventory.purchasing.models import OrderLine, PurchaseOrder, PurchaseOrderQuerySet
from inventory.stock.filters import WordsFilter
from inventory.web.days import month_after
from inventory.web.forms import MonthField
from inventory.web.words import month_words

Status = PurchaseOrder.Status
STATES = [
    ("open", "On order"),
    ("draft", "Draft"),
    ("approved", "Approved, not sent"),
    ("sent", "Sent, not all received"),
    ("received", "Received"),
    ("closed", "Closed short"),
    ("cancelled", "Cancelled"),
]
# Without a month to begin with: the year that ends with the last one.
MONTHS_SHOWN = 12


def supplier_filter(**options: Any) -> django_filters.ModelChoiceFilter:
    """A choice of a supplier by its code."""
    return django_filters.ModelChoiceFilter(
        queryset=Supplier.objects.all(),
        to_field_name="code",
        empty_label="Every supplier",
        **options,
    )


class _ItemFilter(WordsFilter):
    """Every word is in the name, SKU or order code of the same line."""

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        if not value:
            return qs
        lines = super().filter(OrderLine.objects.filter(order=OuterRef("pk")), value)
        return qs.filter(Exists(lines))


class OrderFilter(django_filters.FilterSet):
    """By number, state, supplier and item. Wants orders `with_progress()`."""

    q = WordsFilter("Number", "number")
    state = django_filters.ChoiceFilter(
        label="State", choices=STATES, empty_label="All orders", method="in_state"
    )
    supplier = supplier_filter()
    item = _ItemFilter("Item", "item__name", "item__sku", "order_code")

    def in_state(
        self, orders: PurchaseOrderQuerySet, name: str, value: str
    ) -> PurchaseOrderQuerySet:
        if value == "open":
            return orders.on_order().filter(Q(has_open_lines=True))
        if value == "sent":
            return orders.on_order().filter(Q(has_open_lines=True), status=Status.SENT)
        if value == "received":
            return orders.filter(Q(has_open_lines=False), Q(has_receipts=True), status=Status.SENT)
        return orders.filter(status=value)


class SpendFilter(forms.Form):
    """From which month to which, and with whom; what makes no sense narrows nothing."""

    since = MonthField(label="From", required=False)
    until = MonthField(label="to", required=False)
    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.all(),
        to_field_name="code",
        required=False,
        empty_label="Every supplier",
    )

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.is_valid()

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins: neither of its ends counts then."""
        asked = self.cleaned_data
        since, until = asked.get("since"), asked.get("until") or self.today
        if since and until < since:
            asked["since"] = None
            if "until" not in self.errors:
                sentence = f"Expected {month_words(since)} or later, but got {month_words(until)}."
                self.add_error("until", sentence)
        return asked

    @property
    def first(self) -> date:
        """The first day that is asked for."""
        asked: date | None = self.cleaned_data.get("since")
        year, month = divmod(self._last_month.year * 12 + self._last_month.month - MONTHS_SHOWN, 12)
        return asked or date(year, month + 1, 1)

    @property
    def after(self) -> date:
        """The day after the last one that is asked for."""
        return month_after(self._last_month)

    @property
    def whom(self) -> Supplier | None:
        """The one supplier that is asked for."""
        supplier: Supplier | None = self.cleaned_data.get("supplier")
        return supplier

    @property
    def _last_month(self) -> date:
        """A day of the last month that is asked for."""
        asked: date | None = self.cleaned_data.get("until")
        return asked or self.today
