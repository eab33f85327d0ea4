"""Reading what is on the shelf, for the ledger and for previews."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q

from inventory.catalog.models import Item, Location
from inventory.stock.allocation import Stock
from inventory.stock.errors import ChangedSinceShown
from inventory.stock.models import Holding
from inventory.stock.requests import StockLine
from inventory.stock.usable import why_not


def read_shelf(
    location: Location, items: Mapping[int, Item], *, also: Collection[int] = ()
) -> dict[int, Holding]:
    """What is on hand of these items in one place, by holding id, with lots: one query.

    `also` names holdings to fetch although they are empty, as far as they are here.
    """
    wanted = Q(quantity__gt=0) | Q(pk__in=also) if also else Q(quantity__gt=0)
    holdings = Holding.objects.filter(
        wanted, location=location, lot__item__in=items.keys()
    ).select_related("lot")
    for holding in holdings:
        holding.lot.item = items[holding.lot.item_id]
        holding.location = location
    return {holding.pk: holding for holding in holdings}


def as_stock(holding: Holding) -> Stock:
    """The holding as allocation sees it; its lot and item must have been fetched."""
    lot = holding.lot
    return Stock(
        holding_id=holding.pk,
        lot_id=lot.pk,
        item_id=lot.item_id,
        quantity=holding.quantity,
        status=lot.status,
        expires_on=lot.expires_on,
        received_at=lot.received_at,
        opened_at=holding.opened_at,
        beyond_use_on=holding.beyond_use_on,
        container_volume=lot.item.container_volume,
        single_dose=lot.item.is_single_dose,
    )


def why_not_usable(holding: Holding, today: date) -> str:
    """Why this holding may not be used today; empty when it may. Its lot must have been fetched."""
    return why_not(holding.lot.status, holding.lot.expires_on, holding.beyond_use_on, today)


def check_as_shown(lines: Sequence[StockLine], shown: Mapping[int, Decimal]) -> None:
    """Refuse a count of what has moved since the person saw it, by holding id: nobody but they know
    whether they counted before or after that. Whoever calls owns the items.

    Raises ChangedSinceShown.
    """
    counted = [line.holding.pk for line in lines if line.holding and line.holding.pk in shown]
    there = Holding.objects.with_lot().in_bulk(counted)
    changed = [(there[pk], shown[pk]) for pk in counted if there[pk].quantity != shown[pk]]
    if changed:
        raise ChangedSinceShown(changed)


def usable_elsewhere(
    item: Item, location: Location, today: date, lot_id: int | None = None
) -> tuple[tuple[Location, Decimal], ...]:
    """Where else in the clinic there is some, the most first; of one lot where one is named."""
    holdings = (
        Holding.objects.on_hand()
        .usable_on(today)
        .filter(lot__item=item)
        .exclude(location=location)
        .select_related("location")
    )
    if lot_id is not None:
        holdings = holdings.filter(lot_id=lot_id)
    amounts: dict[Location, Decimal] = defaultdict(Decimal)
    for holding in holdings:
        amounts[holding.location] += holding.quantity
    return tuple(sorted(amounts.items(), key=lambda place: (-place[1], place[0].name)))
