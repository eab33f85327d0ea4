"""An item as whoever orders it sees it. A report has thousands, and a model costs as much as all
that is worked out for it."""

from decimal import Decimal
from typing import NamedTuple, Self

from inventory.catalog.models import Item


class StockedItem(NamedTuple):
    """What of an `Item` says how it is ordered, by the names of its fields: levels are those that
    somebody set by hand."""

    pk: int
    sku: str
    name: str
    kind: str
    unit: str
    container: str
    container_volume: Decimal | None
    service_level: Decimal | None
    reorder_point: Decimal | None
    par_level: Decimal | None

    @classmethod
    def of(cls, item: Item) -> Self:
        return cls(*(getattr(item, field) for field in cls._fields))

    @property
    def is_single_dose(self) -> bool:
        return self.container in Item.SINGLE_DOSE

    @property
    def by_hand(self) -> bool:
        """Whether somebody set its levels."""
        return self.reorder_point is not None or self.par_level is not None

    def __str__(self) -> str:
        return self.name
