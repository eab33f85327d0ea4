"""Mary is the manager, Nora the nurse, Paul buys, Vera only looks."""

import pytest

from tests.api.clinic import Machine, machine, set_up
from tests.worlds import built_once


@pytest.fixture
def mary(db: None) -> Machine:
    return machine("mary", "manager")


@pytest.fixture
def nora(db: None) -> Machine:
    return machine("nora", "nurse")


@pytest.fixture
def paul(db: None) -> Machine:
    return machine("paul", "purchaser")


@pytest.fixture
def vera(db: None) -> Machine:
    return machine("vera", "viewer")


def _set_up_clinic() -> Machine:
    manager = machine("mary", "manager")
    set_up(manager)
    return manager


set_up_clinic = built_once(_set_up_clinic, at=None)


@pytest.fixture
def clinic(set_up_clinic: Machine, db: None) -> Machine:
    """The set-up clinic, as its manager. All tests of a file are told of it, or none."""
    return Machine(set_up_clinic.token)
