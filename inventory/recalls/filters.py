"""Finding a recall."""

import django_filters
from django.db.models import QuerySet

from inventory.recalls.models import Recall
from inventory.stock.filters import WordsFilter


class RecallFilter(django_filters.FilterSet):
    """By what it is about, its item or lot, and how far it has come."""

    q = WordsFilter("Notice, item or lot", "title", "reference", "items__name", "patterns")
    state = django_filters.ChoiceFilter(
        label="State",
        choices=[("open", "Open"), ("closed", "Closed"), ("none", "None found")],
        empty_label="All recalls",
        method="in_state",
    )

    def filter_queryset(self, queryset: QuerySet[Recall]) -> QuerySet[Recall]:
        # A word may be in the names of several of its items.
        found: QuerySet[Recall] = super().filter_queryset(queryset)
        return found.distinct()

    def in_state(self, recalls: QuerySet[Recall], name: str, value: str) -> QuerySet[Recall]:
        if value == "none":
            return recalls.filter(lots__isnull=True).exclude(holds__caught__isnull=False)
        return recalls.filter(closed_at__isnull=value == "open")
