"""Activities: the list with counts by kind, an activity with its pictures, the form, the cancelling."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import access, activities, files
from cases.activities import ActivityForm
from cases.models import Activity, ActivityPhoto
from stations import policy
from stations.models import Station

from .pages import address, query, sheet, wants_sheet

PAGE = 50
COLUMNS = ["类别", "名称", "开始", "结束", "地点", "主办", "参加地区", "参加部门", "参加人数", "走访企业", "企业需求",
           "答复", "成果", "议定事项", "结果", "案号", "专项行动", "登记日期", "作废"]  # fmt: skip


def activity_list(request: HttpRequest) -> HttpResponse:
    """By kind and year; the counts are of what is not cancelled."""
    today = timezone.localdate()
    rows = activities.found(request.GET)
    if wants_sheet(request):
        return sheet(request, "活动台账", COLUMNS, [_line(row) for row in rows[:20000]])
    place = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    start = (min(max(place, 1), 10_000) - 1) * PAGE
    shown = list(rows[start : start + PAGE + 1])
    told = rows.filter(cancelled_on__isnull=True).order_by().values_list("kind").annotate(n=Count("pk"))
    numbers = dict(told)
    held = policy.standing(request.user, today)
    context = {
        "rows": shown[:PAGE], "said": request.GET, "kinds": Activity.Kind.choices,
        "counts": [(label, numbers[kind]) for kind, label in Activity.Kind.choices if kind in numbers],
        "years": range(today.year, today.year - 6, -1), "stations": Station.objects.order_by("code"),
        "download": query(request, download="xlsx", page=""),
        "prev": query(request, page=str(place - 1)) if place > 1 else "",
        "next": query(request, page=str(place + 1)) if len(shown) > PAGE else "",
        "may_enter": policy.route_answer("activity_new", "GET", held),
    }  # fmt: skip
    return render(request, "cases/activities.html", context)


def _line(row: Activity) -> list[Any]:
    return [
        str(row.get_kind_display()), row.title, row.begins_on, row.ends_on, row.place, row.host, row.regions,
        row.departments, row.attendance, str(row.enterprise or ""), row.need, row.answer, row.outputs, row.decisions,
        row.result, row.case_numbers, row.campaign, row.known_on, row.cancelled_on,
    ]  # fmt: skip


def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity."""
    rows = Activity.objects.select_related("station", "body", "enterprise", "entered_by")
    row = get_object_or_404(
        rows.prefetch_related("participants__person", "participants__enterprise", "photos"), pk=pk
    )
    context = {"row": row, "may_edit": activities.may_edit(request.user, row, timezone.localdate())}
    return render(request, "cases/activity.html", context)


def activity_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new activity, or the correction of one; `?kind=visit&enterprise=3` begins a visit."""
    today = timezone.localdate()
    row = get_object_or_404(Activity, pk=pk) if pk else None
    if row is not None and not activities.may_edit(request.user, row, today):
        raise Http404
    begun = {"begins_on": today} if row is None else {}
    for name in ("kind", "enterprise"):
        if row is None and request.GET.get(name):
            begun[name] = request.GET[name][:20]  # type: ignore[assignment]
    form = ActivityForm(
        request.POST or None, request.FILES or None, instance=row, by=request.user, today=today, initial=begun
    )
    if request.method == "POST" and form.is_valid() and form.keep():
        subject = f"activity:{form.instance.pk}"
        access.log_office(request.user, "register", subject, "kept", address(request), "")
        messages.success(request, _("活动已保存。"))
        return redirect("activity", form.instance.pk)
    context = {"form": form, "row": row}
    return render(request, "cases/activity_form.html", context, status=400 if form.errors else 200)


def activity_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancelled with a reason: it counts no more, and stays in the list."""
    today = timezone.localdate()
    row = get_object_or_404(Activity, pk=pk)
    if not activities.may_edit(request.user, row, today):
        raise Http404
    because = request.POST.get("reason", "").strip()[:200]
    if not because:
        messages.error(request, _("请填写作废的原因。"))
    elif activities.cancel(row, because, today):
        access.log_office(request.user, "register", f"activity:{pk}", "cancelled", address(request), because)
        messages.success(request, _("活动已作废，不再计数，记录保留。"))
    return redirect("activity", pk)


def activity_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture we made ourselves from what was uploaded; shown in place."""
    photo = get_object_or_404(ActivityPhoto.objects.select_related("file"), pk=pk)
    response = FileResponse(files.open(photo.file.sm3), content_type=photo.file.type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
