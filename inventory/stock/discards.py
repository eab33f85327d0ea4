"""What is on the shelf and must not be used: why, since when, and what it costs. Writes nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from inventory.catalog.models import Location
from inventory.stock.costs import cost_of
from inventory.stock.holding_words import holding_words, state_pill
from inventory.stock.models import Holding, HoldingQuerySet, Lot, LotStatusChange
from inventory.stock.requests import WasteReason
from inventory.stock.shelf import why_not_usable
from inventory.stock.usable import AVAILABLE, usable_until, why_not
from inventory.web.decimals import plain
from inventory.web.pills import Pill


@dataclass(frozen=True)
class Discard:
    """One holding that must not be used, as the discard list shows it.

    `held_by` is who put its lot on hold or recalled it, and why. `seen` is compared when the
    button is pressed.
    """

    holding: Holding
    pill: Pill
    until: date | None
    reason: str
    cost: Decimal | None
    held_by: LotStatusChange | None
    seen: str
    is_ticked: bool

    @property
    def is_held(self) -> bool:
        """Whether it is in quarantine, and may still be released."""
        return bool(self.holding.lot.status == Lot.Status.QUARANTINED)

    @property
    def words(self) -> str:
        return holding_words(self.holding)

    @property
    def cents(self) -> int | None:
        return None if self.cost is None else int(self.cost.scaleb(2))


def obvious_reason(holding: Holding, today: date) -> WasteReason | None:
    """Return the reason for which everybody would discard this; None where a person has to say.

    Wants its lot fetched. A recall goes before all else.
    """
    lot = holding.lot
    if lot.status == Lot.Status.RECALLED:
        return WasteReason.RECALLED
    if why_not(AVAILABLE, lot.expires_on, holding.beyond_use_on, today):
        return WasteReason.BEYOND_USE if holding.is_opened else WasteReason.EXPIRED
    return None


def not_usable(today: date) -> HoldingQuerySet:
    """Return what is there and may not be used today, with lot, item and location."""
    there = Holding.objects.on_hand()
    return there.exclude(pk__in=there.usable_on(today).values("pk")).with_lot()


def discards_of(holdings: Iterable[Holding], own: Location | None, today: date) -> list[Discard]:
    """Return the rows of the list by place, a person's own place first, then by item.

    All but what is in quarantine is ticked.
    """
    holdings = list(holdings)
    changes = _last_changes({holding.lot_id for holding in holdings})

    def position(holding: Holding) -> tuple[Any, ...]:
        place, lot = holding.location, holding.lot
        name = lot.item.name.lower()
        return place != own, place.name.lower(), place.pk, name, lot.number, holding.pk

    return [_discard(each, changes, today) for each in sorted(holdings, key=position)]


def seen(holding: Holding, today: date) -> str:
    """Return what a page shows of a holding, to be compared when its button is pressed."""
    why = why_not_usable(holding, today) or "usable"
    return f"{plain(holding.quantity)} in {holding.location.code}, {why}"


def _discard(holding: Holding, changes: Mapping[int, LotStatusChange], today: date) -> Discard:
    lot = holding.lot
    return Discard(
        holding=holding,
        pill=state_pill(holding, today),
        until=usable_until(lot.expires_on, holding.beyond_use_on),
        reason=obvious_reason(holding, today) or WasteReason.OTHER,
        cost=cost_of(holding.quantity, lot.unit_cost),
        held_by=changes.get(lot.pk),
        seen=seen(holding, today),
        is_ticked=lot.status != Lot.Status.QUARANTINED,
    )


def _last_changes(lots: Collection[int]) -> dict[int, LotStatusChange]:
    """Return how each lot that is held or recalled came to be so."""
    changes = LotStatusChange.objects.filter(lot__in=lots).exclude(lot__status=Lot.Status.AVAILABLE)
    return {change.lot_id: change for change in changes.select_related("by").order_by("pk")}
