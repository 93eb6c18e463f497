"""For the auditor: access log, record, seals, read only. For the security officer: what deserves a look."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.models import AccessLog, Case, Event, Seal
from cases.record_words import label_of

from .pages import query, sheet, wants_sheet

PAGE = 100
ACTS = {
    "read": _("查看受保护内容"), "export": _("导出"), "refused": _("被拒绝的操作"), "sign_in": _("登录"), "sign_out": _("退出"),
    "second_factor": _("动态验证码"), "password": _("修改密码"), "grant": _("授权"), "stand_in": _("代理"),
}  # fmt: skip
OUTCOMES = {
    "done": _("成功"),
    "refused": _("失败"),
    "locked": _("已锁定"),
    "shown": _("已显示"),
    "set": _("已设置"),
    "ended": _("已结束"),
}
ALERTS = {"refused": ["refused"], "sign_in": ["refused", "locked"], "second_factor": ["refused"]}
COLUMNS = ["时间", "用户", "操作", "对象", "原因", "结果", "地址"]


def audit(request: HttpRequest) -> HttpResponse:
    """Access log, record of events (names and times, no content), seals."""
    part = request.GET.get("part", "log")
    if part == "record":
        return _events(request)
    if part == "seals":
        return render(request, "cases/audit.html", {"part": part, "seals": Seal.objects.order_by("-pk")[:60]})
    rows = AccessLog.objects.all()
    act = request.GET.get("act", "")
    if act in ACTS:
        rows = rows.filter(act=act)
    return _log(request, rows, {"part": "log", "acts": list(ACTS.items()), "act": act}, "访问日志")


def alerts(request: HttpRequest) -> HttpResponse:
    """Refusals, failed sign-ins, lock-outs."""
    rows = AccessLog.objects.none()
    for act, outcomes in ALERTS.items():
        one = AccessLog.objects.filter(act=act)
        rows = rows | (one if act == "refused" else one.filter(outcome__in=outcomes))
    return _log(request, rows, {"part": "alerts"}, "访问告警")


def _log(
    request: HttpRequest, rows: QuerySet[AccessLog], context: dict[str, Any], title: str
) -> HttpResponse:
    user = request.GET.get("user", "").strip()[:60]
    if user:
        rows = rows.filter(user__username=user)
    rows = rows.select_related("user").order_by("-id")
    if wants_sheet(request):
        return sheet(request, title, COLUMNS, [list(_line(r).values()) for r in rows[:20000]])
    after = request.GET.get("after", "")
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    context |= {
        "title": title, "rows": [_line(r) for r in found[:PAGE]], "user_name": user,
        "next": query(request, after=str(found[PAGE - 1].pk)) if len(found) > PAGE else "",
        "download": query(request, download="xlsx", after=""),
    }  # fmt: skip
    return render(request, "cases/audit.html", context)


def _line(row: AccessLog) -> dict[str, Any]:
    return {
        "at": row.at, "user": f"{row.user.display_name}（{row.user.username}）" if row.user else "—",
        "act": str(ACTS.get(row.act, row.act)), "subject": row.subject, "reason": row.reason,
        "outcome": str(OUTCOMES.get(row.outcome, row.outcome)), "address": row.address,
    }  # fmt: skip


def _events(request: HttpRequest) -> HttpResponse:
    """The record without its content: which case, what, who, when, under which hash."""
    rows = Event.objects.select_related("case", "proceeding", "by", "approved_by").order_by("-pk")
    number = request.GET.get("case", "").strip()[:20]
    if number:
        rows = rows.filter(case__registration_no=number).order_by("-seq")
    after = request.GET.get("after", "")
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    if wants_sheet(request):
        columns = ["登记号", "序号", "事项", "登记人", "批准人", "时间", "来源", "摘要链"]
        lines = [[str(e["case"]), e["seq"], str(e["label"]), e["by"], e["approved_by"], e["at"], e["origin"], e["hash"]]
                 for e in map(_event, rows[:20000])]  # fmt: skip
        return sheet(request, "办案记录审计", columns, lines)
    found = list(rows[: PAGE + 1])
    context = {
        "part": "record", "events": [_event(e) for e in found[:PAGE]], "number": number,
        "next": query(request, after=str(found[PAGE - 1].pk)) if len(found) > PAGE else "",
        "download": query(request, download="xlsx", after=""),
    }  # fmt: skip
    return render(request, "cases/audit.html", context)


def _event(event: Event) -> dict[str, Any]:
    model = kinds.get(event.proceeding.kind).model if event.proceeding else Case
    return {
        "case": event.case, "seq": event.seq, "label": label_of(model, event.name), "by": str(event.by or ""),
        "approved_by": str(event.approved_by or ""), "at": event.at, "origin": event.get_origin_display(), "hash": event.hash,
    }  # fmt: skip
