"""What to do about stock that would be lost, in sentences."""

from decimal import Decimal

from inventory.purchasing.waste.advice import Advice, Carry
from inventory.purchasing.waste.smaller import VialAdvice
from inventory.stock.costs import cost_of
from inventory.stock.holding_words import container_words
from inventory.web.words import amount_words, day_words, money_words

TENTH = Decimal("0.1")


def advice_sentences(row: Advice) -> list[str]:
    """Return what to do: where to move it, what to return, what to use first."""
    sentences = [_move_sentence(row, carry) for carry in row.carries]
    if row.unused:
        sentences.append(_lost_sentence(row))
    return sentences


def reckoned(quantity: Decimal) -> Decimal:
    """Return what is expected of some use, to a tenth, and never nothing: nobody counted it."""
    return max(quantity.quantize(TENTH), TENTH)


def vial_sentence(advice: VialAdvice) -> str:
    """Return why a smaller vial wastes less, with its numbers."""
    item, found = advice.item, advice.found
    whole = amount_words(item.container_volume or advice.used, item.unit)
    used = amount_words(advice.used.quantize(TENTH), item.unit)
    return (
        f"Of an open {whole} vial at most {used} are used in its {advice.days} days:"
        f" {money_words(found.now)} for each {item.unit} that is used,"
        f" against {money_words(found.then)} with {advice.smaller.name}."
    )


def _move_sentence(row: Advice, carry: Carry) -> str:
    what = "the open vial" if row.holding.is_opened else _amount(row, carry.quantity)
    cost = cost_of(carry.saved, row.holding.lot.unit_cost)
    saves = f", which saves {money_words(cost)}" if cost else ""
    return f"Move {what} to {carry.to} by {day_words(carry.by)}{saves}."


def _lost_sentence(row: Advice) -> str:
    not_used = "" if row.daily else "Not used in 90 days. "
    if row.whole:
        whole = _amount(row, row.whole)
        return f"{not_used}Ask whether {whole} can go back; else use it before others."
    left = amount_words(reckoned(row.unused), row.item.unit)
    return f"{not_used}Use it before others: as it goes, {left} will be left."


def _amount(row: Advice, quantity: Decimal) -> str:
    return container_words(row.item, quantity) or amount_words(quantity, row.item.unit)
