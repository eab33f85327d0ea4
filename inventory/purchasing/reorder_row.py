"""A row of the reorder report: what to order of an item, and why; and what rows add up to. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from inventory.catalog.models import Supplier
from inventory.purchasing.offers import Offer
from inventory.purchasing.orders.drafted import OnDraft
from inventory.purchasing.planning.expiry import THOUSANDTH, will_expire_unused
from inventory.purchasing.planning.forecast import Forecast
from inventory.purchasing.planning.levels import Levels
from inventory.purchasing.planning.ordering import NOTHING, Need, runs_out_on
from inventory.purchasing.reasons import Suggestion, reason
from inventory.purchasing.shelves import Shelf
from inventory.purchasing.stocked import StockedItem
from inventory.purchasing.usage import RecentUse

SORTS_LAST = Decimal("Infinity")
SORTS_FIRST, SORTS_SECOND = Decimal(-2), Decimal(-1)


@dataclass(frozen=True)
class ReorderRow:
    """An item to order. Quantities are in the item's unit, money is for all packs.

    Without an offer `supplier`, `offer` and `cost` are None and a pack is one container or one
    piece. `need` is held against the usual offer, `lead_time_days` is that of the offer to take;
    `why_offer` says why that is another. Levels are those in force: as somebody set them
    (`by_hand`), else the learned `levels`. What is on drafts is `drafted`, and part of no position.
    """

    item: StockedItem
    need: Need
    suggestion: Suggestion
    offer: Offer | None
    why_offer: str
    lead_time_days: int | None
    shelf: Shelf
    recent: RecentUse
    levels: Levels | None
    by_hand: bool
    forecast: Forecast
    service_level: Decimal
    today: date
    place: str = ""
    drafted: Sequence[OnDraft] = ()

    @property
    def on_hand(self) -> Decimal:
        return self.shelf.on_hand

    @property
    def usable(self) -> Decimal:
        return self.need.usable

    @property
    def expiring(self) -> Decimal:
        return self.shelf.expiring

    @property
    def on_order(self) -> Decimal:
        return self.need.on_order

    @property
    def position(self) -> Decimal:
        return self.need.position

    @property
    def used_30(self) -> Decimal:
        return self.recent.month.used

    @property
    def used_90(self) -> Decimal:
        return self.recent.quarter.used

    @property
    def wasted_90(self) -> Decimal:
        return self.recent.quarter.wasted

    @property
    def daily_usage(self) -> Decimal:
        return self.need.daily_usage.quantize(THOUSANDTH)

    @cached_property
    def days_of_supply(self) -> Decimal | None:
        """How long what is usable lasts; None when none is used."""
        return self.need.days_of_supply

    @property
    def reorder_point(self) -> Decimal | None:
        return self.need.reorder_point

    @property
    def par_level(self) -> Decimal | None:
        return self.need.par_level

    @property
    def service_percent(self) -> Decimal:
        return self.service_level * 100

    @property
    def is_due(self) -> bool:
        return self.need.is_due

    @property
    def runs_out_before_delivery(self) -> bool:
        return self.need.runs_out_within(self.lead_time_days)

    @property
    def order_by(self) -> date:
        """The last day on which an order still comes in time; today where it is too late."""
        empty_on = runs_out_on(self.need.cover, self.need.daily_usage, self.today)
        if empty_on is None or self.lead_time_days is None:
            return self.today
        return max(self.today, empty_on - timedelta(days=self.lead_time_days))

    @property
    def packs(self) -> int:
        return self.suggestion.packs

    @property
    def packs_to_draft(self) -> int:
        """The packs that no draft has yet."""
        missing = self.suggested_quantity - self.on_draft
        packs = int((missing / self.pack_size).to_integral_value(ROUND_CEILING))
        return max(0, packs)

    @property
    def on_draft(self) -> Decimal:
        return sum((line.quantity for line in self.drafted), NOTHING)

    @property
    def pack_size(self) -> Decimal:
        return self.suggestion.pack_size

    @property
    def pack_name(self) -> str:
        return self.suggestion.pack_name

    @cached_property
    def will_expire_unused(self) -> Decimal:
        """What of the lots on hand will expire before it is used."""
        return will_expire_unused(self.shelf.lots, self.daily_usage, self.today)

    @cached_property
    def reason(self) -> str:
        """Why it should be ordered, what the order brings, and why from another supplier."""
        why = reason(self.need, self.suggestion, self.item.unit, self.today, self.place)
        return f"{why}; {self.why_offer}" if self.why_offer else why

    @property
    def supplier(self) -> Supplier | None:
        return self.offer.supplier if self.offer else None

    @property
    def order_code(self) -> str:
        return self.offer.order_code if self.offer else ""

    @property
    def pack_price(self) -> Decimal | None:
        return self.offer.pack_price if self.offer else None

    @property
    def suggested_quantity(self) -> Decimal:
        return self.packs * self.pack_size

    @property
    def cost(self) -> Decimal | None:
        return self.packs * self.offer.pack_price if self.offer else None

    @cached_property
    def urgency(self) -> tuple[Decimal, str, str]:
        """Sorts what is out first, what is used of it before the rest; then by days of supply, then
        by name; what is there and not used comes last."""
        days = SORTS_LAST if self.days_of_supply is None else self.days_of_supply
        if self.usable <= 0:
            days = SORTS_FIRST if self.daily_usage else SORTS_SECOND
        return days, self.item.name.casefold(), self.item.sku

    def with_packs(self, packs: int) -> "ReorderRow":
        """Return the row with so many packs, as a budget allows or leaves out."""
        cut = replace(self.suggestion, packs=packs, is_cut=packs < self.packs)
        return replace(self, suggestion=cut)


@dataclass(frozen=True)
class SupplierTotal:
    """What would be ordered from one supplier, or (None) from nobody known."""

    supplier: Supplier | None
    rows: Sequence[ReorderRow]

    @property
    def packs(self) -> int:
        return sum(row.packs for row in self.rows)

    @property
    def cost(self) -> Decimal:
        return sum((row.cost for row in self.rows if row.cost is not None), NOTHING)

    @property
    def on_drafts(self) -> Decimal:
        """What of the cost is on drafts already."""
        return sum(
            ((row.packs - row.packs_to_draft) * (row.pack_price or NOTHING) for row in self.rows),
            NOTHING,
        )


def totals_by_supplier(rows: Iterable[ReorderRow]) -> list[SupplierTotal]:
    """Return the rows by supplier, in the order of their names; what nobody sells comes last."""
    by_supplier: dict[Supplier | None, list[ReorderRow]] = defaultdict(list)
    for row in rows:
        by_supplier[row.supplier].append(row)
    totals = [SupplierTotal(supplier, its_rows) for supplier, its_rows in by_supplier.items()]
    return sorted(totals, key=lambda each: (each.supplier is None, str(each.supplier).casefold()))
