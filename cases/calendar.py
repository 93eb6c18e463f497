"""The office's calendar: the printed one overruled by the Holiday table. Counting: cases/working_days.py."""

from cases.deadlines import Calendar
from stations.models import Holiday


def office_calendar() -> Calendar:
    """The calendar as it stands now; one query, so callers take it once and pass it on."""
    return Calendar(dict(Holiday.objects.values_list("day", "is_workday")))
