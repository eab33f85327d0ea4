"""Finding count sheets in their list."""

import django_filters
from django.db.models import QuerySet

from inventory.counts.models import CountSheet
from inventory.stock.filters import location_filter


class CountSheetFilter(django_filters.FilterSet):
    """By place, and by whether a sheet is open, posted or cancelled."""

    location = location_filter()
    state = django_filters.ChoiceFilter(
        label="State",
        choices=[("open", "Open"), ("posted", "Posted"), ("cancelled", "Cancelled")],
        empty_label="All sheets",
        method="in_state",
    )

    def in_state(self, sheets: QuerySet[CountSheet], name: str, value: str) -> QuerySet[CountSheet]:
        if value == "posted":
            return sheets.filter(posted_at__isnull=False)
        if value == "cancelled":
            return sheets.filter(cancelled_at__isnull=False)
        return sheets.filter(posted_at__isnull=True, cancelled_at__isnull=True)
