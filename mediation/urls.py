"""Addresses of the mediation room."""

from django.urls import path

from . import views

urlpatterns = [path("mediations/<int:pk>/notes/", views.sealed, name="mediation_sealed")]
