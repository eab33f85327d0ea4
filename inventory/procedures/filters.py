"""Finding a logged procedure."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from inventory.accounts.models import User
from inventory.procedures.models import Procedure, ProcedureType
from inventory.stock.filters import DayFilter, WordsFilter, location_filter
from inventory.web.days import midnight

DAYS = ("since", "until")


class ProcedureFilter(django_filters.FilterSet):
    """By day, type, place, provider, person and status; today's, unless days are asked for."""

    since = DayFilter(label="From", method="from_day")
    until = DayFilter(label="to", method="to_day")
    type = django_filters.ModelChoiceFilter(
        queryset=ProcedureType.objects.all(), to_field_name="code", empty_label="All types"
    )
    location = location_filter()
    provider = WordsFilter("Provider", "provider")
    by = django_filters.ModelChoiceFilter(
        field_name="logged_by",
        queryset=User.objects.order_by("first_name", "last_name", "username"),
        to_field_name="username",
        label="Logged by",
        empty_label="Everybody",
    )
    status = django_filters.ChoiceFilter(choices=Procedure.Status.choices, empty_label="All")

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        if not any(name in (data or {}) for name in DAYS):
            today = timezone.localdate().isoformat()
            data = data.copy() if data else {}
            data.update(dict.fromkeys(DAYS, today))
        super().__init__(data, *args, **options)

    def from_day(self, rows: QuerySet[Procedure], name: str, value: date) -> QuerySet[Procedure]:
        return rows.filter(performed_at__gte=midnight(value))

    def to_day(self, rows: QuerySet[Procedure], name: str, value: date) -> QuerySet[Procedure]:
        return rows.filter(performed_at__lt=midnight(value + timedelta(days=1)))
