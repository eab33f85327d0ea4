"""A procedure while somebody puts it together. Pure: every change returns another draft.

Lines have a key of their own, so that a press on one line never hits another that has moved up:
`k12` came from kit line 12, `a3` was added by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from inventory.catalog.models import Item, Location
from inventory.procedures.kits import scaled
from inventory.procedures.models import KitLine, ProcedureType

COUNT_MAX = 99
QUANTITY_MAX = Decimal(99_999)
# From this size on a vial is dosed by the millilitre, below it by the half.
BIG_VIAL = 10
STEP_OF_TOXIN = Decimal(5)
HALF = Decimal("0.5")
ONE = Decimal(1)


@dataclass(frozen=True)
class DraftLine:
    """One supply, in the item's unit.

    `quantity` is None where `typed` is no quantity; `problem` says what was expected. Once a line
    was changed `by_hand`, the kit does not scale it any more. `holding_id` is what the person chose
    to take it from, instead of first expiry first.
    """

    key: str
    item: Item
    quantity: Decimal | None
    by_hand: bool = False
    holding_id: int | None = None
    unusable_reason: str = ""
    typed: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Draft:
    """What would be logged, and how the page shows it.

    `left_out` are the kit lines that the person took out: rescaling does not bring them back.
    """

    type: ProcedureType | None
    location: Location
    kit: tuple[KitLine, ...] = ()
    muscles: int = 1
    sites: int = 1
    lines: tuple[DraftLine, ...] = ()
    left_out: frozenset[int] = frozenset()
    prep_open: bool = False

    @property
    def on_offer(self) -> list[KitLine]:
        """The kit lines that are one press away: optional ones, and those taken out."""
        there = {line.key for line in self.lines}
        return [
            line
            for line in self.kit
            if key_of(line) not in there
            and (line.optional or line.pk in self.left_out)
            and scaled(line, self.muscles, self.sites)
        ]


def key_of(kit_line: KitLine) -> str:
    return f"k{kit_line.pk}"


def step(item: Item) -> Decimal:
    """How much one press on plus or minus changes, in the item's unit."""
    if item.unit == Item.Unit.EACH:
        return ONE
    if item.unit == Item.Unit.UNIT:
        return STEP_OF_TOXIN
    return ONE if item.container_volume and item.container_volume >= BIG_VIAL else HALF


def more(quantity: Decimal, item: Item) -> Decimal:
    """The next whole step above: 0.25 mL becomes 0.5."""
    by = step(item)
    above = ((quantity / by).to_integral_value(ROUND_FLOOR) + 1) * by
    return min(above, QUANTITY_MAX)


def less(quantity: Decimal, item: Item) -> Decimal:
    """The next whole step below; nothing lies below the first step."""
    by = step(item)
    below = ((quantity / by).to_integral_value(ROUND_CEILING) - 1) * by
    return below if below > 0 else quantity


def with_type(draft: Draft, kind: ProcedureType, kit: Sequence[KitLine]) -> Draft:
    """The kit of another type, for as many muscles and sites."""
    fresh = replace(draft, type=kind, kit=tuple(kit), lines=(), left_out=frozenset())
    return rescaled(replace(fresh, prep_open=False))


def rescaled(draft: Draft) -> Draft:
    """The kit's lines, in its order, as muscles and sites ask; then what was added by hand.

    Lines that the person changed or took out stay as they are, and so does a line whose item the
    kit does not name there any more.
    """
    present = {line.key: line for line in draft.lines}
    lines = []
    for kit_line in draft.kit:
        line = present.pop(key_of(kit_line), None)
        quantity = scaled(kit_line, draft.muscles, draft.sites)
        if line is not None and (
            line.by_hand or line.problem or line.item not in _items_of(kit_line)
        ):
            lines.append(line)
        elif line is not None and quantity:
            lines.append(replace(line, quantity=quantity))
        elif line is None and quantity and not _is_left_out(draft, kit_line):
            lines.append(DraftLine(key_of(kit_line), kit_line.item, quantity))
    return replace(draft, lines=(*lines, *present.values()))


def kit_changed(draft: Draft, *, muscles: int, sites: int) -> bool:
    """Whether the kit asks for other lines than these, which it asked for when they were shown for
    as many muscles and sites."""
    asked = rescaled(replace(draft, muscles=muscles, sites=sites))
    return _wanted(asked) != _wanted(draft)


def with_counts(draft: Draft, *, muscles: int = 0, sites: int = 0) -> Draft:
    """As many muscles and sites more, or fewer, within 0 to 99."""
    return replace(
        draft,
        muscles=min(max(draft.muscles + muscles, 0), COUNT_MAX),
        sites=min(max(draft.sites + sites, 0), COUNT_MAX),
    )


def with_line(draft: Draft, line: DraftLine) -> Draft:
    """The line of this key changed."""
    return replace(draft, lines=tuple(line if old.key == line.key else old for old in draft.lines))


def without_line(draft: Draft, key: str) -> Draft:
    """The line of this key taken out, not to come back by itself."""
    left_out = {line.pk for line in draft.kit if key_of(line) == key}
    return replace(
        draft,
        lines=tuple(line for line in draft.lines if line.key != key),
        left_out=draft.left_out | left_out,
    )


def with_kit_line(draft: Draft, key: str) -> Draft:
    """An optional line of the kit, or one that was taken out, put in at its place."""
    wanted = next((line for line in draft.on_offer if key_of(line) == key), None)
    if wanted is None:
        return draft
    line = DraftLine(key, wanted.item, scaled(wanted, draft.muscles, draft.sites))
    return replace(draft, lines=(*draft.lines, line), left_out=draft.left_out - {wanted.pk})


def with_item(draft: Draft, item: Item) -> Draft:
    """Some of an item that the kit does not have, at the end."""
    taken = [int(line.key[1:]) for line in draft.lines if line.key.startswith("a")]
    line = DraftLine(f"a{max(taken, default=0) + 1}", item, step(item), by_hand=True)
    return replace(draft, lines=(*draft.lines, line))


def stand_ins(draft: Draft, line: DraftLine) -> list[Item]:
    """What may take the place of a line's item: the kit line's own item and its substitutes."""
    kit_line = next((each for each in draft.kit if key_of(each) == line.key), None)
    if kit_line is None:
        return []
    items = _items_of(kit_line)
    return [item for item in items if item.is_active and item.pk != line.item.pk]


def _items_of(kit_line: KitLine) -> list[Item]:
    return [kit_line.item, *(substitute.item for substitute in kit_line.substitutes.all())]


def _wanted(draft: Draft) -> set[tuple[str, Item, Decimal | None]]:
    return {(line.key, line.item, line.quantity) for line in draft.lines}


def _is_left_out(draft: Draft, kit_line: KitLine) -> bool:
    return kit_line.optional or kit_line.pk in draft.left_out
