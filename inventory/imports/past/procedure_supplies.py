"""What a past procedure used: its kit, and what a file says was used instead. Told; no query.

The kit is taken without its optional lines, scaled by muscles and sites; an amount that the file
says of an item takes the place of the kit's, and 0 means that it was not used.
"""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from inventory.catalog.models import THOUSANDTH, Item
from inventory.procedures.kits import kit_wants
from inventory.procedures.models import KitLine
from inventory.sheets.plain_cells import CellNotUnderstood, shown
from inventory.stock.requests import QUANTITY_MAX

Supplies = dict[str, Decimal]
"""Amounts in the items' units, by SKU."""

EXPECTED = 'amounts by SKU like {"lido-1-20": "3"} or lido-1-20=3'
LONGEST_CELL = 20_000
PAIR = re.compile(r"\s*([^\s=:;,]+)\s*[=:]\s*([0-9.]+)\s*(?:[;,]|\s|\Z)")


def kit_supplies(kit: Iterable[KitLine], muscles: int, sites: int) -> Supplies:
    """Return the scaled kit without its optional lines. Wants the items fetched."""
    return {want.item.sku: want.quantity for want in kit_wants(kit, muscles, sites)}


def overridden(kit: Mapping[str, Decimal], instead: Mapping[str, Decimal]) -> Supplies:
    """Lay amounts over those of a kit; what comes to nothing is left out."""
    return {sku: amount for sku, amount in {**kit, **instead}.items() if amount}


def read_overrides(text: str) -> dict[str, Decimal]:
    """Read amounts by the words that name items. Raises CellNotUnderstood."""
    if len(text) > LONGEST_CELL:
        raise CellNotUnderstood(f"Expected {EXPECTED}, but got {len(text)} characters.")
    return _read_json(text) if text.lstrip().startswith(("{", "[", '"')) else _read_pairs(text)


def check_amount(amount: Decimal, item: Item) -> None:
    """Refuse what cannot have been used of an item. Raises CellNotUnderstood."""
    if not amount.is_finite() or not 0 <= amount <= QUANTITY_MAX:
        raise CellNotUnderstood(f"Expected an amount of {item.name} of 0 or more.")
    if amount != item.whole(amount):
        kind = (
            "whole pieces" if item.unit == Item.Unit.EACH else f"at most {THOUSANDTH} {item.unit}"
        )
        raise CellNotUnderstood(f"Expected {kind} of {item.name}, but got {amount.normalize():f}.")


def written(supplies: Mapping[str, Decimal]) -> str:
    """Write amounts by SKU as a planned row keeps them."""
    return json.dumps({sku: f"{amount.normalize():f}" for sku, amount in supplies.items()})


def _read_json(text: str) -> dict[str, Decimal]:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, InvalidOperation) as unreadable:
        raise CellNotUnderstood(f"Expected {EXPECTED}, but got “{shown(text)}”.") from unreadable
    if not isinstance(found, dict):
        raise CellNotUnderstood(f"Expected {EXPECTED}, but got “{shown(text)}”.")
    return {name: _amount(name, value) for name, value in found.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object that names everything once; a second amount would hide the first."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands there twice")
    return dict(pairs)


def _read_pairs(text: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    position = 0
    while position < len(text.rstrip()):
        match = PAIR.match(text, position)
        if not match or match[1] in found:
            raise CellNotUnderstood(f"Expected {EXPECTED}, but got “{shown(text)}”.")
        found[match[1]] = _amount(match[1], match[2])
        position = match.end()
    return found


def _amount(name: str, value: object) -> Decimal:
    try:
        amount = Decimal(value) if isinstance(value, str | Decimal) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= QUANTITY_MAX:
        raise CellNotUnderstood(
            f"Expected an amount of {shown(name)} like 2 or 0.5, but got “{shown(str(value))}”."
        )
    return amount
