"""Addresses of the reports room under /api/v1/."""

from django.urls import path

from . import api

urlpatterns = [
    path("indicators/", api.Indicators.as_view(), name="indicators"),
    path("indicators/<slug:code>/", api.IndicatorCard.as_view(), name="indicator"),
    path("indicators/<slug:code>/cases/", api.IndicatorCases.as_view(), name="indicator_cases"),
]
