"""Addresses of the mediation room."""

from django.urls import path

from . import following_views, public_views, views

urlpatterns = [
    path("answer/", public_views.answer, name="answer"),
    path("obligations/", following_views.obligations, name="obligations"),
    path("confirmations/<int:pk>/packet/", following_views.confirmation_packet, name="confirmation_packet"),
    path("mediations/<int:pk>/notes/", views.sealed, name="mediation_sealed"),
    path("mediations/<int:pk>/recusals/", views.recusals, name="mediation_recusals"),
    path("mediations/sessions/<int:pk>/calendar/", views.session_calendar, name="session_calendar"),
    path("mediations/sessions/<int:pk>/minutes/", views.session_minutes, name="session_minutes"),
]
