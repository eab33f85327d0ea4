"""Any order of anything: the ledger against a small model that adds and subtracts.

The model keeps, for each item, what the whole clinic holds. It knows nothing of lots, vials or
allocation; after every step the ledger must agree with it, and every invariant must hold.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inventory.catalog.models import Item
from inventory.stock import errors, ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.requests import StockLine, Want, WasteReason
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    place,
    received,
)

ROOMS = st.sampled_from(["room-1", "room-2"])
ITEMS = st.sampled_from(["lido-1-20", "kenalog-40-1", "needle-25g-15", "gauze-2x2"])
# Doses that a shelf can often serve, and now and then cannot.
AMOUNTS = st.decimals("0.5", "9", places=1) | st.decimals("10", "45", places=1)
EXPIRIES = st.integers(-2, 60).map(lambda days: TODAY + timedelta(days=days))


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.items = {item.sku: item for item in (lidocaine(), kenalog(), needle(), gauze())}
        self.model = dict.fromkeys(self.items, Decimal(0))
        self.now = NOW
        for room in ("room-1", "room-2"):
            for sku in self.items:
                self.receive_some(sku, room, 2, "A", TODAY + timedelta(days=30))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def times(self) -> dict[str, Any]:
        return {"happened_at": self.now, "now": self.now}

    @rule(sku=ITEMS, room=ROOMS, packs=st.integers(1, 3), lot=st.sampled_from("AB"), day=EXPIRIES)
    def receive(self, sku: str, room: str, packs: int, lot: str, day: Any) -> None:
        self.receive_some(sku, room, packs, lot, day)

    def receive_some(self, sku: str, room: str, packs: int, lot: str, day: Any) -> None:
        item = self.items[sku]
        quantity = Decimal(20 * packs)
        try:
            received(item, str(quantity), lot, day, where=room, at=self.now)
        except errors.LotExpiryDiffers:
            return
        self.model[sku] += quantity

    @rule(room=ROOMS, wanted=st.lists(st.tuples(ITEMS, AMOUNTS), min_size=1, max_size=3))
    def use(self, room: str, wanted: list[tuple[str, Decimal]]) -> None:
        wants = [Want(self.items[sku], self.items[sku].whole(amount)) for sku, amount in wanted]
        try:
            use = ledger.use(by=mara(), location=place(room), wants=wants, **self.times())
        except errors.NotEnoughStock:
            return
        for line in use.lines:
            assert sum(taken.quantity for taken in line.taken) == line.want.quantity
            self.model[line.want.item.sku] -= line.want.quantity + line.discarded

    @rule(data=st.data(), part=st.integers(1, 4), reason=st.sampled_from(list(WasteReason)))
    def waste(self, data: st.DataObject, part: int, reason: WasteReason) -> None:
        holding = self.some_holding(data)
        if holding is None:
            return
        quantity = self.some_of(holding, part)
        line = StockLine(holding.lot.item, quantity, holding=holding)
        ledger.waste(
            by=mara(), location=holding.location, lines=[line], reason=reason, **self.times()
        )
        self.model[holding.lot.item.sku] -= quantity

    @rule(data=st.data(), part=st.integers(1, 4), room=ROOMS)
    def transfer(self, data: st.DataObject, part: int, room: str) -> None:
        holding = self.some_holding(data)
        if holding is None or holding.location == place(room):
            return
        quantity = None if holding.is_opened else self.some_of(holding, part)
        line = StockLine(holding.lot.item, quantity, holding=holding)
        ledger.transfer(
            by=mara(),
            source=holding.location,
            destination=place(room),
            lines=[line],
            **self.times(),
        )

    @rule(data=st.data(), part=st.integers(0, 4))
    def count(self, data: st.DataObject, part: int) -> None:
        holding = self.some_holding(data)
        if holding is None:
            return
        counted = self.some_of(holding, part) if part else Decimal(0)
        line = StockLine(holding.lot.item, counted, holding=holding)
        ledger.count(
            by=mara(), location=holding.location, lines=[line], reason="count", **self.times()
        )
        self.model[holding.lot.item.sku] += counted - holding.quantity

    @rule(data=st.data(), supplies_wasted=st.booleans())
    def reverse(self, data: st.DataObject, supplies_wasted: bool) -> None:
        movements = list(Movement.objects.order_by("pk"))
        if not movements:
            return
        movement = data.draw(st.sampled_from(movements))
        try:
            contrary = ledger.reverse(
                movement,
                by=dana(),
                reason="slip",
                supplies_wasted=supplies_wasted and movement.kind == "use",
                **self.times(),
            )
        except errors.StockRefusal:
            return
        for entry in contrary.entries.select_related("item"):
            self.model[entry.item.sku] += entry.quantity

    @rule(data=st.data(), status=st.sampled_from(Lot.Status))
    @precondition(lambda self: Lot.objects.exists())
    def set_status(self, data: st.DataObject, status: Lot.Status) -> None:
        lot = data.draw(st.sampled_from(list(Lot.objects.order_by("pk"))))
        ledger.set_lot_status(lot, by=dana(), status=status, reason="?", now=self.now)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def the_ledger_agrees_with_the_model(self) -> None:
        held = {sku: on_hand(item) for sku, item in self.items.items()}
        assert held == self.model

    @invariant()
    def every_proof_holds(self) -> None:
        assert check_ledger().differences == []

    @invariant()
    def every_unit_that_came_is_accounted_for(self) -> None:
        for sku, item in self.items.items():
            assert sum(e.quantity for e in Entry.objects.filter(item=item)) == self.model[sku]

    def some_holding(self, data: st.DataObject) -> Holding | None:
        holdings = list(Holding.objects.on_hand().with_lot().order_by("pk"))
        return data.draw(st.sampled_from(holdings)) if holdings else None

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
    run_state_machine_as_test(LedgerMachine, settings=settings.default)
