"""What the played days amount to, by class and in total."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.purchasing.backtest.simulate import Played, Terms
from inventory.purchasing.planning.demand import DemandClass

NOTHING = Decimal(0)
YEAR_DAYS = 365


@dataclass(frozen=True)
class Result:
    """What came of one item under one policy."""

    demand_class: DemandClass
    terms: Terms
    played: Played


@dataclass(frozen=True)
class Score:
    """The sum over some items. Rates are shares of one, None where there is nothing to divide by;
    values are money. `stockout_days` are days, of any item, on which somebody asked in vain."""

    items: int
    cycles: int
    cycle_service_level: Decimal | None
    fill_rate: Decimal | None
    stockout_days: int
    average_stock_value: Decimal
    expired_value: Decimal
    orders: int
    days: int

    @property
    def expired_a_year(self) -> Decimal:
        return self.expired_value * YEAR_DAYS / self.days if self.days else NOTHING

    @property
    def stock_and_waste(self) -> Decimal:
        """The average stock, and what expires in a year, in money."""
        return self.average_stock_value + self.expired_a_year


@dataclass(frozen=True)
class Scores:
    """The scores of one policy."""

    classes: Mapping[DemandClass, Score]
    total: Score


def scores(results: Sequence[Result]) -> Scores:
    """Return the scores of all items, each class included even where it has none."""
    return Scores(
        {
            each: score(result for result in results if result.demand_class == each)
            for each in DemandClass
        },
        score(results),
    )


def score(results: Iterable[Result]) -> Score:
    """Return the sum. Cycles of all items count alike, and units of all items for the fill rate."""
    results = list(results)
    played = [result.played for result in results]
    cycles = sum(each.cycles for each in played)
    wanted = sum((each.wanted for each in played), NOTHING)
    missing = sum((each.missing for each in played), NOTHING)
    return Score(
        items=len(results),
        cycles=cycles,
        cycle_service_level=_share(sum(each.cycles_held for each in played), cycles),
        fill_rate=_share(wanted - missing, wanted),
        stockout_days=sum(each.stockout_days for each in played),
        average_stock_value=sum((_stock_value(result) for result in results), NOTHING),
        expired_value=sum(
            (result.played.expired * result.terms.unit_price for result in results), NOTHING
        ),
        orders=sum(each.orders for each in played),
        days=max((each.days for each in played), default=0),
    )


def _stock_value(result: Result) -> Decimal:
    days = result.played.days
    return result.played.stock_days / days * result.terms.unit_price if days else NOTHING


def _share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    return Decimal(part) / whole if whole else None
