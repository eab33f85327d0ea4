"""Addresses of the home page and of flags."""

from django.urls import path

from inventory.attention import procedure_flags, views
from inventory.catalog import converters

converters.register()

urlpatterns = [
    path("", views.home, name="home"),
    path("flags/", views.flag_list, name="flag_list"),
    path("flags/of-item/<code:sku>/", views.item_flags, name="item_flags"),
    path("flags/of-lot/<int:pk>/", views.lot_flags, name="lot_flags"),
    path("flags/in/<code:code>/", procedure_flags.location_flags, name="location_flags"),
    path("flags/of-procedure/<int:pk>/", procedure_flags.procedure_flags, name="procedure_flags"),
    path("flags/review/<int:pk>/", views.flag_review, name="flag_review"),
]
