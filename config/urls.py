"""Which app answers which address. Views belong to the apps."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

# Until all rooms stand: take what is there.
pages: list[URLPattern | URLResolver] = []
api: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
for room in settings.ROOMS:
    if find_spec(f"{room}.api_urls"):
        api.append(path("", include(f"{room}.api_urls")))
    if find_spec(f"{room}.urls"):
        pages.append(path("", include(f"{room}.urls")))

urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    path("api/v1/", include((api, "api"))),
    *pages,
]
