"""The server is killed while it works: what it said is done is done, the rest wholly or not."""

import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http.client import HTTPException
from pathlib import Path
from random import Random
from threading import Semaphore
from typing import Any

import dj_database_url
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from inventory.accounts.tokens import issue
from inventory.procedures.models import Procedure
from inventory.stock.audit import check_ledger
from inventory.stock.models import Entry, Movement
from tests.clinic import kenalog, lidocaine, mara, needle, place, procedure_type, received
from tests.deep import DEEP
from tests.outside import Server
from tests.postgres import Postgres

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8
KILLS, WORKERS = (24, 2) if DEEP else (2, 1)
KILLS_OF_THE_DATABASE = 8
# A client whose server is gone must not wait for ever.
PATIENCE = 120

FAR = date(2099, 12, 31)
# What each procedure takes: the remainder of a single dose is discarded.
LINES = [("lido-1-20", "1.5"), ("kenalog-40-1", "0.5"), ("needle-25g-15", "2")]


@dataclass
class Call:
    """What a client sent, and what it was told: nothing, if the server was killed before."""

    key: str
    path: str
    body: Any
    status: int | None = None
    answer: Any = None
    replayed: bool = False
    was_there: bool = False

    @property
    def acknowledged(self) -> bool:
        return self.status == 201


class Clerks:
    """Clients of one server, each with one call under way until the server is gone."""

    def __init__(self, server: Server, token: str) -> None:
        self.server = server
        self.token = token

    def work_until(self, kill: Callable[[], None], round_number: int, calls: int) -> list[Call]:
        """Let them work, and kill when so many calls were answered in all."""
        self.answered = Semaphore(0)
        with ThreadPoolExecutor(CLIENTS) as pool:
            working = [
                pool.submit(self._work, f"{round_number}-{number}") for number in range(CLIENTS)
            ]
            for _ in range(calls):
                assert self.answered.acquire(timeout=PATIENCE)
            kill()
            return [call for each in working for call in each.result()]

    def _work(self, name: str) -> list[Call]:
        calls: list[Call] = []
        chance = Random(name)
        while not calls or calls[-1].acknowledged:
            calls.append(_new_call(f"K-{name}-{len(calls)}", chance))
            self.send(calls[-1])
            self.answered.release()
        return calls

    def send(self, call: Call) -> None:
        """Send a call on a connection of its own, and note what comes back."""
        client = self.server.client()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": call.key,
        }
        try:
            client.request("POST", f"/api/v1{call.path}", json.dumps(call.body), headers)
            answer = client.getresponse()
            body = json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            call.status = None
        else:
            call.status, call.answer = answer.status, body
            call.replayed = answer.headers.get("Idempotent-Replayed") == "true"
        finally:
            client.close()


def _new_call(key: str, chance: Random) -> Call:
    lines = [{"item": sku, "quantity": quantity} for sku, quantity in LINES]
    procedure = {"type": "tpi-1-2", "location": "room-1", "encounter_ref": key, "lines": lines}
    one = [{"item": "needle-25g-15", "quantity": "1"}]
    move = {"from": "room-1", "to": "room-2", "reason": key, "lines": one}
    vials = [{"item": "kenalog-40-1", "lot": "K2", "expires_on": FAR.isoformat(), "quantity": "3"}]
    delivery = {"location": "room-1", "reference": key, "lines": vials}
    return chance.choice(
        [
            Call(key, "/procedures", procedure),
            Call(key, "/procedures", procedure),
            Call(key, "/transfers", move),
            Call(key, "/receipts", delivery),
        ]
    )


@pytest.fixture
def token() -> str:
    return stocked_clinic()


def stocked_clinic() -> str:
    """Enough of everything, and Mara's token."""
    now = timezone.now()
    for item in (lidocaine(), kenalog(), needle()):
        received(item, 100_000, expires_on=FAR, at=now)
    place("room-2"), procedure_type()
    return issue(mara())


@pytest.fixture
def server(token: str, tmp_path: Path) -> Iterator[Server]:
    yield from served(tmp_path)


def served(directory: Path) -> Iterator[Server]:
    server = Server(directory / "server.log", workers=WORKERS)
    server.start()
    yield server
    server.kill()


def test_a_killed_server_keeps_its_word(server: Server, token: str) -> None:
    clerks, chance = Clerks(server, token), Random("kill")
    calls: list[Call] = []
    for number in range(KILLS):
        # Nobody else has the database open: what a killed server leaves is all that there is.
        connections.close_all()
        made = clerks.work_until(server.kill, number, chance.randint(10, 40))
        assert {call.status for call in made} <= {201, None}
        server.start()
        must_have_kept_its_word(made)
        retried_must_be_there_once(clerks, made)
        calls += made
    tell("server", KILLS, calls)


