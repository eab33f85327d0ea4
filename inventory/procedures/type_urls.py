"""Addresses of procedure types and their kits."""

from django.urls import path

from inventory.catalog import converters
from inventory.procedures import type_views as views

converters.register()

urlpatterns = [
    path("types/", views.procedure_type_list, name="procedure_type_list"),
    path("add-type/", views.procedure_type_add, name="procedure_type_add"),
    path("types/<code:code>/", views.procedure_type_detail, name="procedure_type_detail"),
    path("types/<code:code>/edit/", views.procedure_type_edit, name="procedure_type_edit"),
    path("types/<code:code>/add-supply/", views.kit_line_add, name="kit_line_add"),
    path("kit/<int:pk>/", views.kit_line_edit, name="kit_line_edit"),
    path("kit/<int:pk>/move/", views.kit_line_move, name="kit_line_move"),
    path("kit/<int:pk>/remove/", views.kit_line_remove, name="kit_line_remove"),
]
