"""Which offer of an item is the best, and what speaks for it."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Supplier
from inventory.purchasing.offers import Offer, best_offer, why_best
from inventory.purchasing.planning.ordering import Need

NEED = Need(usable=Decimal(30), par_level=Decimal(100), daily_usage=Decimal(3), most=Decimal(100))
USUAL: dict[str, Any] = {
    "item_id": 1,
    "supplier": Supplier(pk=1),
    "order_code": "",
    "minimum_packs": 1,
    "preferred": False,
    "pack_quantity": Decimal(10),
    "pack_price": Decimal(10),
    "lead_time_days": 5,
}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "was entered first"),
        ({"lead_time_days": 4}, "comes sooner"),
        ({"pack_price": Decimal(9)}, "costs least for what will be used"),
        ({"preferred": True, "pack_price": Decimal(99)}, "is preferred"),
    ],
)
def test_it_is_said_what_speaks_for_the_best_offer(fields: Any, why: str) -> None:
    offers = [
        Offer(pk=2, **USUAL),
        Offer(pk=1, **{**USUAL, **fields}),
    ]

    best = best_offer(offers, NEED, lambda offer: offer.lead_time_days)

    assert best.pk == 1
    assert why_best(best, offers, NEED, lambda offer: offer.lead_time_days) == why


def test_one_that_comes_in_time_is_better_than_one_that_is_preferred() -> None:
    late = Offer(pk=1, **{**USUAL, "lead_time_days": 11, "preferred": True})
    in_time = Offer(pk=2, **USUAL)

    why = why_best(in_time, [late, in_time], NEED, lambda offer: offer.lead_time_days)

    assert why == "comes before the stock is gone"


def test_the_only_offer_needs_no_other_reason() -> None:
    only = Offer(pk=1, **USUAL)

    assert (
        why_best(only, [only], NEED, lambda offer: offer.lead_time_days) == "nobody else sells it"
    )
