"""From the short codes of a request to the things that they name."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

from inventory.api.problems import Invalid, UnknownThing
from inventory.api.values import LARGEST_ID, UNPRINTABLE
from inventory.catalog.models import Item, Location, Supplier
from inventory.procedures.models import ProcedureType
from inventory.stock.models import Holding

Row = TypeVar("Row", bound=Model)
Named = tuple[str, str]
"""The field of the request, and the code that stands in it."""


def location_named(field: str, code: str) -> Location:
    """Raises Invalid."""
    return _named(Location.objects.all(), "location", field, code=code)


def supplier_named(field: str, code: str) -> Supplier:
    """Raises Invalid."""
    return _named(Supplier.objects.all(), "supplier", field, code=code)


def type_named(field: str, code: str) -> ProcedureType:
    """Raises Invalid."""
    return _named(ProcedureType.objects.all(), "procedure type", field, code=code)


def item_named(field: str, sku: str) -> Item:
    """Raises Invalid."""
    return _named(Item.objects.all(), "item", field, sku=sku)


def items_named(named: Iterable[Named]) -> dict[str, Item]:
    """Return the items by SKU, in one query. Raises Invalid, with every field that names none."""
    wanted = list(named)
    items = {item.sku: item for item in Item.objects.filter(sku__in={sku for _, sku in wanted})}
    unknown = [(field, f"There is no item {sku}.") for field, sku in wanted if sku not in items]
    if unknown:
        raise Invalid(*unknown)
    return items


def holdings_numbered(numbered: Iterable[tuple[str, int]]) -> dict[int, Holding]:
    """Return the holdings by number, with their lots, in one query. Raises Invalid."""
    wanted = list(numbered)
    if not wanted:
        return {}
    holdings = Holding.objects.with_lot().in_bulk({number for _, number in wanted})
    unknown = [
        (field, f"There is no holding {number}.")
        for field, number in wanted
        if number not in holdings
    ]
    if unknown:
        raise Invalid(*unknown)
    return holdings


def row_at(rows: QuerySet[Row], what: str, pk: int) -> Row:
    """Return the row that the path names. Raises UnknownThing."""
    row = rows.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if row is None:
        raise UnknownThing(what, pk)
    return row


def item_at(rows: QuerySet[Item], sku: str) -> Item:
    """Return the item that the path names. Raises UnknownThing."""
    item = None if UNPRINTABLE.search(sku) else rows.filter(sku=sku).first()
    if item is None:
        raise UnknownThing("item", "of this SKU")
    return item


def _named(rows: QuerySet[Row], what: str, field: str, **code: str) -> Row:
    row = rows.filter(**code).first()
    if row is None:
        raise Invalid((field, f"There is no {what} {next(iter(code.values()))}."))
    return row
