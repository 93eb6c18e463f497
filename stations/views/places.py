"""Stations: the public directory with its diagram, a station's page with staff and roster, opening and closing."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations import changes, coverage, journal, policy
from stations.models import Appointment, Area, Duty, Staff, Station, holds
from stations.register_forms import DutyForm, RowForm, StaffForm, StationForm

from .signin import address

MAX_AGE = 300  # seconds
PARTS: dict[str, tuple[type[RowForm], Any]] = {
    "staff": (StaffForm, _("人员任职")),
    "duty": (DutyForm, _("值班")),
}


def _open(today: date) -> Any:
    return Station.objects.filter(Station.active(today)).select_related("area").prefetch_related("serves")


def directory(request: HttpRequest) -> HttpResponse:
    """For anyone: where the stations are, when they are open, whom they serve; and the people who agreed to be named."""
    today = timezone.localdate()
    stations = list(_open(today))
    squares = coverage.tiles(Area.objects.all(), stations)
    listed = Appointment.objects.in_force(today).filter(listed=True).select_related("person")
    context = {
        "site": settings.SITE, "demo": not settings.PRODUCTION, "stations": stations, "tiles": squares,
        "counted": coverage.counted(squares), "today": today,
        "people": [one for one in listed.order_by("kind", "person__name") if one.may_serve],
    }  # fmt: skip
    response = render(request, "stations/directory.html", context)
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


def may_edit(request: HttpRequest, station: Station, today: date) -> bool:
    """Its own people keep a station's staff and roster; the district keeps every one's."""
    held = policy.standing(request.user, today)
    own = {pk for role in policy.policy().groups["station_staff"] for pk in held.stations(role)}
    return station.pk in own or bool(policy.route_answer("station_edit", "POST", held))


def station(request: HttpRequest, pk: int) -> HttpResponse:
    """A station: where, who, and this week's roster; the roster prints."""
    today = timezone.localdate()
    row = get_object_or_404(Station.objects.select_related("area").prefetch_related("serves"), pk=pk)
    monday = _monday(request.GET.get("week", ""), today)
    staff = row.staff.select_related("person").order_by("-valid_from", "pk")
    held = policy.standing(request.user, today)
    context = {
        "row": row, "staff": [(one, one.is_in_force(today)) for one in staff], "today": today,
        "week": _week(row, monday), "monday": monday, "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7), "after": monday + timedelta(days=7),
        "may_edit": may_edit(request, row, today),
        "may_close": policy.route_answer("station_edit", "POST", held),
    }  # fmt: skip
    return render(request, "stations/station.html", context)


def _monday(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if not 2000 <= day.year <= 2100:
        day = today
    return day - timedelta(days=day.weekday())


def _week(row: Station, monday: date) -> list[tuple[date, list[Duty]]]:
    lines = row.roster.filter(on__range=(monday, monday + timedelta(days=6))).select_related("person")
    days = [monday + timedelta(days=n) for n in range(7)]
    return [(day, [one for one in lines if one.on == day]) for day in days]


def station_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new station, or a change of one: its closing too is only a date."""
    row = get_object_or_404(Station, pk=pk) if pk else None
    form = StationForm(request.POST or None, instance=row, today=timezone.localdate())
    if request.method == "POST" and form.is_valid() and form.keep():
        journal.write(
            request.user, "register", f"station:{form.instance.pk}", "kept", address=address(request)
        )
        messages.success(request, _("工作站已保存。"))
        return redirect("station", form.instance.pk)
    title = _("修改工作站") if row else _("新增工作站")
    return row_page(request, form, title, str(row or ""))


def station_part(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A line of the staff or of the roster."""
    today = timezone.localdate()
    row = get_object_or_404(Station, pk=pk)
    if name not in PARTS or not may_edit(request, row, today):
        raise Http404
    form_class, label = PARTS[name]
    new = form_class._meta.model(station=row)
    form = form_class(
        request.POST or None, instance=new, today=today, initial={"on": today, "valid_from": today}
    )
    if request.method == "POST" and form.is_valid() and form.keep():
        messages.success(request, _("%(what)s已登记。") % {"what": label})
        return redirect("station", row.pk)
    return row_page(request, form, label, str(row))


def station_part_end(request: HttpRequest, pk: int, name: str, seq: int) -> HttpResponse:
    """A post ends today; a line of the roster that is still to come is taken off."""
    today = timezone.localdate()
    row = get_object_or_404(Station, pk=pk)
    if name not in PARTS or not may_edit(request, row, today):
        raise Http404
    if name == "staff":
        post = get_object_or_404(Staff, pk=seq, station=row)
        if post.is_in_force(today):
            post.end(today, today)
            changes.say()
            messages.success(request, _("任职已结束，记录保留。"))
    else:
        line = get_object_or_404(Duty, pk=seq, station=row)
        if line.on < today:
            messages.error(request, _("已经过去的值班不能删除。"))
        else:
            line.delete()
            messages.success(request, _("已从值班表中去掉。"))
    return redirect("station", row.pk)


def row_page(request: HttpRequest, form: RowForm, title: Any, of: str) -> HttpResponse:
    """The page of one row's form; what was typed stays."""
    context = {"form": form, "title": title, "of": of}
    return render(request, "stations/row.html", context, status=400 if form.errors else 200)


def listed(today: date) -> Any:
    """The stations with how many people hold a post there, for the list."""
    posts = Prefetch("staff", Staff.objects.filter(holds(today)), to_attr="present")
    return Station.objects.select_related("area").prefetch_related("serves", posts)
