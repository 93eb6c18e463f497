"""Targets in the admin site. Figures have no table to edit."""

from django.contrib import admin

from stations.admin import ReferenceData

from .models import Target


class TargetAdmin(ReferenceData):
    list_display = ["code", "value", "unit", "document", "valid_from", "valid_to"]
    list_filter = ["code"]


admin.site.register(Target, TargetAdmin)
