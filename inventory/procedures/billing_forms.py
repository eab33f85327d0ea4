"""What part of the billing report is asked for."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from inventory.catalog.models import BillingCode, Item, Location
from inventory.procedures.billing_report import Dose
from inventory.web.days import month_after
from inventory.web.forms import EARLIEST_DAY, CleanCharField, MonthField

ONE_DAY = timedelta(days=1)
SHOWN = (
    ("", "All doses"),
    ("discarded", "Discarded (JW)"),
    ("missing", "Not billable"),
)


class BillingFilter(forms.Form):
    """The month, this one unless said, and its doses by provider, place, code and outcome.

    Whatever is left empty, or makes no sense, narrows nothing.
    """

    month = MonthField(required=False)
    provider = CleanCharField(
        max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    location = forms.ModelChoiceField(
        Location.objects.all(), to_field_name="code", empty_label="Everywhere", required=False
    )
    hcpcs = forms.ChoiceField(label="HCPCS", required=False)
    show = forms.ChoiceField(choices=SHOWN, required=False)

    def __init__(self, data: QueryDict, today: date) -> None:
        data = data.copy()
        data.setdefault("month", f"{today:%Y-%m}")
        super().__init__(data)
        self.today = today
        self.fields["hcpcs"] = forms.ChoiceField(
            label="HCPCS",
            choices=[("", "All codes"), *((code, code) for code in _codes())],
            required=False,
            error_messages={"invalid_choice": "No single-dose item has the code “%(value)s”."},
        )
        self.is_valid()

    @property
    def first(self) -> date:
        """The first day of the month that is asked for."""
        month: date | None = self.cleaned_data.get("month")
        return month or self.today.replace(day=1)

    @property
    def is_about_missing(self) -> bool:
        """Whether only what cannot be billed is asked for."""
        return bool(self.cleaned_data.get("show") == "missing")

    @property
    def before(self) -> date | None:
        """The first day of the month before, where there can be anything."""
        return (self.first - ONE_DAY).replace(day=1) if self.first > EARLIEST_DAY else None

    @property
    def after(self) -> date | None:
        """The first day of the month after, unless that is still to come."""
        following = month_after(self.first)
        return following if following <= self.today else None

    def narrow(self, doses: Iterable[Dose]) -> list[Dose]:
        """Return the doses that are asked for, in their order."""
        return [dose for dose in doses if self._wants(dose)]

    def _wants(self, dose: Dose) -> bool:
        asked: dict[str, Any] = self.cleaned_data
        location, hcpcs, show = asked.get("location"), asked.get("hcpcs"), asked.get("show")
        provider = dose.procedure.provider.casefold()
        return (
            all(word in provider for word in (asked.get("provider") or "").casefold().split())
            and (location is None or dose.procedure.location_id == location.pk)
            and (not hcpcs or dose.hcpcs == hcpcs)
            and (show != "discarded" or bool(dose.units and dose.units.discarded))
            and (not self.is_about_missing or dose.is_missing)
        )


def _codes() -> list[str]:
    """Every code that a single-dose item has or has had."""
    own = Item.objects.filter(container__in=Item.SINGLE_DOSE).order_by()
    dated = BillingCode.objects.filter(item__in=own).order_by()
    every = own.values_list("hcpcs").union(dated.values_list("hcpcs"))
    return sorted(code for (code,) in every if code)
