"""Addresses of the import; included by the room's urls."""

from django.urls import path

from .views import importing

urlpatterns = [
    path("import/", importing.import_sheet, name="import"),
    path("import/<int:pk>/", importing.import_run, name="import_run"),
    path("import/<int:pk>/continue/", importing.import_continue, name="import_continue"),
    path("import/<int:pk>/failed.xlsx", importing.import_failed, name="import_failed"),
]
