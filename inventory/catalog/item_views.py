"""The manager's forms for items: facts, codes, offers, and levels in single locations."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from inventory.catalog import register
from inventory.catalog.forms import OfferAddForm, OfferForm
from inventory.catalog.item_forms import BillingCodeForm, CodeForm, ItemForm, LevelForm
from inventory.catalog.level_words import levels_words
from inventory.catalog.models import BillingCode, Item, ItemCode, LocationLevel, SupplierOffer
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, allow

BILLED_BY = frozenset({"hcpcs", "billing_unit"})
COUNTS_FOR_PAST_DAYS = (
    "What it is billed by changed for past days too. Was the former code right until some date?"
    " Then add it under “Billing codes by date”, with that last day."
)

either = require_http_methods(["GET", "HEAD", "POST"])


@allow(MANAGER)
@either
def item_add(request: AuthenticatedRequest) -> HttpResponse:
    form = ItemForm(request.POST or None, is_new=True)
    if item := form.carry_out(lambda: register.add_item(form.facts(), signed=_signed(request))):
        messages.success(request, f"{item} is added. Add its codes and who sells it below.")
        return redirect("item_detail", item.sku)
    return render(request, "catalog/item_add.html", {"title": "Add an item", "form": form})


@allow(MANAGER)
@either
def item_edit(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    item = get_object_or_404(Item.objects.select_related("levels_set_by"), sku=sku)
    form = ItemForm(request.POST or None, initial=ItemForm.initial_of(item))
    signed = _signed(request)
    if form.carry_out(lambda: register.change_item(item, form.facts(sku), signed=signed)):
        messages.success(request, f"{form.cleaned_data['name']} is changed.")
        if item.hcpcs and BILLED_BY.intersection(form.changed_data):
            messages.warning(request, COUNTS_FOR_PAST_DAYS)
        return redirect("item_detail", sku)
    context = {
        "title": f"Change {item}",
        "form": form,
        "item": item,
        "levels_set": levels_words(item),
    }
    return render(request, "catalog/item_edit.html", context)


@allow(MANAGER)
@either
def code_add(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    item = get_object_or_404(Item, sku=sku)
    form = CodeForm(request.POST or None, item=item)
    if code := form.carry_out(lambda: register.add_code(item, form.facts())):
        messages.success(request, f"{code} now stands for {item}.")
        return redirect("item_detail", sku)
    context = {"title": f"Add a code to {item}", "form": form, "item": item}
    return render(request, "catalog/code_add.html", context)


@allow(MANAGER)
@require_POST
def code_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    code = get_object_or_404(ItemCode.objects.select_related("item"), pk=pk)
    register.remove_code(code)
    messages.success(request, f"{code} no longer stands for {code.item}.")
    return redirect("item_detail", code.item.sku)


@allow(MANAGER)
@either
def billing_code_add(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    item = get_object_or_404(Item, sku=sku)
    form = BillingCodeForm(request.POST or None)
    if code := form.carry_out(lambda: register.add_billing_code(item, form.facts())):
        messages.success(request, f"{item}: {code}.")
        return redirect("item_detail", sku)
    context = {"title": f"Add a billing code by date: {item}", "form": form, "item": item}
    return render(request, "catalog/billing_code_add.html", context)


@allow(MANAGER)
@either
def billing_code_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    code = get_object_or_404(BillingCode.objects.select_related("item"), pk=pk)
    form = BillingCodeForm(request.POST or None, initial=BillingCodeForm.initial_of(code))
    if changed := form.carry_out(lambda: register.change_billing_code(code, form.facts())):
        messages.success(request, f"{code.item}: {changed}.")
        return redirect("item_detail", code.item.sku)
    context = {"title": f"Billing code of {code.item}", "form": form, "code": code}
    return render(request, "catalog/billing_code_edit.html", context)


@allow(MANAGER)
@require_POST
def billing_code_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    code = get_object_or_404(BillingCode.objects.select_related("item"), pk=pk)
    register.remove_billing_code(code)
    messages.success(request, f"{code.item}: its own code counts again on the days of “{code}”.")
    return redirect("item_detail", code.item.sku)


@allow(MANAGER)
@either
def offer_add(request: AuthenticatedRequest) -> HttpResponse:
    """`?item=` and `?supplier=` choose beforehand, by their short codes."""
    chosen = {name: request.GET.get(name, "") for name in ("item", "supplier")}
    form = OfferAddForm(request.POST or None, initial=chosen)
    if offer := form.carry_out(lambda: register.add_offer(*form.who_and_what(), form.facts())):
        messages.success(request, f"{offer.supplier} now offers {offer.item}.")
        return redirect("item_detail", offer.item.sku)
    context = {"title": "Add an offer", "form": form, **chosen}
    return render(request, "catalog/offer_add.html", context)


@allow(MANAGER)
@either
def offer_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(SupplierOffer.objects.select_related("item", "supplier"), pk=pk)
    form = OfferForm(request.POST or None, initial=OfferForm.initial_of(offer))
    if form.carry_out(lambda: register.change_offer(offer, form.facts())):
        messages.success(request, f"The offer of {offer.supplier} is changed.")
        return redirect("item_detail", offer.item.sku)
    context = {"title": f"{offer.supplier}: {offer.item}", "form": form, "offer": offer}
    return render(request, "catalog/offer_edit.html", context)


@allow(MANAGER)
@either
def item_level_set(request: AuthenticatedRequest, sku: str) -> HttpResponse:
    item = get_object_or_404(Item, sku=sku)
    form = LevelForm(request.POST or None)
    if level := form.carry_out(lambda: register.set_level(item, **form.cleaned_data)):
        messages.success(request, f"{level.location} should hold up to the par level now.")
        return redirect("item_detail", sku)
    context = {"title": f"Levels of {item} in one location", "form": form, "item": item}
    return render(request, "catalog/item_level_set.html", context)


@allow(MANAGER)
@require_POST
def item_level_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    level = get_object_or_404(LocationLevel.objects.select_related("item", "location"), pk=pk)
    register.remove_level(level)
    messages.success(request, f"{level.location} has no level for {level.item} any more.")
    return redirect("item_detail", level.item.sku)


def _signed(request: AuthenticatedRequest) -> register.Signature:
    return register.Signature(request.user, timezone.localdate())
