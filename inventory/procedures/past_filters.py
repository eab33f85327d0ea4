"""Finding a procedure from before."""

from datetime import date, timedelta

import django_filters
from django.db.models import QuerySet

from inventory.procedures.models import PastProcedure, ProcedureType
from inventory.stock.filters import DayFilter, WordsFilter, location_filter
from inventory.stock.models import PastFile
from inventory.web.days import midnight


class PastProcedureFilter(django_filters.FilterSet):
    """By day, type, place, provider, and the file that it came in."""

    since = DayFilter(label="From", method="from_day")
    until = DayFilter(label="to", method="to_day")
    type = django_filters.ModelChoiceFilter(
        queryset=ProcedureType.objects.all(), to_field_name="code", empty_label="All types"
    )
    location = location_filter()
    provider = WordsFilter("Provider", "provider")
    file = django_filters.ModelChoiceFilter(
        queryset=PastFile.objects.filter(taken_back_at__isnull=True), empty_label="All files"
    )

    def from_day(
        self, rows: QuerySet[PastProcedure], name: str, value: date
    ) -> QuerySet[PastProcedure]:
        return rows.filter(performed_at__gte=midnight(value))

    def to_day(
        self, rows: QuerySet[PastProcedure], name: str, value: date
    ) -> QuerySet[PastProcedure]:
        return rows.filter(performed_at__lt=midnight(value + timedelta(days=1)))
