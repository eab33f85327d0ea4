"""The picture of a comparison: bars whose places are worked out here, drawn by a template."""

from dataclasses import dataclass
from decimal import Decimal

from django.template.loader import render_to_string

from inventory.purchasing.backtest.contest import Contest
from inventory.purchasing.backtest.report import NAMES, of_equal_service, percent, whole_money
from inventory.purchasing.backtest.score import Score

LEFT = 150
LONGEST = 380
TOP = 64
STEP = 44


@dataclass(frozen=True)
class Bar:
    """One policy: what it kept in stock and, after it, what expired. Lengths in whole pixels."""

    name: str
    service: str
    worth: str
    y: int
    stock: int
    waste: int

    @property
    def waste_x(self) -> int:
        return LEFT + self.stock

    @property
    def worth_x(self) -> int:
        return self.waste_x + self.waste + 8


def picture(contest: Contest) -> str:
    """Return the drawing of stock and waste at equal service, as SVG."""
    totals = {NAMES[rule]: scores.total for rule, scores in of_equal_service(contest).items()}
    most = max(total.stock_and_waste for total in totals.values())
    bars = [_bar(name, total, place, most) for place, (name, total) in enumerate(totals.items())]
    return render_to_string(
        "purchasing/backtest.svg",
        {"bars": bars, "left": LEFT, "legend_y": TOP + STEP * len(bars) + 8},
    )


def _bar(name: str, total: Score, place: int, most: Decimal) -> Bar:
    return Bar(
        name=name,
        service=percent(total.cycle_service_level),
        worth=whole_money(total.stock_and_waste),
        y=TOP + STEP * place,
        stock=_length(total.average_stock_value, most),
        waste=_length(total.expired_a_year, most),
    )


def _length(amount: Decimal, most: Decimal) -> int:
    return int(amount / most * LONGEST) if most else 0
