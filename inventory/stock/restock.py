"""What a place is missing up to its par levels, and what to fetch for it from another place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from inventory.catalog.models import Item, Location, LocationLevel
from inventory.stock.allocation import first_expiry_first
from inventory.stock.errors import ChangedSinceListed
from inventory.stock.models import Holding
from inventory.stock.on_hand import with_usable_there
from inventory.stock.requests import StockLine
from inventory.stock.shelf import as_stock, why_not_usable
from inventory.stock.suggestions import to_par
from inventory.stock.usable import why_words
from inventory.web.words import amount_words

ZERO = Decimal(0)


@dataclass(frozen=True)
class Pick:
    """One lot in the source, and how much of it to take; nothing where an earlier one suffices."""

    holding: Holding
    quantity: Decimal


@dataclass(frozen=True)
class Need:
    """One item that a place has too little of, in the item's unit.

    `elsewhere` is who else has some where the source has too little of it, the most first.
    """

    item: Item
    usable: Decimal
    reorder_point: Decimal
    par: Decimal
    picks: Sequence[Pick] = ()
    elsewhere: Sequence[tuple[Location, Decimal]] = ()

    @property
    def missing(self) -> Decimal:
        return self.par - self.usable

    @property
    def is_low(self) -> bool:
        """As the flags have it: at the reorder point is low already."""
        return self.usable <= self.reorder_point

    @property
    def taken(self) -> list[Pick]:
        """The picks that are suggested."""
        return [pick for pick in self.picks if pick.quantity]

    @property
    def others(self) -> list[Pick]:
        """The lots that are there besides, for who finds the suggested one gone."""
        return [pick for pick in self.picks if not pick.quantity]

    @property
    def short(self) -> Decimal:
        """How much of what is missing the source does not have."""
        return max(self.missing - sum((pick.quantity for pick in self.picks), ZERO), ZERO)


@dataclass(frozen=True)
class Restock:
    """The list of one place; `kept` is how many items have a level there."""

    destination: Location
    source: Location | None
    needs: Sequence[Need]
    kept: int

    @property
    def can_move(self) -> bool:
        """Whether the source has any of what is missing."""
        return any(need.picks for need in self.needs)

    @property
    def for_one_patient(self) -> bool:
        """Whether a multi-dose vial goes where patients are treated."""
        return self.destination.treatment_area and any(
            need.item.is_multi_dose and need.picks for need in self.needs
        )


Stock = Mapping[Location, Mapping[int, Sequence[Holding]]]
"""Sealed stock that may be used, by place and item."""


def restock(destination: Location, source: Location | None, today: date) -> Restock:
    """List what the destination is missing and where to take it, in a fixed number of queries.

    Without a source it is the place that can spare most of what is missing.
    """
    levels = LocationLevel.objects.filter(location=destination, item__is_active=True)
    kept: list[Any] = list(with_usable_there(levels.select_related("item"), today))
    below = [level for level in kept if level.usable < level.par_level]
    missing = {level.item_id: level.par_level - level.usable for level in below}
    stock = _stock(missing, destination, today)
    if source is None or source == destination:
        source = _fullest(stock, missing, _kept(missing))
    needs = [
        _need(level, stock, source, today)
        for level in sorted(below, key=lambda level: level.item.name.lower())
    ]
    return Restock(destination, source, needs, len(kept))


def check_as_listed(
    destination: Location,
    source: Location,
    lines: Iterable[StockLine],
    listed: Mapping[int, Decimal],
    today: date,
) -> None:
    """See that what is about to move is what somebody saw; the items' rows are locked.

    `listed` is what was usable in the destination, by item. Less by now is no matter: it has been
    used since. More means that somebody else has filled up. Raises ChangedSinceListed.
    """
    lines = list(lines)
    now = Holding.objects.with_lot().in_bulk(line.holding.pk for line in lines if line.holding)
    changes: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        holding = now[line.holding.pk] if line.holding else None
        if holding and (change := _change_in_source(holding, line.quantity or ZERO, source, today)):
            changes[line.item.pk].append(change)
    here = _usable_by_item(destination, [line.item for line in lines], today)
    for item in {line.item.pk: line.item for line in lines}.values():
        was, there = listed.get(item.pk), here.get(item.pk)
        if was is not None and there is not None and there > was:
            changes[item.pk].append(
                f"{item.name}: {amount_words(there, item.unit)} in {destination} by now,"
                f" not {amount_words(was, item.unit)}; somebody has filled up."
            )
    if changes:
        raise ChangedSinceListed({item: " ".join(each) for item, each in changes.items()})


def _usable_by_item(location: Location, items: Iterable[Item], today: date) -> dict[int, Decimal]:
    levels = LocationLevel.objects.filter(location=location, item__in=set(items))
    kept: list[Any] = list(with_usable_there(levels, today))
    return {level.item_id: level.usable for level in kept}


def _change_in_source(
    holding: Holding, quantity: Decimal, source: Location, today: date
) -> str | None:
    item, lot = holding.lot.item, holding.lot
    what = lot.full_name
    if why := why_not_usable(holding, today):
        return f"{what}: cannot be used any more, {why_words(why)}."
    if holding.location_id == source.pk and holding.quantity < quantity:
        there = amount_words(holding.quantity, item.unit)
        return f"{what}: {amount_words(quantity, item.unit)} wanted, {there} left in {source}."
    return None


def _stock(items: Iterable[int], destination: Location, today: date) -> Stock:
    holdings = (
        Holding.objects.on_hand()
        .sealed()
        .usable_on(today)
        .with_lot()
        .filter(lot__item__in=list(items), location__is_active=True)
        .exclude(location=destination)
    )
    stock: dict[Location, dict[int, list[Holding]]] = defaultdict(lambda: defaultdict(list))
    for holding in holdings:
        stock[holding.location][holding.lot.item_id].append(holding)
    return stock


def _kept(items: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """Return the par levels of these items in every place, by place and item."""
    levels = LocationLevel.objects.filter(item__in=list(items)).order_by()
    return {
        (place, item): par
        for place, item, par in levels.values_list("location", "item", "par_level")
    }


def _fullest(
    stock: Stock, missing: Mapping[int, Decimal], kept: Mapping[tuple[int, int], Decimal]
) -> Location | None:
    """Return the place that can spare most of what is missing, a room where patients are treated
    last: one room is not emptied to fill another."""

    def covered(place: Location, *, spare: bool) -> Decimal:
        share = ZERO
        for item, there in stock[place].items():
            own = kept.get((place.pk, item), ZERO) if spare else ZERO
            share += min(max(_total(there) - own, ZERO) / missing[item], Decimal(1))
        return share

    def preference(place: Location) -> tuple[object, ...]:
        spare, all_of_it = covered(place, spare=True), covered(place, spare=False)
        return place.treatment_area, -spare, -all_of_it, place.name

    return min(stock, key=preference, default=None)


def _need(level: Any, stock: Stock, source: Location | None, today: date) -> Need:
    places = {place: each[level.item_id] for place, each in stock.items() if level.item_id in each}
    there = places.pop(source, ()) if source else ()
    quantities = to_par(there, level.par_level - level.usable, today)
    in_order = sorted(there, key=lambda holding: first_expiry_first(as_stock(holding)))
    picks = [Pick(holding, quantities.get(holding.pk, ZERO)) for holding in in_order]
    need = Need(level.item, level.usable, level.reorder_point, level.par_level, picks)
    if not need.short:
        return need
    amounts = [(place, _total(holdings)) for place, holdings in places.items()]
    return replace(need, elsewhere=sorted(amounts, key=lambda each: (-each[1], each[0].name)))


def _total(holdings: Iterable[Holding]) -> Decimal:
    return sum((holding.quantity for holding in holdings), ZERO)
