"""The clinic that is measured, and its ledger of a million entries."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import connection

from inventory.accounts.models import User
from inventory.accounts.tokens import issue
from inventory.catalog.models import Item, Location, Site, Supplier, SupplierOffer
from inventory.procedures.models import ProcedureType
from inventory.stock import ledger
from inventory.stock.requests import ReceiptLine

ITEMS = 5000
MOVEMENTS = 200_000
ENTRIES_EACH = 5

# Generated in the database: five uses each, spread evenly over the last 365 days. One item is used
# by one piece at a time, the next by two and so on: hardly two of them are planned alike.
MOST_PIECES = 97
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
SECONDS_APART = 365 * 24 * 3600 // MOVEMENTS
AGO = {
    "sqlite": f"datetime('now', '-' || (({MOVEMENTS} - i) * {SECONDS_APART}) || ' seconds')",
    "postgresql": f"now() - (({MOVEMENTS} - i) * {SECONDS_APART}) * interval '1 second'",
}


def open_clinic() -> str:
    """Make people, places, items and enough stock; return an API token of the nurse."""
    nurse = User.objects.create_user("mara", password="not-signed-in-with")
    nurse.groups.add(Group.objects.get(name="nurse"))
    site = Site.objects.create(code="main", name="Main")
    Location.objects.bulk_create(
        Location(code=code, name=code, site=site) for code in ("room-1", "storeroom")
    )
    ProcedureType.objects.create(code="tpi-1-2", name="Trigger point")
    supplier = Supplier.objects.create(code="northgate", name="Northgate")
    common = {"lot_tracked": True, "reorder_point": Decimal(100), "par_level": Decimal(500)}
    items = [
        Item(sku="needle", name="Needle", kind="needle", **common),
        Item(sku="syringe", name="Syringe", kind="syringe", **common),
        Item(
            sku="lidocaine",
            name="Lidocaine",
            kind="local_anesthetic",
            unit="mL",
            container="multi_dose_vial",
            container_volume=Decimal(20),
            **common,
        ),
        Item(
            sku="kenalog",
            name="Kenalog",
            kind="corticosteroid",
            unit="mL",
            container="single_dose_vial",
            container_volume=Decimal(1),
            strength=Decimal(40),
            **common,
        ),
        # Nobody set levels for these: the report learns them.
        *(Item(sku=f"item-{n}", name=f"Item {n}", kind="other") for n in range(ITEMS)),
    ]
    Item.objects.bulk_create(items)
    SupplierOffer.objects.bulk_create(
        SupplierOffer(
            supplier=supplier,
            item=item,
            pack_quantity=item.container_volume or Decimal(10),
            pack_price=Decimal("12.50"),
            lead_time_days=3,
        )
        for item in items
    )
    restock(items)
    return issue(nurse, "bench")


def restock(items: list[Item]) -> None:
    """Receive, more than a year ago, ten million of each item: no run of this benchmark uses that
    up. Every other of the plain items gets hardly more than it will use: it has to be ordered."""
    then = datetime.now(UTC) - timedelta(days=400)
    ledger.receive(
        by=User.objects.get(),
        location=Location.objects.get(code="room-1"),
        lines=[
            ReceiptLine(item, _stock_of(item), "A1", date(then.year + 4, 1, 31)) for item in items
        ],
        happened_at=then,
        now=then,
    )


def _stock_of(item: Item) -> Decimal:
    name, _, number = item.sku.partition("-")
    if name != "item" or int(number) % 2 == 0:
        return Decimal(10_000_000)
    pieces = 1 + int(number) % MOST_PIECES
    return Decimal(MOVEMENTS * ENTRIES_EACH // ITEMS * pieces + 5)


def write_a_million_entries() -> None:
    """Append uses of the plain items, and take them off their holdings."""
    ago = AGO[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM inventory_movement")
        first = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO inventory_movement"
            " (id, kind, happened_at, recorded_at, by_id, reason, reference)"
            f" {NUMBERS.format(count=MOVEMENTS)}"
            f" SELECT {first} + i, 'use', {ago}, {ago}, (SELECT MIN(id) FROM inventory_user),"
            " '', '' FROM n"
        )
        cursor.execute(
            "INSERT INTO inventory_entry (movement_id, holding_id, location_id, item_id, kind,"
            " quantity, line, happened_at)"
            " SELECT m.id, h.id, h.location_id, l.item_id, 'use',"
            f" -1000 * (1 + ((m.id * 5 + k.line) % {ITEMS}) % {MOST_PIECES}), k.line, m.happened_at"
            " FROM inventory_movement m CROSS JOIN (SELECT 0 AS line UNION SELECT 1 UNION SELECT 2"
            " UNION SELECT 3 UNION SELECT 4) k"
            f" JOIN inventory_item item ON item.sku = 'item-' || ((m.id * 5 + k.line) % {ITEMS})"
            " JOIN inventory_lot l ON l.item_id = item.id"
            " JOIN inventory_holding h ON h.lot_id = l.id"
            f" WHERE m.id > {first}"
        )
        cursor.execute(
            "UPDATE inventory_holding SET quantity = (SELECT SUM(quantity) FROM inventory_entry e"
            " WHERE e.holding_id = inventory_holding.id)"
        )
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('inventory_movement', 'id'), %s)",
                [first + MOVEMENTS],
            )
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
            # What was just written in one go is not what a clinic's next write should wait for.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
