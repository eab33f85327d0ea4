"""Addresses below purchasing/."""

from django.urls import include, path

from inventory.purchasing import views
from inventory.purchasing.orders.known_views import spend_report

urlpatterns = [
    path("reorder/", views.reorder_report, name="reorder_report"),
    path("reorder/export/", views.reorder_export, name="reorder_export"),
    path("orders/", include("inventory.purchasing.orders.urls")),
    path("spend/", spend_report, name="spend_report"),
]
