"""Addresses below purchasing/orders/."""

from django.urls import path

from inventory.catalog import converters
from inventory.purchasing.orders import (
    answer_views,
    end_views,
    known_views,
    receive_views,
    send_views,
    views,
)

converters.register()

urlpatterns = [
    path("", views.order_list, name="order_list"),
    path("add/", views.order_add, name="order_add"),
    path("draft/", views.order_draft, name="order_draft"),
    path("items/<code:sku>/", known_views.item_orders, name="item_orders"),
    path("suppliers/<code:code>/", known_views.supplier_orders, name="supplier_orders"),
    path("<int:pk>/", views.order_detail, name="order_detail"),
    path("<int:pk>/edit/", views.order_edit, name="order_edit"),
    path("<int:pk>/approve/", views.order_approve, name="order_approve"),
    path("<int:pk>/reopen/", end_views.order_reopen, name="order_reopen"),
    path("<int:pk>/send/", send_views.order_send, name="order_send"),
    path("<int:pk>/workbook/", send_views.order_workbook, name="order_workbook"),
    path("<int:pk>/answer/", answer_views.order_answer, name="order_answer"),
    path("<int:pk>/confirm/", answer_views.order_confirm, name="order_confirm"),
    path("<int:pk>/receive/", receive_views.order_receive, name="order_receive"),
    path("<int:pk>/receive/scan/", receive_views.order_receive_scan, name="order_receive_scan"),
    path("<int:pk>/close/", end_views.order_close, name="order_close"),
    path("<int:pk>/cancel/", end_views.order_cancel, name="order_cancel"),
    path("<int:pk>/copy/", views.order_copy, name="order_copy"),
]
