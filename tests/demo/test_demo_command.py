"""`manage.py demo`, as somebody types it who wants to try Vialkeeper out."""

import io
import socket
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from inventory.accounts.models import User
from inventory.demo.load import load
from inventory.demo.people import EVERYBODY, PASSWORD
from inventory.management.commands import demo
from inventory.procedures.starter import load_starter
from inventory.stock.models import Movement
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


ONE_WEEK = partial(load, weeks=1, quiet=True)


@pytest.fixture(autouse=True)
def one_week(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "load", ONE_WEEK)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ports that were served, instead of serving them."""
    ports: list[int] = []
    monkeypatch.setattr(demo, "serve", ports.append)
    return ports


def run(**options: Any) -> str:
    said = io.StringIO()
    call_command("demo", stdout=said, **options)
    return said.getvalue()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True)
class Served:
    """A demo that was loaded and served: what it printed, where it was to be, and where it is."""

    said: str
    wanted: int
    ports: list[int]


def load_and_serve() -> Served:
    port, ports = free_port(), list[int]()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(demo, "load", ONE_WEEK)
        monkeypatch.setattr(demo, "serve", ports.append)
        return Served(run(port=port), port, ports)


loaded = built_once(load_and_serve, at=None, scope="class")


class TestAClinicThatItHasLoaded:
    def test_it_prints_the_address_and_a_sign_in_for_each_role(self, loaded: Served) -> None:
        assert f"http://127.0.0.1:{loaded.wanted}/" in loaded.said
        for person in EVERYBODY:
            assert [person.role, *person.name.split(), person.username, PASSWORD] in [
                line.split() for line in loaded.said.splitlines()
            ]

    def test_it_serves_what_it_has_loaded(self, loaded: Served) -> None:
        assert loaded.ports == [loaded.wanted]

    @pytest.mark.usefixtures("loaded")
    def test_everybody_can_sign_in_with_the_password_that_it_prints(self) -> None:
        request = RequestFactory().post("/")

        roles = {
            user.username: [group.name for group in user.groups.all()]
            for person in EVERYBODY
            if (user := authenticate(request, username=person.username, password=PASSWORD))
        }

        assert roles == {person.username: [person.role] for person in EVERYBODY}

    @pytest.mark.usefixtures("loaded")
    def test_a_second_time_changes_nothing(self) -> None:
        before = list(Movement.objects.values())

        said = run(no_serve=True)

        assert "is there already; --reset starts over" in said
        assert list(Movement.objects.values()) == before


@pytest.mark.parametrize("options", [{}, {"reset": True}], ids=["as it is", "reset"])
def test_it_leaves_a_clinic_of_somebodys_own_alone(options: dict[str, bool]) -> None:
    load_starter(lambda _: None)

    with pytest.raises(CommandError, match="holds a clinic that the demo has not made"):
        run(no_serve=True, **options)

    assert not User.objects.exists()


def test_it_takes_no_ones_sign_in() -> None:
    User.objects.create_user("mara", password="my-own-password")

    with pytest.raises(CommandError, match="“mara” is taken"):
        run(no_serve=True)

    assert not Movement.objects.exists()


def test_it_says_so_before_it_loads_when_the_port_is_taken(served: list[int]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} on this machine is taken"):
            run(port=port)

    assert served == []
    assert not Movement.objects.exists()


@pytest.mark.parametrize("port", [0, -1, 65536, 10**30])
def test_it_refuses_a_port_that_cannot_be(port: int, served: list[int]) -> None:
    with pytest.raises(CommandError, match="Expected a port from 1 to 65535"):
        run(port=port)
