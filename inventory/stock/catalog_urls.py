"""Addresses of the catalog's pages that show what is on hand."""

from django.urls import path

from inventory.catalog import converters
from inventory.stock import catalog_views, history_views

converters.register()

urlpatterns = [
    path("items/", catalog_views.item_list, name="item_list"),
    path("items/<code:sku>/", catalog_views.item_detail, name="item_detail"),
    path("items/<code:sku>/history/", history_views.item_history, name="item_history"),
    path("locations/", catalog_views.location_list, name="location_list"),
    path("locations/<code:code>/", catalog_views.location_detail, name="location_detail"),
    path("locations/<code:code>/history/", history_views.location_history, name="location_history"),
]
