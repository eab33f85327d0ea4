"""Many nurses at the same moment, in real threads on a real database."""

import json
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from inventory.catalog.models import Location, Supplier
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import AlreadyVoided, ProcedureWanted, record, void
from inventory.stock.audit import check_ledger
from inventory.stock.discard_record import Ticked, discard
from inventory.stock.discards import seen
from inventory.stock.models import Entry, Holding, Lot, LotStatusChange, Movement
from inventory.stock.requests import WasteReason
from inventory.web.idempotency import Answer, once
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    on_hand,
    opened_vial,
    place,
    procedure_type,
    received,
)
from tests.deep import DEEP
from tests.outside import database_url, environment
from tests.stock.storm import ACTS, Done, Note

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 16


def all_at_once(act: Callable[[int], Any], clients: int = CLIENTS) -> list[Any]:
    """Run in as many threads, started together; what each returned or raised."""
    start = threading.Barrier(clients)

    def client(number: int) -> Any:
        try:
            start.wait()
            return act(number)
        except Exception as failure:
            return failure
        finally:
            connections.close_all()

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(client, range(clients)))


def kinds_of(results: list[Any]) -> dict[str, int]:
    names = [type(result).__name__ for result in results]
    return {name: names.count(name) for name in set(names)}


def log_one(*lines: LineWanted) -> Callable[[int], Any]:
    nurse, type_, room = mara(), procedure_type(), place()
    wanted = ProcedureWanted(type_, room, NOW, lines=lines)
    return lambda _: record(wanted, by=nurse, now=NOW)


def test_sixteen_nurses_and_the_last_ten_vials() -> None:
    received(kenalog(), 10)
    results = all_at_once(log_one(LineWanted(kenalog(), Decimal("0.5"))))
    assert kinds_of(results) == {"Logged": 10, "NotEnoughStock": 6}
    assert on_hand(kenalog()) == 0
    assert Procedure.objects.count() == 10
    assert check_ledger().holds


def test_one_multi_dose_vial_is_opened_once_and_shared_by_all() -> None:
    received(lidocaine(), 20)
    results = all_at_once(log_one(LineWanted(lidocaine(), Decimal("1.25"))))
    assert kinds_of(results) == {"Logged": CLIENTS}
    assert Holding.objects.opened().get().quantity == 0
    assert check_ledger().holds


def test_opposite_orders_of_lines_do_not_wait_for_each_other() -> None:
    received(kenalog(), 40)
    received(needle(), 40)
    lines = [LineWanted(kenalog(), Decimal(1)), LineWanted(needle(), Decimal(1))]
    there, back = log_one(*lines), log_one(*reversed(lines))
    results = all_at_once(lambda number: (there if number % 2 else back)(number))
    assert kinds_of(results) == {"Logged": CLIENTS}
    assert check_ledger().holds


