"""Every address of the product. The paths of a feature stand in its own `urls.py`."""

from django.urls import include, path

from inventory.api.routes import api

urlpatterns = [
    path("", include("inventory.attention.urls")),
    path("", include("inventory.accounts.urls")),
    path("", include("inventory.web.urls")),
    path("catalog/", include("inventory.catalog.urls")),
    path("catalog/", include("inventory.stock.catalog_urls")),
    path("scan/", include("inventory.stock.scan_urls")),
    path("stock/counts/", include("inventory.counts.urls")),
    path("stock/", include("inventory.stock.urls")),
    path("people/", include("inventory.stock.people_urls")),
    path("procedures/", include("inventory.procedures.type_urls")),
    path("procedures/", include("inventory.procedures.urls")),
    path("procedures/", include("inventory.imports.past.urls")),
    path("purchasing/", include("inventory.purchasing.urls")),
    path("reports/", include("inventory.reports.urls")),
    path("recalls/", include("inventory.recalls.urls")),
    path("imports/", include("inventory.imports.urls")),
    path("api/v1/", api.urls),
]

handler400 = "inventory.web.errors.bad_request"
handler403 = "inventory.web.errors.forbidden"
handler404 = "inventory.web.errors.not_found"
handler500 = "inventory.web.errors.server_error"
