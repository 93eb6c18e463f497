"""The list of proceedings a person may see: filters, pages by key, xlsx."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases import kinds, queue
from cases.models import Interval, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.sheets import MOST_ROWS
from stations import policy
from stations.models import Station

from .pages import query, sheet, wants_sheet

PAGE = 50
COUNTED = 1000
COLUMNS = ["案号", "登记号", "办理方式", "事项", "当事人", "权利", "环节", "结果", "收到日期", "受理（立案）日期", "结案日期",
           "时限", "工作站", "承办人"]  # fmt: skip


def cases(request: HttpRequest) -> HttpResponse:
    """Newest first; `kind`, `state`, `station`, `open` narrow it."""
    today = timezone.localdate()
    held = policy.standing(request.user, today)
    seen = Proceeding.objects.visible_to(request.user, today).exclude(kind__in=kinds.apart())
    rows, chosen = _filtered(request, seen)
    rows = rows.order_by("-id")
    if wants_sheet(request):
        return sheet(request, "案件列表", COLUMNS, [_line(row, today) for row in _whole(rows[:MOST_ROWS])])
    after = request.GET.get("after", "")
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    ids = list(rows.values_list("pk", flat=True)[: PAGE + 1 if after else COUNTED + 1])
    shown = list(_whole(Proceeding.objects.filter(pk__in=ids[:PAGE]).order_by("-id")))
    counted = "" if after else f"共 {len(ids)} 件" if len(ids) <= COUNTED else f"{COUNTED} 件以上"
    paused = {
        i.proceeding_id: i
        for i in Interval.objects.filter(
            proceeding__in=[r.pk for r in shown], to_on__isnull=True, cancelled=False
        )
    }
    listed = []
    for row in shown:
        words, tone = queue.words(row.due_on, today, paused.get(row.pk)) if row.is_open else ("", "")
        listed.append({"row": row, "case": row.case, "words": words, "tone": tone})
    context = {
        "rows": listed,
        "chosen": chosen,
        "kinds": [(slug, known.label) for slug, known in kinds.all_kinds().items() if not known.page],
        "states": _states(chosen["kind"]),
        "stations": list(Station.objects.order_by("code")),
        "count_text": counted,
        "next": query(request, after=str(shown[-1].pk)) if len(ids) > PAGE else "",
        "first": query(request, after="") if after else "",
        "download": query(request, download="xlsx", after=""),
        "may_register": policy.route_answer("case_new", "GET", held),
        "today": today,
    }
    return render(request, "cases/cases.html", context)


def _whole(rows: QuerySet[Proceeding]) -> QuerySet[Proceeding]:
    """Rows with what a line shows; the key alone was sorted before."""
    return rows.select_related("case", "station", "handler").prefetch_related("case__parties", "case__rights")


def _states(kind: str) -> list[tuple[str, Any]]:
    return list(kinds.get(kind).states.items()) if kind else []


def _filtered(
    request: HttpRequest, rows: QuerySet[Proceeding]
) -> tuple[QuerySet[Proceeding], dict[str, str]]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds.all_kinds() else ""
    state = request.GET.get("state", "")
    state = state if kind and (state in kinds.get(kind).states or state in BASE_STATES) else ""
    station = request.GET.get("station", "")[:50]
    still = request.GET.get("open", "") if request.GET.get("open", "") in ("1", "0") else ""
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if station:
        rows = rows.filter(station__code=station)
    if still:
        rows = rows.filter(is_open=still == "1")
    return rows, {"kind": kind, "state": state, "station": station, "open": still}


def _line(row: Proceeding, today: Any) -> list[Any]:
    case = row.case
    words, _tone = queue.words(row.due_on, today) if row.is_open else ("", "")
    return [
        row.number or "", str(case), str(row.kind_label), case.cause or case.summary[:60],
        "、".join(f"{p.role_in(row)} {p.name}" for p in case.parties.all()),
        "、".join(str(r) for r in case.rights.all()), str(row.state_label), str(row.outcome_label),
        row.received_on, row.accepted_on, row.closed_on, words, str(row.station or ""), str(row.handler or ""),
    ]  # fmt: skip
