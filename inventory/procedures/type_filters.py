"""Finding a procedure type."""

import django_filters

from inventory.catalog.filters import StateFilter, WordsFilter


class ProcedureTypeFilter(django_filters.FilterSet):
    """By a part of the name or code."""

    q = WordsFilter("Name or code")
    state = StateFilter()
