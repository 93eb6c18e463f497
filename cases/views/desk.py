"""我的待办: approvals that wait for me on top, then my work by deadline."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases import agenda, approvals, deadlines, kinds, noticing, panels, queue
from cases.models import Deadline, Proceeding
from cases.permissions import role_names
from cases.record_words import label_of
from cases.stepping import steps_of
from stations import policy

from .pages import query, sheet, wants_sheet

COLUMNS = ["案号", "登记号", "事项", "当事人", "权利", "环节", "下一步", "时限", "届满日", "承办人"]
DUE = {"overdue": "已逾期", "soon": "三日内到期", "week": "本周到期"}


def home(request: HttpRequest) -> HttpResponse:
    """The desk of staff who handle cases; others find the pages they may open."""
    today = timezone.localdate()
    held = policy.standing(request.user, today)
    if not policy.route_answer("cases", "GET", held) and not _has_work(request.user, today):
        return render(request, "cases/home_other.html", {"notices": noticing.of(request.user, today)})
    due = request.GET.get("due", "") if request.GET.get("due", "") in DUE else ""
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in kinds.all_kinds() else ""
    if wants_sheet(request):
        page = queue.page(request.user, today, due=due, kind=kind, limit=queue.MOST)
        return sheet(request, "我的待办", COLUMNS, [_line(one(row, today, page, held)) for row in page.rows])
    page = queue.page(request.user, today, cursor=request.GET.get("after", ""), due=due, kind=kind)
    marks = panels.marks(page.rows, request.user, today)
    context = {
        "waiting": [_waiting(a) for a in approvals.waiting_for(request.user, today)[:8]],
        "notices": noticing.of(request.user, today) if not request.GET.get("after") else [],
        "agenda": agenda.of(request.user, today) if not request.GET.get("after") else [],
        "rows": [one(row, today, page, held) | {"marks": marks.get(row.pk, ())} for row in page.rows],
        "counts": page.counts,
        "due": due,
        "due_links": [
            {
                "key": key,
                "label": label,
                "url": query(request, due="" if due == key else key, after=""),
                "n": getattr(page.counts, key) if page.counts else None,
            }
            for key, label in DUE.items()
        ],
        "kind": kind,
        "kinds": [(slug, known.label) for slug, known in kinds.all_kinds().items() if known.opens_from_case],
        "next": query(request, after=page.next) if page.next else "",
        "first": query(request, after="") if request.GET.get("after") else "",
        "download": query(request, download="xlsx", after=""),
        "later": []
        if due or kind or request.GET.get("after")
        else [_later(one, today) for one in queue.after_the_end(request.user, today)],
        "may_register": policy.route_answer("case_new", "GET", held),
        "today": today,
    }
    return render(request, "cases/home.html", context)


def _has_work(user: Any, today: Any) -> bool:
    """Somebody who handles no disputes may still answer for matters, or be asked to approve."""
    return bool(queue.page(user, today, limit=1).rows) or approvals.waiting_for(user, today).exists()


def _waiting(approval: Any) -> dict[str, Any]:
    row = approval.proceeding
    return {
        "approval": approval,
        "label": label_of(row.facts.model, approval.name),
        "row": row,
        "role": role_names([approval.waiting_role]),
    }


def _later(deadline: Deadline, today: Any) -> dict[str, Any]:
    said, tone = queue.words(deadline.due_on, today)
    row = deadline.proceeding
    return {
        "deadline": deadline,
        "row": row,
        "case": row.case,
        "words": said,
        "tone": tone,
        "rule": _named(deadline.rule, row),
    }


def one(row: Proceeding, today: Any, page: queue.Page, held: policy.Standing) -> dict[str, Any]:
    """A line of the queue in words."""
    said, tone = queue.words(row.due_on, today, page.paused.get(row.pk))
    return {
        "row": row,
        "case": row.case,
        "parties": list(row.case.parties.all()),
        "rights": [] if row.facts.page else list(row.case.rights.all()),
        "words": said,
        "tone": tone,
        "rule": limit_of(row),
        "next": next_step(row, held),
    }


def _line(found: dict[str, Any]) -> list[Any]:
    row, case = found["row"], found["case"]
    return [
        row.number or "", str(case), row.kind_label if row.facts.page else case.cause or case.summary[:60],
        "、".join(f"{p.role_in(row)} {p.name}" for p in found["parties"]),
        "、".join(map(str, found["rights"])), str(row.state_label), str(found["next"]), found["words"],
        row.due_on if found["words"] and row.due_on.year < 9999 else None, str(row.handler or ""),
    ]  # fmt: skip


def limit_of(row: Proceeding) -> str:
    """The nearest limit as the law gives it: 审查 15个工作日."""
    return _named(row.due_rule, row) if row.due_rule else ""


def _named(rule_id: str, row: Proceeding) -> str:
    try:
        rule = deadlines.rule_of(rule_id, row.accepted_on or row.received_on or row.due_on)
    except deadlines.DeadlineError:
        return rule_id
    return f"{rule.name} {rule.limit}" if rule.number is not None else rule.name


def next_step(row: Proceeding, held: policy.Standing) -> Any:
    """The first daily step open in this state that a role of mine may take; no query."""
    for name, meta in steps_of(row.facts.model).items():
        if meta.kind == "step" and meta.daily and not meta.grave and meta.open_in(row.state):
            rule = policy.step_rule(row.kind, name)
            if rule is not None and held.roles & set(rule.roles):
                return meta.label
    return ""
