"""Addresses of the public rulings and of their disclosure."""

from django.urls import path

from . import disclosure_views as staff
from . import public_views as public

urlpatterns = [
    path("rulings/", public.rulings, name="rulings"),
    path("rulings/register/", public.register_page, name="rulings_register"),
    path("rulings/register.csv", public.register_csv, name="rulings_register_csv"),
    path("rulings/seals.txt", public.seals, name="rulings_seals"),
    path("rulings/feed.atom", public.feed, name="rulings_feed"),
    path("rulings/<int:year>/<int:serial>/", public.ruling, name="ruling"),
    path("rulings/<int:year>/<int:serial>.pdf", public.ruling, {"form": ".pdf"}, name="ruling_pdf"),
    path("rulings/<int:year>/<int:serial>.json", public.ruling, {"form": ".json"}, name="ruling_json"),
    path("disclosures/", staff.disclosures, name="disclosures"),
    path("disclosures/<int:pk>/", staff.disclosure, name="disclosure"),
]
