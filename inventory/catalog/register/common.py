"""What the functions of the register share: rules about levels and packages, and writing."""

from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.db import IntegrityError, models, transaction

from inventory.catalog.checks import Checks
from inventory.catalog.errors import Taken

Row = TypeVar("Row", bound=models.Model)


class Counted(Protocol):
    """An item, or the facts of one: what its quantities have to fit."""

    @property
    def unit(self) -> str: ...
    @property
    def container_volume(self) -> Decimal | None: ...


def check_levels(
    checks: Checks, unit: str, reorder_point: Decimal | None, par_level: Decimal | None
) -> None:
    """Check a reorder point and a par level in the item's unit."""
    for field, level in (("reorder_point", reorder_point), ("par_level", par_level)):
        checks.amount(field, level)
        checks.multiple(field, level, unit=unit, container_volume=None)
    if checks.has("reorder_point", "par_level") or reorder_point is None or par_level is None:
        return
    if par_level < reorder_point:
        checks.refuse("par_level", "The par level cannot be below the reorder point.")


def check_package(checks: Checks, field: str, quantity: Decimal | None, item: Counted) -> None:
    """Check what a package holds: whole pieces, or whole containers."""
    checks.amount(field, quantity, above_zero=True)
    checks.multiple(field, quantity, unit=item.unit, container_volume=item.container_volume)


def insert(row: Row, taken: Taken) -> Row:
    """Insert the row; when somebody else was faster with its name, raise `taken`."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise taken from clash
    return row


def save(row: Row, values: dict[str, Any]) -> Row:
    """Give the row these values and write it."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row
