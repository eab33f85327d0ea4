"""Addresses of the reports."""

from django.urls import path

from inventory.reports import views

urlpatterns = [
    path("", views.report_index, name="report_index"),
    path("<slug:report>/", views.report_detail, name="report_detail"),
]
