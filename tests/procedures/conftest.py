"""A room with a kit on its shelf, and the page that logs it."""

from datetime import date

import pytest

from inventory.procedures.models import ProcedureType
from tests.clinic import (
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    procedure_type,
    received,
)
from tests.procedures.tablet import Tablet, trigger_point
from tests.worlds import built_once


def stocked_room() -> None:
    trigger_point()
    received(needle(), 64, "N1", date(2029, 9, 30))
    received(lidocaine(), 40, "AB4410C", date(2026, 12, 31))
    received(kenalog(), 3, "9F7K2")
    received(gauze(), 100)


room = built_once(stocked_room)


@pytest.fixture
def kind(room: None, db: None, monday_morning: None) -> ProcedureType:
    """A trigger point injection, and everything that it takes on the shelf of room 1."""
    return procedure_type()


@pytest.fixture
def page(kind: ProcedureType) -> Tablet:
    """The page of that type, as it first appears."""
    return Tablet(mara()).open(kind)
