"""What the calls answer: the shape of each answer, and how it is written."""

from datetime import date
from typing import Annotated

from django.http import HttpResponse
from pydantic import BaseModel, Field

from inventory.api.numbers import Amount
from inventory.api.values import Moment


def is_none(value: object) -> bool:
    """Say whether a member is left out of the answer."""
    return value is None


def as_json(answer: BaseModel, status: int = 200) -> HttpResponse:
    """Write an answer as JSON."""
    return json_answer(as_text(answer), status)


def as_text(answer: BaseModel) -> str:
    """The JSON of an answer."""
    return answer.model_dump_json(by_alias=True)


def json_answer(text: str, status: int) -> HttpResponse:
    """Answer with JSON; stock changes, so that nobody may keep it for later."""
    return HttpResponse(
        text,
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


class ItemCodeOut(BaseModel):
    kind: str
    value: str
    level: str
    quantity: Amount | None


class ItemOut(BaseModel):
    sku: str
    name: str
    kind: str
    unit: str
    container: str
    container_volume: Amount | None
    beyond_use_days: int | None
    strength: Amount | None
    hcpcs: str | None
    billing_unit: str | None
    lot_tracked: bool
    reorder_point: Amount | None
    par_level: Amount | None
    codes: list[ItemCodeOut]


class SupplierOut(BaseModel):
    code: str
    name: str
    email: str | None


class OfferOut(BaseModel):
    id: int
    supplier: str
    item: str
    order_code: str | None
    pack_quantity: Amount
    pack_price: Amount
    lead_time_days: int
    minimum_packs: int
    preferred: bool


class LocationOut(BaseModel):
    code: str
    name: str
    site: str
    treatment_area: bool


class KitLineOut(BaseModel):
    item: str
    quantity: Amount
    per: str
    optional: bool
    substitutes: list[str]


class ProcedureTypeOut(BaseModel):
    code: str
    name: str
    cpt: str | None
    kit: list[KitLineOut]


class ReceivedOut(BaseModel):
    item: str
    lot: str | None
    expires_on: date | None
    quantity: Amount
    holding: int
    warnings: list[str]


class ReceiptOut(BaseModel):
    id: int
    lines: list[ReceivedOut]


class HoldingOut(BaseModel):
    holding: int
    item: str
    lot: str | None
    expires_on: date | None
    usable_until: date | None
    location: str
    quantity: Amount
    unit: str
    opened_at: Moment | None
    usable: bool
    why_not: str | None
    lot_status: str


class EntryOut(BaseModel):
    holding: int
    item: str
    lot: str | None
    location: str
    quantity: Amount


class MovementOut(BaseModel):
    id: int
    kind: str
    happened_at: Moment
    recorded_at: Moment
    by: str
    reason: str | None
    reverses: int | None
    entries: list[EntryOut]


class CountedOut(BaseModel):
    item: str
    lot: str | None
    holding: int
    expected: Amount
    counted: Amount
    variance: Amount


class CountOut(BaseModel):
    id: int
    lines: list[CountedOut]


class LotOut(BaseModel):
    id: int
    item: str
    number: str | None
    expires_on: date | None
    status: str
    unit_cost: Amount | None


class TotalsOut(BaseModel):
    """received = on_hand + used + wasted + returned - counted."""

    received: Amount
    on_hand: Amount
    used: Amount
    wasted: Amount
    returned: Amount
    counted: Amount


class TracedReceiptOut(BaseModel):
    id: int
    received_at: Moment
    location: str
    quantity: Amount
    supplier: str | None
    reference: str | None
    by: str


class TracedProcedureOut(BaseModel):
    id: int
    type: str
    performed_at: Moment
    location: str
    provider: str | None
    quantity: Amount


class DisposalOut(BaseModel):
    id: int
    happened_at: Moment
    location: str
    quantity: Amount
    reason: str | None
    by: str


class TraceOut(BaseModel):
    lot: LotOut
    totals: TotalsOut
    receipts: list[TracedReceiptOut]
    holdings: list[HoldingOut]
    procedures: list[TracedProcedureOut]
    disposals: list[DisposalOut]


class ScanOut(BaseModel):
    """What a code says, and what carries it here; `question` is what has to be asked about it."""

    symbology: str
    gtin: str | None
    ndc: str | None
    hibc: str | None
    ref: str | None
    lot: str | None
    expires_on: date | None
    serial: str | None
    quantity: Amount | None
    item: str | None
    level: str | None
    question: str | None
    likely: list[str]


class ScannedImageOut(BaseModel):
    """`not_understood` says of each other code in the image why it is none that we read."""

    codes: list[ScanOut]
    not_understood: list[str]


class TakenOut(BaseModel):
    """From where a line was administered; `holding` is the opened vial's where there is one."""

    holding: int
    lot: str | None
    expires_on: date | None
    quantity: Amount
    opened: bool


class BillingOut(BaseModel):
    hcpcs: str
    administered_units: int
    discarded_units: int
    modifier: str


class ProcedureLineOut(BaseModel):
    item: str
    quantity: Amount
    discarded: Amount
    billing: Annotated[BillingOut | None, Field(exclude_if=is_none)] = None
    use_unusable_reason: Annotated[str | None, Field(exclude_if=is_none)] = None
    taken: list[TakenOut]


class RaisedFlagOut(BaseModel):
    kind: str
    item: str
    message: str


class ProcedureOut(BaseModel):
    id: int
    status: str
    type: str
    location: str
    performed_at: Moment
    muscles: int
    sites: int
    provider: str | None
    encounter_ref: str | None
    logged_at: Moment
    logged_by: str
    voided_at: Moment | None
    void_reason: str | None
    void_supplies: str | None
    amends: int | None
    lines: list[ProcedureLineOut]


class LoggedOut(ProcedureOut):
    """A procedure as it was just logged, with the flags that it leaves."""

    flags: list[RaisedFlagOut]


class FlagOut(BaseModel):
    kind: str
    severity: str
    item: str
    lot: str | None
    location: str | None
    quantity: Amount | None
    due_on: date | None
    message: str


class ReorderOut(BaseModel):
    item: str
    supplier: str | None
    on_hand: Amount
    usable: Amount
    on_order: Amount
    position: Amount
    daily_usage: Amount
    days_of_supply: Amount | None
    reorder_point: Amount | None
    suggested_quantity: Amount
    packs: int
    pack_size: Amount
    cost: Amount | None
    will_expire_unused: Amount
    reason: str
