"""The door to every feature's models. Nothing is defined here."""

from inventory.accounts.models import ApiToken, User
from inventory.catalog.models import (
    Clinic,
    Item,
    ItemCode,
    Location,
    LocationLevel,
    Site,
    Supplier,
    SupplierOffer,
)
from inventory.procedures.models import (
    KitLine,
    KitSubstitute,
    Procedure,
    ProcedureLine,
    ProcedureType,
)
from inventory.stock.count_models import CountSheet, CountSheetLine
from inventory.stock.models import Entry, Holding, Lot, LotStatusChange, Movement
from inventory.web.models import Submission

__all__ = [
    "ApiToken",
    "Clinic",
    "CountSheet",
    "CountSheetLine",
    "Entry",
    "Holding",
    "Item",
    "ItemCode",
    "KitLine",
    "KitSubstitute",
    "Location",
    "LocationLevel",
    "Lot",
    "LotStatusChange",
    "Movement",
    "Procedure",
    "ProcedureLine",
    "ProcedureType",
    "Site",
    "Submission",
    "Supplier",
    "SupplierOffer",
    "User",
]
