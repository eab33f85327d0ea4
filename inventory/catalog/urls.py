"""Addresses of the catalog. The pages that show what is on hand stand in `stock.catalog_urls`."""

from django.urls import path

from inventory.catalog import converters, item_views, location_views, views

converters.register()

urlpatterns = [
    path("clinic/", views.clinic_edit, name="clinic_edit"),
    path("add-item/", item_views.item_add, name="item_add"),
    path("items/<code:sku>/edit/", item_views.item_edit, name="item_edit"),
    path("items/<code:sku>/add-code/", item_views.code_add, name="code_add"),
    path("codes/<int:pk>/remove/", item_views.code_remove, name="code_remove"),
    path(
        "items/<code:sku>/add-billing-code/", item_views.billing_code_add, name="billing_code_add"
    ),
    path("billing-codes/<int:pk>/", item_views.billing_code_edit, name="billing_code_edit"),
    path(
        "billing-codes/<int:pk>/remove/",
        item_views.billing_code_remove,
        name="billing_code_remove",
    ),
    path("items/<code:sku>/set-level/", item_views.item_level_set, name="item_level_set"),
    path("levels/<int:pk>/remove/", item_views.item_level_remove, name="item_level_remove"),
    path("add-offer/", item_views.offer_add, name="offer_add"),
    path("offers/<int:pk>/", item_views.offer_edit, name="offer_edit"),
    path("suppliers/", views.supplier_list, name="supplier_list"),
    path("add-supplier/", views.supplier_add, name="supplier_add"),
    path("suppliers/<code:code>/", views.supplier_detail, name="supplier_detail"),
    path("suppliers/<code:code>/edit/", views.supplier_edit, name="supplier_edit"),
    path("add-location/", location_views.location_add, name="location_add"),
    path("locations/<code:code>/edit/", location_views.location_edit, name="location_edit"),
    path("sites/", location_views.site_list, name="site_list"),
    path("add-site/", location_views.site_add, name="site_add"),
    path("sites/<code:code>/", location_views.site_edit, name="site_edit"),
]
