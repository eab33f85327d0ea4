"""What needs a person: the one definition of every flag.

Pure: plain rows and *today* in, findings out, in the ids of what they concern. `sentences` puts
them into words. Quantities are in the item's unit. What is usable is asked of `stock.usable`
alone, so that a flag and an allocation never disagree.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from inventory.stock.usable import AVAILABLE, usable_until, why_not

ZERO = Decimal(0)
RECALLED = "recalled"
LAST_DAY = date.max


class Kind(StrEnum):
    """What is the matter. The order settles ties between flags that are due on the same day."""

    RECALLED = "recalled"
    BEYOND_USE = "beyond_use"
    EXPIRED = "expired"
    OUT = "out"
    STOCKOUT_BEFORE_DELIVERY = "stockout_before_delivery"
    UNUSABLE_USED = "unusable_used"
    LOW = "low"
    EXPIRING = "expiring"


class Severity(StrEnum):
    """How long it can wait."""

    URGENT = "urgent"
    SOON = "soon"
    NOTICE = "notice"


SUPPLY_KINDS = frozenset({Kind.OUT, Kind.STOCKOUT_BEFORE_DELIVERY, Kind.LOW})
DISCARD_KINDS = frozenset({Kind.EXPIRED, Kind.BEYOND_USE})
KIND_ORDER = {kind: place for place, kind in enumerate(Kind)}
SEVERITY_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Stock:
    """One holding as the rules see it."""

    holding_id: int
    lot_id: int
    item_id: int
    location_id: int
    quantity: Decimal
    status: str = AVAILABLE
    expires_on: date | None = None
    opened: bool = False
    beyond_use_on: date | None = None

    def usable(self, today: date) -> bool:
        return not why_not(self.status, self.expires_on, self.beyond_use_on, today)


@dataclass(frozen=True, slots=True)
class Level:
    """The reorder point of an item in one place."""

    location_id: int
    reorder_point: Decimal


@dataclass(frozen=True, slots=True)
class Supply:
    """An item that the clinic means to have, and what is known of its need."""

    item_id: int
    reorder_point: Decimal | None = None
    stocked_before: bool = False
    daily_usage: Decimal = ZERO
    lead_time_days: int | None = None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class UnusableUse:
    """A line that took what could not be used, with a reason, and that nobody has looked at."""

    procedure_id: int
    item_id: int
    lot_id: int | None
    location_id: int
    quantity: Decimal
    used_on: date


@dataclass(frozen=True, slots=True)
class Windows:
    """How many days ahead an expiry is flagged at all, and from when it is soon."""

    notice_days: int = 90
    soon_days: int = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that needs a person, with the figures that its sentence names.

    `location_id` is None where the whole clinic is meant; `elsewhere` is the most first.
    """

    kind: Kind
    severity: Severity
    item_id: int
    quantity: Decimal
    lot_id: int | None = None
    location_id: int | None = None
    due_on: date | None = None
    holding_id: int | None = None
    procedure_id: int | None = None
    used_on: date | None = None
    reorder_point: Decimal | None = None
    elsewhere: tuple[tuple[int, Decimal], ...] = ()
    unusable: Decimal = ZERO
    daily_usage: Decimal = ZERO
    lead_time_days: int = 0


def find(
    stocks: Sequence[Stock],
    supplies: Iterable[Supply],
    unusable_uses: Iterable[UnusableUse],
    windows: Windows,
    today: date,
) -> list[Finding]:
    """Return everything that needs a person, in no particular order."""
    by_item: dict[int, list[Stock]] = defaultdict(list)
    for stock in stocks:
        by_item[stock.item_id].append(stock)
    findings = [
        finding
        for supply in supplies
        for finding in of_supply(supply, by_item[supply.item_id], today)
    ]
    findings += of_lots(stocks, windows, today)
    findings += map(of_unusable_use, unusable_uses)
    return findings


# Too little of an item


def of_supply(supply: Supply, stocks: Iterable[Stock], today: date) -> Iterator[Finding]:
    """Yield out, low and stockout_before_delivery of one item, given all its stock."""
    usable: dict[int, Decimal] = defaultdict(Decimal)
    unusable = ZERO
    for stock in stocks:
        if not stock.usable(today):
            unusable += stock.quantity
        elif stock.quantity > 0:
            usable[stock.location_id] += stock.quantity
    if usable:
        yield from _of_clinic(supply, sum(usable.values(), ZERO), today)
        yield from _of_places(supply, usable)
    elif supply.reorder_point is not None or supply.stocked_before:
        yield Finding(
            Kind.OUT,
            Severity.URGENT,
            supply.item_id,
            quantity=ZERO,
            unusable=unusable,
            reorder_point=supply.reorder_point,
        )


