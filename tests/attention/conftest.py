"""It is a Monday morning in November in the test clinic, whatever day it is outside."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.clinic import NOW


@pytest.fixture
def monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
