"""Addresses below purchasing/."""

from django.urls import path

from inventory.purchasing import views

urlpatterns = [
    path("reorder/", views.reorder_report, name="reorder_report"),
    path("reorder/export/", views.reorder_export, name="reorder_export"),
]
