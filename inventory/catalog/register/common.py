"""What the functions of the register share: rules that several obey, and writing."""

import re
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.db import IntegrityError, models, transaction

from inventory.catalog.billing_codes import Code
from inventory.catalog.checks import Checks
from inventory.catalog.errors import Taken
from inventory.catalog.models import FULL_SERVICE, LEAST_SERVICE
from inventory.web.words import quantity_words

Row = TypeVar("Row", bound=models.Model)

# What `procedures.billing` can work with.
BILLING_UNIT = re.compile(
    r"(?=.*[1-9])[0-9]{1,6}(?:\.[0-9]{1,3})?\s*(?:mg|mL|units?)\Z", re.IGNORECASE
)
HCPCS = re.compile(r"[A-Z][0-9]{4}\Z")


class Counted(Protocol):
    """An item, or the facts of one: what its quantities have to fit."""

    @property
    def unit(self) -> str: ...
    @property
    def container_volume(self) -> Decimal | None: ...


def check_billing(checks: Checks, code: Code) -> None:
    """Check the shape of a HCPCS code and of its billing unit, where they are given."""
    if code.hcpcs and not HCPCS.match(code.hcpcs):
        checks.refuse(
            "hcpcs", f"Expected a letter and four digits, as in J3301, but got “{code.hcpcs}”."
        )
    if code.billing_unit and not BILLING_UNIT.match(code.billing_unit):
        checks.refuse(
            "billing_unit",
            f"Expected an amount in mg, mL or units, as in 10 mg, but got “{code.billing_unit}”.",
        )


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


def check_service_level(checks: Checks, percent: Decimal | None) -> None:
    """Check the percentage of order cycles in which nothing is to run out."""
    checks.amount("service_level", percent)
    if percent is None or checks.has("service_level"):
        return
    if not LEAST_SERVICE <= percent < FULL_SERVICE:
        checks.refuse(
            "service_level",
            f"Expected a percentage from {LEAST_SERVICE} to below {FULL_SERVICE}, but got"
            f" {quantity_words(percent)}.",
        )


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
