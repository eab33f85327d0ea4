"""The forms of a delivery: who brought it, where it goes, and its lots line by line."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from inventory.catalog.models import Item, Location, Supplier
from inventory.scanning.reading import read_scan
from inventory.scanning.scan import ScanNotUnderstood
from inventory.stock.errors import InvalidLine, LotExpiryDiffers
from inventory.stock.receiving.delivery import Arrived
from inventory.stock.receiving.draft import MOST_LINES, Draft, DraftLine
from inventory.stock.receiving.known import Known, Ordered, known_of, settled
from inventory.stock.receiving.measures import (
    UNIT,
    NotCountedSo,
    choices,
    one_words,
    units_in_one,
)
from inventory.stock.receiving.scanned import MOST_UNKNOWN, not_in_use_words
from inventory.stock.requests import ReceiptLine, check_receipt
from inventory.web.forms import CleanCharField, DayField, MoneyField, QuantityField
from inventory.web.submissions import SubmissionForm
from inventory.web.words import money_words, quantity_words

HUNDREDTH_OF_A_CENT = Decimal("0.0001")
CENT = Decimal("0.01")
PREFIX = "lines"
ITEM_FIELD = re.compile(r"lines-([0-9]{1,4})-item", re.ASCII)
TYPED = ("lot", "expires_on", "quantity", "measure", "price", "doubt", "serials")
MOST_NUMBER = 9999
# Nobody's label holds more; a field with more is not from our page.
LONGEST_TEXT = 4_000


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
        """Who sold it, where that was said and is known."""
        self.is_valid()
        supplier: Supplier | None = self.cleaned_data.get("supplier") if self.is_bound else None
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

    lot = CleanCharField(
        max_length=64, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    expires_on = DayField(label="Expires", required=False)
    quantity = QuantityField(label="How many", min_value=Decimal("0.001"), required=False)
    measure = CleanCharField(label="Counted in", max_length=20, required=False)
    price = MoneyField(label="Price of one", required=False)

    def __init__(self, line: DraftLine, known: Known) -> None:
        prefix = f"{PREFIX}-{line.number}"
        data = {f"{prefix}-{name}": getattr(line, name) for name in TYPED}
        super().__init__(data, prefix=prefix)
        self.draft, self.known = line, known
        measures = choices(line.item, known.packages.get(line.item.pk, ()))
        if line.measure not in dict(measures):
            measures.append((line.measure, _measure_words(line)))
        self.fields["measure"].widget = forms.Select(choices=measures)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label or name.capitalize()}: {line.item}"
        if asked := self._price_asked():
            self.fields["price"].widget.attrs["placeholder"] = str(_cents(asked[1]))

    def clean(self) -> dict[str, Any]:
        """Judge what only the item and its lots can tell."""
        entered = super().clean() or self.cleaned_data
        if "measure" in entered:
            try:
                self._one()
            except NotCountedSo as refusal:
                self.add_error("measure", str(refusal))
        lot, expires_on = self.known.lot(self.draft), entered.get("expires_on")
        if lot and expires_on and lot.expires_on != expires_on:
            self.add_error("expires_on", str(LotExpiryDiffers(lot, expires_on)))
        return entered

    def demand(self) -> None:
        """Refuse what a line may lack only while it is on the list."""
        if "quantity" in self.cleaned_data and self.cleaned_data["quantity"] is None:
            self.add_error("quantity", "Enter how many came.")
        if not self.errors:
            try:
                check_receipt([self.line()])
            except InvalidLine as refusal:
                self.refuse(refusal)

    def refuse(self, refusal: InvalidLine) -> None:
        """Show at its place what the ledger says of the line."""
        field = refusal.field.rpartition(".")[2]
        self.add_error(field if field in self.fields else None, refusal.message)

    def line(self) -> ReceiptLine:
        """Return the line in the item's unit."""
        entered, arrived = self.cleaned_data, self.arrived()
        cost = arrived.unit_price
        return ReceiptLine(
            item=arrived.item,
            quantity=arrived.quantity,
            lot=entered["lot"],
            expires_on=entered["expires_on"],
            unit_cost=cost and cost.quantize(HUNDREDTH_OF_A_CENT, ROUND_HALF_UP),
        )

    def arrived(self) -> Arrived:
        """Return what came in a line that was counted, with the price of a unit, unrounded."""
        entered, one = self.cleaned_data, self._one()
        price = self.price_of_one()
        return Arrived(
            item=self.draft.item,
            quantity=entered["quantity"] * one,
            package=one,
            unit_price=None if price is None else price / one,
            typed=entered["price"] is not None,
        )

    @property
    def is_counted(self) -> bool:
        """True where nothing is wrong with the line and somebody said how many came."""
        return not self.errors and self.cleaned_data["quantity"] is not None

    def price_of_one(self) -> Decimal | None:
        """Return what one of what was counted costs: as typed, else as it was asked. The price that
        is shown is typed to the cent, and meant as it was asked."""
        price: Decimal | None = self.cleaned_data["price"]
        asked = self._price_asked()
        return asked[1] if asked and price in (None, _cents(asked[1])) else price

    def cost(self) -> Decimal | None:
        """Return what the line costs, as far as that is known."""
        if not self.is_counted:
            return None
        price = self.price_of_one()
        return None if price is None else price * self.cleaned_data["quantity"]

    @property
    def price_words(self) -> str:
        """Return "for a pack of 500 mL; offered at $75.00"."""
        try:
            of_one = f"for a {one_words(self.draft.item, self.draft.measure)}"
        except NotCountedSo:
            return ""
        asked = self._price_asked()
        if asked is None:
            return of_one
        how, price = asked
        return f"{of_one}; {how} at {money_words(_cents(price))}"

    @property
    def packages(self) -> Decimal:
        """Return how many packages these are; none where single units are counted."""
        quantity = None if self.errors else self.cleaned_data["quantity"]
        return Decimal(0) if quantity is None or self.draft.measure == UNIT else quantity

    @property
    def question(self) -> str:
        """Return what nobody can tell from the code of the line, while its lot is not entered."""
        if not self.draft.doubt or self.draft.lot.strip():
            return ""
        try:
            return read_scan(self.draft.doubt).doubt
        except ScanNotUnderstood:
            return ""

    def warnings(self) -> list[str]:
        """Return what whoever unpacks the line has to know before it is received."""
        expires_on = self.cleaned_data.get("expires_on")
        return list(self.known.warnings(self.draft, expires_on, timezone.localdate()))

    @property
    def minus(self) -> str:
        """Return the press that takes one package off."""
        return f"minus:{self.draft.number}"

    @property
    def remove(self) -> str:
        """Return the press that takes the line off the list."""
        return f"remove:{self.draft.number}"

    @property
    def name(self) -> str:
        """Return "Lidocaine, lot A1", to tell the buttons of lines apart."""
        return (
            f"{self.draft.item}, lot {self.draft.lot}" if self.draft.lot else str(self.draft.item)
        )

    @property
    def missing(self) -> str:
        """Return what the label still has to tell, in words."""
        item, line = self.draft.item, self.draft
        wanted = [
            name
            for name, said in (("lot", line.lot), ("expiry date", line.expires_on))
            if item.lot_tracked and not said.strip()
        ]
        return " and ".join(wanted)

    def _one(self) -> Decimal:
        return units_in_one(
            self.draft.item, self.draft.measure, self.known.offered_pack(self.draft.item)
        )

    def _price_asked(self) -> tuple[str, Decimal] | None:
        """Return "offered" or "ordered", and what one of what was counted costs so."""
        try:
            one = self._one()
        except NotCountedSo:
            return None
        asked = self.known.price_asked(self.draft.item, one)
        if asked is None or asked.pack_price is None:
            return None
        return asked.how, asked.pack_price / asked.pack_quantity * one


