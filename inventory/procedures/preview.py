"""What a draft would take from the shelf, without taking it.

One read of the shelf serves every line, and one more finds out where else there is some when a line
is short, however many lines there are. The choice itself is `stock.allocation`, as in the ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Item, Location
from inventory.procedures.draft import Draft, DraftLine, stand_ins
from inventory.procedures.kits import LineWanted, scaled
from inventory.procedures.models import KitLine
from inventory.stock.allocation import (
    ZERO,
    Allocation,
    LineAllocation,
    Pick,
    Wish,
    allocate,
    first_expiry_first,
)
from inventory.stock.errors import Shortage
from inventory.stock.models import Holding
from inventory.stock.reversal import Change
from inventory.stock.shelf import as_stock, read_shelf, why_not_usable


@dataclass(frozen=True)
class Source:
    """What one line takes from one place, in the item's unit.

    `vials` counts the multi-dose vials that it opens, `containers` the single-dose ones; `left` is
    what stays in the opened vial.
    """

    holding: Holding
    quantity: Decimal
    vials: int = 0
    containers: int = 0
    left: Decimal = ZERO


@dataclass(frozen=True)
class Choice:
    """Something on the shelf that the line's item could come from, and why not."""

    holding: Holding
    why_not: str
    chosen: bool


@dataclass(frozen=True)
class Offer:
    """An item on offer, and how much of it may be used here."""

    key: str
    item: Item
    quantity: Decimal
    here: Decimal


@dataclass(frozen=True)
class PreviewLine:
    """What one line would take. `left` is what may still be used here after the procedure."""

    line: DraftLine
    sources: tuple[Source, ...] = ()
    discarded: Decimal = ZERO
    shortage: Shortage | None = None
    left: Decimal = ZERO
    why_not: str = ""
    problem: str = ""
    choices: tuple[Choice, ...] = ()
    stand_ins: tuple[Offer, ...] = ()

    @property
    def taken(self) -> Decimal:
        return sum((source.quantity for source in self.sources), ZERO)


@dataclass(frozen=True)
class Preview:
    """All lines, and what else the kit offers."""

    lines: tuple[PreviewLine, ...] = ()
    offers: tuple[Offer, ...] = field(default=())

    @property
    def sound(self) -> bool:
        return not any(line.problem for line in self.lines)

    @property
    def short(self) -> list[PreviewLine]:
        return [line for line in self.lines if line.shortage]


def preview(draft: Draft, today: date, undone: Sequence[Change] = ()) -> Preview:
    """What the draft would take, judged on this day: two queries at most.

    `undone` is what is put back first, when the draft amends a procedure.
    """
    shelf = with_changes(read_shelf(draft.location, _items(draft)), undone, draft.location)
    lines = [_with_real_choice(line, shelf) for line in draft.lines]
    countable = [line for line in lines if line.quantity is not None]
    stocks = [as_stock(holding) for holding in shelf.values()]
    allocation = allocate(
        stocks,
        [_wish(line, shelf, today) for line in countable],
        today,
        one_patient=draft.location.treatment_area,
    )
    usable = usable_by_item(shelf.values(), today)
    after = _after(usable, allocation, today)
    elsewhere = _elsewhere(draft.location, allocation.shortages, today)
    allocated = dict(zip((line.key for line in countable), allocation.lines, strict=True))
    found = []
    for line in lines:
        chosen = shelf.get(line.holding_id or 0)
        why_not = why_not_usable(chosen, today) if chosen else ""
        shown = PreviewLine(
            line,
            left=after[line.item.pk],
            why_not=why_not,
            problem=line.problem or _missing_reason(line, why_not),
            choices=_choices(line, shelf.values(), today),
            stand_ins=tuple(
                Offer(line.key, item, line.quantity or ZERO, usable[item.pk])
                for item in stand_ins(draft, line)
            ),
        )
        if line.key in allocated:
            shown = _allocated(shown, allocated[line.key], allocation, shelf, elsewhere)
        found.append(shown)
    offers = [_offer(draft, kit_line, usable[kit_line.item.pk]) for kit_line in draft.on_offer]
    return Preview(tuple(found), tuple(offers))


def wanted_lines(looked: Preview) -> list[LineWanted]:
    """What to ask of the ledger: the lines, and what the person chose for them."""
    wanted = []
    for shown in looked.lines:
        line = shown.line
        chosen = next((choice.holding for choice in shown.choices if choice.chosen), None)
        if line.quantity is not None:
            wanted.append(
                LineWanted(
                    line.item,
                    line.quantity,
                    holding=chosen,
                    unusable_reason=line.unusable_reason if shown.why_not else "",
                )
            )
    return wanted


def with_changes(
    shelf: Mapping[int, Holding], changes: Iterable[Change], place: Location
) -> dict[int, Holding]:
    """The shelf of a place as it is once these changes are made, without what is empty then."""
    after = dict(shelf)
    for change in changes:
        if change.holding.location_id == place.pk:
            # On a copy: a page looks at the same changes more than once.
            holding = copy(after.get(change.holding.pk, change.holding))
            holding.quantity += change.quantity
            after[holding.pk] = holding
    return {pk: holding for pk, holding in after.items() if holding.quantity > 0}


