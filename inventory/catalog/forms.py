"""The manager's forms. They hand over facts; whether those hold is for the register to judge.

Here is what they share, and the forms for all but items.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.db.models import Model
from django.forms.models import model_to_dict

from inventory.catalog.errors import NotAccepted, Taken
from inventory.catalog.models import Clinic, Item, Location, Site, Supplier, SupplierOffer
from inventory.catalog.register import (
    ClinicFacts,
    LocationFacts,
    OfferFacts,
    SupplierFacts,
)
from inventory.web.decimals import plain
from inventory.web.forms import (
    AddressField,
    CleanCharField,
    MoneyField,
    PercentField,
    QuantityField,
)

Row = TypeVar("Row", bound=Model)

CODE_HELP = "Lower-case letters, digits and hyphens, as in {example}. It stays for good."


class RegisterForm(forms.Form):
    """A form whose refusals by the register come back at their fields."""

    def carry_out(self, act: Callable[[], Row]) -> Row | None:
        """Return what `act` made of a valid form, or None with the reason at its field."""
        if not self.is_valid():
            return None
        try:
            return act()
        except Taken as refusal:
            self._note(refusal.field, refusal.message)
        except NotAccepted as refusal:
            for error in refusal.errors:
                self._note(error.field, error.message)
        return None

    def _note(self, field: str, message: str) -> None:
        self.add_error(field if field in self.fields else None, message)


def short_code_field(label: str, example: str) -> CleanCharField:
    """The short code of something new."""
    return CleanCharField(
        label=label,
        max_length=64,
        help_text=CODE_HELP.format(example=example),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )


def whole_field(label: str, *, least: int, most: int, **options: Any) -> forms.IntegerField:
    """A whole number within bounds."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages={"invalid": "Expected a whole number, like 3."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        **options,
    )


def as_initial(row: Model) -> dict[str, Any]:
    """Return a row's values as its form shows them, amounts without idle zeros."""
    values = model_to_dict(row)
    return {
        name: plain(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
    }


class SupplierForm(RegisterForm):
    """A supplier; `is_new` asks for the code too."""

    name = CleanCharField(max_length=120)
    email = AddressField(label="E-mail for orders", required=False)
    is_active = forms.BooleanField(label="In use", required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            self.fields = {"code": short_code_field("Code", "northgate"), **self.fields}

    def facts(self, code: str = "") -> SupplierFacts:
        return SupplierFacts(**{"code": code, **self.cleaned_data})


class OfferForm(RegisterForm):
    """What a supplier asks for an item."""

    order_code = CleanCharField(
        label="Order code", max_length=64, required=False, help_text="The supplier's own number."
    )
    pack_quantity = QuantityField(
        label="One pack holds",
        help_text="In the item's unit: 500 for 25 vials of 20 mL, 100 for a box of 100 needles.",
    )
    pack_price = MoneyField(label="Price of a pack, in dollars")
    minimum_packs = whole_field("Least number of packs", least=1, most=1_000_000, initial=1)
    lead_time_days = whole_field("Days until delivery", least=0, most=3650)
    preferred = forms.BooleanField(
        label="Order here first", required=False, help_text="The former first choice steps back."
    )
    is_active = forms.BooleanField(label="In use", required=False, initial=True)

    def facts(self) -> OfferFacts:
        names = (
            "order_code",
            "pack_quantity",
            "pack_price",
            "minimum_packs",
            "lead_time_days",
            "is_active",
        )
        said = {name: self.cleaned_data[name] for name in names}
        return OfferFacts(**said, preferred=self.cleaned_data["preferred"])

    @staticmethod
    def initial_of(offer: SupplierOffer) -> dict[str, Any]:
        """Return what the form shows of an offer that is there."""
        return as_initial(offer)


class OfferAddForm(OfferForm):
    """A new offer, with the supplier and the item it joins."""

    supplier = forms.ModelChoiceField(
        Supplier.objects.filter(is_active=True), to_field_name="code", empty_label="Choose"
    )
    item = forms.ModelChoiceField(
        Item.objects.filter(is_active=True), to_field_name="sku", empty_label="Choose"
    )
    field_order = ["supplier", "item"]

    def who_and_what(self) -> tuple[Supplier, Item]:
        """Return the supplier and the item that were chosen."""
        return self.cleaned_data["supplier"], self.cleaned_data["item"]

    def facts(self) -> OfferFacts:
        facts = super().facts()
        # Not ticked means no wish: the first offer of an item is where it is ordered.
        return OfferFacts(**{**vars(facts), "preferred": facts.preferred or None})


class LocationForm(RegisterForm):
    """A place that holds stock; `is_new` asks for the code too."""

    name = CleanCharField(max_length=120, help_text="As in Room 1 cart.")
    site = forms.ModelChoiceField(Site.objects.all(), to_field_name="code", empty_label=None)
    treatment_area = forms.BooleanField(
        label="Immediate treatment area",
        required=False,
        help_text="Patients are treated here: a multi-dose vial that comes here is for one.",
    )
    is_active = forms.BooleanField(label="In use", required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            self.fields = {"code": short_code_field("Code", "room-1"), **self.fields}
        if not Site.objects.exists():
            # The first location makes the first site.
            del self.fields["site"]

    def facts(self, code: str = "") -> LocationFacts:
        said = dict(self.cleaned_data)
        if "site" in said:
            said["site"] = said["site"].code
        return LocationFacts(**{"code": code, **said})

    @staticmethod
    def initial_of(location: Location) -> dict[str, Any]:
        """Return what the form shows of a location that is there, its site fetched."""
        return {**as_initial(location), "site": location.site.code}


class SiteForm(RegisterForm):
    """A building or address; `is_new` asks for the code too."""

    name = CleanCharField(max_length=120)

    def __init__(self, *args: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            self.fields = {"code": short_code_field("Code", "main"), **self.fields}


class ClinicForm(RegisterForm):
    """The clinic's own settings."""

    name = CleanCharField(label="Name of the clinic", max_length=120)
    expiring_days = whole_field(
        "Notice, days before expiry", least=1, most=1095, help_text="A lot is shown as expiring."
    )
    expiring_soon_days = whole_field("Warning, days before expiry", least=1, most=1095)
    expiring_now_days = whole_field("Urgent, days before expiry", least=1, most=1095)
    procedure_backdating_days = whole_field(
        "A procedure may be entered late by",
        least=0,
        most=366,
        help_text="In days; 0 means today only.",
    )
    receipt_backdating_days = whole_field(
        "A receipt may be entered late by", least=0, most=3660, help_text="In days."
    )
    nurse_void_days = whole_field(
        "A nurse may undo her own procedures for",
        least=0,
        most=366,
        help_text="In days; 0 means the same day. A manager may always.",
    )
    service_level = PercentField(
        label="Order cycles without a stock-out, in percent",
        help_text="From 50 to below 100. The more, the larger the reserve of every item: 95 lets"
        " an item run out in one order cycle of twenty.",
    )
    order_every_days = whole_field(
        "Days from one order to the next",
        least=1,
        most=90,
        help_text="7 where orders go out once a week.",
    )
    address = CleanCharField(
        label="Address, on orders",
        max_length=400,
        required=False,
        help_text="Up to four lines, as on a letter.",
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    phone = CleanCharField(label="Telephone, on orders", max_length=40, required=False)
    purchasing_email = AddressField(label="E-mail of purchasing, on orders", required=False)

    def facts(self) -> ClinicFacts:
        return ClinicFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(clinic: Clinic) -> dict[str, Any]:
        """Return the settings as they are."""
        return as_initial(clinic)
