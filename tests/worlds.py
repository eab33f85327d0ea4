"""What every test of a file begins with, made once for all of them and undone after the last.

A test that changes it changes it for itself alone: what it wrote is undone with it.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Literal, TypeVar

import pytest
import time_machine
from django.db import transaction

from tests.clinic import NOW

Built = TypeVar("Built")


def built_once(
    build: Callable[[], Built],
    at: datetime | None = NOW,
    scope: Literal["class", "module"] = "module",
) -> Any:
    """Return a fixture for what `build` returns, built on Monday morning, once for each file.

    With `at`: then; None for when the tests run. With `scope`: once for each class that asks.

    Not for a file with tests that need transactions of their own. What is changed in memory stays
    changed: hand out what nobody changes, or let a test read its rows again.
    """

    @pytest.fixture(scope=scope)
    def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Built]:
        with django_db_blocker.unblock(), transaction.atomic():
            with time_machine.travel(at, tick=False) if at else nullcontext():
                built = build()
            yield built
            transaction.set_rollback(True)

    return world