def usable_by_item(holdings: Iterable[Holding], today: date) -> dict[int, Decimal]:
    """How much of each item may be used, by item id."""
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    for holding in holdings:
        if not why_not_usable(holding, today):
            amounts[holding.lot.item_id] += holding.quantity
    return amounts


def _items(draft: Draft) -> dict[int, Item]:
    items = [line.item for line in draft.lines]
    for kit_line in draft.kit:
        items += [kit_line.item, *(each.item for each in kit_line.substitutes.all())]
    return {item.pk: item for item in items}


def _with_real_choice(line: DraftLine, shelf: dict[int, Holding]) -> DraftLine:
    """The line without a choice that is not here, or not of its item, any more."""
    if line.holding_id is None:
        return line
    holding = shelf.get(line.holding_id)
    if holding is not None and holding.lot.item_id == line.item.pk:
        return line
    gone = "What was chosen is not here any more. Choose again, or leave it to first expiry."
    return replace(line, holding_id=None, problem=line.problem or gone)


def _missing_reason(line: DraftLine, why_not: str) -> str:
    if not why_not or line.unusable_reason:
        return ""
    # A date stands at the end where there is one; the line tells it anyway.
    state = why_not.rstrip("-0123456789").rstrip()
    return f"This must not be used: it is {state}. If it really was used, say why."


def _wish(line: DraftLine, shelf: dict[int, Holding], today: date) -> Wish:
    chosen = shelf.get(line.holding_id or 0)
    return Wish(
        item_id=line.item.pk,
        quantity=line.quantity or ZERO,
        holding_id=line.holding_id,
        unusable=chosen is not None and bool(why_not_usable(chosen, today)),
    )


def _after(usable: dict[int, Decimal], allocation: Allocation, today: date) -> dict[int, Decimal]:
    left = defaultdict(Decimal, usable)
    for line in allocation.lines:
        for pick in line.picks:
            if pick.stock.usable(today):
                left[pick.stock.item_id] -= pick.administered + pick.discarded
    return left


def _elsewhere(
    location: Location, short: Sequence[LineAllocation], today: date
) -> dict[int, dict[Location, Decimal]]:
    """Where else in the clinic there is some of each item that is short, by item id."""
    places: dict[int, dict[Location, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    if not short:
        return places
    others = (
        Holding.objects.on_hand()
        .usable_on(today)
        .filter(lot__item__in={line.wish.item_id for line in short})
        .exclude(location=location)
    )
    for holding in others.select_related("lot", "location"):
        places[holding.lot.item_id][holding.location] += holding.quantity
    return places


def _choices(line: DraftLine, holdings: Iterable[Holding], today: date) -> tuple[Choice, ...]:
    """Everything here of the line's item: what would be chosen first comes first, held last."""
    of_item = [holding for holding in holdings if holding.lot.item_id == line.item.pk]
    choices = [
        Choice(holding, why_not_usable(holding, today), holding.pk == line.holding_id)
        for holding in sorted(of_item, key=lambda each: first_expiry_first(as_stock(each)))
    ]
    return tuple(sorted(choices, key=lambda choice: bool(choice.why_not)))


def _offer(draft: Draft, kit_line: KitLine, here: Decimal) -> Offer:
    quantity = scaled(kit_line, draft.muscles, draft.sites)
    return Offer(f"k{kit_line.pk}", kit_line.item, quantity, here)


def _allocated(
    shown: PreviewLine,
    line: LineAllocation,
    allocation: Allocation,
    shelf: dict[int, Holding],
    elsewhere: dict[int, dict[Location, Decimal]],
) -> PreviewLine:
    if not line.short:
        return replace(
            shown,
            sources=tuple(_sources(line.picks, allocation, shelf)),
            discarded=line.discarded,
        )
    chosen = shelf.get(line.wish.holding_id or 0)
    places = elsewhere[line.wish.item_id].items()
    shortage = Shortage(
        item=shown.line.item,
        wanted=line.wish.quantity,
        available=line.available,
        elsewhere=tuple(sorted(places, key=lambda place: (-place[1], place[0].name))),
        lot=chosen.lot if chosen else None,
    )
    return replace(shown, shortage=shortage)


def _sources(
    picks: Iterable[Pick], allocation: Allocation, shelf: dict[int, Holding]
) -> list[Source]:
    """The picks of one line, those from the same place together."""
    together: dict[int, list[Pick]] = defaultdict(list)
    for pick in picks:
        together[pick.stock.holding_id].append(pick)
    return [_source(shelf[pk], same, allocation) for pk, same in together.items()]


def _source(holding: Holding, picks: Sequence[Pick], allocation: Allocation) -> Source:
    vials = {pick.vial for pick in picks if pick.vial is not None}
    if vials:
        left = sum((allocation.opened[vial].left for vial in vials), ZERO)
    else:
        left = holding.quantity - sum(
            (
                pick.administered + pick.discarded
                for line in allocation.lines
                for pick in line.picks
                if pick.stock.holding_id == holding.pk and pick.vial is None
            ),
            ZERO,
        )
    return Source(
        holding=holding,
        quantity=sum((pick.administered for pick in picks), ZERO),
        vials=len(vials),
        containers=sum(pick.containers for pick in picks),
        left=left,
    )
