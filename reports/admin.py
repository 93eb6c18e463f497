"""Targets and special areas in the admin site. Figures have no table to edit."""

from django.contrib import admin

from stations.admin import ReferenceData

from .models import SpecialArea, Target


class TargetAdmin(ReferenceData):
    list_display = ["code", "value", "unit", "document", "valid_from", "valid_to"]
    list_filter = ["code"]


class SpecialAreaAdmin(ReferenceData):
    list_display = ["name", "feature", "document", "valid_from", "valid_to"]
    search_fields = ["name"]


admin.site.register(Target, TargetAdmin)
admin.site.register(SpecialArea, SpecialAreaAdmin)
