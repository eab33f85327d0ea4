"""Finding the items that get a label."""

import django_filters
from django.db.models import Q, QuerySet

from inventory.catalog.filters import WordsFilter
from inventory.catalog.models import Item, Location
from inventory.stock.filters import location_filter
from inventory.stock.models import Holding


class ShelfLabelFilter(django_filters.FilterSet):
    """By a part of the name, SKU or product code; by kind; by what a location holds or should."""

    q = WordsFilter("Name, SKU or product code", short_code="sku", codes_too=True)
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=Item.Kind.choices, empty_label="All kinds"
    )
    location = location_filter(label="Shelf in", method="kept_in")

    @property
    def place(self) -> Location | None:
        """The location that was asked for."""
        place: Location | None = self.form.cleaned_data.get("location")
        return place

    def kept_in(self, items: QuerySet[Item], name: str, value: Location) -> QuerySet[Item]:
        there = Holding.objects.on_hand().filter(location=value)
        kept = Q(pk__in=value.levels.values("item")) | Q(pk__in=there.values("lot__item"))
        return items.filter(kept)
