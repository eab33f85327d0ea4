"""Addresses of the home page and of flags."""

from django.urls import path

from inventory.attention import views
from inventory.catalog import converters

converters.register()

urlpatterns = [
    path("", views.home, name="home"),
    path("flags/", views.flag_list, name="flag_list"),
    path("flags/of-item/<code:sku>/", views.item_flags, name="item_flags"),
    path("flags/of-lot/<int:pk>/", views.lot_flags, name="lot_flags"),
    path("flags/review/<int:pk>/", views.flag_review, name="flag_review"),
]
