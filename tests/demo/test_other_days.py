"""The demo clinic on other days of the week, three weeks of it."""

from datetime import datetime

import pytest

from inventory.attention.flags import open_flags
from inventory.attention.rules import Kind
from inventory.demo.load import load
from inventory.stock.models import Movement
from tests.deep import DEEP
from tests.demo.conftest import CLINIC_TIME

pytestmark = pytest.mark.django_db

DAYS = [
    datetime(2027, 3, 15, 0, 1, tzinfo=CLINIC_TIME),  # Monday, just after midnight
    datetime(2027, 3, 4, 6, 50, tzinfo=CLINIC_TIME),  # Thursday, before anybody has come
    datetime(2027, 3, 7, 23, 0, tzinfo=CLINIC_TIME),  # Sunday
][: 3 if DEEP else 1]
IN_THREE_WEEKS = frozenset(
    {
        Kind.RECALLED,
        Kind.UNUSABLE_USED,
        Kind.EXPIRED,
        Kind.EXPIRING,
        Kind.OUT,
        Kind.LOW,
    }
)


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_on_any_day_the_ledger_holds_and_there_is_something_to_do(now: datetime) -> None:
    proof = load(now, weeks=3, quiet=True)

    assert proof.differences == []
    assert {flag.kind for flag in open_flags(now.date())} >= IN_THREE_WEEKS
    assert not Movement.objects.filter(recorded_at__gt=now).exists()
