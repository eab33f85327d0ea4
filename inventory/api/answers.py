"""What the calls answer: the shape of each answer, and how it is written."""


from django.http import HttpResponse
from pydantic import BaseModel

from inventory.api.numbers import Amount


def as_json(answer: BaseModel, status: int = 200) -> HttpResponse:
    """Write an answer as JSON."""
    return HttpResponse(
        answer.model_dump_json(by_alias=True), status=status, content_type="application/json"
    )


class ItemCodeOut(BaseModel):
    kind: str
    value: str
    level: str
    quantity: Amount


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
