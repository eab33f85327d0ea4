"""Addresses of what is brought in from files."""

from django.urls import path

from inventory.imports import decide_views, views

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("add/", views.import_add, name="import_add"),
    path("starter/", views.import_starter, name="import_starter"),
    path("templates/<slug:slug>/", views.import_template, name="import_template"),
    path("<int:pk>/", views.import_detail, name="import_detail"),
    path("<int:pk>/columns/", views.import_match, name="import_match"),
    path("<int:pk>/names/", decide_views.import_names, name="import_names"),
    path("<int:pk>/rows/<int:row>/", decide_views.import_answer, name="import_answer"),
    path("<int:pk>/leave-out/", decide_views.import_leave_out, name="import_leave_out"),
    path("<int:pk>/commit/", decide_views.import_commit, name="import_commit"),
    path("<int:pk>/progress/", decide_views.import_progress, name="import_progress"),
    path("<int:pk>/mend/", views.import_mend, name="import_mend"),
    path("<int:pk>/remove/", views.import_remove, name="import_remove"),
]
