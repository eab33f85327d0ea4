"""Any order of anything that happens to stock: the ledger against a model in plain Python.

`shelf_model` says what every room must hold, and from where each procedure must draw. After every
step the ledger agrees with it. All that must always hold is proved on the way and at the end.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inventory.catalog.models import Item, Location, Supplier
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.read import taken_lines
from inventory.procedures.record import AlreadyVoided, Logged, ProcedureWanted, amend, record, void
from inventory.stock import errors, ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.requests import ReceiptLine, StockLine, WasteReason
from inventory.stock.trace import traces
from inventory.web.idempotency import SubmissionDiffers, once
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    place,
    procedure_type,
)
from tests.deep import DEEP
from tests.stock.shelf_model import Batch, Draw, Kind, Shelf, Vial

ROOM, TREATMENT_ROOM = "room-1", "room-2"
ROOMS = st.sampled_from([ROOM, TREATMENT_ROOM])
ITEMS = st.sampled_from(["lido-1-20", "kenalog-40-1", "needle-25g-15", "gauze-2x2"])
# Doses that a shelf can often serve, and now and then cannot.
AMOUNTS = st.decimals("0.5", "9", places=1) | st.decimals("10", "45", places=1)
WANTS = st.lists(st.tuples(ITEMS, AMOUNTS), min_size=1, max_size=3)
EXPIRIES = st.integers(-2, 60)
MEANWHILE = ["", "", "", "days pass", "its lots are held", "vials are emptied"]
# Proving it all from the first entry takes longer than a step does.
STEPS_TO_A_PROOF = 1 if DEEP else 5
# Whoever throws a vial away without a procedure.
SOMEBODY = 0
KEYS = st.sampled_from(["tap-1", "tap-2", "tap-3"])


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.items = {item.sku: item for item in (lidocaine(), kenalog(), needle(), gauze())}
        for room in (ROOM, TREATMENT_ROOM):
            place(room)
        Location.objects.filter(code=TREATMENT_ROOM).update(treatment_area=True)
        self.supplier = Supplier.objects.create(code="acme", name="Acme")
        self.now = NOW
        self.steps = 0
        self.answers: dict[str, tuple[str, int]] = {}
        self.shelf = Shelf(
            {
                item.sku: Kind(item.container_volume, item.is_multi_dose)
                for item in self.items.values()
            },
            frozenset({TREATMENT_ROOM}),
        )
        for room in (ROOM, TREATMENT_ROOM):
            for lot, days in (("A", 40), ("B", 30)):
                self.deliver(room, [self.line_of(sku, 1, lot, days) for sku in self.items])

    def teardown(self) -> None:
        try:
            self.prove()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @property
    def today(self) -> Any:
        return timezone.localdate(self.now)

    def times(self) -> dict[str, Any]:
        return {"happened_at": self.now, "now": self.now}

    # What comes, goes and moves

    @rule(sku=ITEMS, room=ROOMS, packs=st.integers(1, 3), lot=st.sampled_from("AB"), days=EXPIRIES)
    def receive(self, sku: str, room: str, packs: int, lot: str, days: int) -> None:
        with suppress(errors.LotExpiryDiffers):
            self.deliver(room, [self.line_of(sku, packs, lot, days)])

    def line_of(self, sku: str, packs: int, lot: str, days: int) -> ReceiptLine:
        item, quantity = self.items[sku], Decimal(20 * packs)
        expires_on = TODAY + timedelta(days=days)
        return ReceiptLine(item, quantity, *((lot, expires_on) if item.lot_tracked else ("", None)))

    def deliver(self, room: str, lines: list[ReceiptLine]) -> None:
        receipt = ledger.receive(
            by=dana(), location=place(room), lines=lines, supplier=self.supplier, **self.times()
        )
        for line in receipt.lines:
            lot = line.lot
            if lot.pk not in self.shelf.batches:
                self.shelf.batches[lot.pk] = Batch(lot.item.sku, lot.expires_on, self.now, lot.pk)
            self.shelf.add(lot.pk, room, line.quantity)

    @rule(data=st.data(), part=st.integers(1, 4), reason=st.sampled_from(list(WasteReason)))
    def waste(self, data: st.DataObject, part: int, reason: WasteReason) -> None:
        if holding := self.some_holding(data):
            self.discard(holding, self.some_of(holding, part), reason)

    def discard(self, holding: Holding, quantity: Decimal, reason: WasteReason) -> None:
        line = StockLine(holding.lot.item, quantity, holding=holding)
        ledger.waste(
            by=mara(), location=holding.location, lines=[line], reason=reason, **self.times()
        )
        self.lower(holding, quantity)

    @rule(data=st.data(), part=st.integers(1, 4))
    def return_to_supplier(self, data: st.DataObject, part: int) -> None:
        if holding := self.some_holding(data):
            quantity = self.some_of(holding, part)
            line = StockLine(holding.lot.item, quantity, holding=holding)
            ledger.return_to_supplier(
                by=mara(),
                location=holding.location,
                lines=[line],
                supplier=self.supplier,
                **self.times(),
            )
            self.lower(holding, quantity)

    @rule(data=st.data(), part=st.integers(1, 4), room=ROOMS)
    def move_a_holding(self, data: st.DataObject, part: int, room: str) -> None:
        holding = self.some_holding(data)
        if holding is None or holding.location == place(room):
            return
        part_of_it = self.some_of(holding, part)
        quantity = None if holding.is_opened else part_of_it
        line = StockLine(holding.lot.item, quantity, holding=holding)
        self.transfer(holding.location, place(room), line)
        if holding.is_opened:
            self.shelf.vials[holding.pk].room = room
        else:
            self.shelf.add(holding.lot_id, holding.location.code, -part_of_it)
            self.shelf.add(holding.lot_id, room, part_of_it)

    @rule(sku=ITEMS, packs=st.integers(1, 4), there=ROOMS, here=ROOMS)
    def move_what_expires_first(self, sku: str, packs: int, there: str, here: str) -> None:
        if there == here:
            return
        quantity = packs * (self.items[sku].container_volume or Decimal(7))
        moves = self.shelf.move(sku, there, here, quantity, self.today)
        try:
            self.transfer(place(there), place(here), StockLine(self.items[sku], quantity))
        except errors.NotEnoughStock:
            assert not moves
        else:
            assert moves

    def transfer(self, source: Location, destination: Location, line: StockLine) -> None:
        ledger.transfer(
            by=mara(), source=source, destination=destination, lines=[line], **self.times()
        )

    @rule(data=st.data(), part=st.integers(0, 4), seen_before=st.integers(0, 3))
    def count(self, data: st.DataObject, part: int, seen_before: int) -> None:
        """Count a holding, perhaps against what the ledger said before a little had left."""
        holding = self.some_holding(data)
        if holding is None:
            return
        counted = self.some_of(holding, part) if part else Decimal(0)
        one = Decimal(1) if holding.is_opened else holding.lot.item.container_volume or Decimal(1)
        expected = holding.quantity + seen_before * one if seen_before else None
        line = StockLine(holding.lot.item, counted, holding=holding, expected=expected)
        left = counted - seen_before * one
        try:
            ledger.count(
                by=mara(), location=holding.location, lines=[line], reason="count", **self.times()
            )
        except errors.MovedSinceCounted:
            assert left < 0
        else:
            self.lower(holding, holding.quantity - left)

    @rule(data=st.data(), room=ROOMS)
    def open_a_vial(self, data: st.DataObject, room: str) -> None:
        line = StockLine(self.items["lido-1-20"])
        wanted = self.items["lido-1-20"].container_volume or Decimal(0)
        turn = self.shelf._sealed_in_turn("lido-1-20", room, self.today)
        try:
            vial = ledger.open_vial(by=mara(), location=place(room), line=line, **self.times())
        except errors.NotEnoughStock:
            assert turn == []
            return
        assert vial.lot_id == turn[0][0]
        self.shelf.add(vial.lot_id, room, -wanted)
        opened = self.shelf._open(turn[0], wanted, self.today, self.now)
        opened.number = vial.pk
        self.shelf.vials[vial.pk] = opened

    # Procedures

    @rule(room=ROOMS, wanted=WANTS, key=KEYS)
    def log(self, room: str, wanted: list[tuple[str, Decimal]], key: str) -> None:
        """Log with a key; one that was carried out before is answered, and takes nothing."""
        body = sha256(f"{room} {wanted}".encode()).hexdigest()
        carried_out: list[Logged] = []
        wants = self.whole(wanted)

        def act() -> tuple[int, int]:
            carried_out.append(record(self.procedure(room, wants), by=mara(), now=self.now))
            return 201, carried_out[0].procedure.pk

        nurse = mara().pk
        try:
            answer = once(person_id=nurse, path="/log", key=key, body_hash=body, act=act)
        except errors.NotEnoughStock:
            assert self.shelf.use(room, wants, self.today, self.now) is None
            return
        except SubmissionDiffers:
            assert self.answers[key][0] != body
            return
        if key in self.answers:
            assert (answer.replayed, carried_out) == (True, [])
            assert (body, answer.data) == self.answers[key]
        else:
            self.answers[key] = body, answer.data
            self.must_have_taken(carried_out[0], room, wants)

    @rule(room=ROOMS, wanted=WANTS)
    def log_without_a_key(self, room: str, wanted: list[tuple[str, Decimal]]) -> None:
        wants = self.whole(wanted)
        try:
            logged = record(self.procedure(room, wants), by=mara(), now=self.now)
        except errors.NotEnoughStock:
            assert self.shelf.use(room, wants, self.today, self.now) is None
        else:
            self.must_have_taken(logged, room, wants)

    @rule(
        data=st.data(),
        supplies=st.sampled_from(Procedure.Supplies),
        meanwhile=st.sampled_from(MEANWHILE),
    )
    @precondition(lambda self: Procedure.objects.exists())
    def void(self, data: st.DataObject, supplies: Procedure.Supplies, meanwhile: str) -> None:
        """Void a procedure, perhaps after something that bars what it took from coming back."""
        procedure = self.some_procedure(data)
        taken_from = Holding.objects.with_lot().filter(entries__movement=procedure.movement)
        holdings = list(taken_from.distinct().order_by("pk"))
        if meanwhile == "days pass":
            self.time_passes(days=29)
        elif meanwhile == "its lots are held":
            self.set_statuses({holding.lot for holding in holdings}, Lot.Status.QUARANTINED)
        elif meanwhile == "vials are emptied":
            for holding in holdings:
                if holding.is_opened and holding.quantity:
                    self.discard(holding, holding.quantity, WasteReason.BROKEN)
        try:
            void(procedure, by=dana(), reason="slip", supplies=supplies, now=self.now)
        except AlreadyVoided:
            assert procedure.status == Procedure.Status.VOIDED
        else:
            assert procedure.status == Procedure.Status.LOGGED
            self.must_have_gone_back(procedure.movement, supplies)

    @rule(data=st.data(), wanted=WANTS)
    @precondition(lambda self: Procedure.objects.exists())
    def amend(self, data: st.DataObject, wanted: list[tuple[str, Decimal]]) -> None:
        procedure = self.some_procedure(data)
        wants, room = self.whole(wanted), procedure.location.code
        right = self.procedure(room, wants)
        before = Movement.objects.count()
        try:
            both = amend(procedure, right, by=dana(), reason="slip", now=self.now)
        except (AlreadyVoided, errors.NotEnoughStock):
            assert Movement.objects.count() == before
            return
        self.must_have_gone_back(procedure.movement)
        self.must_have_taken(both.logged, room, wants)

    @rule(data=st.data())
    @precondition(lambda self: Procedure.objects.exists())
    def amend_the_encounter_alone(self, data: st.DataObject) -> None:
        """The same supplies stay taken from where they were, whatever has become of that since."""
        procedure = self.some_procedure(data)
        lines = [
            LineWanted(line.item, part.quantity, lot=part.holding.lot)
            for line in taken_lines(procedure)
            for part in line.taken
        ]
        right = ProcedureWanted(
            procedure.type, procedure.location, procedure.performed_at, lines=lines
        )
        try:
            both = amend(procedure, right, by=dana(), reason="slip", now=self.now)
        except AlreadyVoided:
            return
        for vial in self.shelf.vials.values():
            if vial.thrown_away_by == procedure.movement_id:
                vial.thrown_away_by = both.logged.procedure.movement_id

    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        movements = Movement.objects.filter(procedure__isnull=True).order_by("pk")
        movement = data.draw(st.sampled_from(list(movements)))
        try:
            ledger.reverse(movement, by=dana(), reason="slip", **self.times())
        except errors.StockRefusal:
            return
        self.must_have_gone_back(movement)

    # Holds, and time

    @rule(data=st.data(), status=st.sampled_from(Lot.Status))
    def hold_or_release(self, data: st.DataObject, status: Lot.Status) -> None:
        lots = list(Lot.objects.select_related("item").order_by("pk"))
        some = data.draw(st.lists(st.sampled_from(lots), max_size=3, unique=True))
        self.set_statuses(some, status)

    def set_statuses(self, lots: Iterable[Lot], status: Lot.Status) -> None:
        some = sorted(lots, key=lambda lot: lot.pk)
        ledger.set_lot_statuses(some, by=dana(), status=status, reason="?", now=self.now)
        for lot in some:
            self.shelf.batches[lot.pk].status = status

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    # After every step

    @invariant()
    def every_place_holds_what_the_model_says(self) -> None:
        held: dict[Any, Decimal] = {}
        for holding in Holding.objects.on_hand().with_lot():
            sealed = holding.lot_id, holding.location.code
            held[holding.pk if holding.is_opened else sealed] = holding.quantity
        assert held == self.shelf.standing()
        rooms = Holding.objects.opened().on_hand().values_list("pk", "location__code")
        assert dict(rooms) == {n: v.room for n, v in self.shelf.vials.items() if v.left}

    @invariant()
    def now_and_then_all_is_proved(self) -> None:
        self.steps += 1
        if self.steps % STEPS_TO_A_PROOF == 0:
            self.prove()

    def prove(self) -> None:
        self.every_proof_holds()
        self.every_unit_that_came_is_accounted_for()
        self.every_procedure_has_its_supplies_or_was_voided()

    def every_proof_holds(self) -> None:
        assert check_ledger().differences == []

    def every_unit_that_came_is_accounted_for(self) -> None:
        for totals in (trace.totals for trace in traces(list(Lot.objects.all())).values()):
            gone = totals.used + totals.wasted + totals.returned
            assert totals.received == totals.on_hand + gone - totals.counted
            assert min(totals.used, totals.wasted, totals.returned, totals.received) >= 0

    def every_procedure_has_its_supplies_or_was_voided(self) -> None:
        used: dict[int, Decimal] = {}
        for movement, quantity in Entry.objects.filter(kind=Entry.Kind.USE).values_list(
            "movement", "quantity"
        ):
            used[movement] = used.get(movement, Decimal(0)) - quantity
        for procedure in Procedure.objects.prefetch_related("lines"):
            wanted = sum((line.quantity for line in procedure.lines.all()), Decimal(0))
            assert used[procedure.movement_id] == wanted
            undone = Movement.objects.filter(reverses=procedure.movement_id).first()
            assert (undone is not None) == (procedure.status == Procedure.Status.VOIDED)
            assert undone is None or used[undone.pk] == -wanted

    # Between the two

    def whole(self, wanted: list[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
        return [(sku, self.items[sku].whole(amount)) for sku, amount in wanted]

    def procedure(self, room: str, wants: list[tuple[str, Decimal]]) -> ProcedureWanted:
        lines = [LineWanted(self.items[sku], amount) for sku, amount in wants]
        return ProcedureWanted(procedure_type(), place(room), self.now, lines=lines)

    def must_have_taken(self, logged: Logged, room: str, wants: list[tuple[str, Decimal]]) -> None:
        """The ledger drew from where the model draws, line by line."""
        lines = self.shelf.use(room, wants, self.today, self.now)
        assert lines is not None
        for draw in (draw for line in lines for draw in line):
            if isinstance(draw.source, Vial):
                emptied = draw.thrown and not draw.source.left
                draw.source.thrown_away_by = logged.procedure.movement_id if emptied else None
        opened = [
            taken.holding.pk
            for line in logged.lines
            for taken in line.taken
            if taken.opened and taken.holding.is_opened
        ]
        self.shelf.learn_numbers(list(dict.fromkeys(opened)))
        for used, draws in zip(logged.lines, lines, strict=True):
            assert self._summed(draws) == {
                self._where(taken.holding): sum(
                    (t.quantity for t in used.taken if t.holding == taken.holding), Decimal(0)
                )
                for taken in used.taken
            }
            assert used.discarded == sum((draw.thrown for draw in draws), Decimal(0))

    def _summed(self, draws: list[Draw]) -> dict[Any, Decimal]:
        sums: dict[Any, Decimal] = {}
        for draw in draws:
            where = draw.source.number if isinstance(draw.source, Vial) else draw.source
            sums[where] = sums.get(where, Decimal(0)) + draw.given
        return sums

    def _where(self, holding: Holding) -> Any:
        return holding.pk if holding.is_opened else (holding.lot_id, holding.location.code)

    def must_have_gone_back(
        self, movement: Movement, supplies: Procedure.Supplies = Procedure.Supplies.RETURNED
    ) -> None:
        """Take over what a reversal put back, if that is where the model would put it."""
        undone = Movement.objects.get(reverses=movement)
        into: dict[int, Decimal] = {}
        for entry in undone.entries.select_related("holding", "location").order_by("pk"):
            holding = entry.holding
            if not holding.is_opened:
                self.shelf.add(holding.lot_id, entry.location.code, entry.quantity)
                continue
            into[holding.pk] = into.get(holding.pk, Decimal(0)) + entry.quantity
            if entry.quantity > 0 and movement.kind == Movement.Kind.TRANSFER:
                self.shelf.vials[holding.pk].room = entry.location.code
        if movement.kind == Movement.Kind.USE:
            for number, taken in self.taken_from_vials(movement).items():
                wanted = Decimal(0)
                if supplies == Procedure.Supplies.RETURNED:
                    wanted = self.shelf.takes_back(number, taken, movement.pk, self.today)
                # One that nothing else has happened to is as sealed again as if never opened.
                resealed = -self.shelf.vials[number].left
                assert into.get(number, Decimal(0)) in (wanted, resealed)
        for number, quantity in into.items():
            self.shelf.vials[number].left += quantity

    def taken_from_vials(self, movement: Movement) -> dict[int, list[Decimal]]:
        """What a movement drew from and threw away of opened vials, entry by entry."""
        taken: dict[int, list[Decimal]] = {}
        entries = movement.entries.filter(holding__opened_at__isnull=False, quantity__lt=0)
        for number, quantity in entries.order_by("pk").values_list("holding", "quantity"):
            taken.setdefault(number, []).append(-quantity)
        return taken

    def lower(self, holding: Holding, quantity: Decimal) -> None:
        if holding.is_opened:
            vial = self.shelf.vials[holding.pk]
            vial.left -= quantity
            vial.thrown_away_by = None if vial.left else SOMEBODY
        else:
            self.shelf.add(holding.lot_id, holding.location.code, -quantity)

    def some_holding(self, data: st.DataObject) -> Holding | None:
        holdings = list(Holding.objects.on_hand().with_lot().order_by("pk"))
        return data.draw(st.sampled_from(holdings)) if holdings else None

    def some_procedure(self, data: st.DataObject) -> Procedure:
        procedures = Procedure.objects.select_related("location", "movement", "type", "logged_by")
        return data.draw(st.sampled_from(list(procedures.order_by("pk"))))

    def some_of(self, holding: Holding, part: int) -> Decimal:
        """A part of a holding that may move: whole containers, whole pieces, or any of a vial."""
        item: Item = holding.lot.item
        quantity: Decimal = holding.quantity
        if holding.is_opened:
            return max(round(quantity / part, 3), Decimal("0.001"))
        step: Decimal = item.container_volume or Decimal(1)
        return max(quantity // part // step * step, step)


@pytest.mark.django_db
def test_the_ledger_survives_anything_in_any_order() -> None:
    assert connection.in_atomic_block
    # Every step is proved from the first entry: as many examples as others have would take hours.
    examples, steps = (500, 50) if DEEP else (8, 40)
    run_state_machine_as_test(
        LedgerMachine, settings=settings(max_examples=examples, stateful_step_count=steps)
    )