def test_one_key_pressed_sixteen_times_logs_once() -> None:
    received(kenalog(), 40)
    nurse, log = mara(), log_one(LineWanted(kenalog(), Decimal(1)))

    def press(number: int) -> Answer:
        def act() -> tuple[int, dict[str, int]]:
            return 201, {"id": log(number).procedure.pk}

        return once(person_id=nurse.pk, path="/log", key="tap", body_hash="same", act=act)

    answers = all_at_once(press)
    assert kinds_of(answers) == {"Answer": CLIENTS}
    assert len({answer.data["id"] for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
    assert on_hand(kenalog()) == 39


def test_one_procedure_is_voided_once() -> None:
    received(kenalog(), 5)
    procedure, manager = logged(LineWanted(kenalog(), Decimal(1))).procedure, dana()
    results = all_at_once(
        lambda _: void(
            procedure, by=manager, reason="slip", supplies=Procedure.Supplies.RETURNED, now=NOW
        )
    )
    assert kinds_of(results) == {"Procedure": 1, AlreadyVoided.__name__: CLIENTS - 1}
    assert on_hand(kenalog()) == 5
    assert check_ledger().holds


def test_the_same_new_lot_received_sixteen_times_is_one_lot() -> None:
    item, _, _ = needle(), dana(), place()
    results = all_at_once(lambda _: received(item, 100, "n 1"))
    assert kinds_of(results) == {"Holding": CLIENTS}
    assert Lot.objects.count() == 1
    assert on_hand(item) == 1600


def test_many_who_tick_off_the_same_vials_in_any_order_discard_them_once() -> None:
    nurse, needles = mara(), received(needle(), 40)
    received(lidocaine(), 20)
    logged(LineWanted(lidocaine(), Decimal(4)))
    ticked = [
        Ticked(each, seen(each, TODAY), WasteReason.OTHER)
        for each in (opened_vial(lidocaine()), Holding.objects.with_lot().get(pk=needles.pk))
    ]
    results = all_at_once(
        lambda number: discard(ticked if number % 2 else list(reversed(ticked)), by=nurse, now=NOW)
    )
    assert kinds_of(results) == {"list": 1, "ChangedSinceSeen": CLIENTS - 1}
    assert (on_hand(lidocaine()), on_hand(needle())) == (0, 0)
    assert check_ledger().holds


# Everything at once, from several processes with several threads each


PROCESSES, THREADS, STEPS = (4, 4, 220) if DEEP else (2, 3, 14)


def storm(seed: str) -> list[Note]:
    """Let processes of clients loose on the shelves; what each client was told."""
    command = [sys.executable, "-m", "tests.stock.storm"]
    processes = [
        subprocess.Popen(
            [*command, f"{seed}-{number}", str(THREADS), str(STEPS)],
            env=environment(database_url()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [Note(**note) for process in processes for note in json.loads(process.communicate()[0])]


@pytest.fixture
def few_lots_in_three_rooms() -> None:
    for room in ("room-1", "room-2", "room-3"):
        for item in (lidocaine(), kenalog(), needle(), gauze()):
            received(item, 60, where=room)
    Location.objects.filter(code="room-3").update(treatment_area=True)
    Supplier.objects.create(code="acme", name="Acme")
    mara(), dana(), procedure_type()


@pytest.mark.usefixtures("few_lots_in_three_rooms")
def test_a_storm_of_everything_loses_nothing_and_doubles_nothing() -> None:
    before = set(Movement.objects.values_list("pk", flat=True))

    notes = storm("storm")

    assert [note.failed for note in notes if note.failed] == []
    done = what_was_done(notes)
    tell(notes, done)
    must_be_in_the_ledger_once(done, before)
    must_have_changed_what_was_said(done)
    assert min(Holding.objects.values_list("quantity", flat=True)) >= 0
    assert check_ledger().differences == []
    if DEEP:
        assert {note.act for note in notes if note.done} == {act.__name__ for act in ACTS}


def what_was_done(notes: list[Note]) -> list[Done]:
    """What each key did: it was carried out for one of those who pressed it, and told to all."""
    by_key: dict[str, list[Note]] = {}
    for note in notes:
        if note.done:
            by_key.setdefault(note.key, []).append(note)
    for told in by_key.values():
        assert [note.replayed for note in told].count(False) == 1
        assert all(note.done == told[0].done for note in told)
    return [Done(**told[0].done) for told in by_key.values() if told[0].done]


def must_be_in_the_ledger_once(done: list[Done], before: set[int]) -> None:
    """Each act wrote its own movements, procedures and holds, and there are no others."""
    movements = [pk for each in done for pk in each.movements]
    assert len(movements) == len(set(movements))
    assert before | set(movements) == set(Movement.objects.values_list("pk", flat=True))
    procedures = sorted(each.procedure for each in done if each.procedure)
    assert procedures == sorted(Procedure.objects.values_list("pk", flat=True))
    statuses = sorted(pk for each in done for pk in each.statuses)
    assert statuses == sorted(LotStatusChange.objects.values_list("pk", flat=True))


def must_have_changed_what_was_said(done: list[Done]) -> None:
    """The entries of each movement come to what its client was told, item by item."""
    sums: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for movement, item, quantity in Entry.objects.values_list("movement", "item", "quantity"):
        sums[movement][item] += quantity
    for each in done:
        if each.change is None:
            continue
        entered: dict[int, Decimal] = defaultdict(Decimal)
        for movement in each.movements:
            for item, quantity in sums[movement].items():
                entered[item] += quantity
        said = {int(item): Decimal(quantity) for item, quantity in each.change.items()}
        assert _without_zeros(entered) == _without_zeros(said)


def _without_zeros(changes: dict[int, Decimal]) -> dict[int, Decimal]:
    return {item: quantity for item, quantity in changes.items() if quantity}


def tell(notes: list[Note], done: list[Done]) -> None:
    """Numbers for whoever runs this with -s."""
    refused = Counter(note.refused for note in notes if note.refused)
    acts = Counter(note.act for note in notes if note.done and not note.replayed)
    sys.stdout.write(
        f"\n{PROCESSES} processes of {THREADS} threads: {len(notes)} presses, {len(done)} done,"
        f" {sum(note.replayed for note in notes)} replayed, refused {dict(refused)};"
        f" done {dict(acts)}\n"
    )
