"""Forms that list what is in one place and take a number for each: move, discard, return, count.

Sealed stock that comes in containers is entered in containers, everything else in the item's unit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from inventory.catalog.models import Item, Location, Supplier
from inventory.stock.errors import InvalidLine
from inventory.stock.models import Holding, Lot
from inventory.stock.pointing import Pointed
from inventory.stock.requests import StockLine, WasteReason, normalize_lot_number
from inventory.web.decimals import plain
from inventory.web.forms import CleanCharField, QuantityField, ReasonField
from inventory.web.submissions import SubmissionForm

FIELD = "holding-"
# As `shown_text` writes it: an id, and the number that was shown for it.
SHOWN = re.compile(r"(\d{1,18}):(\d{1,9}(?:\.\d{1,3})?)", re.ASCII)
SHOWN_MAX = 40_000
FOUND = ("found_item", "found_lot", "found_counted")


class NotOnTheShelf(ValueError):
    """What was scanned has no row on the page, and can have none; `str()` says why."""


@dataclass(frozen=True)
class Row:
    """One holding with the field for its number."""

    holding: Holding
    field: forms.BoundField
    measure: str

    @property
    def there(self) -> str:
        """How much of it there is, as it is entered."""
        return in_measure(self.holding, self.holding.quantity)


def measure_of(holding: Holding) -> tuple[Decimal, str]:
    """Return how much one step is in the item's unit, and what it is called."""
    item = holding.lot.item
    if item.container_volume and not holding.is_opened:
        noun = "ampules" if item.container == Item.Container.AMPULE else "vials"
        return item.container_volume, noun
    return Decimal(1), "pieces" if item.unit == Item.Unit.EACH else item.unit


def in_measure(holding: Holding, quantity: Decimal) -> str:
    """Return a quantity as it is entered for this holding."""
    return plain(quantity / measure_of(holding)[0])


