"""The admin site: reference data of our rooms, behind the project's own sign-in.

Which models it shows belongs to the admin.py of each room; never one with case data.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse


class ReferenceDataSite(AdminSite):
    """Has no sign-in of its own, which would pass by the second factor; knows no foreign model."""

    site_header = site_title = "知衡"
    index_title = "基础数据"

    def register(self, models: type[Model] | Iterable[type[Model]], *args: Any, **options: Any) -> None:
        """Leave out what libraries bring: sign-in devices, groups, lockouts are no reference data."""
        listed = [models] if isinstance(models, type) else list(models)
        ours = [model for model in listed if model._meta.app_label in settings.ROOMS]
        if ours:
            super().register(ours, *args, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the sign-in page of the project; who is signed in already may simply not come in."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())
