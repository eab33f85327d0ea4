"""Addresses below stock/counts/."""

from django.urls import path

from inventory.counts import views

urlpatterns = [
    path("", views.count_sheet_list, name="count_sheet_list"),
    path("plan/", views.count_sheet_plan, name="count_sheet_plan"),
    path("add/", views.count_sheet_add, name="count_sheet_add"),
    path("<int:pk>/", views.count_sheet_detail, name="count_sheet_detail"),
    path("<int:pk>/count/", views.count_sheet_count, name="count_sheet_count"),
    path("<int:pk>/find/", views.count_sheet_find, name="count_sheet_find"),
    path("<int:pk>/review/", views.count_sheet_review, name="count_sheet_review"),
    path("<int:pk>/print/", views.count_sheet_print, name="count_sheet_print"),
    path("<int:pk>/cancel/", views.count_sheet_cancel, name="count_sheet_cancel"),
]
