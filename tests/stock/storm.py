"""A client that does everything a clinic does to stock, in any order, and notes what it was told.

`python -m tests.stock.storm SEED THREADS STEPS` is a process of such clients: it says that it is
ready, waits for a line, and prints its notes as JSON.
"""

import json
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import django
from django.db import connections

if __name__ == "__main__":
    django.setup()

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location, Supplier
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure, ProcedureType
from inventory.procedures.record import ProcedureWanted, amend, record, void
from inventory.stock import ledger
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.requests import ReceiptLine, StockLine, Want, WasteReason
from inventory.web.idempotency import once
from inventory.web.transactions import all_or_nothing
from tests.clinic import NOW

EXPIRES = {"A": date(2027, 12, 31), "B": date(2027, 11, 30)}
TIMES: dict[str, Any] = {"happened_at": NOW, "now": NOW}
# Every so many steps all clients press the same key; every so many a client presses its own twice.
SHARED_EVERY = 6
TWICE_EVERY = 5


@dataclass
class Done:
    """What one acknowledged act wrote: its rows, and what it says went in or out of each item."""

    movements: Sequence[int] = ()
    procedure: int | None = None
    statuses: Sequence[int] = ()
    # None: whoever undoes something is not told how much of it could go back.
    change: dict[int, str] | None = None


@dataclass
class Note:
    """What a client was told: `refused` and `failed` are empty when it was done."""

    key: str
    act: str
    refused: str = ""
    failed: str = ""
    replayed: bool = False
    done: dict[str, Any] | None = None


