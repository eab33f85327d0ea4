"""Finding imports in their list."""

import django_filters
from django.db.models import QuerySet

from inventory.imports.models import Import
from inventory.imports.register import KINDS


class ImportFilter(django_filters.FilterSet):
    """By kind, and by whether an upload is open or brought in."""

    kind = django_filters.ChoiceFilter(
        label="What",
        choices=lambda: [(kind.code, kind.title) for kind in KINDS],
        empty_label="Everything",
    )
    state = django_filters.ChoiceFilter(
        label="State",
        choices=[("open", "Open"), ("in", "Brought in")],
        empty_label="All",
        method="in_state",
    )

    def in_state(self, uploads: QuerySet[Import], name: str, value: str) -> QuerySet[Import]:
        return uploads.filter(committed_at__isnull=value == "open")
