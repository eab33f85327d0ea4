"""What Dana says when she adds something to the catalog."""

from decimal import Decimal
from typing import Any

from inventory.catalog.models import Item, Location, Supplier
from inventory.catalog.register import (
    CodeFacts,
    ItemFacts,
    LocationFacts,
    NotAccepted,
    OfferFacts,
    SupplierFacts,
    add_location,
    add_supplier,
)

LIDOCAINE_GTIN = "00323155940312"


def lidocaine(**changes: Any) -> ItemFacts:
    """A 20 mL multi-dose vial."""
    said: dict[str, Any] = {
        "sku": "lido-1-20",
        "name": "Lidocaine 1% 20 mL multi-dose vial",
        "kind": "local_anesthetic",
        "unit": "mL",
        "container": "multi_dose_vial",
        "container_volume": Decimal(20),
    }
    return ItemFacts(**said | changes)


def needle(**changes: Any) -> ItemFacts:
    """Counted in pieces."""
    said: dict[str, Any] = {
        "sku": "needle-25g-15",
        "name": "Needle 25G 1½ in",
        "kind": "needle",
        "unit": "each",
    }
    return ItemFacts(**said | changes)


def gtin(value: str = LIDOCAINE_GTIN, **changes: Any) -> CodeFacts:
    return CodeFacts(kind="gtin", value=value, **changes)


def offer(**changes: Any) -> OfferFacts:
    """A tray of 25 vials of 20 mL."""
    said: dict[str, Any] = {
        "order_code": "NG-10117",
        "pack_quantity": Decimal(500),
        "pack_price": Decimal("75.00"),
        "lead_time_days": 3,
    }
    return OfferFacts(**said | changes)


def northgate() -> Supplier:
    found = Supplier.objects.filter(code="northgate").first()
    facts = SupplierFacts(code="northgate", name="Northgate Medical Supply")
    return found or add_supplier(facts)


def harbor() -> Supplier:
    found = Supplier.objects.filter(code="harbor").first()
    return found or add_supplier(SupplierFacts(code="harbor", name="Harbor Drug Wholesale"))


def room(code: str = "room-1", name: str = "Room 1 cart") -> Location:
    found = Location.objects.filter(code=code).first()
    return found or add_location(LocationFacts(code=code, name=name))


def what_was_wrong(refusal: NotAccepted) -> dict[str, str]:
    """Return each field's sentence."""
    return {error.field: error.message for error in refusal.errors}


def preferred_supplier(item: Item) -> str:
    return item.offers.get(preferred=True).supplier.code