class Client:
    """Everything it does follows from its seed and from what it finds on the shelves."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.chance = Random(name)
        self.nurse, self.manager = (User.objects.get(username=name) for name in ("mara", "dana"))
        self.rooms = list(Location.objects.order_by("pk"))
        self.items = list(Item.objects.order_by("pk"))
        self.type = ProcedureType.objects.get()
        self.supplier = Supplier.objects.get()

    def run(self, steps: int) -> list[Note]:
        notes = []
        for step in range(steps):
            shared = step % SHARED_EVERY == 0
            key = f"everybody-{step}" if shared else f"{self.name}-{step}"
            act = Random(key).choice(ACTS)
            times = 2 if step % TWICE_EVERY == 0 else 1
            notes += [self.press(key, act) for _ in range(times)]
        return notes

    def press(self, key: str, act: "Act") -> Note:
        """Carry out an act as a form or the API does."""
        note = Note(key, act.__name__)

        def carry_out() -> tuple[int, dict[str, Any]]:
            return 201, asdict(act(self))

        try:
            answer = once(
                person_id=self.nurse.pk,
                path="/storm",
                key=key,
                body_hash=note.act,
                act=carry_out,
            )
        except (StockRefusal, InvalidLine) as refusal:
            note.refused = type(refusal).__name__
        except Exception:
            note.failed = traceback.format_exc()
        else:
            note.done, note.replayed = answer.data, answer.replayed
        return note

    # What comes, goes and moves

    def receive(self) -> Done:
        item, number = self.chance.choice(self.items), self.chance.choice("AB")
        quantity = self.chance.randint(1, 3) * (item.container_volume or Decimal(10))
        # Now and then somebody misreads the label.
        expires_on = EXPIRES[number if self.chance.random() < 0.9 else "A"]
        tracked = item.lot_tracked
        line = ReceiptLine(
            item, quantity, number if tracked else "", expires_on if tracked else None
        )
        receipt = ledger.receive(by=self.nurse, location=self.room(), lines=[line], **TIMES)
        return _done(receipt.movement, change={item.pk: str(quantity)})

    def waste(self) -> Done:
        holding = self.holding()
        line = self.part_of(holding)
        movement = ledger.waste(
            by=self.nurse,
            location=holding.location,
            lines=[line],
            reason=self.chance.choice(list(WasteReason)),
            **TIMES,
        )
        return _done(movement, change={line.item.pk: str(-(line.quantity or 0))})

    def return_to_supplier(self) -> Done:
        holding = self.holding()
        line = self.part_of(holding)
        movement = ledger.return_to_supplier(
            by=self.nurse,
            location=holding.location,
            lines=[line],
            supplier=self.supplier,
            **TIMES,
        )
        return _done(movement, change={line.item.pk: str(-(line.quantity or 0))})

    def clear_two_shelves(self) -> Done:
        """Two movements in two rooms that stand or fall together."""
        return _clear_out(self, [self.holding(), self.holding()])

    def move_what_expires_first(self) -> Done:
        item = self.chance.choice(self.items)
        quantity = self.chance.randint(1, 3) * (item.container_volume or Decimal(7))
        return self.transfer(self.room(), StockLine(item, quantity))

    def move_a_holding(self) -> Done:
        return self.transfer_of(self.holding())

    def move_an_opened_vial(self) -> Done:
        return self.transfer_of(self.holding(opened=True))

    def transfer_of(self, holding: Holding) -> Done:
        line = self.part_of(holding)
        if holding.is_opened:
            line = StockLine(line.item, holding=holding)
        return self.transfer(holding.location, line)

    def transfer(self, source: Location, line: StockLine) -> Done:
        there = self.chance.choice([room for room in self.rooms if room != source])
        movement = ledger.transfer(
            by=self.nurse, source=source, destination=there, lines=[line], **TIMES
        )
        return _done(movement, change={})

    def open_a_vial(self) -> Done:
        vials = [item for item in self.items if item.is_multi_dose]
        vial = ledger.open_vial(
            by=self.nurse,
            location=self.room(),
            line=StockLine(self.chance.choice(vials)),
            **TIMES,
        )
        return _done(vial.entries.get().movement, change={})

    def count(self) -> Done:
        return self.count_against(None)

    def count_what_moves_meanwhile(self) -> Done:
        return self.count_against(self.holding())

    def count_against(self, seen: Holding | None) -> Done:
        """Count a holding; `seen`: as it was when it was counted."""
        holding = seen or self.holding()
        line = self.part_of(holding)
        expected = seen.quantity if seen else None
        line = StockLine(line.item, line.quantity, holding=holding, expected=expected)
        count = ledger.count(
            by=self.nurse, location=holding.location, lines=[line], reason="count", **TIMES
        )
        return _done(count.movement, change={line.item.pk: str(count.lines[0].variance)})

    # Procedures

    def log(self) -> Done:
        return _logged(record(self.procedure(), by=self.nurse, now=NOW))

    def use(self) -> Done:
        wants = [Want(line.item, line.quantity) for line in self.lines()]
        used = ledger.use(by=self.nurse, location=self.room(), wants=wants, **TIMES)
        return _done(used.movement)

    def void(self) -> Done:
        supplies = self.chance.choice(list(Procedure.Supplies))
        voided = void(
            self.some_procedure(), by=self.manager, reason="slip", supplies=supplies, now=NOW
        )
        return _done(voided.movement.reversed_by)

    def amend(self) -> Done:
        both = amend(
            self.some_procedure(), self.procedure(), by=self.manager, reason="slip", now=NOW
        )
        logged = _logged(both.logged)
        return Done([both.voided.movement.reversed_by.pk, *logged.movements], logged.procedure)

    def reverse(self) -> Done:
        """Undo any movement, be it one that somebody is voiding at this moment."""
        movement = self.chance.choice(Movement.objects.order_by("-pk")[:60])
        return _done(ledger.reverse(movement, by=self.manager, reason="slip", **TIMES))

    # Holds

    def hold_or_release(self) -> Done:
        lots = list(Lot.objects.select_related("item").order_by("pk"))
        some = self.chance.sample(lots, min(2, len(lots)))
        # More releases than holds, or nothing could be used before long.
        status = self.chance.choice([*Lot.Status, Lot.Status.AVAILABLE, Lot.Status.AVAILABLE])
        changes = ledger.set_lot_statuses(some, by=self.manager, status=status, reason="?", now=NOW)
        return Done(statuses=[change.pk for change in changes], change={})

    # What it finds

    def room(self) -> Location:
        return self.chance.choice(self.rooms)

    def holding(self, *, opened: bool = False) -> Holding:
        found = Holding.objects.on_hand().with_lot().order_by("pk")
        holdings = list(found.opened() if opened else found)
        if not holdings:
            raise StockRefusal("There is nothing of the kind.")
        return self.chance.choice(holdings)

    def part_of(self, holding: Holding) -> StockLine:
        """A part of a holding that may move: whole containers, whole pieces, or any of a vial."""
        item = holding.lot.item
        part = holding.quantity / self.chance.randint(1, 4)
        if holding.is_opened:
            return StockLine(item, max(round(part, 3), Decimal("0.001")), holding=holding)
        step = item.container_volume or Decimal(1)
        return StockLine(item, max(part // step * step, step), holding=holding)

    def lines(self) -> list[LineWanted]:
        items = self.chance.sample(self.items, self.chance.randint(1, 3))
        return [
            LineWanted(item, item.whole(Decimal(self.chance.randint(5, 60)) / 10)) for item in items
        ]

    def procedure(self) -> ProcedureWanted:
        return ProcedureWanted(self.type, self.room(), NOW, lines=self.lines())

    def some_procedure(self) -> Procedure:
        found = Procedure.objects.select_related("movement", "logged_by").order_by("-pk")[:40]
        if not found:
            raise StockRefusal("There is no procedure yet.")
        return self.chance.choice(found)


Act = Callable[[Client], Done]

ACTS: list[Act] = [
    Client.receive,
    Client.receive,
    Client.waste,
    Client.return_to_supplier,
    Client.clear_two_shelves,
    Client.move_what_expires_first,
    Client.move_a_holding,
    Client.move_an_opened_vial,
    Client.open_a_vial,
    Client.count,
    Client.count_what_moves_meanwhile,
    Client.log,
    Client.log,
    Client.log,
    Client.use,
    Client.void,
    Client.amend,
    Client.amend,
    Client.reverse,
    Client.reverse,
    Client.hold_or_release,
]


@all_or_nothing
def _clear_out(client: Client, holdings: list[Holding]) -> Done:
    with ledger.together(holding.lot.item for holding in holdings):
        movements = [
            ledger.waste(
                by=client.nurse,
                location=holding.location,
                lines=[client.part_of(holding)],
                reason=WasteReason.OTHER,
                **TIMES,
            )
            for holding in holdings
        ]
    return Done([movement.pk for movement in movements])


def _logged(logged: Any) -> Done:
    """What a procedure says that it took must be what the ledger says that it took."""
    change: dict[int, Decimal] = {}
    for line in logged.lines:
        taken = sum((taken.quantity for taken in line.taken), Decimal(0)) + line.discarded
        change[line.want.item.pk] = change.get(line.want.item.pk, Decimal(0)) - taken
    # Where patients are treated, what was left of a multi-dose vial went too: nobody's line.
    change |= {} if not logged.procedure.location.treatment_area else _entered(logged)
    return Done(
        [logged.procedure.movement_id],
        logged.procedure.pk,
        change={item: str(quantity) for item, quantity in change.items()},
    )


def _entered(logged: Any) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    entries = Entry.objects.filter(movement=logged.procedure.movement_id)
    for item, quantity in entries.values_list("item", "quantity"):
        sums[item] = sums.get(item, Decimal(0)) + quantity
    return sums


def _done(movement: Movement, change: dict[int, str] | None = None) -> Done:
    return Done([movement.pk], change=change)


def run_clients(seed: str, threads: int, steps: int) -> list[Note]:
    """So many clients at the same moment, each in a thread of its own."""
    start = threading.Barrier(threads)

    def run(number: int) -> list[Note]:
        try:
            client = Client(f"{seed}.{number}")
            start.wait()
            return client.run(steps)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return [note for notes in pool.map(run, range(threads)) for note in notes]


def main() -> None:
    seed, threads, steps = sys.argv[1:]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    notes = run_clients(seed, int(threads), int(steps))
    json.dump([asdict(note) for note in notes], sys.stdout)


if __name__ == "__main__":
    main()