class ReceiptLines:
    """The lines of a list as forms, with what they come to. `supplier` is who sold them; `ordered`
    what was ordered there, at which prices."""

    def __init__(
        self, draft: Draft, supplier: Supplier | None, ordered: Ordered | None = None
    ) -> None:
        self.known = known_of(draft, supplier, ordered)
        self.forms = [
            ReceiptLineForm(settled(line, self.known), self.known) for line in draft.lines
        ]
        for form in self.forms:
            form.full_clean()

    def newest_first(self) -> list[ReceiptLineForm]:
        """Return the forms as the page shows them."""
        return self.forms[::-1]

    def can_be_received(self) -> bool:
        """Judge every line as the ledger will; what is refused is said at its place."""
        for form in self.forms:
            form.demand()
        return not any(form.errors for form in self.forms)

    def arrived(self) -> list[Arrived]:
        """Return what has been counted so far."""
        return [form.arrived() for form in self.forms if form.is_counted]

    def refuse(self, refusal: InvalidLine) -> bool:
        """Show at its place what the ledger says of a line; False when it is about none."""
        head, _, rest = refusal.field.partition(".")
        number = rest.partition(".")[0]
        if head != "lines" or not number.isdigit() or int(number) >= len(self.forms):
            return False
        self.forms[int(number)].refuse(refusal)
        return True

    @property
    def totals(self) -> str:
        """Return "3 lines · 5 packages · $225.00", and how many lines have no price."""
        costs = [form.cost() for form in self.forms]
        parts = [_many(len(self.forms), "line")]
        if packages := sum((form.packages for form in self.forms), Decimal(0)):
            parts.append(f"{quantity_words(packages)} package{'' if packages == 1 else 's'}")
        if priced := [cost for cost in costs if cost is not None]:
            parts.append(money_words(_cents(sum(priced, Decimal(0)))))
        if 0 < len(priced) < len(costs):
            parts.append(f"{_many(len(costs) - len(priced), 'line')} without a price")
        return " · ".join(parts)


