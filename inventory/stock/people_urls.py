"""Addresses of what people did to stock, below people/."""

from django.urls import path

from inventory.stock import history_views

urlpatterns = [
    path("<int:pk>/history/", history_views.person_history, name="person_history"),
]
