"""First expiry, first out. Pure: no clock, no database, no surprise.

Opened vials that are still usable come first, the soonest beyond-use date first (equal dates:
opened first); then sealed stock, the soonest expiry first, none last (equal dates: the lot received
first). A single-dose container is only ever for one procedure: what is left of it is discarded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from inventory.stock.usable import why_not

ZERO = Decimal(0)
LAST_DAY = date.max
LAST_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stock:
    """One holding as allocation sees it. Quantities are in the item's unit.

    `container_volume` is None for what comes in loose pieces; `single_dose` containers leave whole.
    """

    holding_id: int
    lot_id: int
    item_id: int
    quantity: Decimal
    status: str
    expires_on: date | None = None
    received_at: datetime | None = None
    opened_at: datetime | None = None
    beyond_use_on: date | None = None
    container_volume: Decimal | None = None
    single_dose: bool = False

    def usable(self, today: date) -> bool:
        return not why_not(self.status, self.expires_on, self.beyond_use_on, today)


@dataclass(frozen=True, slots=True)
class Wish:
    """What one line asks for. With `lot_id` or `holding_id` the person chose; `unusable` lets them
    take what may not be used (they gave a reason)."""

    item_id: int
    quantity: Decimal
    lot_id: int | None = None
    holding_id: int | None = None
    unusable: bool = False


@dataclass(slots=True)
class Pick:
    """What one line takes from one place.

    `vial` is the index in `Allocation.opened` of the multi-dose vial that was opened for it;
    `containers` counts the single-dose containers that this pick opened.
    """

    stock: Stock
    administered: Decimal
    discarded: Decimal = ZERO
    vial: int | None = None
    containers: int = 0


@dataclass(slots=True)
class OpenedVial:
    """A sealed multi-dose container that the allocation opens."""

    source: Stock
    volume: Decimal
    drawn: Decimal = ZERO
    discarded: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        return self.volume - self.drawn - self.discarded


@dataclass(slots=True)
class LineAllocation:
    """The picks of one line, or how much was available when it was short."""

    wish: Wish
    picks: list[Pick] = field(default_factory=list)
    available: Decimal = ZERO
    short: bool = False

    @property
    def discarded(self) -> Decimal:
        return sum((pick.discarded for pick in self.picks), ZERO)


@dataclass(slots=True)
class Allocation:
    """What all the lines of one procedure take together."""

    lines: list[LineAllocation] = field(default_factory=list)
    opened: list[OpenedVial] = field(default_factory=list)

    @property
    def shortages(self) -> list[LineAllocation]:
        return [line for line in self.lines if line.short]


def first_expiry_first(stock: Stock) -> tuple[object, ...]:
    """The order in which stock is chosen."""
    if stock.opened_at is not None:
        return (0, stock.beyond_use_on or LAST_DAY, stock.opened_at, stock.holding_id)
    return (
        1,
        stock.expires_on or LAST_DAY,
        stock.received_at or LAST_TIME,
        stock.lot_id,
        stock.holding_id,
    )


def allocate(
    shelf: Iterable[Stock], wishes: Sequence[Wish], today: date, *, one_patient: bool = False
) -> Allocation:
    """Choose for every wish, in their order, from one shelf; a short line takes nothing.

    With `one_patient` what is left of every multi-dose vial that was drawn from is discarded too.
    """
    procedure = _Procedure(sorted(shelf, key=first_expiry_first), today)
    for wish in wishes:
        procedure.serve(wish)
    procedure.discard_remainders()
    if one_patient:
        procedure.close_vials()
    return procedure.allocation


def allocate_sealed(
    shelf: Iterable[Stock], quantity: Decimal, today: date
) -> tuple[list[tuple[Stock, Decimal]], Decimal]:
    """Choose usable sealed stock in whole containers; the second value is what is missing."""
    parts: list[tuple[Stock, Decimal]] = []
    for stock in sorted(shelf, key=first_expiry_first):
        if quantity > 0 and stock.opened_at is None and stock.usable(today):
            part = min(quantity, stock.quantity)
            parts.append((stock, part))
            quantity -= part
    return parts, quantity


class _Procedure:
    """The shelf while the lines of one procedure draw from it."""

    def __init__(self, shelf: list[Stock], today: date) -> None:
        self.shelf = shelf
        self.today = today
        self.left = {stock.holding_id: stock.quantity for stock in shelf}
        self.remainders: list[tuple[Pick, Decimal]] = []
        self.allocation = Allocation()

    def serve(self, wish: Wish) -> None:
        line = LineAllocation(wish)
        self.allocation.lines.append(line)
        choices = [stock for stock in self.shelf if self._may_serve(stock, wish)]
        line.available = self._available(choices)
        if line.available < wish.quantity:
            line.short = True
            return
        wanted = self._draw_remainders(line, choices, wish.quantity)
        for stock in choices:
            if stock.opened_at is not None or stock.container_volume is None:
                wanted -= self._draw(line, stock, wanted)
        wanted = self._draw_vials_of_this_procedure(line, choices, wanted)
        for stock in choices:
            if stock.opened_at is None and stock.container_volume is not None:
                open_containers = self._open_single if stock.single_dose else self._open_multi
                wanted -= open_containers(line, stock, wanted, stock.container_volume)

    def discard_remainders(self) -> None:
        """What is left of a single-dose container is discarded by the line that opened it."""
        for pick, remainder in self.remainders:
            pick.discarded += remainder

    def close_vials(self) -> None:
        """Discard what is left of each multi-dose vial, at the line that drew from it last."""
        closed: set[tuple[int | None, int]] = set()
        picks = [pick for line in self.allocation.lines for pick in line.picks]
        for pick in reversed(picks):
            vial = pick.vial, pick.stock.holding_id
            if vial in closed or (pick.vial is None and pick.stock.opened_at is None):
                continue
            closed.add(vial)
            if pick.vial is None:
                pick.discarded += self.left[pick.stock.holding_id]
                self.left[pick.stock.holding_id] = ZERO
            else:
                opened = self.allocation.opened[pick.vial]
                pick.discarded += opened.left
                opened.discarded = opened.left

    def _may_serve(self, stock: Stock, wish: Wish) -> bool:
        return (
            stock.item_id == wish.item_id
            and wish.lot_id in (None, stock.lot_id)
            and wish.holding_id in (None, stock.holding_id)
            and (wish.unusable or stock.usable(self.today))
        )

    def _available(self, choices: list[Stock]) -> Decimal:
        chosen = {stock.holding_id for stock in choices}
        sealed_or_open = sum((self.left[holding] for holding in chosen), ZERO)
        begun = sum((left for pick, left in self.remainders if pick.stock in choices), ZERO)
        opened = sum((vial.left for vial in self.allocation.opened if vial.source in choices), ZERO)
        return sealed_or_open + begun + opened

    def _draw(self, line: LineAllocation, stock: Stock, wanted: Decimal) -> Decimal:
        part = min(wanted, self.left[stock.holding_id])
        if part > 0:
            self.left[stock.holding_id] -= part
            line.picks.append(Pick(stock, part))
        return part

    def _draw_remainders(
        self, line: LineAllocation, choices: list[Stock], wanted: Decimal
    ) -> Decimal:
        """Draw from single-dose containers that an earlier line of this procedure opened."""
        for index, (pick, left) in enumerate(self.remainders):
            part = min(wanted, left)
            if part > 0 and pick.stock in choices:
                self.remainders[index] = (pick, left - part)
                line.picks.append(Pick(pick.stock, part))
                wanted -= part
        return wanted

    def _draw_vials_of_this_procedure(
        self, line: LineAllocation, choices: list[Stock], wanted: Decimal
    ) -> Decimal:
        for index, vial in enumerate(self.allocation.opened):
            part = min(wanted, vial.left)
            if part > 0 and vial.source in choices:
                vial.drawn += part
                line.picks.append(Pick(vial.source, part, vial=index))
                wanted -= part
        return wanted

    def _open_single(
        self, line: LineAllocation, stock: Stock, wanted: Decimal, volume: Decimal
    ) -> Decimal:
        part = min(wanted, self.left[stock.holding_id])
        if part <= 0:
            return ZERO
        full, rest = divmod(part, volume)
        containers = int(full) + (rest > 0)
        self.left[stock.holding_id] -= containers * volume
        pick = Pick(stock, part, containers=containers)
        line.picks.append(pick)
        if remainder := containers * volume - part:
            self.remainders.append((pick, remainder))
        return part

    def _open_multi(
        self, line: LineAllocation, stock: Stock, wanted: Decimal, volume: Decimal
    ) -> Decimal:
        taken = ZERO
        while taken < wanted and self.left[stock.holding_id] >= volume:
            part = min(wanted - taken, volume)
            self.left[stock.holding_id] -= volume
            self.allocation.opened.append(OpenedVial(stock, volume, drawn=part))
            line.picks.append(Pick(stock, part, vial=len(self.allocation.opened) - 1))
            taken += part
        return taken
