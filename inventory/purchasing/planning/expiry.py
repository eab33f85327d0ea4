"""What will expire before it is used, when the soonest to expire is always used first. Pure.

Quantities are in the item's unit; the last usable day itself still counts.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)
THOUSANDTH = Decimal("0.001")

Perishable = tuple[date | None, Decimal]
"""The last usable day (None: never expires) and the quantity."""


def unused_by_lot(lots: Sequence[Perishable], daily: Decimal, today: date) -> list[Decimal]:
    """Return how much of each lot, in their order, will expire before it is used.

    Up to the day on which a lot expires, so many days' use has gone into it and into the lots
    before it; the rest of it is lost.
    """
    unused = [NOTHING] * len(lots)
    used = NOTHING
    for place in sorted(range(len(lots)), key=lambda each: lots[each][0] or date.max):
        last_day, quantity = lots[place]
        if last_day is None:
            break
        days_left = max(0, (last_day - today).days)
        taken = min(quantity, max(NOTHING, daily * days_left - used))
        used += taken
        unused[place] = (quantity - taken).quantize(THOUSANDTH, rounding=ROUND_HALF_UP)
    return unused


def will_expire_unused(
    lots: Sequence[Perishable], daily: Decimal, today: date, until: date = date.max
) -> Decimal:
    """Return how much of the lots that expire until then, that day included, is lost."""
    unused = unused_by_lot(lots, daily, today)
    return sum(
        (
            lost
            for (last_day, _), lost in zip(lots, unused, strict=True)
            if last_day is not None and last_day <= until
        ),
        NOTHING,
    )


def most_to_order(
    lots: Sequence[Perishable],
    on_order: Decimal,
    daily: Decimal,
    days_until_expiry: int,
    today: date,
) -> Decimal:
    """Return the most that an order can bring and still be used up before it expires.

    `days_until_expiry` is from today, the way of the delivery included. What is here and on order
    is used before it, except for what expires in any case.
    """
    usable = sum((quantity for _, quantity in lots), NOTHING)
    in_front = usable - will_expire_unused(lots, daily, today) + on_order
    return max(NOTHING, daily * days_until_expiry - in_front)