def _of_clinic(supply: Supply, usable: Decimal, today: date) -> Iterator[Finding]:
    lead_time = supply.lead_time_days
    if lead_time is not None and usable < supply.daily_usage * lead_time:
        yield Finding(
            Kind.STOCKOUT_BEFORE_DELIVERY,
            Severity.URGENT,
            supply.item_id,
            quantity=usable,
            due_on=today + timedelta(days=int(usable / supply.daily_usage)),
            daily_usage=supply.daily_usage,
            lead_time_days=lead_time,
        )
    if supply.reorder_point is not None and usable <= supply.reorder_point:
        yield Finding(
            Kind.LOW,
            Severity.SOON,
            supply.item_id,
            quantity=usable,
            reorder_point=supply.reorder_point,
        )


def _of_places(supply: Supply, usable: Mapping[int, Decimal]) -> Iterator[Finding]:
    for level in supply.levels:
        here = usable.get(level.location_id, ZERO)
        if here > level.reorder_point:
            continue
        others = [(place, held) for place, held in usable.items() if place != level.location_id]
        yield Finding(
            Kind.LOW,
            Severity.SOON,
            supply.item_id,
            quantity=here,
            location_id=level.location_id,
            reorder_point=level.reorder_point,
            elsewhere=tuple(sorted(others, key=lambda other: (-other[1], other[0]))),
        )


# A lot on the shelf


def of_lots(stocks: Iterable[Stock], windows: Windows, today: date) -> Iterator[Finding]:
    """Yield recalled, beyond_use, expired and expiring.

    Every opened vial that is past its beyond-use date is a finding of its own; everything else is
    one a lot and place.
    """
    together: dict[tuple[Kind, int, int], list[Stock]] = defaultdict(list)
    for stock in stocks:
        kind = kind_of(stock, windows, today)
        if kind is not None:
            vial = stock.holding_id if kind is Kind.BEYOND_USE else 0
            together[kind, vial or stock.lot_id, stock.location_id].append(stock)
    for (kind, _, _), same in together.items():
        yield _of_lot(kind, same, windows, today)


def kind_of(stock: Stock, windows: Windows, today: date) -> Kind | None:
    """Say what is the matter with a holding, None for nothing. A recall goes before all else.

    The expiry day and the beyond-use day are themselves still usable.
    """
    if stock.quantity <= 0:
        return None
    if stock.status == RECALLED:
        return Kind.RECALLED
    until = usable_until(stock.expires_on, stock.beyond_use_on)
    if until is not None and until < today:
        return Kind.BEYOND_USE if stock.opened else Kind.EXPIRED
    # A lot on hold cannot be used first; it is flagged once it is released or has expired.
    if stock.expires_on is None or stock.status != AVAILABLE:
        return None
    return Kind.EXPIRING if (stock.expires_on - today).days <= windows.notice_days else None


def _of_lot(kind: Kind, stocks: Sequence[Stock], windows: Windows, today: date) -> Finding:
    first = min(stocks, key=lambda stock: (stock.opened, stock.holding_id))
    severity = Severity.URGENT
    if kind is Kind.EXPIRING:
        days = ((first.expires_on or LAST_DAY) - today).days
        severity = Severity.SOON if days <= windows.soon_days else Severity.NOTICE
    due_on = first.expires_on
    if kind is Kind.BEYOND_USE:
        due_on = usable_until(first.expires_on, first.beyond_use_on)
    return Finding(
        kind,
        severity,
        first.item_id,
        quantity=sum((stock.quantity for stock in stocks), ZERO),
        lot_id=first.lot_id,
        location_id=first.location_id,
        holding_id=first.holding_id,
        due_on=None if kind is Kind.RECALLED else due_on,
    )


# What was used although it could not be


def of_unusable_use(use: UnusableUse) -> Finding:
    """Return the finding for a manager to look at; a reason in free text is no part of it."""
    return Finding(
        Kind.UNUSABLE_USED,
        Severity.URGENT,
        use.item_id,
        quantity=use.quantity,
        lot_id=use.lot_id,
        location_id=use.location_id,
        procedure_id=use.procedure_id,
        used_on=use.used_on,
    )
