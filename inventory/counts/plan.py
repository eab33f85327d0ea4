"""What to count next, and in which order: a pure function of what there is, with *today* given.

Cycle counting in the manner of ABC: what is worth much or handled often is counted often, the rest
comes round in its turn. Instead of three classes with a fixed rhythm each, every item in a place
gets one number:

    score = days x (1 + value on the shelf) x (50 + changes)

- `value` in dollars is what a wrong number can hide. The 1 lets things without a cost come round.
- Each change since the last count is one more chance that something was taken and not written
  down. They multiply the value instead of adding to it: a box of gauze that all procedures draw
  from is worth little all the same. Fifty changes count as much as the value once more.
- `days` since the last count make all of it grow, and what was counted today is at the very end. A
  year is the most, and what was never counted is taken for that: between two things that are long
  overdue, what is at stake decides.

So more value, more changes or more days never put anything further back, whatever else there is: an
item's score depends on its own figures alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_DAYS = 365
ONCE_MORE = 50


@dataclass(frozen=True)
class Stocked:
    """One item in one place.

    `changes` are the entries of what is there now, since it was last counted there, or since
    `since`, the day of the first of them. `unpriced`: part of it has no known cost and is not in
    `value`.
    """

    location: str
    item: str
    value: Decimal
    changes: int
    last_counted: date | None = None
    since: date | None = None
    unpriced: bool = False


@dataclass(frozen=True)
class Proposal:
    """An item in a place with its score: the higher, the sooner it is to be counted."""

    stocked: Stocked
    days: int
    score: Decimal


def propose(stocked: Iterable[Stocked], today: date) -> list[Proposal]:
    """Return everything there is, what to count next first."""
    proposals = [_proposal(each, today) for each in stocked]
    return sorted(proposals, key=_place)


def _proposal(stocked: Stocked, today: date) -> Proposal:
    days = MOST_DAYS
    if stocked.last_counted is not None:
        days = min(max((today - stocked.last_counted).days, 0), MOST_DAYS)
    score = days * (1 + stocked.value) * (ONCE_MORE + stocked.changes)
    return Proposal(stocked, days, score)


def _place(proposal: Proposal) -> tuple[Decimal, Decimal, int, str, str]:
    stocked = proposal.stocked
    # Among equals the dearer first, then the busier; the names settle it for good.
    return (
        -proposal.score,
        -stocked.value,
        -stocked.changes,
        stocked.item,
        stocked.location,
    )
