"""The manager's pages for sites, and the forms for locations."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from inventory.catalog import register
from inventory.catalog.forms import LocationForm, SiteForm
from inventory.catalog.models import Location, Site
from inventory.catalog.tables import SiteTable
from inventory.sheets.pages import table_page
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, allow

either = require_http_methods(["GET", "HEAD", "POST"])


@allow(MANAGER)
@either
def location_add(request: AuthenticatedRequest) -> HttpResponse:
    form = LocationForm(request.POST or None, is_new=True)
    if location := form.carry_out(lambda: register.add_location(form.facts())):
        messages.success(request, f"{location} is added.")
        return redirect("location_detail", location.code)
    return render(request, "catalog/location_add.html", {"title": "Add a location", "form": form})


@allow(MANAGER)
@either
def location_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    location = get_object_or_404(Location.objects.select_related("site"), code=code)
    form = LocationForm(request.POST or None, initial=LocationForm.initial_of(location))
    if form.carry_out(lambda: register.change_location(location, form.facts(code))):
        messages.success(request, f"{location} is changed.")
        return redirect("location_detail", code)
    context = {"title": f"Change {location}", "form": form, "location": location}
    return render(request, "catalog/location_edit.html", context)


@allow(MANAGER)
@require_safe
def site_list(request: AuthenticatedRequest) -> HttpResponse:
    sites = Site.objects.annotate(
        locations_in_use=Count("locations", filter=Q(locations__is_active=True))
    )
    return table_page(request, SiteTable, sites, title="Sites", template="catalog/site_list.html")


@allow(MANAGER)
@either
def site_add(request: AuthenticatedRequest) -> HttpResponse:
    form = SiteForm(request.POST or None, is_new=True)
    if site := form.carry_out(lambda: register.add_site(**form.cleaned_data)):
        messages.success(request, f"{site} is added.")
        return redirect("site_list")
    return render(request, "catalog/site_add.html", {"title": "Add a site", "form": form})


@allow(MANAGER)
@either
def site_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    site = get_object_or_404(Site, code=code)
    form = SiteForm(request.POST or None, initial=vars(site))
    if form.carry_out(lambda: register.change_site(site, **form.cleaned_data)):
        messages.success(request, f"{site} is changed.")
        return redirect("site_list")
    context = {"title": f"Change {site}", "form": form}
    return render(request, "catalog/site_edit.html", context)
