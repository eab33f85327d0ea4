"""Many lots that are received at once come out as if they had been received one by one."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.stock import errors, ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import ReceiptLine
from tests.clinic import NOW, dana, gauze, kenalog, lidocaine, needle, place

EARLIER = NOW - timedelta(days=3)
DAYS = (date(2027, 12, 31), date(2028, 1, 31))
Shelf = tuple[list[Any], list[Any]]


def receive(*lines: ReceiptLine) -> ledger.Receipt:
    return ledger.receive(by=dana(), location=place(), lines=lines, happened_at=NOW, now=NOW)


def shelf() -> Shelf:
    facts = ("item__sku", "number", "expires_on", "status", "unit_cost", "received_at")
    return (
        sorted(Lot.objects.values_list(*facts), key=repr),
        sorted(Holding.objects.values_list("lot__item__sku", "lot__number", "quantity"), key=repr),
    )


def outcome(act: Callable[[], object]) -> Shelf | str:
    """What is on the shelf afterwards, or why it was refused; then all of it is undone."""
    undo = transaction.savepoint()
    try:
        act()
        return shelf()
    except errors.LotExpiryDiffers as refusal:
        return str(refusal)
    finally:
        transaction.savepoint_rollback(undo)


class LotsAtOnce(TestCase):
    """Lines of a few lots, some known before, some twice, some with another date or cost."""

    def setUp(self) -> None:
        for item in (lidocaine(), needle(), gauze()):
            number, day = ("A1", DAYS[0]) if item.lot_tracked else ("", None)
            ledger.receive(
                by=dana(),
                location=place(),
                lines=[ReceiptLine(item, Decimal(20), number, day)],
                happened_at=EARLIER,
                now=EARLIER,
            )

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["lido-1-20", "needle-25g-15", "gauze-2x2"]),
                st.sampled_from(["A1", " a1 ", "B2", "C3"]),
                st.sampled_from([DAYS[0], DAYS[0], DAYS[0], DAYS[1]]),
                st.sampled_from([None, Decimal("1.25"), Decimal("2.5")]),
            ),
            min_size=1,
            max_size=6,
        )
    )
    def test_all_at_once_is_one_by_one(
        self, said: list[tuple[str, str, date, Decimal | None]]
    ) -> None:
        items = {item.sku: item for item in (lidocaine(), needle(), gauze())}
        lines = [
            ReceiptLine(items[sku], Decimal(20), lot, day, cost)
            if items[sku].lot_tracked
            else ReceiptLine(items[sku], Decimal(20), unit_cost=cost)
            for sku, lot, day, cost in said
        ]

        def one_by_one() -> None:
            for line in lines:
                receive(line)

        assert outcome(lambda: receive(*lines)) == outcome(one_by_one)


@pytest.mark.django_db
def test_four_hundred_lots_take_no_more_statements_than_one() -> None:
    lines = [ReceiptLine(kenalog(), Decimal(1), f"L{n}", DAYS[0]) for n in range(400)]
    with CaptureQueriesContext(connection) as few:
        receive(*lines[:5])

    with CaptureQueriesContext(connection) as many:
        receive(*lines)

    # SQLite takes about a hundred rows in a statement.
    assert len(many) < len(few) + 20
    assert check_ledger().holds
