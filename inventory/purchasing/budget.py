"""What a budget allows of what should be ordered, and what it leaves out. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.purchasing.planning.ordering import NOTHING
from inventory.purchasing.reorder_row import ReorderRow


@dataclass(frozen=True)
class Affordable:
    """The rows that a budget allows, and those that it does not, each with as many packs."""

    rows: Sequence[ReorderRow]
    left_out: Sequence[ReorderRow] = ()

    @property
    def missing(self) -> Decimal:
        """How much more would buy all that is left out."""
        return sum((row.cost or NOTHING for row in self.left_out), NOTHING)


def affordable(rows: Iterable[ReorderRow], budget: Decimal | None) -> Affordable:
    """Return what the budget allows, the rows in their order: the first of them has the first say.

    Of what it does not allow in full it buys the packs that it does, from the supplier's minimum
    on: some of what runs out first is better than none of it. What has no price cannot be counted
    and stays. Without a budget everything is allowed.
    """
    if budget is None:
        return Affordable(list(rows))
    left, kept, left_out = budget, [], []
    for row in rows:
        packs = _packs_within(left, row)
        if packs:
            kept.append(row.with_packs(packs))
            left -= kept[-1].cost or NOTHING
        if packs < row.packs:
            left_out.append(row.with_packs(row.packs - packs))
    return Affordable(kept, left_out)


def _packs_within(left: Decimal, row: ReorderRow) -> int:
    if not row.pack_price:
        return row.packs
    packs = min(row.packs, int(left // row.pack_price))
    return packs if packs >= row.suggestion.minimum_packs or packs == row.packs else 0
