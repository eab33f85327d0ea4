"""What became of each supply when a procedure was voided. Pure: told by the reversal's entries."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from inventory.stock.holding_words import container_words
from inventory.stock.models import Entry, Holding
from inventory.web.words import amount_words, moment_words

ZERO = Decimal(0)


def put_back_words(reversal: Iterable[Entry]) -> list[str]:
    """Say of each supply whether it went back, and where. Wants holdings, lots and items fetched.

    `reversal` are the entries of the movement that undid a procedure's use, in their order.
    """
    entries = list(reversal)
    sums: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    holdings: dict[int, Holding] = {}
    sealed_again = set()
    for entry in entries:
        holdings[entry.holding_id] = entry.holding
        sums[entry.line, entry.holding_id][entry.kind] += entry.quantity
        if entry.kind == Entry.Kind.OPEN and entry.quantity < 0:
            sealed_again.add(entry.holding_id)
    return [
        _words(holdings[pk], of_kind, sealed_again=pk in sealed_again)
        for (_, pk), of_kind in sums.items()
        if of_kind[Entry.Kind.USE]
    ]


def corrected_words(corrected: Iterable[Entry]) -> list[str]:
    """Say of what counts corrected since that it may be there already. Wants holdings, lots, items
    and locations fetched."""
    last = {entry.holding_id: entry for entry in corrected}
    return [
        f"{_name(entry.holding)} in {entry.holding.location} was counted on"
        f" {moment_words(entry.happened_at)} and corrected. What was on the shelf then is in stock"
        " already: putting it back adds it once more. Count it again afterwards."
        for entry in last.values()
    ]


def _words(holding: Holding, of_kind: dict[str, Decimal], *, sealed_again: bool) -> str:
    item = holding.lot.item
    used, wasted = of_kind[Entry.Kind.USE], of_kind[Entry.Kind.WASTE]
    back = used + wasted
    if holding.is_opened and sealed_again:
        return f"{_what(holding, used)}: in its vial, which is sealed again."
    if holding.is_opened and back:
        return f"{_what(holding, back)}: back in the open vial."
    if holding.is_opened:
        return (
            f"{_what(holding, used)}: counted as wasted, for the vial is gone, full or may not be"
            " used any more."
        )
    whole = container_words(item, back)
    return (
        f"{whole} of {_name(holding)}: back, sealed." if whole else f"{_what(holding, back)}: back."
    )


def _what(holding: Holding, quantity: Decimal) -> str:
    return f"{amount_words(quantity, holding.lot.item.unit)} {_name(holding)}"


def _name(holding: Holding) -> str:
    lot = f", lot {holding.lot}" if holding.lot.number else ""
    return f"{holding.lot.item}{lot}"
