"""Addresses below recalls/."""

from django.urls import path

from inventory.recalls import views

urlpatterns = [
    path("", views.recall_list, name="recall_list"),
    path("add/", views.recall_add, name="recall_add"),
    path("<int:pk>/", views.recall_detail, name="recall_detail"),
    path("<int:pk>/export/", views.recall_export, name="recall_export"),
    path("<int:pk>/notes/add/", views.recall_note_add, name="recall_note_add"),
    path("<int:pk>/close/", views.recall_close, name="recall_close"),
    path("<int:pk>/unwatch/", views.recall_unwatch, name="recall_unwatch"),
]
