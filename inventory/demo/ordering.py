"""Priya's orders of the last weeks, as the pages would have written them: most of them have come.

Before these weeks the clinic ordered by telephone: of that only the deliveries are known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from inventory.catalog.models import Supplier
from inventory.demo.cast import STOREROOM, Cast
from inventory.demo.year import monday
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import draft_record, record
from inventory.purchasing.orders.draft_record import DraftChange, Pick
from inventory.purchasing.orders.words import Confirmed

Packs = Mapping[str, int]
"""How many packs of which SKU."""

WRITTEN_WEEKS = 9
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
DRAFTED = time(11, 0)
NOTE = "Please deliver before 10 in the morning."
# Nobody uses these two, so nobody misses them: the one never came, the other comes late.
NEVER_CAME, CLOSED_AFTER = "marcaine-025-30", 2 * WEEK
WHY_CLOSED = "None before spring; the 10 mL vials do as well"
COMES_LATE, LATE_PACKS = "needle-21g-15", 2
LATE_BY = timedelta(days=3)


@dataclass
class Desk:
    """Where orders are written, from some weeks before today on."""

    cast: Cast
    today: date
    short: PurchaseOrder | None = None
    """The order of which something never came."""

    def order(self, day: date, packs: Packs) -> dict[str, PurchaseOrder]:
        """Send what is ordered that day to its suppliers, and return each item's order, by SKU.

        Nothing is returned of the time before orders were written.
        """
        if day < monday(self.today) - WRITTEN_WEEKS * WEEK:
            return {}
        at = timezone.make_aware(datetime.combine(day, DRAFTED))
        self._close_short(at)
        sent: dict[str, PurchaseOrder] = {}
        for supplier, its_packs in self._by_supplier(packs).items():
            wanted = its_packs | self._besides(supplier, day)
            order = self._sent(supplier, wanted, at)
            sent |= dict.fromkeys(its_packs, order)
            if NEVER_CAME in wanted and NEVER_CAME not in its_packs:
                self.short = order
            if COMES_LATE in wanted and COMES_LATE not in its_packs:
                self._confirm_late(order, at + 4 * HOUR)
        return sent

    def prepare(self, now: datetime, packs: Packs) -> None:
        """Leave of this week's orders one approved, with half of its lines, and another a draft.

        The rest is still to be picked from the report.
        """
        due = self._by_supplier(packs)
        by_size = sorted(due, key=lambda supplier: (-len(due[supplier]), supplier.code))
        for supplier in by_size[:1]:
            lines = list(due[supplier].items())
            order = self._drafted(supplier, dict(lines[: (len(lines) + 1) // 2]), now - HOUR)
            self._approved(order, now - HOUR / 2)
        another = by_size[1] if by_size[1:] else self.cast.supplier(NEVER_CAME)
        self._drafted(another, due.get(another) or {NEVER_CAME: 1}, now - HOUR)

    def _besides(self, supplier: Supplier, day: date) -> dict[str, int]:
        """What is ordered too, and will not have come by today."""
        if day + WEEK >= monday(self.today):
            return {COMES_LATE: LATE_PACKS} if supplier == self.cast.supplier(COMES_LATE) else {}
        has_none = self.short is None and supplier == self.cast.supplier(NEVER_CAME)
        return {NEVER_CAME: 1} if has_none else {}

    def _sent(self, supplier: Supplier, packs: Packs, at: datetime) -> PurchaseOrder:
        order = self._approved(self._drafted(supplier, packs, at), at + HOUR)
        return record.mark_sent(
            order,
            seen=order.version,
            by=self.cast.people["priya"],
            now=at + 2 * HOUR,
            sent_to=supplier.email,
        )

    def _drafted(self, supplier: Supplier, packs: Packs, at: datetime) -> PurchaseOrder:
        picks = [
            Pick(self.cast.items[sku], self.cast.offers[sku], count) for sku, count in packs.items()
        ]
        priya = self.cast.people["priya"]
        order = draft_record.draft(supplier, picks, by=priya, now=at).order
        asked = DraftChange(NOTE, self.cast.places[STOREROOM], None, lines={})
        return draft_record.change(order, asked, seen=order.version, by=priya, now=at)

    def _approved(self, order: PurchaseOrder, at: datetime) -> PurchaseOrder:
        return record.approve(order, seen=order.version, by=self.cast.people["dana"], now=at)

    def _confirm_late(self, order: PurchaseOrder, at: datetime) -> None:
        position = order.lines.get(item__sku=COMES_LATE).position
        said = {position: Confirmed(packs=LATE_PACKS, on=self.today + LATE_BY)}
        record.confirm(
            order,
            said,
            remarks={position: "“The maker ships it next week.”"},
            seen=order.version,
            by=self.cast.people["priya"],
            now=at,
        )

    def _close_short(self, at: datetime) -> None:
        """Close the order of which something never came, once that was waited for long enough."""
        if self.short is None:
            return
        order = PurchaseOrder.objects.get(pk=self.short.pk)
        if order.status == PurchaseOrder.Status.SENT and at - order.created_at >= CLOSED_AFTER:
            priya = self.cast.people["priya"]
            record.close_short(order, reason=WHY_CLOSED, seen=order.version, by=priya, now=at)

    def _by_supplier(self, packs: Packs) -> dict[Supplier, dict[str, int]]:
        found: dict[Supplier, dict[str, int]] = {}
        for sku, count in packs.items():
            found.setdefault(self.cast.supplier(sku), {})[sku] = count
        return found
