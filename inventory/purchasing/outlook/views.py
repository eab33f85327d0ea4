"""The page that shows what becomes of an item's stock."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.catalog.models import Item
from inventory.purchasing.outlook.reading import outlook_of
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, PURCHASER, VIEWER, allow, has_role

KINDS = {
    "smooth": "used every week, by about the same",
    "intermittent": "used in some weeks only, by about the same",
    "erratic": "used every week, by very different amounts",
    "lumpy": "used in some weeks only, by very different amounts",
}


@allow(MANAGER, PURCHASER, VIEWER)
@require_safe
def item_outlook(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    """Show how an item's stock went, where it goes, and what the order is made of."""
    item = get_object_or_404(Item, sku=sku)
    outlook = outlook_of(item, timezone.localdate())
    kind = KINDS[outlook.row.forecast.demand_class]
    return render(
        request,
        "purchasing/item_outlook.html",
        {
            "title": f"Outlook: {item}",
            "item": item,
            "outlook": outlook,
            "row": outlook.row,
            "kind": kind,
            "buys": has_role(request, MANAGER, PURCHASER),
            "submission_key": uuid4(),
        },
    )
