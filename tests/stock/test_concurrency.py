"""Many nurses at the same moment, in real threads on a real database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from inventory.catalog.models import Item
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import AlreadyVoided, ProcedureWanted, record, void
from inventory.stock import errors, ledger
from inventory.stock.audit import check_ledger
from inventory.stock.discard_record import Ticked, discard
from inventory.stock.discards import seen
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import StockLine, Want, WasteReason
from inventory.web.idempotency import Answer, once
from tests.clinic import (
    NOW,
    TODAY,
    dana,
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


def test_a_crowd_that_does_everything_at_once_leaves_a_clean_ledger() -> None:
    for item in (lidocaine(), kenalog(), needle()):
        received(item, 400)
        received(item, 400, where="room-2")
    people = mara(), dana()
    rooms = place("room-1"), place("room-2")
    items = [lidocaine(), kenalog(), needle()]
    results = all_at_once(lambda number: _stir_often(number, people, rooms, items))
    failures = [result for result in results if isinstance(result, Exception)]
    assert failures == []
    assert check_ledger().differences == []


def _stir_often(number: int, people: Any, rooms: Any, items: list[Item]) -> None:
    for step in range(12):
        _stir(number, step, people, rooms, items)


def _stir(number: int, step: int, people: Any, rooms: Any, items: list[Item]) -> None:
    """One of everything that happens in a clinic; a refusal is an answer, an error is not."""
    nurse, manager = people
    here, there = rooms if number % 2 else reversed(rooms)
    item = items[(number + step) % 3]
    times: dict[str, Any] = {"happened_at": NOW, "now": NOW}
    try:
        match (number * 5 + step) % 4:
            case 0:
                wants = [Want(each, Decimal(1)) for each in (items if number % 3 else items[::-1])]
                use = ledger.use(by=nurse, location=here, wants=wants, **times)
                if step % 2:
                    ledger.reverse(use.movement, by=manager, reason="slip", **times)
            case 1:
                line = StockLine(item, Decimal(20))
                ledger.transfer(
                    by=nurse,
                    source=here,
                    destination=there,
                    lines=[line],
                    **times,
                )
            case 2:
                sealed = Holding.objects.sealed().with_lot().get(lot__item=item, location=here)
                line = StockLine(item, Decimal(20), lot=sealed.lot)
                ledger.waste(
                    by=nurse,
                    location=here,
                    lines=[line],
                    reason=WasteReason.BROKEN,
                    **times,
                )
            case _:
                sealed = Holding.objects.sealed().with_lot().get(lot__item=item, location=here)
                line = StockLine(item, Decimal(360), lot=sealed.lot)
                ledger.count(by=nurse, location=here, lines=[line], reason="count", **times)
    except errors.StockRefusal:
        pass


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
