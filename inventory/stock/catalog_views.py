"""Items and locations together with what is on hand."""

from django.db.models import F
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.catalog.filters import ItemFilter, LocationFilter
from inventory.catalog.level_words import levels_words
from inventory.catalog.models import Item, Location
from inventory.sheets.pages import table_page
from inventory.stock.catalog_tables import (
    ItemHoldingTable,
    ItemTable,
    LocationHoldingTable,
    LocationTable,
)
from inventory.stock.holding_words import on_hand_of
from inventory.stock.models import Holding
from inventory.stock.on_hand import (
    with_items_on_hand,
    with_on_hand,
    with_preferred_supplier,
    with_usable_there,
)
from inventory.stock.usable import DEFAULT_BEYOND_USE_DAYS
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, has_role


@allow(*EVERYONE)
@require_safe
def item_list(request: AuthenticatedRequest) -> HttpResponse:
    items = with_on_hand(Item.objects.all(), timezone.localdate())
    return table_page(
        request,
        ItemTable,
        with_preferred_supplier(items),
        ItemFilter,
        title="Items",
        template="catalog/item_list.html",
        context={"handles": has_role(request, NURSE, MANAGER)},
    )


@allow(*EVERYONE)
@require_safe
def item_detail(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    item = get_object_or_404(Item.objects.select_related("levels_set_by"), sku=sku)
    today = timezone.localdate()
    holdings = Holding.objects.on_hand().filter(lot__item=item).with_lot()
    levels = item.location_levels.select_related("location").order_by("location__name")
    context = {
        "item": item,
        "levels_set": levels_words(item),
        "on_hand": on_hand_of(item, holdings, today),
        "codes": item.codes.all(),
        "billing_codes": item.billing_codes.all(),
        "offers": item.offers.select_related("supplier").order_by("-is_active", "-preferred"),
        "levels": with_usable_there(levels, today),
        "usual_beyond_use_days": DEFAULT_BEYOND_USE_DAYS,
        "handles": has_role(request, NURSE, MANAGER),
    }
    return table_page(
        request,
        ItemHoldingTable,
        holdings.order_by(F("lot__expires_on").asc(nulls_last=True), "location__name"),
        title=item.name,
        template="catalog/item_detail.html",
        export_name=f"on hand {sku}",
        context=context,
    )


@allow(*EVERYONE)
@require_safe
def location_list(request: AuthenticatedRequest) -> HttpResponse:
    return table_page(
        request,
        LocationTable,
        with_items_on_hand(Location.objects.select_related("site")),
        LocationFilter,
        title="Locations",
        template="catalog/location_list.html",
    )


@allow(*EVERYONE)
@require_safe
def location_detail(request: AuthenticatedRequest, code: str) -> HttpResponse:
    location = get_object_or_404(Location.objects.select_related("site"), code=code)
    holdings = Holding.objects.on_hand().filter(location=location).with_lot()
    levels = location.levels.select_related("item").order_by(Lower("item__name"))
    return table_page(
        request,
        LocationHoldingTable,
        holdings.order_by("lot__item__name", "lot__number"),
        title=location.name,
        template="catalog/location_detail.html",
        export_name=f"on hand {code}",
        context={
            "location": location,
            "levels": with_usable_there(levels, timezone.localdate()),
            "handles": has_role(request, NURSE, MANAGER),
        },
    )
