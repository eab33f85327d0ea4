"""The rows of the discard list, for its page and its sheet."""

from dataclasses import dataclass
from itertools import groupby

from inventory.catalog.models import Location
from inventory.stock.costs import Total, total_of
from inventory.stock.discards import Discard
from inventory.stock.lot_words import reason_words
from inventory.stock.models import LotStatusChange
from inventory.web.tables import (
    Column,
    DateColumn,
    MoneyColumn,
    QuantityColumn,
    StatusColumn,
    Table,
)


@dataclass(frozen=True)
class Place:
    """The rows of one place, and what they cost."""

    location: Location
    rows: list[Discard]
    total: Total


class DiscardTable(Table):
    """A row per holding that must not be used."""

    location = Column(accessor="holding__location__name", verbose_name="Location")
    item = Column(accessor="holding__lot__item__name", verbose_name="Item")
    lot = Column(accessor="holding__lot__number", verbose_name="Lot", default="")
    quantity = QuantityColumn(accessor="holding__quantity", unit="holding__lot__item__unit")
    words = Column(verbose_name="Container", default="")
    state = StatusColumn(accessor="pill")
    until = DateColumn(verbose_name="Last usable day")
    reason = Column(verbose_name="To discard as")
    held_by = Column(verbose_name="Held or recalled because", default="")
    cost = MoneyColumn(total=True)

    class Meta:
        orderable = False
        empty_text = "Everything on the shelf may be used."

    def render_reason(self, record: Discard) -> str:
        return "may be released" if record.is_held else reason_words(record.reason)

    def render_held_by(self, value: LotStatusChange) -> str:
        return value.reason

    @property
    def shown(self) -> list[Discard]:
        """The rows of this page."""
        return [row.record for row in self.paginated_rows]

    @property
    def places(self) -> list[Place]:
        """The rows of this page by place."""
        return [
            Place(location, rows := list(same), total_of(row.cost for row in rows))
            for location, same in groupby(self.shown, key=lambda row: row.holding.location)
        ]

    @property
    def ticked(self) -> Total:
        """What is ticked on this page: how many rows, and their cost."""
        return total_of(row.cost for row in self.shown if row.is_ticked)
