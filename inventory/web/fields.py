"""Exact decimals: kept in the database as whole numbers of the smallest step.

SQLite has no decimal type and would keep 0.1 as a binary float. A whole number of thousandths is
exact in both databases, in their sums and in their CHECK constraints too.
"""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from inventory.web.decimals import of_steps


class ExactDecimalField(models.DecimalField):  # type: ignore[type-arg]
    """A decimal of fixed scale, stored as a whole number of its smallest step.

    SQL arithmetic between two such columns knows nothing of the scale: add, sum and compare in
    SQL, but multiply in Python.
    """

    places = 3

    def __init__(self, *args: Any, **options: Any) -> None:
        options["decimal_places"] = self.places
        options.setdefault("max_digits", 9 + self.places)
        super().__init__(*args, **options)

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: Any, *_: object) -> Decimal | None:
        return None if value is None else of_steps(int(value), self.places)

    def get_prep_value(self, value: Any) -> Any:
        return value if hasattr(value, "as_sql") else self.to_python(value)

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,
    ) -> Any:
        if not prepared:
            value = self.get_prep_value(value)
        if value is None or hasattr(value, "as_sql"):
            return value
        return self.steps(value)

    @classmethod
    def steps(cls, value: Decimal) -> int:
        """How many smallest steps make up the value, for SQL written by hand."""
        steps = value.scaleb(cls.places)
        if steps != int(steps):
            raise ValueError(f"{value} has more than {cls.places} decimals.")
        return int(steps)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return self.get_db_prep_value(value, connection)


class QuantityField(ExactDecimalField):
    """An amount in the item's unit, exact to a thousandth."""

    places = 3


class PriceField(ExactDecimalField):
    """Money, exact to the cent."""

    places = 2


class UnitCostField(ExactDecimalField):
    """Money for one unit of an item, exact to a hundredth of a cent."""

    places = 4
