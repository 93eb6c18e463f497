"""Pages of the office: grants (security officer), stand-ins, the list of stations."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from stations import coverage, journal, policy, sheets
from stations.models import Area, Grant, StandIn
from stations.office_forms import GrantForm, StandInForm

from . import places
from .signin import address


def _sets_for_others(request: HttpRequest, today: date) -> bool:
    return bool(policy.route_answer("stand_ins_others", "POST", policy.standing(request.user, today)))


def _sheet(request: HttpRequest, title: str, columns: list[str], rows: list[list[Any]]) -> HttpResponse:
    """A list as a file; logged before it leaves."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    journal.write(request.user, "export", f"list/{route}", f"{len(rows)} rows", address=address(request))
    name = content_disposition_header(True, f"{title}-{timezone.localdate():%Y%m%d}.xlsx")
    content = sheets.workbook(title, columns, rows)
    return HttpResponse(content, content_type=sheets.TYPE, headers={"Content-Disposition": name})


def grants(request: HttpRequest) -> HttpResponse:
    """All grants, and a form for a new one."""
    today = timezone.localdate()
    form = GrantForm(request.POST or None, by=request.user, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        made = Grant.objects.create(**form.cleaned_data, granted_by=request.user)
        journal.write(
            request.user, "grant", f"grant:{made.pk}", f"given {made.role}", address=address(request)
        )
        messages.success(request, _("已授权：%(grant)s。") % {"grant": made})
        return redirect("grants")
    wanted = request.GET.get("q", "").strip()[:60]
    rows = Grant.objects.select_related("user", "body", "station", "granted_by").order_by(
        "user__username", "-pk"
    )
    if wanted:
        rows = rows.filter(Q(user__username__icontains=wanted) | Q(user__display_name__icontains=wanted))
    if request.GET.get("ended") != "1":
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    if request.GET.get("download") == "xlsx":
        lines = [
            [g.user.display_name, g.user.username, g.get_role_display(), str(g.station or g.body or ""), g.valid_from,
             g.valid_to, str(g.granted_by or "")]
            for g in rows[: sheets.MOST_ROWS]
        ]  # fmt: skip
        return _sheet(
            request,
            "授权",
            ["姓名", "用户名", "角色", "单位或工作站", "起始日期", "截止日期", "授权人"],
            lines,
        )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "today": today,
        "q": wanted,
        "ended": request.GET.get("ended"),
    }
    return render(request, "stations/grants.html", context, status=400 if form.errors else 200)


def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant: its last day was yesterday; from now on it gives nothing."""
    grant = get_object_or_404(Grant, pk=pk)
    today = timezone.localdate()
    if grant.user_id == request.user.pk:
        messages.error(request, _("不能结束自己的授权，请由其他安全管理员办理。"))
    elif grant.valid_to is None or grant.valid_to >= today:
        grant.valid_to = today - timedelta(days=1)
        grant.save(update_fields=["valid_to"])
        journal.write(
            request.user, "grant", f"grant:{grant.pk}", f"ended {grant.role}", address=address(request)
        )
        messages.success(request, _("授权已结束：%(grant)s。") % {"grant": grant})
    return redirect("grants")


def stand_ins(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom; everybody sets one for himself, the security officer for others."""
    today = timezone.localdate()
    others = _sets_for_others(request, today)
    form = StandInForm(
        request.POST or None,
        by=request.user,
        may_set_others=others,
        today=today,
        initial={"valid_from": today},
    )
    if request.method == "POST" and form.is_valid():
        made = StandIn.objects.create(**form.cleaned_data, set_by=request.user)
        journal.write(request.user, "stand_in", f"stand_in:{made.pk}", "set", address=address(request))
        messages.success(request, _("代理已设置，期间内由代理人办理，记录同时写明双方。"))
        return redirect("stand_ins")
    rows = StandIn.objects.select_related("absent", "substitute", "set_by")
    if not others:
        rows = rows.filter(Q(absent=request.user) | Q(substitute=request.user))
    if request.GET.get("download") == "xlsx":
        lines = [
            [str(r.absent), str(r.substitute), r.valid_from, r.valid_to, r.reason, str(r.set_by)]
            for r in rows
        ]
        return _sheet(
            request, "代理期间", ["被代理人", "代理人", "起始日期", "截止日期", "事由", "设置人"], lines
        )
    context = {"form": form, "rows": rows[:200], "today": today, "others": others}
    return render(request, "stations/stand_ins.html", context, status=400 if form.errors else 200)


def stand_in_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a stand-in before its time: for oneself, or by who may set it for others."""
    today = timezone.localdate()
    others = _sets_for_others(request, today)
    mine = StandIn.objects.all() if others else StandIn.objects.filter(absent=request.user)
    row = get_object_or_404(mine, pk=pk)
    if row.valid_to >= today:
        row.valid_to = today - timedelta(days=1)
        row.save(update_fields=["valid_to"])
        journal.write(request.user, "stand_in", f"stand_in:{row.pk}", "ended", address=address(request))
        messages.success(request, _("代理已结束。"))
    return redirect("stand_ins")


def stations(request: HttpRequest) -> HttpResponse:
    """The protection stations: where, how to reach them, whom they serve."""
    today = timezone.localdate()
    rows = list(places.listed(today))
    if request.GET.get("download") == "xlsx":
        lines = [
            [s.code, s.name, s.get_kind_display(), "、".join(map(str, s.areas())), s.address, s.phone, s.hours,
             len(s.present), s.opened_on, s.closed_on]
            for s in rows
        ]  # fmt: skip
        columns = [
            "代码",
            "工作站",
            "类别",
            "服务区域",
            "地址",
            "电话",
            "服务时间",
            "人员",
            "启用日期",
            "停用日期",
        ]
        return _sheet(request, "保护工作站", columns, lines)
    squares = coverage.tiles(Area.objects.all(), [s for s in rows if s.is_open(today)])
    context = {
        "rows": rows, "tiles": squares, "counted": coverage.counted(squares),
        "may_edit": policy.route_answer("station_new", "GET", policy.standing(request.user, today)),
    }  # fmt: skip
    return render(request, "stations/stations.html", context)
