"""Which app answers which address. Views belong to the apps."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path(settings.ADMIN_PATH, admin.site.urls)]

# Until all rooms stand: take what is there.
for room in ("stations", "mediation", "adjudication", "reports", "cases"):
    if room in settings.INSTALLED_APPS or find_spec(room):
        if find_spec(f"{room}.api_urls"):
            urlpatterns.append(path("api/v1/", include(f"{room}.api_urls")))
        if find_spec(f"{room}.urls"):
            urlpatterns.append(path("", include(f"{room}.urls")))
