"""The form of a delivery: who brought it, where it goes, and its lots line by line."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils import timezone

from inventory.catalog.models import Item, Location, Supplier, SupplierOffer
from inventory.stock.errors import InvalidLine
from inventory.stock.requests import ReceiptLine
from inventory.web.forms import CleanCharField, DayField, MoneyField, QuantityField
from inventory.web.submissions import SubmissionForm

LINES_MORE = 3
PREFIX = "lines"
MOST_LINES = 40
HUNDREDTH_OF_A_CENT = Decimal("0.0001")
MEASURES = [
    ("unit", "its own unit"),
    ("container", "vials or ampules"),
    ("pack", "packs, as ordered"),
]


class ReceiptForm(SubmissionForm):
    """Where the delivery goes, from whom, and when it came."""

    location = forms.ModelChoiceField(
        label="Into", queryset=Location.objects.filter(is_active=True), to_field_name="code"
    )
    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.filter(is_active=True),
        to_field_name="code",
        required=False,
        empty_label="Not said",
    )
    reference = CleanCharField(label="Delivery note", max_length=100, required=False)
    received_on = DayField(label="Received on")

    @property
    def from_whom(self) -> Supplier | None:
        """Who sold it, where that was said."""
        supplier: Supplier | None = self.cleaned_data["supplier"]
        return supplier

    def refuse(self, refusal: InvalidLine) -> None:
        """Show what the ledger says of the delivery as a whole."""
        field = {"received_at": "received_on"}.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, refusal.message)

    def happened_at(self, now: datetime) -> datetime:
        """Return when it came: now for today, else noon of that day in the clinic's time zone."""
        day: date = self.cleaned_data["received_on"]
        if day == timezone.localdate(now):
            return now
        return timezone.make_aware(datetime.combine(day, time(12)))


class ReceiptLineForm(forms.Form):
    """One lot as it arrived. The quantity is in the measure chosen beside it."""

    item = forms.ModelChoiceField(
        queryset=Item.objects.filter(is_active=True),
        to_field_name="sku",
        empty_label="Choose an item",
    )
    lot = CleanCharField(
        max_length=64, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    expires_on = DayField(label="Expires", required=False)
    quantity = QuantityField(min_value=Decimal("0.001"))
    measure = forms.ChoiceField(label="Counted in", choices=MEASURES, initial="unit")
    price = MoneyField(label="Price of one", required=False)

    def line(self, offers: Mapping[int, SupplierOffer]) -> ReceiptLine:
        """Return the line in the item's unit. Raises ValidationError for a measure that the item
        does not come in."""
        entered = self.cleaned_data
        item, measure = entered["item"], entered["measure"]
        offer = offers.get(item.pk)
        one = _units_in_one(item, measure, offer)
        price = entered["price"]
        cost = price / one if price is not None else _offered_cost(offer)
        return ReceiptLine(
            item=item,
            quantity=entered["quantity"] * one,
            lot=entered["lot"],
            expires_on=entered["expires_on"],
            unit_cost=cost and cost.quantize(HUNDREDTH_OF_A_CENT, ROUND_HALF_UP),
        )


if TYPE_CHECKING:
    _LineSet = BaseFormSet[ReceiptLineForm]
else:
    _LineSet = BaseFormSet


class ReceiptLines(_LineSet):
    """The lines; those left empty are left out."""

    def filled(self) -> list[ReceiptLineForm]:
        """Return the forms somebody entered something into."""
        return [form for form in self.forms if form.has_changed()]

    def clean(self) -> None:
        if not any(self.errors) and not self.filled():
            raise ValidationError("Fill in at least one line.", code="nothing")

    def lines(self, supplier: Supplier | None) -> list[ReceiptLine] | None:
        """Return the lines in their items' units; None when one cannot be, said at its place."""
        forms_filled = self.filled()
        items = [form.cleaned_data["item"] for form in forms_filled]
        offers = offers_of(items, supplier)
        lines = []
        for form in forms_filled:
            try:
                lines.append(form.line(offers))
            except ValidationError as refusal:
                form.add_error("measure", refusal)
        return lines if len(lines) == len(forms_filled) else None

    def refuse(self, refusal: InvalidLine) -> bool:
        """Show at its place what the ledger says of a line; False when it is about none."""
        head, _, rest = refusal.field.partition(".")
        number, _, field = rest.partition(".")
        filled = self.filled()
        if head != "lines" or not number.isdigit() or int(number) >= len(filled):
            return False
        form = filled[int(number)]
        form.add_error(field if field in form.fields else None, refusal.message)
        return True


_Lines = cast(
    "type[ReceiptLines]",
    forms.formset_factory(
        ReceiptLineForm,
        formset=ReceiptLines,
        extra=LINES_MORE,
        max_num=MOST_LINES,
        absolute_max=MOST_LINES,
        validate_max=True,
    ),
)


def empty_lines(values: Sequence[Mapping[str, str]] = ()) -> ReceiptLines:
    """Return a form with these lines and a few empty ones after them."""
    count = min(len(values) + LINES_MORE, MOST_LINES)
    lines = _Lines(prefix=PREFIX, initial=None)
    lines.extra = count
    for form, initial in zip(lines.forms, values, strict=False):
        # Not the set's own initial values: a line that starts filled in may be emptied again.
        form.initial = dict(initial)
    return lines


def sent_lines(data: QueryDict) -> ReceiptLines:
    """Return the lines that were sent."""
    return _Lines(data, prefix=PREFIX)


def values_sent(data: QueryDict) -> list[dict[str, str]]:
    """Return what was typed into each line, as it was typed."""
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    known = total.isascii() and total.isdigit() and len(total) <= len(str(MOST_LINES))
    count = min(int(total), MOST_LINES) if known else 0
    return [
        {name: data.get(f"{PREFIX}-{line}-{name}", "") for name in ReceiptLineForm.base_fields}
        for line in range(count)
    ]


def offers_of(items: Sequence[Item], supplier: Supplier | None) -> dict[int, SupplierOffer]:
    """Return this supplier's offer of each item; without a supplier the preferred or cheapest."""
    offers = SupplierOffer.objects.filter(item__in=items, is_active=True)
    if supplier:
        offers = offers.filter(supplier=supplier)
    chosen: dict[int, SupplierOffer] = {}
    for offer in sorted(offers, key=lambda o: (not o.preferred, o.pack_price / o.pack_quantity)):
        chosen.setdefault(offer.item_id, offer)
    return chosen


def _units_in_one(item: Item, measure: str, offer: SupplierOffer | None) -> Decimal:
    if measure == "container":
        if item.container_volume is None:
            raise ValidationError(f"{item} comes in no vial: count it in its own unit or in packs.")
        return Decimal(item.container_volume)
    if measure == "pack":
        if offer is None:
            raise ValidationError(f"No pack of {item} is known: count it in its own unit.")
        return Decimal(offer.pack_quantity)
    return Decimal(1)


def _offered_cost(offer: SupplierOffer | None) -> Decimal | None:
    return offer.pack_price / offer.pack_quantity if offer else None


def as_initial(today: date, location: Location | None) -> dict[str, Any]:
    """Return what the form of a delivery begins with."""
    return {"received_on": today, "location": location.code if location else None}
