"""A demo clinic to look at, loaded once for the tests of one file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from inventory.demo.load import load

CLINIC_TIME = ZoneInfo("America/Chicago")
LEAP_DAY = datetime(2028, 2, 29, 11, 0, tzinfo=CLINIC_TIME)
WEEKS = 8


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """The last weeks of the demo, at eleven on a leap day; undone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(LEAP_DAY, weeks=WEEKS, quiet=True)
        yield LEAP_DAY
        transaction.set_rollback(True)
