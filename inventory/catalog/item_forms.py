"""The manager's forms for an item, its codes, and its level in one location."""

from decimal import Decimal
from typing import Any

from django import forms

from inventory.catalog.forms import RegisterForm, as_initial, short_code_field, whole_field
from inventory.catalog.models import BillingCode, Item, ItemCode, Location
from inventory.catalog.register import BillingCodeFacts, CodeFacts, ItemFacts
from inventory.web.decimals import plain
from inventory.web.forms import CleanCharField, DayField, PercentField, QuantityField

YES_OR_NO = [("", "Does not apply"), ("yes", "Yes"), ("no", "No")]


class ItemForm(RegisterForm):
    """An item; `is_new` asks for the SKU too, which stays for good."""

    name = CleanCharField(
        max_length=200, help_text="With its size, as in Lidocaine 1% 20 mL multi-dose vial."
    )
    kind = forms.ChoiceField(choices=Item.Kind.choices)
    unit = forms.ChoiceField(
        label="Counted and dosed in",
        choices=[("each", "pieces (each)"), ("mL", "mL"), ("unit", "units, as for toxins")],
    )
    storage = forms.ChoiceField(choices=Item.Storage.choices)
    lot_tracked = forms.BooleanField(
        label="Kept by lot and expiry date", required=False, initial=True
    )
    is_active = forms.BooleanField(label="In use", required=False, initial=True)
    container = forms.ChoiceField(choices=Item.Container.choices)
    container_volume = QuantityField(
        label="One container holds",
        required=False,
        help_text="In the unit chosen, by the label: 20 for a vial of 20 mL.",
    )
    beyond_use_days = whole_field(
        "Beyond-use days once opened",
        least=1,
        most=3650,
        required=False,
        help_text="Multi-dose vials only; 28 unless the label says otherwise.",
    )
    preservative_free = forms.ChoiceField(choices=YES_OR_NO, required=False)
    strength = QuantityField(label="Strength, mg per mL", required=False)
    hcpcs = CleanCharField(
        label="HCPCS code",
        max_length=8,
        required=False,
        help_text="As in J3301. It counts for past days too: a code that changes on a date is"
        " entered on the item's page instead, under “Billing codes by date”.",
    )
    billing_unit = CleanCharField(
        label="Billing unit", max_length=24, required=False, help_text="As in 10 mg or 1 unit."
    )
    reorder_point = QuantityField(
        label="Reorder point",
        required=False,
        help_text="Order when what is usable and on order falls to this, in the unit chosen.",
    )
    par_level = QuantityField(
        label="Par level", required=False, help_text="Order up to this, in the unit chosen."
    )
    levels_reason = CleanCharField(
        label="Why, in a few words",
        max_length=200,
        required=False,
        help_text="For levels that you set: as in Toxin is ordered for each clinic day.",
    )
    service_level = PercentField(
        label="Order cycles without a stock-out, in percent",
        required=False,
        help_text="From 50 to below 100. Empty: what the settings say for all items.",
    )

    def __init__(self, *args: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            self.fields = {"sku": short_code_field("SKU", "lido-1-20"), **self.fields}

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        """Return what the form shows of an item that is there."""
        words = {True: "yes", False: "no", None: ""}
        return {**as_initial(item), "preservative_free": words[item.preservative_free]}

    def facts(self, sku: str = "") -> ItemFacts:
        """Return what was said of the item with this SKU, or of a new one."""
        said = self.cleaned_data
        free = {"yes": True, "no": False}.get(said["preservative_free"])
        return ItemFacts(**{"sku": sku, **said, "preservative_free": free})


class CodeForm(RegisterForm):
    """A product code of an item."""

    kind = forms.ChoiceField(choices=ItemCode.Kind.choices)
    value = CleanCharField(
        label="Code",
        max_length=64,
        help_text="As printed on the package, an NDC with its hyphens.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    level = forms.ChoiceField(label="Printed on", choices=ItemCode.Level.choices)
    quantity = QuantityField(label="This package holds", required=False)

    def __init__(self, *args: Any, item: Item, **options: Any) -> None:
        super().__init__(*args, **options)
        self.item = item
        self.fields["quantity"].help_text = _package_help(item)

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if facts.get("level") != ItemCode.Level.EACH and facts.get("quantity") is None:
            self.add_error("quantity", f"Expected how many {self.item.unit} this package holds.")
        return facts

    def facts(self) -> CodeFacts:
        return CodeFacts(**self.cleaned_data)


class BillingCodeForm(RegisterForm):
    """What an item is billed by on some days."""

    hcpcs = CleanCharField(
        label="HCPCS code",
        max_length=8,
        required=False,
        help_text="As in J3301. Empty: not billed on these days.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    billing_unit = CleanCharField(
        label="Billing unit",
        max_length=24,
        required=False,
        help_text="As in 10 mg or 1 unit.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    effective_from = DayField(
        label="First day", required=False, help_text="Empty: on every day up to the last one."
    )
    effective_to = DayField(
        label="Last day", required=False, help_text="Empty: on every day from the first one on."
    )

    @staticmethod
    def initial_of(code: BillingCode) -> dict[str, Any]:
        """Return what the form shows of a code that is there."""
        return as_initial(code)

    def facts(self) -> BillingCodeFacts:
        return BillingCodeFacts(**self.cleaned_data)


class LevelForm(RegisterForm):
    """How much of an item one location should hold."""

    location = forms.ModelChoiceField(Location.objects.filter(is_active=True), empty_label="Choose")
    reorder_point = QuantityField(label="Reorder point")
    par_level = QuantityField(label="Par level")


def _package_help(item: Item) -> str:
    one = plain(item.container_volume or Decimal(1))
    return f"In {item.unit}. Empty for a single one, which holds {one}."
