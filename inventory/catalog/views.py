"""The catalog's pages about suppliers, and the clinic's settings.

What is on hand of an item or in a place is shown by `inventory.stock`, which knows it.
"""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from inventory.catalog import register
from inventory.catalog.filters import SupplierFilter
from inventory.catalog.forms import ClinicForm, SupplierForm
from inventory.catalog.models import Clinic, Supplier
from inventory.catalog.tables import OfferTable, SupplierTable
from inventory.sheets.pages import table_page
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, allow

either = require_http_methods(["GET", "HEAD", "POST"])


@allow(*EVERYONE)
@require_safe
def supplier_list(request: AuthenticatedRequest) -> HttpResponse:
    suppliers = Supplier.objects.annotate(
        offers_in_use=Count("offers", filter=Q(offers__is_active=True))
    )
    return table_page(
        request,
        SupplierTable,
        suppliers,
        SupplierFilter,
        title="Suppliers",
        template="catalog/supplier_list.html",
    )


@allow(*EVERYONE)
@require_safe
def supplier_detail(request: AuthenticatedRequest, code: str) -> HttpResponse:
    supplier = get_object_or_404(Supplier, code=code)
    return table_page(
        request,
        OfferTable,
        supplier.offers.select_related("item").order_by("-is_active", "item__name"),
        title=supplier.name,
        template="catalog/supplier_detail.html",
        export_name=f"offers {supplier.code}",
        context={"supplier": supplier},
    )


@allow(MANAGER)
@either
def supplier_add(request: AuthenticatedRequest) -> HttpResponse:
    form = SupplierForm(request.POST or None, is_new=True)
    if supplier := form.carry_out(lambda: register.add_supplier(form.facts())):
        messages.success(request, f"{supplier} is added.")
        return redirect("supplier_detail", supplier.code)
    return render(request, "catalog/supplier_add.html", {"title": "Add a supplier", "form": form})


@allow(MANAGER)
@either
def supplier_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    supplier = get_object_or_404(Supplier, code=code)
    form = SupplierForm(request.POST or None, initial=vars(supplier))
    if form.carry_out(lambda: register.change_supplier(supplier, form.facts(code))):
        messages.success(request, f"{supplier} is changed.")
        return redirect("supplier_detail", code)
    context = {"title": f"Change {supplier}", "form": form, "supplier": supplier}
    return render(request, "catalog/supplier_edit.html", context)


@allow(MANAGER)
@either
def clinic_edit(request: AuthenticatedRequest) -> HttpResponse:
    clinic = Clinic.objects.get(pk=1)
    form = ClinicForm(request.POST or None, initial=ClinicForm.initial_of(clinic))
    if form.carry_out(lambda: register.change_clinic(form.facts())):
        messages.success(request, "The settings are changed.")
        return redirect("clinic_edit")
    return render(request, "catalog/clinic_edit.html", {"title": "Clinic settings", "form": form})
