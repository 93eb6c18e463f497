"""Addresses of the mediation room."""

from django.urls import path

from . import public_views, views

urlpatterns = [
    path("answer/", public_views.answer, name="answer"),
    path("mediations/<int:pk>/notes/", views.sealed, name="mediation_sealed"),
]
