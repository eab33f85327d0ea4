"""Addresses of logging a procedure, and of what was logged."""

from django.urls import path

from inventory.procedures import billing_views, log_views, past_views, views

urlpatterns = [
    path("", views.procedure_list, name="procedure_list"),
    path("before/", past_views.past_procedure_list, name="past_procedure_list"),
    path("before/<int:pk>/", past_views.past_procedure_detail, name="past_procedure_detail"),
    path("before/files/", past_views.past_file_list, name="past_file_list"),
    path("before/files/<int:pk>/", past_views.past_file_detail, name="past_file_detail"),
    path("billing/", billing_views.billing_report, name="billing_report"),
    path("log/", log_views.procedure_log, name="procedure_log"),
    path("log/supplies/", log_views.procedure_supply_search, name="procedure_supply_search"),
    path("<int:pk>/", views.procedure_detail, name="procedure_detail"),
    path("<int:pk>/void/", views.procedure_void, name="procedure_void"),
]
