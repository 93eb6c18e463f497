"""Reference data in the admin site: places, bodies, people, holidays. Nothing of a case, nothing is deleted."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from . import changes
from .models import Appointment, Area, Body, Enterprise, GridCell, Holiday, Interest, Person, Setting, Station


class Heeded(admin.ModelAdmin):
    """Every change says so, in its own transaction: figures that read the rows must not be answered as unchanged."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            changes.say()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            super().delete_model(request, obj)
            changes.say()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            changes.say()


class ReferenceData(Heeded):
    """A list that can be searched and edited; rows end by a date, they are not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


class AreaAdmin(ReferenceData):
    list_display = ["code", "name", "kind"]
    search_fields = ["code", "name"]


class StationAdmin(ReferenceData):
    list_display = ["code", "name", "kind", "area", "opened_on", "closed_on"]
    list_filter = ["kind"]
    list_select_related = ["area"]
    search_fields = ["code", "name"]


class BodyAdmin(ReferenceData):
    list_display = ["code", "name", "kind", "valid_from", "valid_to"]


class PersonAdmin(ReferenceData):
    list_display = ["name", "unit"]
    search_fields = ["name"]
    fields = ["name", "unit", "title", "area", "user"]
    list_select_related = ["user"]


class AppointmentAdmin(ReferenceData):
    list_display = ["person", "kind", "field", "languages", "valid_from", "valid_to"]
    list_filter = ["kind"]
    list_select_related = ["person"]
    search_fields = ["person__name", "field"]


class InterestAdmin(ReferenceData):
    """What people of the house declare, for the conflict check (cases/conflicts.py); an end is a date, not a deletion."""

    list_display = ["user", "relation", "name", "valid_from", "valid_to"]
    list_filter = ["relation"]
    list_select_related = ["user"]
    search_fields = ["user__display_name", "name"]


class EnterpriseAdmin(ReferenceData):
    list_display = ["name", "credit_code", "area", "industry"]
    list_filter = ["industry"]
    list_select_related = ["area"]
    search_fields = ["name", "credit_code"]


class GridCellAdmin(ReferenceData):
    list_display = ["code", "name", "area", "person", "valid_from", "valid_to"]
    list_select_related = ["area", "person"]
    search_fields = ["code", "name"]


class SettingAdmin(ReferenceData):
    list_display = ["key", "value", "valid_from", "document"]
    list_filter = ["key"]

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return obj is None and super().has_change_permission(
            request
        )  # followed by a later one, never rewritten


class HolidayAdmin(Heeded):
    list_display = ["day", "is_workday", "name"]
    date_hierarchy = None


admin.site.register(Area, AreaAdmin)
admin.site.register(Body, BodyAdmin)
admin.site.register(Station, StationAdmin)
admin.site.register(Person, PersonAdmin)
admin.site.register(Appointment, AppointmentAdmin)
admin.site.register(Interest, InterestAdmin)
admin.site.register(Enterprise, EnterpriseAdmin)
admin.site.register(GridCell, GridCellAdmin)
admin.site.register(Holiday, HolidayAdmin)
admin.site.register(Setting, SettingAdmin)
