"""The address of taking back a file of past procedures."""

from django.urls import path

from inventory.imports.past import views

urlpatterns = [
    path(
        "before/files/<int:pk>/take-back/",
        views.past_file_take_back,
        name="past_file_take_back",
    ),
]
