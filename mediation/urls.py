"""Addresses of the mediation room."""

from django.urls import path

from . import call_back_views, flag_views, following_views, public_views, subsidy_views, views

urlpatterns = [
    path("answer/", public_views.answer, name="answer"),
    path("obligations/", following_views.obligations, name="obligations"),
    path("confirmations/<int:pk>/packet/", following_views.confirmation_packet, name="confirmation_packet"),
    path("call-backs/", call_back_views.call_backs, name="call_backs"),
    path("call-backs/<int:pk>/", call_back_views.call_back, name="call_back"),
    path("mediations/flags/", flag_views.flags, name="flags"),
    path("mediations/subsidies/", subsidy_views.subsidies, name="subsidies"),
    path("mediations/subsidies/pay/", subsidy_views.pay, name="subsidies_pay"),
    path("mediations/subsidies/sheet/", subsidy_views.sheet_on_paper, name="subsidy_sheet"),
    path("mediations/<int:pk>/notes/", views.sealed, name="mediation_sealed"),
    path("mediations/<int:pk>/recusals/", views.recusals, name="mediation_recusals"),
    path("mediations/sessions/<int:pk>/calendar/", views.session_calendar, name="session_calendar"),
    path("mediations/sessions/<int:pk>/minutes/", views.session_minutes, name="session_minutes"),
]
