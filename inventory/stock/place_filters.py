"""Finding stock by place, and by words or the code of a label."""

import django_filters
from django.db.models import QuerySet

from inventory.stock.filters import WordsFilter, location_filter
from inventory.stock.models import Holding
from inventory.stock.vial_codes import vial_number


class _VialWordsFilter(WordsFilter):
    """Words of the item or lot; or the code of a label, as it is scanned."""

    def filter(self, qs: QuerySet[Holding], value: str | None) -> QuerySet[Holding]:
        number = vial_number(value or "")
        return super().filter(qs, value) if number is None else qs.filter(pk=number)


class PlaceFilter(django_filters.FilterSet):
    """By item, lot or label, and place."""

    q = _VialWordsFilter("Item, lot or label", "lot__item__name", "lot__item__sku", "lot__number")
    location = location_filter()
