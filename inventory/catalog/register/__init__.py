"""Add to the catalog and change it: the functions that pages, API and starter data call.

Every function either does all of what was asked, in one transaction, or raises and leaves the
catalog as it was: `Taken` when a name or code belongs to something else, `NotAccepted` when what
was said breaks a rule. Quantities are in the item's unit. SKUs and short codes stay for good,
since URLs and other programs hold on to them.
"""

from inventory.catalog.errors import CatalogRefusal, FieldError, NotAccepted, Taken
from inventory.catalog.register.billing_codes import (
    BillingCodeFacts,
    add_billing_code,
    change_billing_code,
    remove_billing_code,
)
from inventory.catalog.register.clinic import ClinicFacts, change_clinic
from inventory.catalog.register.items import (
    CodeFacts,
    ItemFacts,
    Signature,
    add_code,
    add_item,
    change_item,
    check_packages_still_fit,
    check_settled_by_lots,
    checked_code,
    checked_item,
    remove_code,
)
from inventory.catalog.register.locations import (
    LocationFacts,
    add_location,
    add_site,
    change_location,
    change_site,
    remove_level,
    set_level,
)
from inventory.catalog.register.suppliers import (
    OfferFacts,
    SupplierFacts,
    add_offer,
    add_supplier,
    change_offer,
    change_supplier,
    checked_offer,
    checked_supplier,
    learn_offer_price,
    learn_supplier_email,
)

__all__ = [
    "BillingCodeFacts",
    "CatalogRefusal",
    "ClinicFacts",
    "CodeFacts",
    "FieldError",
    "ItemFacts",
    "LocationFacts",
    "NotAccepted",
    "OfferFacts",
    "Signature",
    "SupplierFacts",
    "Taken",
    "add_billing_code",
    "add_code",
    "add_item",
    "add_location",
    "add_offer",
    "add_site",
    "add_supplier",
    "change_billing_code",
    "change_clinic",
    "change_item",
    "change_location",
    "change_offer",
    "change_site",
    "change_supplier",
    "check_packages_still_fit",
    "check_settled_by_lots",
    "checked_code",
    "checked_item",
    "checked_offer",
    "checked_supplier",
    "learn_offer_price",
    "learn_supplier_email",
    "remove_billing_code",
    "remove_code",
    "remove_level",
    "set_level",
]
