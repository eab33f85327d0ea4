"""The comparison in words, in numbers for machines, and as bars made of letters."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from inventory.purchasing.backtest.contest import Contest, Rule
from inventory.purchasing.backtest.score import Score, Scores
from inventory.web.words import money_words

NAMES = {Rule.OURS: "Vialkeeper", Rule.FIXED_PAR: "Fixed par", Rule.MIN_MAX: "Min/max"}
RATE_PLACES = 4
MONEY_PLACES = 2
CENT = Decimal("0.01")
LONGEST_BAR = 40
NONE = "–"
HEADING = (
    f"{'':<16}{'items':>6}{'cycles':>8}{'service':>9}{'filled':>8}{'days without':>14}"
    f"{'stock':>13}{'expired':>13}{'orders':>8}"
)


def as_json(contest: Contest) -> dict[str, Any]:
    """Return the comparison for machines: rates as shares of one, money as plain numbers."""
    return {
        "service_level": _number(contest.service_level, RATE_PLACES),
        "policies": {
            Rule.OURS.value: _policy(contest.ours),
            **{rule.value: _policy(each.scores) for rule, each in contest.others.items()},
        },
        "equal_service": {
            Rule.OURS.value: _equal(contest.ours),
            **{
                rule.value: {
                    "factor": _number(each.factor, 1),
                    **_policy(each.scores),
                    **_equal(each.scores),
                }
                for rule, each in contest.at_equal_service.items()
            },
            "less_than_the_better": _number(contest.less_than_the_better, RATE_PLACES),
        },
    }


def as_text(contest: Contest) -> str:
    """Return a table by policy and class, and the bars at equal service."""
    return "\n".join([*_tables(contest), *_at_equal_service(contest)])


def of_equal_service(contest: Contest) -> Mapping[Rule, Scores]:
    """Return the scores that are compared: ours, and the others as good as ours."""
    others = {rule: each.scores for rule, each in contest.at_equal_service.items()}
    return {Rule.OURS: contest.ours, **others}


def percent(rate: Decimal | None) -> str:
    """Return "97.1%"; a dash where there was nothing to divide by."""
    return NONE if rate is None else f"{rate * 100:.1f}%"


def whole_money(amount: Decimal) -> str:
    return money_words(amount.quantize(CENT))


def _tables(contest: Contest) -> Iterator[str]:
    total = contest.ours.total
    yield (
        f"{total.items:,} items, {contest.days:,} days played,"
        f" {percent(contest.service_level)} of order cycles promised."
    )
    policies = {Rule.OURS: contest.ours}
    policies |= {rule: each.scores for rule, each in contest.others.items()}
    for rule, scores in policies.items():
        yield ""
        factor = f" (factor {contest.others[rule].factor})" if rule in contest.others else ""
        yield f"{NAMES[rule]}{factor}"
        yield HEADING
        for kind, score in scores.classes.items():
            if score.items:
                yield _line(kind.value, score)
        yield _line("total", scores.total)


def _line(name: str, score: Score) -> str:
    return (
        f"  {name:<14}{score.items:>6,}{score.cycles:>8,}{percent(score.cycle_service_level):>9}"
        f"{percent(score.fill_rate):>8}{score.stockout_days:>14,}"
        f"{whole_money(score.average_stock_value):>13}{whole_money(score.expired_value):>13}"
        f"{score.orders:>8,}"
    )


def _at_equal_service(contest: Contest) -> Iterator[str]:
    compared = of_equal_service(contest)
    most = max(scores.total.stock_and_waste for scores in compared.values())
    yield ""
    yield "Average stock and what expires in a year, at equal service:"
    for rule, scores in compared.items():
        total = scores.total
        stock, waste = (
            _length(amount, most) for amount in (total.average_stock_value, total.expired_a_year)
        )
        yield (
            f"  {NAMES[rule]:<12}{percent(total.cycle_service_level):>7} "
            f"{'█' * stock}{'░' * waste} {whole_money(total.stock_and_waste)}"
        )
    yield "  █ stock, ░ expired"
    saved = contest.less_than_the_better
    if saved is not None:
        word = "less" if saved >= 0 else "more"
        yield f"Vialkeeper: {percent(abs(saved))} {word} than the better of the two."


def _length(amount: Decimal, most: Decimal) -> int:
    """What is worth something is seen, however little it is."""
    if amount <= 0:
        return 0
    return max(1, int(amount / most * LONGEST_BAR))


def _policy(scores: Scores) -> dict[str, Any]:
    return {
        "classes": {kind.value: _score(score) for kind, score in scores.classes.items()},
        "total": _score(scores.total),
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "items": score.items,
        "cycles": score.cycles,
        "cycle_service_level": _number(score.cycle_service_level, RATE_PLACES),
        "fill_rate": _number(score.fill_rate, RATE_PLACES),
        "stockout_days": score.stockout_days,
        "average_stock_value": _number(score.average_stock_value, MONEY_PLACES),
        "expired_value": _number(score.expired_value, MONEY_PLACES),
        "orders": score.orders,
    }


def _equal(scores: Scores) -> dict[str, Any]:
    return {"stock_and_waste_a_year": _number(scores.total.stock_and_waste, MONEY_PLACES)}


def _number(value: Decimal | None, places: int) -> float | None:
    """The one place where a decimal becomes what JSON knows as a number, once all is worked out."""
    return None if value is None else float(round(value, places))
