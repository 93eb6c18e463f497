"""Public rulings as JSON, under /api/v1/; proceedings of this room answer with all others in cases."""

from django.urls import path

from . import public_api

urlpatterns = [
    path("rulings/", public_api.Rulings.as_view(), name="rulings"),
    path("rulings/<int:year>/<int:serial>/", public_api.OneRuling.as_view(), name="ruling"),
]
