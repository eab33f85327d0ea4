"""Finding stock, lots and entries in their lists."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location
from inventory.stock.models import Entry, Holding, Lot
from inventory.web.days import midnight
from inventory.web.forms import DayField


class WordsFilter(django_filters.CharFilter):
    """Every word is somewhere in one of the fields, as in "lido 20"."""

    def __init__(self, label: str, *fields: str) -> None:
        widget = forms.TextInput(attrs={"type": "search"})
        super().__init__(label=label, widget=widget, max_length=100)
        self.fields = fields

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        for word in (value or "").replace("\0", "").split():
            found = Q()
            for field in self.fields:
                found |= Q(**{f"{field}__icontains": word})
            qs = qs.filter(found)
        return qs


class DayFilter(django_filters.Filter):
    """A day between 2000 and 2100."""

    field_class = DayField


def location_filter(**options: Any) -> django_filters.ModelChoiceFilter:
    """A choice of a location by its code."""
    return django_filters.ModelChoiceFilter(
        queryset=Location.objects.all(), to_field_name="code", empty_label="Everywhere", **options
    )


class HoldingFilter(django_filters.FilterSet):
    """By item or lot, place, kind, and whether it can be used today."""

    item = WordsFilter("Item or lot", "lot__item__name", "lot__item__sku", "lot__number")
    location = location_filter()
    kind = django_filters.ChoiceFilter(
        field_name="lot__item__kind",
        label="Kind",
        choices=Item.Kind.choices,
        empty_label="All kinds",
    )
    show = django_filters.ChoiceFilter(
        label="Show",
        choices=[("usable", "Usable"), ("unusable", "Not usable"), ("opened", "Opened vials")],
        empty_label="All that is there",
        method="shown",
    )

    def shown(self, holdings: Any, name: str, value: str) -> Any:
        usable = Holding.objects.usable_on(timezone.localdate())
        if value == "opened":
            return holdings.opened()
        if value == "usable":
            return holdings.filter(pk__in=usable.values("pk"))
        return holdings.exclude(pk__in=usable.values("pk"))


class LotFilter(django_filters.FilterSet):
    """By item or number, status, expiry, and whether there is any left."""

    q = WordsFilter("Item or lot number", "item__name", "item__sku", "number")
    status = django_filters.ChoiceFilter(choices=Lot.Status.choices, empty_label="Every status")
    expires_from = DayFilter(field_name="expires_on", lookup_expr="gte", label="Expires from")
    expires_to = DayFilter(field_name="expires_on", lookup_expr="lte", label="to")
    show = django_filters.ChoiceFilter(
        label="Show", choices=[("all", "All lots ever")], empty_label="On the shelf", method="shown"
    )

    def shown(self, lots: QuerySet[Lot], name: str, value: str) -> QuerySet[Lot]:
        return lots

    def filter_queryset(self, queryset: QuerySet[Lot]) -> QuerySet[Lot]:
        lots: QuerySet[Lot] = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("show") == "all":
            return lots
        return lots.filter(Exists(Holding.objects.on_hand().filter(lot=OuterRef("pk"))))


class EntryFilter(django_filters.FilterSet):
    """By what became of it, item, lot, place, person and day."""

    kind = django_filters.ChoiceFilter(
        label="What", choices=Entry.Kind.choices, empty_label="Everything"
    )
    item = django_filters.ModelChoiceFilter(
        queryset=Item.objects.all(), to_field_name="sku", empty_label="All items"
    )
    lot = WordsFilter("Lot", "holding__lot__number")
    location = location_filter()
    by = django_filters.ModelChoiceFilter(
        field_name="movement__by",
        queryset=User.objects.order_by("first_name", "last_name", "username"),
        to_field_name="username",
        label="Who",
        empty_label="Everybody",
    )
    since = DayFilter(label="From", method="from_day")
    until = DayFilter(label="to", method="to_day")

    def from_day(self, entries: QuerySet[Entry], name: str, value: date) -> QuerySet[Entry]:
        return entries.filter(happened_at__gte=midnight(value))

    def to_day(self, entries: QuerySet[Entry], name: str, value: date) -> QuerySet[Entry]:
        return entries.filter(happened_at__lt=midnight(value + timedelta(days=1)))
