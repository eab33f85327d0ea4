"""The door to every feature's models. Nothing is defined here."""

from inventory.accounts.models import ApiToken, User
from inventory.catalog.models import (
    BillingCode,
    Clinic,
    Item,
    ItemCode,
    Location,
    LocationLevel,
    Site,
    Supplier,
    SupplierOffer,
)
from inventory.counts.models import CountSheet, CountSheetLine
from inventory.imports.models import Import, ImportLayout, ImportRow, KnownName
from inventory.procedures.models import (
    KitLine,
    KitSubstitute,
    PastProcedure,
    PastProcedureLine,
    Procedure,
    ProcedureLine,
    ProcedureType,
)
from inventory.purchasing.models import OrderEvent, OrderLine, OrderReceipt, PurchaseOrder
from inventory.recalls.models import Recall, RecallLot, RecallNote
from inventory.stock.models import (
    Entry,
    Holding,
    Lot,
    LotHold,
    LotStatusChange,
    Movement,
    PastFile,
    PastUse,
)
from inventory.web.models import Submission

__all__ = [
    "ApiToken",
    "BillingCode",
    "Clinic",
    "CountSheet",
    "CountSheetLine",
    "Entry",
    "Holding",
    "Import",
    "ImportLayout",
    "ImportRow",
    "Item",
    "ItemCode",
    "KitLine",
    "KitSubstitute",
    "KnownName",
    "Location",
    "LocationLevel",
    "Lot",
    "LotHold",
    "LotStatusChange",
    "Movement",
    "OrderEvent",
    "OrderLine",
    "OrderReceipt",
    "PastFile",
    "PastProcedure",
    "PastProcedureLine",
    "PastUse",
    "Procedure",
    "ProcedureLine",
    "ProcedureType",
    "PurchaseOrder",
    "Recall",
    "RecallLot",
    "RecallNote",
    "Site",
    "Submission",
    "Supplier",
    "SupplierOffer",
    "User",
]
