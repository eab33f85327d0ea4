"""Mary is the manager, Nora the nurse, Paul buys, Vera only looks."""

import pytest

from tests.api.clinic import Machine, machine, set_up


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


@pytest.fixture
def clinic(mary: Machine) -> Machine:
    """The set-up clinic, as its manager."""
    set_up(mary)
    return mary
