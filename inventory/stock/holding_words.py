"""A holding in a few words: its container and its state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Item
from inventory.stock.models import Holding, Lot
from inventory.stock.shelf import why_not_usable
from inventory.web.pills import Pill
from inventory.web.words import quantity_words

NOUNS = {
    Item.Container.AMPULE: ("ampule", "ampules"),
    Item.Container.SINGLE_DOSE_VIAL: ("vial", "vials"),
    Item.Container.MULTI_DOSE_VIAL: ("vial", "vials"),
}


@dataclass(frozen=True)
class OnHand:
    """What there is of one item, in its unit: what may be used, and what is in the way."""

    usable: Decimal
    not_usable: Decimal
    usable_words: str


def container_words(item: Item, quantity: Decimal) -> str:
    """Return "2 vials" for sealed stock of a containered item, nothing for others."""
    if not item.container_volume:
        return ""
    count = quantity / item.container_volume
    return f"{quantity_words(count)} {NOUNS[Item.Container(item.container)][count != 1]}"


def holding_words(holding: Holding) -> str:
    """Return "2 vials", "open vial" or nothing. Wants lot and item fetched."""
    if holding.is_opened:
        return "open vial"
    return container_words(holding.lot.item, holding.quantity)


def state_pill(holding: Holding, today: date) -> Pill:
    """Say whether a holding may be used today, and why not. Wants its lot fetched."""
    why_not = why_not_usable(holding, today)
    if not why_not:
        return Pill("usable", "usable")
    if holding.lot.status != Lot.Status.AVAILABLE:
        return Pill("held", holding.lot.get_status_display().lower())
    return Pill("bad", why_not.rpartition(" ")[0])


def on_hand_of(item: Item, holdings: Iterable[Holding], today: date) -> OnHand:
    """Sum up the holdings of one item. Wants their lots fetched."""
    usable: list[Holding] = []
    others: list[Holding] = []
    for holding in holdings:
        (others if why_not_usable(holding, today) else usable).append(holding)
    sealed = sum((each.quantity for each in usable if not each.is_opened), Decimal(0))
    opened = sum(each.is_opened for each in usable)
    words = [container_words(item, sealed)] if sealed else []
    words += [f"{opened} open"] if opened else []
    return OnHand(
        usable=sum((each.quantity for each in usable), Decimal(0)),
        not_usable=sum((each.quantity for each in others), Decimal(0)),
        usable_words=" and ".join(filter(None, words)),
    )
