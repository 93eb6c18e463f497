"""Addresses of the public rulings, of their disclosure, and of the hearing room."""

from django.urls import path

from . import disclosure_views as staff
from . import (
    exchange_views,
    hearing_views,
    list_views,
    open_data,
    portal_views,
    register_views,
    typical_views,
)
from . import public_views as public

urlpatterns = [
    path("rulings/", list_views.rulings, name="rulings"),
    path("rulings/register/", register_views.register_page, name="rulings_register"),
    path("rulings/register.csv", register_views.register_csv, name="rulings_register_csv"),
    path("rulings/seals.txt", register_views.seals, name="rulings_seals"),
    path("rulings/feed.atom", register_views.feed, name="rulings_feed"),
    path("rulings/about/", open_data.about, name="rulings_about"),
    path("rulings/open.csv", open_data.open_csv, name="rulings_open_csv"),
    path("rulings/open.jsonl", open_data.open_jsonl, name="rulings_open_jsonl"),
    path("rulings/sitemap.xml", open_data.sitemap, name="rulings_sitemap"),
    path("rulings/sitemap-<int:year>.xml", open_data.sitemap, name="rulings_sitemap_year"),
    path("robots.txt", open_data.robots, name="robots"),
    path("rulings/<int:year>/<int:serial>/", public.ruling, name="ruling"),
    path("rulings/<int:year>/<int:serial>/related/", public.related, name="ruling_related"),
    path("rulings/<int:year>/<int:serial>.pdf", public.ruling, {"form": ".pdf"}, name="ruling_pdf"),
    path("rulings/<int:year>/<int:serial>.json", public.ruling, {"form": ".json"}, name="ruling_json"),
    path("rulings/typical/", typical_views.public_batches, name="rulings_typical"),
    path("rulings/typical/<int:pk>/", typical_views.public_batch, name="rulings_typical_batch"),
    path("typical/", typical_views.batches, name="typical_batches"),
    path("typical/<int:pk>/", typical_views.batch, name="typical_batch"),
    path("hearings/<int:pk>.ics", hearing_views.hearing_calendar, name="hearing_calendar"),
    path("hearings/minutes/<int:pk>/", hearing_views.hearing_minutes, name="hearing_minutes"),
    path("adjudications/<int:pk>/opinions/", hearing_views.opinions, name="technical_opinions"),
    path("adjudications/<int:pk>/evidence/", exchange_views.evidence, name="adjudication_evidence"),
    path("disclosures/", staff.disclosures, name="disclosures"),
    path("disclosures/portal/", portal_views.portal, name="portal"),
    path("disclosures/portal.zip", portal_views.portal_file, name="portal_file"),
    path("disclosures/<int:pk>/", staff.disclosure, name="disclosure"),
]