@pytest.fixture
def own_cluster(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    """A database server of this test's own, that keeps what it acknowledged as a clinic's does."""
    directory = Path(tempfile.mkdtemp(prefix="vk-"))
    cluster = Postgres(directory, durable=True)
    cluster.start()
    monkeypatch.setenv("TEST_POSTGRES_URL", cluster.url)
    shared = connections["default"]
    own = shared.copy()
    own.settings_dict |= dict(dj_database_url.parse(cluster.url))
    connections["default"] = own
    try:
        ContentType.objects.clear_cache()
        call_command("migrate", verbosity=0, interactive=False)
        yield cluster
    finally:
        own.close()
        connections["default"] = shared
        ContentType.objects.clear_cache()
        cluster.stop()
        shutil.rmtree(directory)


@pytest.mark.skipif(not DEEP, reason="takes minutes: make test-deep runs it")
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite dies with its server")
def test_a_killed_database_keeps_its_word(own_cluster: Postgres, tmp_path: Path) -> None:
    token = stocked_clinic()
    calls: list[Call] = []
    for server in served(tmp_path):
        clerks, chance = Clerks(server, token), Random("database")
        for number in range(KILLS_OF_THE_DATABASE):
            connections.close_all()
            made = clerks.work_until(own_cluster.kill, number, chance.randint(10, 40))
            own_cluster.start_again()
            must_have_kept_its_word(made)
            retried_must_be_there_once(clerks, made)
            calls += made
    tell("database", KILLS_OF_THE_DATABASE, calls)


# What must be so afterwards


def must_have_kept_its_word(calls: list[Call]) -> None:
    """All that was acknowledged is there once, the rest once or not at all, each one whole."""
    there = how_often()
    for call in calls:
        assert there[call.key] in ({1} if call.acknowledged else {0, 1}), call
    uses = Movement.objects.filter(kind=Movement.Kind.USE)
    assert set(uses) == {each.movement for each in Procedure.objects.select_related("movement")}
    for procedure in Procedure.objects.all():
        must_be_whole(procedure)
    for movement in Movement.objects.prefetch_related("entries"):
        entries = movement.entries.all()
        assert entries
        if movement.kind == Movement.Kind.TRANSFER:
            assert sorted(entry.quantity for entry in entries) == [-1, 1]
    assert check_ledger().differences == []


def must_be_whole(procedure: Procedure) -> None:
    wanted = [Decimal(quantity) for _, quantity in LINES]
    assert [line.quantity for line in procedure.lines.all()] == wanted
    used = [Decimal(0)] * len(LINES)
    entries = Entry.objects.filter(movement=procedure.movement_id, kind=Entry.Kind.USE)
    for line, quantity in entries.values_list("line", "quantity"):
        used[line] -= quantity
    assert used == wanted


def retried_must_be_there_once(clerks: Clerks, calls: list[Call]) -> None:
    """Whoever was told nothing asks again with the same key; so does one who was told."""
    before = how_often()
    told = [call for call in calls if call.acknowledged][-3:]
    for call in [*(call for call in calls if not call.acknowledged), *told]:
        again = Call(call.key, call.path, call.body)
        clerks.send(again)
        assert again.acknowledged, again
        assert again.replayed or not before[call.key]
        call.was_there = bool(before[call.key])
        assert call.answer is None or not call.acknowledged or call.answer == again.answer
    there = how_often()
    assert [there[call.key] for call in calls] == [1] * len(calls)


def how_often() -> Counter[str]:
    """How often each call was carried out, by its key."""
    movements = Movement.objects.exclude(kind=Movement.Kind.USE)
    return (
        Counter(Procedure.objects.values_list("encounter_ref", flat=True))
        + Counter(movements.exclude(reference="").values_list("reference", flat=True))
        + Counter(movements.exclude(reason="").values_list("reason", flat=True))
    )


def tell(what: str, kills: int, calls: list[Call]) -> None:
    """Numbers for whoever runs this with -s."""
    acknowledged = sum(call.acknowledged for call in calls)
    silently = sum(call.was_there for call in calls if not call.acknowledged)
    sys.stdout.write(
        f"\n{connection.vendor}: {kills} kills of the {what}, {len(calls)} calls, {acknowledged}"
        f" acknowledged, {len(calls) - acknowledged} cut off, of which {silently} were"
        " done all the same; statuses"
        f" {dict(Counter(call.status for call in calls))}\n"
    )
