"""What the calls take: the shape of each body. What is missing here is refused by name."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from inventory.api.numbers import Price, Quantity, QuantityOrNone, UnitCost, Whole
from inventory.api.paging import PageQuery
from inventory.api.values import Code, Day, Id, Line, Name, Reason, ScanText, Start, Time, Word

LINES_MAX = 500
PROCEDURE_LINES_MAX = 100

Kind = Literal[
    "needle",
    "syringe",
    "local_anesthetic",
    "corticosteroid",
    "toxin",
    "other_drug",
    "prep",
    "dressing",
    "glove",
    "other",
]
Unit = Literal["each", "mL", "unit"]
Container = Literal["none", "ampule", "single_dose_vial", "multi_dose_vial"]
CodeKind = Literal["gtin", "ndc", "ref", "hibc", "upc"]
Level = Literal["each", "inner", "case"]
Per = Literal["procedure", "muscle", "site"]
WasteReasonName = Literal["expired", "beyond_use", "broken", "contaminated", "recalled", "other"]
LotStatusName = Literal["available", "quarantined", "recalled"]
Supplies = Literal["returned", "wasted"]


class Body(BaseModel):
    """A body, or an object in one: nothing is converted, and nothing unknown is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)


# Set-up


class ItemCodeIn(Body):
    kind: CodeKind
    value: Code
    level: Level | None = None
    quantity: Quantity | None = None


class ItemIn(Body):
    sku: Code
    name: Name
    kind: Kind
    unit: Unit
    container: Container | None = None
    container_volume: Quantity | None = None
    beyond_use_days: Whole | None = None
    strength: Quantity | None = None
    hcpcs: Word | None = None
    billing_unit: Word | None = None
    lot_tracked: StrictBool | None = None
    reorder_point: QuantityOrNone | None = None
    par_level: QuantityOrNone | None = None
    codes: Annotated[list[ItemCodeIn], Field(max_length=LINES_MAX)] | None = None


class SupplierIn(Body):
    code: Code
    name: Name
    email: Line | None = None


class OfferIn(Body):
    supplier: Code
    item: Code
    order_code: Word | None = None
    pack_quantity: Quantity
    pack_price: Price
    lead_time_days: Whole
    minimum_packs: Whole | None = None
    preferred: StrictBool | None = None


class LocationIn(Body):
    code: Code
    name: Name
    site: Code | None = None
    treatment_area: StrictBool | None = None


class KitLineIn(Body):
    item: Code
    quantity: Quantity
    per: Per
    optional: StrictBool | None = None
    substitutes: Annotated[list[Code], Field(max_length=LINES_MAX)] | None = None


class ProcedureTypeIn(Body):
    code: Code
    name: Name
    cpt: Word | None = None
    kit: Annotated[list[KitLineIn], Field(max_length=LINES_MAX)]


# Stock


class ReceiptLineIn(Body):
    """One lot of an item; `scan`, a raw barcode, may stand for item, lot and expiry."""

    item: Code | None = None
    scan: ScanText | None = None
    lot: Word | None = None
    expires_on: Day | None = None
    quantity: Quantity
    unit_cost: UnitCost | None = None


class ReceiptIn(Body):
    location: Code
    lines: Annotated[list[ReceiptLineIn], Field(min_length=1, max_length=LINES_MAX)]
    supplier: Code | None = None
    reference: Annotated[Line, Field(max_length=100)] | None = None
    received_at: Time | None = None


class StockLineIn(Body):
    """Stock named by `item` and `lot` (its sealed holding), or by `holding`."""

    item: Code | None = None
    lot: Word | None = None
    holding: Id | None = None


class TransferLineIn(StockLineIn):
    quantity: Quantity | None = None


class TransferIn(Body):
    source: Annotated[Code, Field(alias="from")]
    destination: Annotated[Code, Field(alias="to")]
    lines: Annotated[list[TransferLineIn], Field(min_length=1, max_length=LINES_MAX)]
    reason: Annotated[Line, Field(max_length=200)] | None = None


class WasteLineIn(StockLineIn):
    quantity: Quantity


class WasteIn(Body):
    location: Code
    lines: Annotated[list[WasteLineIn], Field(min_length=1, max_length=LINES_MAX)]
    reason: WasteReasonName


class CountLineIn(StockLineIn):
    counted: QuantityOrNone


class CountIn(Body):
    location: Code
    lines: Annotated[list[CountLineIn], Field(min_length=1, max_length=LINES_MAX)]
    reason: Reason


class LotStatusIn(Body):
    status: LotStatusName
    reason: Reason


class StockQuery(PageQuery):
    item: Code | None = None
    location: Code | None = None
    lot: Code | None = None
    usable: bool | None = None
    empty: bool = False


class LotQuery(PageQuery):
    item: Code | None = None
    number: Code | None = None


class MovementQuery(PageQuery):
    item: Code | None = None
    lot: Code | None = None
    since: Start | None = None


# Goods in


class ScanIn(Body):
    """The raw text of a code, as a scanner types it."""

    text: ScanText


# Procedures


class ProcedureLineIn(Body):
    """What was used of an item; `lot` or `holding` picks, else first expiry goes first."""

    item: Code
    quantity: Quantity
    lot: Code | None = None
    holding: Id | None = None
    use_unusable_reason: Reason | None = None


class ProcedureIn(Body):
    """`lines` left out: the kit, scaled. Given: exactly those lines."""

    type: Code
    location: Code
    performed_at: Time | None = None
    muscles: Whole | None = None
    sites: Whole | None = None
    provider: Annotated[Line, Field(max_length=100)] | None = None
    encounter_ref: Word | None = None
    lines: Annotated[list[ProcedureLineIn], Field(max_length=PROCEDURE_LINES_MAX)] | None = None


class AmendIn(ProcedureIn):
    """The procedure as it really was, and why it is logged again."""

    reason: Reason


class VoidIn(Body):
    reason: Reason
    supplies: Supplies


# What to do about it


class FlagQuery(PageQuery):
    location: Code | None = None
