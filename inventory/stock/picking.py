"""Finding what a person's line names on a shelf, and taking it off a copy. Writes nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Location
from inventory.stock import errors, requests
from inventory.stock.allocation import ZERO, allocate_sealed
from inventory.stock.models import Holding
from inventory.stock.requests import StockLine
from inventory.stock.shelf import as_stock, usable_elsewhere


class Picker:
    """One place's shelf while the lines of one request take from it."""

    def __init__(self, shelf: Mapping[int, Holding], location: Location) -> None:
        self.shelf = shelf
        self.location = location
        self.left = {pk: holding.quantity for pk, holding in shelf.items()}

    def named(self, line: StockLine, number: int) -> Holding | None:
        """The holding that a line names, by itself or by its lot; None where none is here.

        Raises HoldingElsewhere, or InvalidLine when the line names nothing.
        """
        if line.holding is not None:
            if line.holding.pk in self.shelf:
                return self.shelf[line.holding.pk]
            holding = Holding.objects.with_lot().get(pk=line.holding.pk)
            raise errors.HoldingElsewhere(holding, self.location)
        if line.lot is None:
            raise errors.InvalidLine(f"lines.{number}.lot", f"Say which lot of {line.item.name}.")
        sealed = (holding for holding in self.shelf.values() if not holding.is_opened)
        return next((holding for holding in sealed if holding.lot_id == line.lot.pk), None)

    def take(self, line: StockLine, number: int) -> tuple[Holding, Decimal]:
        """Take what a line names; raises InvalidLine, HoldingElsewhere or NotEnoughStock."""
        holding = self.named(line, number)
        sealed = holding is None or not holding.is_opened
        quantity = requests.check_quantity(line.item, line.quantity, number, sealed=sealed)
        available = self.left[holding.pk] if holding else ZERO
        if holding is None or available < quantity:
            lot = line.holding.lot if line.holding else line.lot
            raise errors.NotEnoughStock([errors.Shortage(line.item, quantity, available, lot=lot)])
        self.left[holding.pk] -= quantity
        return holding, quantity

    def take_to_move(
        self, line: StockLine, number: int, today: date
    ) -> list[tuple[Holding, Decimal]]:
        """Take what is to move: first expiry first where the line names an item alone.

        A holding without a quantity moves whole; an opened vial moves no other way.
        """
        if line.holding is None and line.lot is None:
            return self._take_first_to_expire(line, number, today)
        if line.holding is not None and (holding := self.named(line, number)) is not None:
            if holding.is_opened and line.quantity not in (None, holding.quantity):
                raise errors.InvalidLine(
                    f"lines.{number}.quantity",
                    "An opened vial moves with all that is left in it.",
                )
            if line.quantity is None:
                line = replace(line, quantity=holding.quantity)
        return [self.take(line, number)]

    def _take_first_to_expire(
        self, line: StockLine, number: int, today: date
    ) -> list[tuple[Holding, Decimal]]:
        quantity = requests.check_quantity(line.item, line.quantity, number, sealed=True)
        candidates = [
            replace(as_stock(holding), quantity=self.left[holding.pk])
            for holding in self.shelf.values()
            if holding.lot.item_id == line.item.pk
        ]
        parts, missing = allocate_sealed(candidates, quantity, today)
        if missing:
            elsewhere = usable_elsewhere(line.item, self.location, today)
            available = quantity - missing
            raise errors.NotEnoughStock(
                [errors.Shortage(line.item, quantity, available, elsewhere)]
            )
        for stock, part in parts:
            self.left[stock.holding_id] -= part
        return [(self.shelf[stock.holding_id], part) for stock, part in parts]
