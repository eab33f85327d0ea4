"""Addresses that belong to no feature."""

from django.urls import path

from inventory.web import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
]
