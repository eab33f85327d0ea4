"""Addresses below stock/."""

from django.urls import path

from inventory.stock import (
    discard_views,
    history_views,
    opened_views,
    restock_views,
    shelf_views,
    views,
)
from inventory.stock.labels import views as label_views
from inventory.stock.receiving import views as receiving_views

urlpatterns = [
    path("", views.stock_list, name="stock_list"),
    path("holdings/<int:pk>/", views.holding_detail, name="holding_detail"),
    path("holdings/<int:pk>/label/", label_views.holding_label, name="holding_label"),
    path("holdings/<int:pk>/history/", history_views.holding_history, name="holding_history"),
    path("labels/items/", label_views.item_labels, name="item_labels"),
    path("labels/lots/", label_views.lot_labels, name="lot_labels"),
    path("lots/", views.lot_list, name="lot_list"),
    path("lots/<int:pk>/", views.lot_detail, name="lot_detail"),
    path("lots/<int:pk>/history/", history_views.lot_history, name="lot_history"),
    path("lots/<int:pk>/status/", views.lot_status, name="lot_status"),
    path("movements/", views.movement_list, name="movement_list"),
    path("movements/<int:pk>/", views.movement_detail, name="movement_detail"),
    path("movements/<int:pk>/reverse/", views.movement_reverse, name="movement_reverse"),
    path("receive/", receiving_views.receipt_add, name="receipt_add"),
    path("receive/scan/", receiving_views.receipt_scan, name="receipt_scan"),
    path("restock/", restock_views.restock_add, name="restock_add"),
    path("transfer/", shelf_views.transfer_add, name="transfer_add"),
    path("discard/", shelf_views.waste_add, name="waste_add"),
    path("return/", shelf_views.return_add, name="return_add"),
    path("count/", shelf_views.count_add, name="count_add"),
    path("opened/", opened_views.opened_list, name="opened_list"),
    path("opened/add/", opened_views.opened_add, name="opened_add"),
    path("opened/labels/", label_views.opened_labels, name="opened_labels"),
    path("opened/<int:pk>/discard/", opened_views.opened_discard, name="opened_discard"),
    path("discards/", discard_views.discard_list, name="discard_list"),
    path("discards/add/", discard_views.discard_add, name="discard_add"),
    path("discards/done/", discard_views.discard_done, name="discard_done"),
]
