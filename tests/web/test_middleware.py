"""A tablet left lying signs its nurse out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from tests import clinic

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tablet(clock: Any) -> Client:
    client = clinic.signed_in(clinic.mara())
    client.get(reverse("account"))
    return client


def test_she_stays_signed_in_while_she_works(tablet: Client, clock: Any) -> None:
    for _ in range(4):
        clock.shift(timedelta(minutes=29))
        answer = tablet.get(reverse("account"))

    assert answer.status_code == 200


def test_half_an_hour_without_a_touch_signs_her_out_and_says_so(tablet: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=30))

    page = tablet.get(reverse("account"), follow=True).content.decode()

    assert "You were signed out after 30 minutes without use." in page
    assert not Session.objects.filter(session_data__isnull=True).exists()
    assert tablet.get(reverse("account")).status_code == 302


def test_a_clinic_can_choose_its_own_time(clock: Any, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    tablet = clinic.signed_in(clinic.mara())
    tablet.get(reverse("account"))

    clock.shift(timedelta(minutes=6))

    assert tablet.get(reverse("account")).status_code == 302


def writes_to_the_session(tablet: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        tablet.get(reverse("account"))
    return sum("UPDATE" in query["sql"] for query in queries)


def test_it_writes_the_session_at_most_once_a_minute(tablet: Client, clock: Any) -> None:
    clock.shift(timedelta(seconds=59))
    at_once = writes_to_the_session(tablet)
    clock.shift(timedelta(seconds=1))
    a_minute_later = writes_to_the_session(tablet)

    assert (at_once, a_minute_later) == (0, 1)
