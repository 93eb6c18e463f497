"""Addresses of the reports room under /api/v1/."""

from django.urls import path

from . import api, feed_api

urlpatterns = [
    path("indicators/", api.Indicators.as_view(), name="indicators"),
    path("indicators/<slug:code>/", api.IndicatorCard.as_view(), name="indicator"),
    path("indicators/<slug:code>/cases/", api.IndicatorCases.as_view(), name="indicator_cases"),
    path("feed/", feed_api.FeedFigures.as_view(), name="feed"),
    path("feed/figures.<slug:ending>", feed_api.FeedFile.as_view(), name="feed_file"),
    path("feed/changes.atom", feed_api.FeedChanges.as_view(), name="feed_changes"),
]