def sent_draft(data: QueryDict) -> tuple[Draft, list[str]]:
    """Return the list as it was sent, and a sentence for each line that names no item of ours."""
    numbers = sorted({int(found[1]) for name in data if (found := ITEM_FIELD.fullmatch(name))})
    asked = {number: _text(data, f"{PREFIX}-{number}-item") for number in numbers}
    items = _items(asked.values())
    lines = []
    refusals = []
    for number, sku in asked.items():
        typed = {name: _text(data, f"{PREFIX}-{number}-{name}") for name in TYPED}
        if sku in items:
            lines.append(DraftLine(number, items[sku], **typed))
        elif sku or any(typed[name] for name in ("lot", "expires_on", "quantity", "price")):
            refusals.append(f"A line was left out: {not_in_use_words(sku)}")
    if len(lines) > MOST_LINES:
        refusals.append(f"A delivery has at most {MOST_LINES} lines; {len(lines)} came.")
    unknown = tuple(text[:LONGEST_TEXT] for text in data.getlist("unknown")[:MOST_UNKNOWN])
    touched = data.get("touched", "")
    sound = touched.isascii() and touched.isdigit() and len(touched) <= len(str(MOST_NUMBER))
    return Draft(tuple(lines[:MOST_LINES]), unknown, int(touched) if sound else None), refusals


def as_initial(today: date, location: Location | None) -> dict[str, Any]:
    """Return what the form of a delivery begins with."""
    return {"received_on": today, "location": location.code if location else None}


def _text(data: QueryDict, name: str) -> str:
    return data.get(name, "")[:LONGEST_TEXT]


def _items(skus: Iterable[str]) -> dict[str, Item]:
    sound = [sku for sku in skus if "\0" not in sku]
    return {item.sku: item for item in Item.objects.filter(sku__in=sound, is_active=True)}


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _measure_words(line: DraftLine) -> str:
    try:
        return one_words(line.item, line.measure, many=True)
    except NotCountedSo:
        return "Choose"
