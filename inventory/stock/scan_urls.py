"""Addresses of the scan box."""

from django.urls import path

from inventory.stock import scan_views

urlpatterns = [
    path("find/", scan_views.scan_find, name="scan_find"),
    path("photo/", scan_views.scan_photo, name="scan_photo"),
    path("learn/", scan_views.code_learn, name="code_learn"),
]
