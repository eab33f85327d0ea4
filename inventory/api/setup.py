"""Set-up: items, suppliers and their offers, locations, procedure types."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from inventory.api.answers import (
    ItemCodeOut,
    ItemOut,
    KitLineOut,
    LocationOut,
    OfferOut,
    ProcedureTypeOut,
    SupplierOut,
    as_json,
)
from inventory.api.auth import ApiRequest, may
from inventory.api.lookups import item_at, item_named, items_named, supplier_named
from inventory.api.paging import OLDEST_FIRST, Key, Listed, PageQuery, page
from inventory.api.schemas import (
    ItemIn,
    KitLineIn,
    LocationIn,
    OfferIn,
    ProcedureTypeIn,
    SupplierIn,
)
from inventory.catalog import register
from inventory.catalog.models import Item, Location, Supplier, SupplierOffer
from inventory.procedures.models import KitLine, ProcedureType
from inventory.procedures.register import KitLineFacts, TypeFacts, add_type
from inventory.web.roles import EVERYONE, MANAGER

router = Router(tags=["Set-up"])
BY_SKU = Key("sku")
BY_CODE = Key("code")


@router.post("/items", auth=may(MANAGER), response={201: ItemOut})
def item_add(request: ApiRequest, body: ItemIn) -> HttpResponse:
    """Add an item, with its codes."""
    facts = body.model_dump(exclude_none=True, exclude={"codes"})
    codes = [register.CodeFacts(**code.model_dump(exclude_none=True)) for code in body.codes or ()]
    signed = register.Signature(request.auth, timezone.localdate())
    item = register.add_item(register.ItemFacts(**facts), codes, signed=signed)
    return as_json(_item(item), 201)


@router.get("/items", auth=may(*EVERYONE), response=Listed[ItemOut])
def item_list(request: ApiRequest, query: Query[PageQuery]) -> HttpResponse:
    """List the items, by SKU."""
    return as_json(page(_items(), query, BY_SKU, _item))


@router.get("/items/{sku}", auth=may(*EVERYONE), response=ItemOut)
def item_detail(request: ApiRequest, sku: str) -> HttpResponse:
    """Return one item."""
    return as_json(_item(item_at(_items(), sku)))


@router.post("/suppliers", auth=may(MANAGER), response={201: SupplierOut})
def supplier_add(request: ApiRequest, body: SupplierIn) -> HttpResponse:
    """Add a supplier."""
    facts = register.SupplierFacts(**body.model_dump(exclude_none=True))
    return as_json(_supplier(register.add_supplier(facts)), 201)


@router.get("/suppliers", auth=may(*EVERYONE), response=Listed[SupplierOut])
def supplier_list(request: ApiRequest, query: Query[PageQuery]) -> HttpResponse:
    """List the suppliers, by code."""
    return as_json(page(Supplier.objects.all(), query, BY_CODE, _supplier))


@router.post("/offers", auth=may(MANAGER), response={201: OfferOut})
def offer_add(request: ApiRequest, body: OfferIn) -> HttpResponse:
    """Add an item as one supplier sells it."""
    supplier = supplier_named("supplier", body.supplier)
    item = item_named("item", body.item)
    facts = body.model_dump(exclude_none=True, exclude={"supplier", "item"})
    offer = register.add_offer(supplier, item, register.OfferFacts(**facts))
    return as_json(_offer(offer), 201)


@router.get("/offers", auth=may(*EVERYONE), response=Listed[OfferOut])
def offer_list(request: ApiRequest, query: Query[PageQuery]) -> HttpResponse:
    """List the offers, the oldest first."""
    offers = SupplierOffer.objects.select_related("supplier", "item")
    return as_json(page(offers, query, OLDEST_FIRST, _offer))


@router.post("/locations", auth=may(MANAGER), response={201: LocationOut})
def location_add(request: ApiRequest, body: LocationIn) -> HttpResponse:
    """Add a place that holds stock; a site that is new is added with it."""
    facts = register.LocationFacts(**body.model_dump(exclude_none=True))
    return as_json(_location(register.add_location(facts)), 201)


@router.get("/locations", auth=may(*EVERYONE), response=Listed[LocationOut])
def location_list(request: ApiRequest, query: Query[PageQuery]) -> HttpResponse:
    """List the locations, by code."""
    locations = Location.objects.select_related("site")
    return as_json(page(locations, query, BY_CODE, _location))


@router.post("/procedure-types", auth=may(MANAGER), response={201: ProcedureTypeOut})
def procedure_type_add(request: ApiRequest, body: ProcedureTypeIn) -> HttpResponse:
    """Add a procedure type with its kit."""
    items = items_named(
        [(f"kit.{place}.item", line.item) for place, line in enumerate(body.kit)]
        + [
            (f"kit.{place}.substitutes.{position}", sku)
            for place, line in enumerate(body.kit)
            for position, sku in enumerate(line.substitutes or ())
        ]
    )
    facts = TypeFacts(**body.model_dump(exclude_none=True, exclude={"kit"}))
    added = add_type(facts, [_kit_line_facts(line, items) for line in body.kit])
    return as_json(_procedure_type(_procedure_types().get(pk=added.pk)), 201)


@router.get("/procedure-types", auth=may(*EVERYONE), response=Listed[ProcedureTypeOut])
def procedure_type_list(request: ApiRequest, query: Query[PageQuery]) -> HttpResponse:
    """List the procedure types with their kits, by code."""
    return as_json(page(_procedure_types(), query, BY_CODE, _procedure_type))


def _items() -> QuerySet[Item]:
    return Item.objects.prefetch_related("codes")


def _procedure_types() -> QuerySet[ProcedureType]:
    return ProcedureType.objects.prefetch_related("kit__item", "kit__substitutes__item")


def _kit_line_facts(line: KitLineIn, items: dict[str, Item]) -> KitLineFacts:
    return KitLineFacts(
        item=items[line.item],
        quantity=line.quantity,
        per=line.per,
        optional=bool(line.optional),
        substitutes=tuple(items[sku] for sku in line.substitutes or ()),
    )


def _item(item: Item) -> ItemOut:
    return ItemOut(
        sku=item.sku,
        name=item.name,
        kind=item.kind,
        unit=item.unit,
        container=item.container,
        container_volume=item.container_volume,
        beyond_use_days=item.beyond_use_days,
        strength=item.strength,
        hcpcs=item.hcpcs or None,
        billing_unit=item.billing_unit or None,
        lot_tracked=item.lot_tracked,
        reorder_point=item.reorder_point,
        par_level=item.par_level,
        codes=[
            ItemCodeOut(kind=code.kind, value=code.value, level=code.level, quantity=code.quantity)
            for code in item.codes.all()
        ],
    )


def _supplier(supplier: Supplier) -> SupplierOut:
    return SupplierOut(code=supplier.code, name=supplier.name, email=supplier.email or None)


def _offer(offer: SupplierOffer) -> OfferOut:
    return OfferOut(
        id=offer.pk,
        supplier=offer.supplier.code,
        item=offer.item.sku,
        order_code=offer.order_code or None,
        pack_quantity=offer.pack_quantity,
        pack_price=offer.pack_price,
        lead_time_days=offer.lead_time_days,
        minimum_packs=offer.minimum_packs,
        preferred=offer.preferred,
    )


def _location(location: Location) -> LocationOut:
    return LocationOut(
        code=location.code,
        name=location.name,
        site=location.site.code,
        treatment_area=location.treatment_area,
    )


def _procedure_type(procedure_type: ProcedureType) -> ProcedureTypeOut:
    return ProcedureTypeOut(
        code=procedure_type.code,
        name=procedure_type.name,
        cpt=procedure_type.cpt or None,
        kit=[_kit_line(line) for line in procedure_type.kit.all()],
    )


def _kit_line(line: KitLine) -> KitLineOut:
    return KitLineOut(
        item=line.item.sku,
        quantity=line.quantity,
        per=line.per,
        optional=line.optional,
        substitutes=[substitute.item.sku for substitute in line.substitutes.all()],
    )
