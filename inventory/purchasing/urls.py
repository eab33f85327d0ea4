"""Addresses below purchasing/."""

from django.urls import include, path

from inventory.purchasing import views
from inventory.purchasing.orders.known_views import spend_report
from inventory.purchasing.outlook.views import item_outlook
from inventory.purchasing.waste.views import waste_advice

urlpatterns = [
    path("reorder/", views.reorder_report, name="reorder_report"),
    path("reorder/export/", views.reorder_export, name="reorder_export"),
    path("outlook/<code:sku>/", item_outlook, name="item_outlook"),
    path("orders/", include("inventory.purchasing.orders.urls")),
    path("spend/", spend_report, name="spend_report"),
    path("waste-advice/", waste_advice, name="waste_advice"),
]
