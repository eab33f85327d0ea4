"""A clinic to order for, on Sunday, November 22, 2026: its items, who sells them, what it used."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location, Site, Supplier, SupplierOffer
from inventory.purchasing.reorder import reorder_rows
from inventory.purchasing.reorder_row import ReorderRow
from inventory.stock import ledger
from inventory.stock.models import Lot, Movement
from inventory.stock.requests import ReceiptLine, Want
from tests.clinic import mara

TODAY = date(2026, 11, 22)
FAR = date(2028, 4, 30)


def ago(days: int) -> datetime:
    """Return ten in the morning, so many days before today, in the clinic."""
    return timezone.make_aware(datetime.combine(TODAY - timedelta(days=days), time(10)))


def storeroom(code: str = "storeroom", name: str = "Main storeroom") -> Location:
    site, _ = Site.objects.get_or_create(code="main", defaults={"name": "Main"})
    return Location.objects.get_or_create(code=code, defaults={"name": name, "site": site})[0]


def needle(sku: str = "needle-25g", name: str = "Needle 25G 1½ in", **fields: Any) -> Item:
    fields.setdefault("kind", Item.Kind.NEEDLE)
    return Item.objects.create(sku=sku, name=name, **fields)


def lidocaine(sku: str = "lido-1-20", name: str = "Lidocaine 1% 20 mL", **fields: Any) -> Item:
    return Item.objects.create(
        sku=sku,
        name=name,
        kind=Item.Kind.LOCAL_ANESTHETIC,
        unit=Item.Unit.ML,
        container=Item.Container.MULTI_DOSE_VIAL,
        container_volume=20,
        **fields,
    )


def kenalog(sku: str = "kenalog-40-1", name: str = "Kenalog-40 1 mL", **fields: Any) -> Item:
    return Item.objects.create(
        sku=sku,
        name=name,
        kind=Item.Kind.CORTICOSTEROID,
        unit=Item.Unit.ML,
        container=Item.Container.SINGLE_DOSE_VIAL,
        container_volume=1,
        **fields,
    )


def northgate(code: str = "northgate", name: str = "Northgate Medical Supply") -> Supplier:
    return Supplier.objects.get_or_create(code=code, defaults={"name": name})[0]


def offer(item: Item, supplier: Supplier | None = None, **fields: Any) -> SupplierOffer:
    fields = {"pack_quantity": 100, "pack_price": Decimal("11.00"), "lead_time_days": 3, **fields}
    return SupplierOffer.objects.create(item=item, supplier=supplier or northgate(), **fields)


def receive(
    item: Item, quantity: int | str, lot: str = "A1", days_ago: int = 120, **where_and_when: Any
) -> Lot:
    """Take a lot in; `expires_on` and `location` may be said."""
    line = ReceiptLine(item, Decimal(quantity), lot, where_and_when.get("expires_on", FAR))
    return (
        ledger.receive(
            by=_nurse(),
            location=where_and_when.get("location") or storeroom(),
            lines=[line],
            happened_at=ago(days_ago),
            now=ago(days_ago),
        )
        .lines[0]
        .lot
    )


def use(
    item: Item, quantity: int | str, days_ago: int = 10, location: Location | None = None
) -> Movement:
    return ledger.use(
        by=_nurse(),
        location=location or storeroom(),
        wants=[Want(item, Decimal(quantity))],
        happened_at=ago(days_ago),
        now=ago(days_ago),
    ).movement


def rows(location: Location | None = None) -> dict[str, ReorderRow]:
    """Return today's report by sku, in its order."""
    return {row.item.sku: row for row in reorder_rows(TODAY, location)}


def row(item: Item, location: Location | None = None) -> ReorderRow:
    return rows(location)[item.sku]


def _nurse() -> User:
    return mara()
