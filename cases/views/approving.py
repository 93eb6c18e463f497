"""What waits for approval and what I proposed; one proposal in words with its decision."""

import json
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import access, panels, record_words
from cases import approvals as deciding
from cases.batches import address
from cases.errors import DomainError
from cases.forms import DayField, OfCase, TableField, UserField, form_of
from cases.models import Approval, Proceeding
from cases.models.caseacts import PROTECTED
from cases.models.materials import DECIDED
from cases.permissions import role_names
from cases.stepping import steps_of
from stations.models import Role

from .pages import address as address_of
from .pages import messages_of, query, refusals, sheet, wants_sheet

PAGE = 50
DONE = {
    "approve": _("已同意"),
    "return": _("已退回"),
    "refuse": _("已作出不同意决定"),
    "withdraw": _("已撤回拟办意见"),
}


class DecisionForm(forms.Form):
    """Yes, back, no, or withdrawn; a reason for all but yes."""

    decision = forms.ChoiceField(
        label=_("决定"), widget=forms.RadioSelect,
        choices=[("approve", _("同意")), ("return", _("退回修改")), ("refuse", _("不同意"))], initial="approve",
    )  # fmt: skip
    reason = forms.CharField(
        label=_("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("退回、不同意时必填。"),
    )  # fmt: skip
    on = DayField(
        label=_("批准日期"), required=False, help_text=_("不填为今天；纸质审批补录时填写纸面日期。")
    )


def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for me, oldest first; beside it what I proposed and is still open."""
    today = timezone.localdate()
    waiting = deciding.waiting_for(request.user, today)
    if wants_sheet(request):
        columns = ["案号", "登记号", "事项", "拟办人", "拟办日期", "待审批角色"]
        lines = [
            [
                a.proceeding.number or "",
                str(a.case),
                str(_label(a)),
                str(a.proposer),
                a.asked_on,
                role_names([a.waiting_role]),
            ]
            for a in waiting[:5000]
        ]
        return sheet(request, "待我审批", columns, lines)
    of_batches = _batches(waiting)
    after = request.GET.get("after", "")
    if after.isdigit():
        waiting = waiting.filter(pk__gt=int(after))
    found = list(waiting.prefetch_related("case__parties")[: PAGE + 1])
    mine = Approval.objects.filter(proposer=request.user, proceeding__isnull=False).select_related(
        "proceeding", "case"
    )
    context = {
        "rows": [{"approval": a, "label": _label(a)} for a in found[:PAGE]],
        "mine": [
            {
                "approval": a,
                "label": _label(a),
                "waiting": role_names([a.waiting_role]) if a.waiting_role else "",
            }
            for a in mine.order_by("-pk")[:20]
        ],
        "batches": of_batches,
        "next": query(request, after=str(found[PAGE - 1].pk)) if len(found) > PAGE else "",
        "download": query(request, download="xlsx", after=""),
        "today": today,
    }
    return render(request, "cases/approvals.html", context)


def _batches(waiting: Any) -> list[dict[str, Any]]:
    """Batches of which more than one thing waits, with their pages."""
    counted = (
        waiting.exclude(case__batch="")
        .order_by()
        .values("case__batch")
        .annotate(n=Count("pk"), first=Min("pk"))
    )
    found = [(one["case__batch"], one["n"]) for one in counted.filter(n__gt=1).order_by("first")[:20]]
    return [
        {"code": code, "n": n, "url": reverse("batch_approvals", args=[code])}
        for code, n in found
        if address(code)
    ]


def _label(approval: Any) -> Any:
    return record_words.label_of(approval.proceeding.facts.model, approval.name)


@refusals
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what is asked, with the data as entered; the decision of whoever it waits for."""
    today = timezone.localdate()
    found = _find(request, pk, today)
    row = found.proceeding.concrete()
    asked = request.method == "POST" and request.POST.get("decision") != "withdraw"
    form = DecisionForm(request.POST if asked else None, label_suffix="")
    status = 200
    if request.method == "POST":
        said = request.POST.get("decision", "")
        valid = said == "withdraw" or form.is_valid()
        try:
            if valid:
                data = (
                    form.cleaned_data
                    if form.is_bound
                    else {"reason": request.POST.get("reason", ""), "on": None}
                )
                done = deciding.decide(
                    pk,
                    said,
                    by=request.user,
                    reason=data["reason"],
                    on=data["on"] if said == "approve" else None,
                    today=today,
                )
                return _decided(request, done, said, pk)
            status = 400
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form = DecisionForm(request.POST, label_suffix="") if not form.is_bound else form
            messages_of(error, form)
            status = error.status
            found = _find(request, pk, today)
    waiting = deciding.waiting_for(request.user, today).filter(pk=pk).exists()
    visible = Proceeding.objects.visible_to(request.user, today).filter(pk=row.pk).exists()
    exhibit = panels.exhibit_of(row, found.name, json.loads(found.data or "{}"), today) if visible else None
    if exhibit:
        access.log_read(
            request.user, f"approval/{pk}", reason=str(_label(found)), address=address_of(request)
        )
    context = {
        "approval": found, "row": row, "case": found.case, "label": _label(found), "form": form,
        "entered": entered(found, row, request.user, today), "roles": _roles(found),
        "decided": [_line(json.loads(line)) for line in found.decided.splitlines() if line],
        "may_decide": waiting and found.state == Approval.State.OPEN,
        "may_withdraw": found.proposer_id == request.user.pk and found.state == Approval.State.OPEN,
        "visible": visible, "exhibit": exhibit, **(exhibit.context if exhibit else {}),
    }  # fmt: skip
    return render(request, "cases/approval.html", context, status=status)


def _find(request: HttpRequest, pk: int, today: date) -> Approval:
    found = (
        Approval.objects.filter(pk=pk, proceeding__isnull=False)
        .select_related("proceeding", "case", "proposer")
        .first()
    )
    if found is None:
        raise Http404
    what = (
        "view" if found.proposer_id == request.user.pk else "view_closed"
    )  # opinions are of the closed volume
    seen = Proceeding.objects.visible_to(request.user, today, what).filter(pk=found.proceeding_id).exists()
    if not seen and not deciding.waiting_for(request.user, today).filter(pk=pk).exists():
        raise Http404
    return found


def _decided(request: HttpRequest, done: Approval, said: str, pk: int) -> HttpResponse:
    if said == "approve" and done.state == Approval.State.RETURNED:
        messages.warning(
            request, _("审批时条件已变化，事项已退回拟办人：%(reason)s") % {"reason": done.reason}
        )
    else:
        messages.success(request, DONE[said])
    return redirect("approval", pk) if said == "withdraw" else redirect("approvals")


def _roles(found: Approval) -> list[dict[str, str]]:
    """The approvers in order, as a way."""
    steps = []
    for n, role in enumerate(found.roles.split(",")):
        over = found.state == Approval.State.GRANTED or n < found.position
        now = n == found.position and found.state == Approval.State.OPEN
        stopped = n == found.position and found.state not in (Approval.State.OPEN, Approval.State.GRANTED)
        status = "done" if over else "now" if now else "stop" if stopped else "todo"
        steps.append({"label": role_names([role]), "status": status})
    return steps


def _line(said: dict[str, Any]) -> dict[str, Any]:
    at = timezone.localtime(datetime.fromisoformat(said["at"]))
    return {
        "name": said["name"],
        "role": str(dict(Role.choices).get(said["role"]) or _("拟办人")),
        "decision": DECIDED.get(said["decision"], said["decision"]),
        "reason": said["reason"],
        "at": at.strftime("%Y-%m-%d %H:%M"),
    }


def entered(found: Approval, row: Any, user: Any, today: date) -> list[dict[str, Any]]:
    """The proposal's data in words: labels of the form, choices and people by name, protected values masked."""
    data: dict[str, Any] = json.loads(found.data or "{}")
    meta = steps_of(type(row)).get(found.name)
    if meta is None:
        return []
    form = form_of(type(row), found.name)(proceeding=row, case=found.case, by=found.proposer, today=today)
    lines: list[dict[str, Any]] = []
    for name, field in form.fields.items():
        value = data.get(name)
        if value in (None, "", []):
            continue
        if name in PROTECTED:
            lines.append({"label": field.label, "value": _("（已填写，不直接显示）")})
        elif isinstance(field, TableField):
            rows = [
                [_worded(field.columns[k], v) for k, v in one.items() if v not in (None, "")] for one in value
            ]
            lines.append({"label": field.label, "rows": rows})
        else:
            lines.append({"label": field.label, "value": _worded(field, value)})
    return lines


def _worded(field: Any, value: Any) -> str:
    if isinstance(field, forms.BooleanField):  # a page posts "on"
        value = field.widget.value_from_datadict({"value": value}, {}, "value")
    if isinstance(field, (UserField, OfCase)) or hasattr(field, "queryset"):
        key = field.to_field_name or "pk"
        many = value if isinstance(value, list) else [value]
        found = field.queryset.model.objects.filter(**{f"{key}__in": many})
        return "、".join(str(field.label_from_instance(r)) for r in found)
    return record_words.words(field, value)
