"""Finding things in the catalog's lists."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet

from inventory.catalog.models import Item, ItemCode, Supplier

# Fewer characters than this are in nearly every code.
SHORTEST_PART_OF_A_CODE = 4


class StateFilter(django_filters.ChoiceFilter):
    """In use unless asked otherwise: what the clinic has given up is out of the way."""

    def __init__(self, **options: Any) -> None:
        choices = [("all", "All"), ("0", "Not in use")]
        super().__init__(label="State", choices=choices, empty_label="In use", **options)

    def filter(self, qs: QuerySet[Model], value: str | None) -> QuerySet[Model]:
        return qs if value == "all" else qs.filter(is_active=value != "0")


class WordsFilter(django_filters.CharFilter):
    """Every word is in the name or the short code. `codes_too` looks at product codes as well."""

    def __init__(self, label: str, *, short_code: str = "code", codes_too: bool = False) -> None:
        widget = forms.TextInput(attrs={"type": "search"})
        super().__init__(label=label, widget=widget, max_length=100)
        self.short_code = short_code
        self.codes_too = codes_too

    def filter(self, qs: QuerySet[Model], value: str | None) -> QuerySet[Model]:
        for word in (value or "").split():
            found = Q(name__icontains=word) | Q(**{f"{self.short_code}__icontains": word})
            if self.codes_too:
                found |= _carries_a_code_like(word)
            qs = qs.filter(found)
        return qs


class ItemFilter(django_filters.FilterSet):
    """By a part of the name, SKU or product code; by kind, container and supplier."""

    q = WordsFilter("Name, SKU or product code", short_code="sku", codes_too=True)
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=Item.Kind.choices, empty_label="All kinds"
    )
    container = django_filters.ChoiceFilter(
        label="Container", choices=Item.Container.choices, empty_label="All containers"
    )
    supplier = django_filters.ModelChoiceFilter(
        label="Supplier",
        queryset=Supplier.objects.all(),
        to_field_name="code",
        empty_label="All suppliers",
        method="sold_by",
    )
    state = StateFilter()

    def sold_by(self, items: QuerySet[Item], name: str, value: Supplier) -> QuerySet[Item]:
        offers = value.offers.filter(is_active=True)
        return items.filter(pk__in=offers.values("item"))


class SupplierFilter(django_filters.FilterSet):
    """By a part of the name or code."""

    q = WordsFilter("Name or code")
    state = StateFilter()


class LocationFilter(django_filters.FilterSet):
    """By a part of the name or code."""

    q = WordsFilter("Name or code")
    state = StateFilter()


def _carries_a_code_like(word: str) -> Q:
    part = word.upper().replace("-", "")
    if len(part) < SHORTEST_PART_OF_A_CODE:
        return Q(pk__in=())
    codes = ItemCode.objects.filter(
        Q(normalized__contains=part) | Q(normalized__contains=word.upper())
    )
    return Q(pk__in=codes.values("item"))