class ShelfForm(SubmissionForm):
    """A number for each holding; what is left empty is left alone.

    `initial` holds quantities in the item's unit by holding id.
    """

    verb = ""
    nothing_asked = "Enter a number in at least one row."

    def __init__(
        self,
        data: Any,
        *,
        holdings: Sequence[Holding],
        quantities: Mapping[int, Decimal],
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.holdings = {holding.pk: holding for holding in holdings}
        for holding in holdings:
            self.fields[f"{FIELD}{holding.pk}"] = self.number_field(holding)
            if holding.pk in quantities:
                self.initial[f"{FIELD}{holding.pk}"] = in_measure(holding, quantities[holding.pk])

    def number_field(self, holding: Holding) -> forms.Field:
        """Return the field for one holding."""
        field = QuantityField(required=False)
        field.widget.attrs["aria-label"] = f"{holding.lot.item}, {measure_of(holding)[1]}"
        return field

    def rows(self) -> list[Row]:
        """Return the rows in their order, for the page."""
        return [
            Row(holding, self[f"{FIELD}{pk}"], measure_of(holding)[1])
            for pk, holding in self.holdings.items()
        ]

    def lines(self) -> list[StockLine]:
        """Return what was entered, in the item's unit."""
        return [
            StockLine(holding.lot.item, self._quantity(holding), holding=holding)
            for holding in self._asked()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.anything_asked():
            raise ValidationError(self.nothing_asked, code="nothing")
        return cleaned

    def anything_asked(self) -> bool:
        """Say whether any row was filled in."""
        return bool(self._asked())

    def refuse(self, refusal: InvalidLine) -> None:
        """Show at its row what the ledger says of a line."""
        number = refusal.field.removeprefix("lines.").partition(".")[0]
        asked = self._asked()
        known = number.isdigit() and int(number) < len(asked)
        field = f"{FIELD}{asked[int(number)].pk}" if known else None
        # Reading the refused field's value has to go on working for the page.
        self.add_error(field, refusal.message)

    def _asked(self) -> list[Holding]:
        # A zero equals False, but is a number that somebody entered.
        return [
            holding
            for pk, holding in self.holdings.items()
            if (entered := self.cleaned_data.get(f"{FIELD}{pk}")) is not None
            and entered is not False
        ]

    def _quantity(self, holding: Holding) -> Decimal | None:
        value = self.cleaned_data[f"{FIELD}{holding.pk}"]
        return None if value is True else value * measure_of(holding)[0]


class PlaceSelect(forms.Select):
    """A choice of places that marks those where patients are treated, for the page to warn."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        place = getattr(value, "instance", None)
        if place is not None and place.treatment_area:
            option["attrs"]["data-treatment-area"] = True
        return option


class TransferForm(ShelfForm):
    """What goes where. An opened vial moves whole, so it is ticked."""

    destination = forms.ModelChoiceField(
        label="To",
        queryset=Location.objects.filter(is_active=True),
        to_field_name="code",
        empty_label="Choose a place",
        widget=PlaceSelect,
    )
    reason = ReasonField(required=False)
    verb = "Move"
    nothing_asked = "Say what to move: enter a number in at least one row."

    def number_field(self, holding: Holding) -> forms.Field:
        if holding.is_opened:
            field: forms.Field = forms.BooleanField(required=False)
            field.widget.attrs["aria-label"] = f"Move the open vial of {holding.lot.item}"
        else:
            field = super().number_field(holding)
            # The page tells an empty field by it.
            field.widget.attrs["placeholder"] = " "
        if holding.lot.item.is_multi_dose:
            field.widget.attrs["data-multi-dose"] = True
        return field


class WasteForm(ShelfForm):
    """What is thrown away, and why."""

    reason = forms.ChoiceField(label="Why", choices=[("", "Choose"), *WasteReason.choices])
    verb = "Discard"
    nothing_asked = "Say what to discard: enter a number in at least one row."


class ReturnForm(ShelfForm):
    """What goes back to a supplier; their own number for it, and why."""

    # Also one who is not ordered from any more takes back what was sold.
    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.all(), to_field_name="code", empty_label="Choose a supplier"
    )
    reference = CleanCharField(label="Their return number", max_length=100, required=False)
    reason = ReasonField(label="Why", required=False, example="short-dated")
    verb = "Return"
    nothing_asked = "Say what goes back: enter a number in at least one row."


class CountForm(ShelfForm):
    """What was counted. One thing that is not listed may be added by its lot."""

    shown = CleanCharField(max_length=SHOWN_MAX, required=False, widget=forms.HiddenInput)
    reason = ReasonField(label="Why", initial="Count")
    found_item = forms.ModelChoiceField(
        label="Also found",
        queryset=Item.objects.filter(is_active=True),
        to_field_name="sku",
        required=False,
        empty_label="Nothing that is not listed",
    )
    found_lot = CleanCharField(label="Its lot", max_length=64, required=False)
    found_counted = QuantityField(label="Counted, in its unit", required=False)
    verb = "Counted"
    nothing_asked = "Enter what you counted in at least one row; 0 where nothing is left."

    def __init__(self, data: Any, *, holdings: Sequence[Holding], **options: Any) -> None:
        super().__init__(data, holdings=holdings, **options)
        # What was typed before a scan was typed beside what the page showed then.
        typed = named_in(self.initial)
        before = read_shown(self.initial.get("shown", ""))
        kept = {pk: number for pk, number in before.items() if pk in typed}
        self.initial["shown"] = shown_text(self._there() | kept)

    def shown_before(self) -> dict[int, Decimal]:
        """Return how much the page showed of each holding, as far as it says so."""
        return read_shown(str(self.cleaned_data.get("shown", "")))

    def tell(self, changes: Mapping[int, str]) -> None:
        """Say at its row what has moved since the page was opened; the page shows now what there is
        now."""
        for pk, sentence in changes.items():
            self.add_error(f"{FIELD}{pk}", sentence)
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["shown"] = shown_text(self._there())
        self.data = data

    def anything_asked(self) -> bool:
        return super().anything_asked() or self.cleaned_data.get("found_item") is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        item = cleaned.get("found_item")
        if item is not None:
            if cleaned.get("found_counted") is None:
                self.add_error("found_counted", f"Say how much of {item} was found.")
            cleaned["found"] = self._found_lot(item, cleaned.get("found_lot", ""))
        return cleaned

    def stand_at(self, pointed: Pointed) -> None:
        """Let the person go on at the row of what was scanned; a lot that is not listed is filled
        in as found. Raises NotOnTheShelf."""
        row = self._row_of(pointed)
        if row is not None:
            self.fields[f"{FIELD}{row.pk}"].widget.attrs["autofocus"] = True
            return
        if pointed.lot is None or pointed.vial:
            raise NotOnTheShelf(_why_no_row(pointed))
        self.initial["found_item"] = pointed.item.sku
        self.initial["found_lot"] = pointed.lot.number
        self.fields["found_counted"].widget.attrs["autofocus"] = True

    def lines(self) -> list[StockLine]:
        lines = super().lines()
        lot = self.cleaned_data.get("found")
        if lot is not None:
            lines.append(StockLine(lot.item, self.cleaned_data["found_counted"], lot=lot))
        return lines

    def _there(self) -> dict[int, Decimal]:
        return {pk: holding.quantity for pk, holding in self.holdings.items()}

    def _row_of(self, pointed: Pointed) -> Holding | None:
        if pointed.vial:
            return self.holdings.get(pointed.vial.pk)
        of_item = [each for each in self.holdings.values() if each.lot.item_id == pointed.item.pk]
        if pointed.names_a_lot:
            lot = pointed.lot.pk if pointed.lot else None
            of_item = [each for each in of_item if each.lot_id == lot]
        return min(of_item, key=lambda each: (each.is_opened, each.pk), default=None)

    def _found_lot(self, item: Item, number: str) -> Lot | None:
        lot = item.lots.filter(number=normalize_lot_number(number)).first()
        if lot is None:
            self.add_error(
                "found_lot", f"No such lot of {item} is known. Receive it instead of counting it."
            )
        else:
            lot.item = item
        return lot


def _why_no_row(pointed: Pointed) -> str:
    if pointed.vial:
        return f"By the ledger this vial of {pointed.item} is in {pointed.vial.location}."
    if pointed.number:
        return (
            f"No lot {pointed.number} of {pointed.item} is known. Receive it instead of counting"
            " it."
        )
    return (
        f"{pointed.item} is not listed here, and the code does not say which lot it is. Enter it"
        " under “Found something that is not listed”."
    )


def named_in(data: Mapping[str, Any]) -> set[int]:
    """Return the ids of the holdings for which something was entered."""
    numbers = (name.removeprefix(FIELD) for name in data if name.startswith(FIELD) and data[name])
    return {int(number) for number in numbers if is_id(number)}


def shown_text(numbers: Mapping[int, Decimal]) -> str:
    """Return the numbers that a page shows, by id, for it to send back."""
    return ",".join(f"{pk}:{plain(number)}" for pk, number in numbers.items())


def read_shown(text: str) -> dict[int, Decimal]:
    """Return what a page showed, by id; what is not understood is passed over."""
    return {int(pk): Decimal(number) for pk, number in SHOWN.findall(text)}


def is_id(text: str) -> bool:
    """Say whether this is a number that a row can have."""
    return text.isascii() and text.isdigit() and len(text) < len(str(2**63))


def first_to_expire_first(holdings: Iterable[Holding]) -> list[Holding]:
    """Return holdings by item, opened vials first, then the soonest expiry first."""

    def place(holding: Holding) -> tuple[Any, ...]:
        until = holding.beyond_use_on or holding.lot.expires_on
        name = holding.lot.item.name.lower()
        return name, not holding.is_opened, until is None, until, holding.pk

    return sorted(holdings, key=place)
