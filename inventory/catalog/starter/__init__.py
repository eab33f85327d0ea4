"""The catalog a clinic may start from: the CSV files beside this module, and how they are read.

Product names, NDC, GTIN, REF and HCPCS codes are those of real products; the HIBC codes and the
UPC are examples from documentation. Suppliers, order codes, prices and lead times are made up.
Containers and beyond-use days have to be confirmed on the label before patients depend on them.

What is there already is left alone: only things that are missing are added, and codes, billing
codes by date, offers and kit lines come only with an item or a procedure type that is new.
"""

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from inventory.catalog.codes import normalize
from inventory.catalog.models import (
    BillingCode,
    Item,
    ItemCode,
    Location,
    Site,
    Supplier,
    SupplierOffer,
)
from inventory.catalog.register.locations import MAIN_SITE

FOLDER = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the files, as in rows("items")."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def missing_rows(name: str, key: str, known: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a file whose `key` is not among those that are known."""
    there = set(known)
    return [row for row in rows(name) if row[key] not in there]


def add_missing_catalog() -> dict[str, int]:
    """Add what is missing and return how many of each kind there were.

    Call it within a transaction. Locations come only to a clinic that has none.
    """
    codes_there = Supplier.objects.values_list("code", flat=True)
    skus_there = Item.objects.values_list("sku", flat=True)
    suppliers = [Supplier(**row) for row in missing_rows("suppliers", "code", codes_there)]
    items = [_item(row) for row in missing_rows("items", "sku", skus_there)]
    Supplier.objects.bulk_create(suppliers)
    Item.objects.bulk_create(items)
    new = {item.sku: item for item in items}
    codes = ItemCode.objects.bulk_create(_codes(new))
    billing_codes = BillingCode.objects.bulk_create(_billing_codes(new))
    offers = SupplierOffer.objects.bulk_create(_offers(new))
    return {
        "items": len(items),
        "codes": len(codes),
        "billing_codes": len(billing_codes),
        "suppliers": len(suppliers),
        "offers": len(offers),
        "locations": _add_locations_to_an_empty_clinic(),
    }


def _item(row: dict[str, str]) -> Item:
    return Item(
        sku=row["sku"],
        name=row["name"],
        kind=row["kind"],
        unit=row["unit"],
        container=row["container"],
        container_volume=_amount(row["container_volume"]),
        strength=_amount(row["strength"]),
        beyond_use_days=int(row["beyond_use_days"]) if row["beyond_use_days"] else None,
        storage=row["storage"],
        preservative_free=_yes(row["preservative_free"]) if row["preservative_free"] else None,
        hcpcs=row["hcpcs"],
        billing_unit=row["billing_unit"],
        lot_tracked=_yes(row["lot_tracked"]),
    )


def _codes(new: dict[str, Item]) -> list[ItemCode]:
    # The clinic may have put one of these codes on an item of its own.
    taken = set(ItemCode.objects.values_list("normalized", flat=True))
    codes = []
    for row in rows("codes"):
        normalized = normalize(row["kind"], row["value"])
        if row["item"] in new and normalized not in taken:
            facts = {name: row[name] for name in ("kind", "value", "level")}
            quantity = Decimal(row["quantity"])
            codes.append(
                ItemCode(item=new[row["item"]], normalized=normalized, quantity=quantity, **facts)
            )
    return codes


def _billing_codes(new: dict[str, Item]) -> list[BillingCode]:
    return [
        BillingCode(
            item=new[row["item"]],
            hcpcs=row["hcpcs"],
            billing_unit=row["billing_unit"],
            effective_from=_day(row["effective_from"]),
            effective_to=_day(row["effective_to"]),
        )
        for row in rows("billing_codes")
        if row["item"] in new
    ]


def _offers(new: dict[str, Item]) -> list[SupplierOffer]:
    suppliers = {supplier.code: supplier for supplier in Supplier.objects.all()}
    offers: list[SupplierOffer] = []
    preferred: set[str] = set()
    for row in rows("offers"):
        if row["item"] in new:
            offers.append(
                SupplierOffer(
                    supplier=suppliers[row["supplier"]],
                    item=new[row["item"]],
                    order_code=row["order_code"],
                    pack_quantity=Decimal(row["pack_quantity"]),
                    pack_price=Decimal(row["pack_price"]),
                    lead_time_days=int(row["lead_time_days"]),
                    preferred=row["item"] not in preferred,
                )
            )
            preferred.add(row["item"])
    return offers


def _add_locations_to_an_empty_clinic() -> int:
    if Location.objects.exists():
        return 0
    site, _ = Site.objects.get_or_create(code=MAIN_SITE, defaults={"name": "Main"})
    locations = [
        Location(
            code=row["code"],
            name=row["name"],
            site=site,
            treatment_area=_yes(row["treatment_area"]),
        )
        for row in rows("locations")
    ]
    return len(Location.objects.bulk_create(locations))


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _yes(text: str) -> bool:
    return text == "true"
