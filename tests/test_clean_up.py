"""The tests' own clean-up empties an append-only ledger and leaves it as strict as it was."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection
from django.test import TransactionTestCase
from django.utils import timezone

from inventory.accounts.roles import ROLES
from inventory.models import Clinic, Movement, User

pytestmark = pytest.mark.django_db(transaction=True)


def log_a_movement() -> Movement:
    alma = User.objects.create(username="alma")
    now = timezone.now()
    return Movement.objects.create(kind="count", happened_at=now, recorded_at=now, by=alma)


def clean_up() -> None:
    case: Any = TransactionTestCase()
    case._fixture_teardown()


def test_it_empties_the_ledger() -> None:
    log_a_movement()

    clean_up()

    assert not Movement.objects.exists()


def test_the_ledger_still_refuses_to_forget_afterwards() -> None:
    clean_up()
    log_a_movement()

    with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM inventory_movement")


def test_the_roles_and_the_clinic_are_there_again() -> None:
    clean_up()

    assert {group.name for group in Group.objects.all()} == set(ROLES)
    assert Clinic.objects.count() == 1
