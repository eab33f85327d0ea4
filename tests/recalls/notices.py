"""Recall notices for the stories of this folder."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from inventory.catalog import register
from inventory.catalog.models import Item
from inventory.catalog.register import CodeFacts
from inventory.recalls.models import Recall
from inventory.recalls.record import Notice, open_recall
from inventory.recalls.response import Response, response_of
from inventory.recalls.search import Query
from inventory.stock.audit import check_ledger
from inventory.stock.lot_patterns import EVERY_LOT
from inventory.stock.models import Lot
from tests.clinic import NOW, dana, lidocaine

CARTON_NDC = "0409-4276-01"
CARTON_GTIN = "00304094276014"


def coded(item: Item, kind: str, value: str, level: str = "each", quantity: int = 20) -> Item:
    """The same item, with one code more."""
    facts = CodeFacts(kind=kind, value=value, level=level, quantity=Decimal(quantity))
    register.add_code(item, facts)
    return item


def notice(
    *patterns: str,
    items: Iterable[Item] | None = None,
    code: str = "",
    status: Lot.Status = Lot.Status.RECALLED,
    alike: Iterable[Lot] = (),
) -> Notice:
    """A notice about these lots of lidocaine, or of what is said; of all lots if none are named."""
    chosen = items if items is not None else () if code else (lidocaine(),)
    return Notice(
        query=Query(patterns or (EVERY_LOT,), code, tuple(chosen)),
        title="Lidocaine 1%, particles",
        reason="particles found",
        reference="Z-1234",
        status=status,
        alike=frozenset(lot.pk for lot in alike),
    )


def recalled(*patterns: str, **facts: Any) -> Recall:
    """Dana's recall of these lots, carried out."""
    return open_recall(notice(*patterns, **facts), by=dana(), now=NOW)


def balanced(recall: Recall) -> Response:
    """The answer to a recall, after adding up for oneself that it balances."""
    response = response_of(recall)
    for balance in response.balances:
        totals = balance.totals
        gone = totals.used + totals.wasted + totals.returned - totals.counted
        assert totals.received == totals.on_hand + gone, balance.lot
        of_lot = [each for each in response.given if each.lot == balance.lot]
        assert sum(each.passage.quantity for each in of_lot) == totals.used
        left = [holding for holding in response.holdings if holding.lot_id == balance.lot.pk]
        assert sum(holding.quantity for holding in left) == totals.on_hand
    assert response.balanced
    assert check_ledger().differences == []
    return response


def status_of(lot: Lot) -> str:
    """What the lot is now."""
    return Lot.objects.get(pk=lot.pk).status
