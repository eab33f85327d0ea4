"""What the home page tells each role, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from inventory.attention.chart import chart
from inventory.attention.rules import Kind
from inventory.attention.sentences import Flag
from inventory.catalog.models import Clinic, Location
from inventory.procedures.models import Procedure
from inventory.purchasing.reorder import reorder_rows
from inventory.purchasing.reorder_row import ReorderRow
from inventory.reports.periods import months_after
from inventory.reports.value import (
    MONTHS_AHEAD,
    Wasted,
    Worth,
    by_month,
    perishing,
    wasted,
    worth,
)
from inventory.web.chart import Columns
from inventory.web.days import midnight

ZERO = Decimal(0)
LAST_FEW = 5
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Day:
    """How many procedures were logged today, here and in the clinic, and the newest of them all."""

    in_clinic: int
    here: int
    last_few: Sequence[Procedure]


@dataclass(frozen=True)
class Figures:
    """What a manager or purchaser decides by."""

    to_order: Sequence[ReorderRow]
    order_cost: Decimal
    run_out: int
    soon_days: int
    soon: Worth
    expired: int
    beyond_use: int
    month: Wasted
    month_before: Wasted
    chart: Columns

    @property
    def to_discard(self) -> int:
        return self.expired + self.beyond_use

    @property
    def waste_change(self) -> int | None:
        """How much more (or less, below zero) than in the 30 days before, in percent."""
        before = self.month_before.total
        return round((self.month.total - before) / before * 100) if before > 0 else None

    @property
    def waste_drop(self) -> int:
        """The same, in percent less."""
        return -(self.waste_change or 0)


def procedures_of(today: date, location: Location | None) -> Day:
    """Return how many procedures were logged today, and the last few, be they older."""
    procedures = Procedure.objects.filter(status=Procedure.Status.LOGGED)
    counts = procedures.filter(performed_at__gte=midnight(today)).aggregate(
        in_clinic=Count("pk"), here=Count("pk", filter=Q(location=location))
    )
    last_few = procedures.select_related("type", "location", "logged_by")
    if location:
        last_few = last_few.filter(location=location)
    return Day(counts["in_clinic"], counts["here"], list(last_few[:LAST_FEW]))


def figures(today: date, flags: Sequence[Flag]) -> Figures:
    """Return the numbers of the cards, and the picture of what expires when."""
    clinic = Clinic.objects.get(pk=1)
    to_order = reorder_rows(today)
    soon = today + timedelta(days=clinic.expiring_soon_days)
    end = months_after(today, MONTHS_AHEAD) - timedelta(days=1)
    stocks = perishing(today, max(soon, end))
    kinds = [flag.kind for flag in flags]
    return Figures(
        to_order=to_order,
        order_cost=sum((row.cost or ZERO for row in to_order), ZERO),
        run_out=kinds.count(Kind.OUT) + kinds.count(Kind.STOCKOUT_BEFORE_DELIVERY),
        soon_days=clinic.expiring_soon_days,
        soon=worth(stock for stock in stocks if stock.expires_on <= soon),
        expired=kinds.count(Kind.EXPIRED),
        beyond_use=kinds.count(Kind.BEYOND_USE),
        month=wasted(today - MONTH + timedelta(days=1), today),
        month_before=wasted(today - 2 * MONTH + timedelta(days=1), today - MONTH),
        chart=chart(by_month(stocks, today)),
    )
