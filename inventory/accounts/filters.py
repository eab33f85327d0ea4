"""Finding a person in the list."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from inventory.accounts.models import User
from inventory.web.roles import EVERYONE


class PeopleFilter(django_filters.FilterSet):
    """By a part of the name, by role, and by whether the person may sign in."""

    q = django_filters.CharFilter(
        label="Name",
        method="named",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = django_filters.ChoiceFilter(
        label="Role",
        field_name="groups__name",
        choices=[(role, role.capitalize()) for role in EVERYONE],
        empty_label="All roles",
    )
    is_active = django_filters.ChoiceFilter(
        label="Sign-in", choices=[("1", "May sign in"), ("0", "Ended")], empty_label="Both"
    )

    def named(self, people: QuerySet[User], name: str, value: Any) -> QuerySet[User]:
        for word in str(value).split():
            people = people.filter(
                Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
                | Q(username__icontains=word)
            )
        return people
