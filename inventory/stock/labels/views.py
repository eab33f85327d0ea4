"""Labels as they will be printed: of opened vials, of shelves, of sealed boxes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from inventory.catalog.models import Item
from inventory.stock.labels.filters import ShelfLabelFilter
from inventory.stock.labels.forms import LabelForm, ShelfLabelForm
from inventory.stock.labels.goods import lot_labels as labels_of_lots
from inventory.stock.labels.goods import shelf_labels
from inventory.stock.labels.papers import MOST_ON_A_SHEET, pages
from inventory.stock.labels.vials import label_of
from inventory.stock.models import Holding, Lot
from inventory.stock.opened import opened_vials
from inventory.stock.opened_views import own_location
from inventory.stock.shelf import why_not_usable
from inventory.stock.usable import why_words
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, allow

# Ten sheets: whoever needs more prints place by place.
MOST_LABELS = 10 * MOST_ON_A_SHEET
# No number in the database has more digits.
LONGEST_NUMBER = 18


@allow(NURSE, MANAGER)
@require_safe
def item_labels(request: AuthenticatedRequest) -> HttpResponse:
    """Show a shelf label for each item in use that is found, or for those of them ticked."""
    items = Item.objects.filter(is_active=True).order_by(Lower("name"))
    asked = ShelfLabelFilter(request.GET, queryset=items)
    found = list(asked.qs[: MOST_LABELS + 1])
    ticked = _numbers(request, "pick") if "ticked" in request.GET else {item.pk for item in found}
    form = ShelfLabelForm(request.GET)
    chosen = [item for item in found[:MOST_LABELS] if item.pk in ticked]
    context = {
        "title": "Shelf labels",
        "asked": asked.form,
        "found": [(item, item.pk in ticked) for item in found[:MOST_LABELS]],
        "too_many": len(found) > MOST_LABELS,
        "most": MOST_LABELS,
    }
    labels = shelf_labels(chosen, asked.place, form.asked["symbol"])
    return _labels_page(request, "stock/item_labels.html", form, labels, context)


@allow(NURSE, MANAGER, PURCHASER)
@require_safe
def lot_labels(request: AuthenticatedRequest) -> HttpResponse:
    """Show a label for each `?lot=`, or for each lot that a `?movement=` brought."""
    form = LabelForm(request.GET)
    lots = Lot.objects.select_related("item").order_by(Lower("item__name"), "number")
    if movement := _numbers(request, "movement"):
        lots = lots.filter(holdings__entries__movement__in=movement).distinct()
    else:
        lots = lots.filter(pk__in=_numbers(request, "lot"))
    labels = labels_of_lots(lots[:MOST_LABELS], form.asked["symbol"])
    kept = [(name, number) for name in ("movement", "lot") for number in _numbers(request, name)]
    context = {"title": "Labels of boxes", "kept": kept}
    return _labels_page(request, "stock/lot_labels.html", form, labels, context)


@allow(*EVERYONE)
@require_safe
def opened_labels(request: AuthenticatedRequest) -> HttpResponse:
    """Show the labels of the opened vials of one place that may be used, one each."""
    place = own_location(request, request.GET.get("location", ""))
    vials = opened_vials().filter(location=place)
    usable = vials.usable_on(timezone.localdate()).order_by("lot__item__name", "pk")
    context = {
        "title": f"Labels of {place}" if place else "Labels",
        "location": place,
        "left_out": vials.count() - len(usable),
        "back": reverse("opened_list"),
    }
    return _vials_page(request, list(usable), context)


@allow(*EVERYONE)
@require_safe
def holding_label(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the label of one opened vial, to be printed."""
    holdings = Holding.objects.with_lot().select_related("opened_by")
    vial = get_object_or_404(holdings, pk=pk)
    context = {
        "title": f"Label of {vial.lot.item}",
        "vial": vial,
        "why_not": why_words(why_not_usable(vial, timezone.localdate())),
        "back": f"{reverse('opened_list')}?{urlencode({'location': vial.location.code})}",
    }
    return _vials_page(request, [vial], context)


def _vials_page(
    request: AuthenticatedRequest, vials: Sequence[Holding], context: Mapping[str, Any]
) -> HttpResponse:
    labels = [label for vial in vials if (label := label_of(vial))]
    form = LabelForm(request.GET)
    return _labels_page(request, "stock/holding_label.html", form, labels, context)


def _labels_page(
    request: AuthenticatedRequest,
    template: str,
    form: LabelForm,
    labels: Sequence[object],
    context: Mapping[str, Any],
) -> HttpResponse:
    asked = form.asked
    # Of many labels nobody needs several each.
    copies = asked["copies"] if len(labels) == 1 else 1
    copied = [label for label in labels for _ in range(copies)]
    whole = {
        "labels": labels,
        "pages": pages(copied, form.chosen_paper, asked["start"]),
        "form": type(form)(initial=asked),
        "paper": asked["paper"],
        **context,
    }
    return render(request, template, whole)


def _numbers(request: AuthenticatedRequest, name: str) -> set[int]:
    """Return the numbers that the address gives under this name; what is none counts as nothing."""
    return {
        int(text)
        for text in request.GET.getlist(name)
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    }
