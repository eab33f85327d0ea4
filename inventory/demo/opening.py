"""What lay on the shelves on the first day: most of it bought like any delivery, and odds and ends.

The expiry of the odds and ends is counted from today: some expired on the way and were discarded,
some have expired lately and nobody has noticed, some will expire soon.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from inventory.demo.buying import unit_cost
from inventory.demo.cast import Cast
from inventory.demo.lots import LotMaker
from inventory.stock import ledger
from inventory.stock.requests import ReceiptLine

OPENING = "Demo clinic: opening stock"
"""Stands on the first movement of the ledger. It cannot be changed, so it tells a demo for sure."""

NO_EXPIRY = 0
# SKU, containers or pieces, days from today to expiry.
ODDS_AND_ENDS = (
    ("bupi-05-10", 4, -9),
    ("kenalog-40-10", 2, -16),
    ("hylenex-150", 1, -3),
    ("hylenex-150", 4, 310),
    ("marcaine-025-30", 10, 24),
    ("beta-6-5", 2, 28),
    ("lido-2-epi-20", 5, 52),
    ("carbocaine-1-30", 3, 75),
    ("depo-80-5", 3, 85),
    ("naropin-05-20", 3, -150),
    ("triam-40-5", 1, -210),
    ("triam-40-5", 3, 160),
    ("mpa-40-10", 2, -95),
    ("mpa-40-10", 3, 400),
    ("beta-6-5", 2, -260),
    ("bupi-05-10", 25, 300),
    ("xylo-1-20", 25, 330),
    ("lido-2-pf-5", 10, 200),
    ("kenalog-40-5", 3, 330),
    ("mpa-40-1", 25, 260),
    ("saline-bact-30", 25, 220),
    ("needle-21g-15", 200, 900),
    ("needle-25g-1-safety", 200, 1100),
    ("spinal-25g-35", 50, 700),
    ("povidone-swab", 100, 130),
    ("ethyl-chloride", 3, 520),
    ("sharps-1qt", 12, NO_EXPIRY),
)


def lay_out(cast: Cast, lots: LotMaker, today: date, at: datetime) -> None:
    """Receive the odds and ends, each place's together."""

    def place_of(row: tuple[str, int, int]) -> str:
        return cast.home(cast.items[row[0]]).code

    for place, rows in groupby(sorted(ODDS_AND_ENDS, key=place_of), key=place_of):
        ledger.receive(
            by=cast.people["dana"],
            location=cast.places[place],
            lines=[_line(cast, lots, row, today, at) for row in rows],
            happened_at=at,
            now=at,
            reference=OPENING,
        )


def _line(
    cast: Cast, lots: LotMaker, row: tuple[str, int, int], today: date, at: datetime
) -> ReceiptLine:
    sku, count, days = row
    item = cast.items[sku]
    quantity = count * (item.container_volume or Decimal(1))
    cost = unit_cost(cast, sku)
    if not item.lot_tracked:
        return ReceiptLine(item, quantity, unit_cost=cost)
    number = lots.number(item, at.date())
    return ReceiptLine(item, quantity, number, today + timedelta(days=days), cost)
