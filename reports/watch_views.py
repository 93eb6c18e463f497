"""督办提示: the list of what asks for an answer, and the page of one on which it is answered."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import noticing
from cases.errors import DomainError
from cases.views.pages import query, refusals, sheet, wants_sheet
from stations import policy
from stations.policy import Standing

from .models import Notice, NoticeEntry
from .models.watching import NoticeQuerySet
from .watching import keeping
from .watching.rules import rules

SHOWN = 200
ON_DESK = 10
STATES = {
    "": gettext_lazy("未消除"),
    "open": gettext_lazy("待答复"),
    "answered": gettext_lazy("已答复"),
    "ended": gettext_lazy("已消除"),
}
COLUMNS = ["规则", "事项", "工作站（单位）", "答复人", "提示日期", "状态", "答复日期", "消除日期"]


class AnswerForm(forms.Form):
    """What was done about it."""

    text = forms.CharField(
        label=gettext_lazy("办理情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("写明已采取的措施和预计完成时间，不写当事人信息。"),
    )  # fmt: skip


@noticing.notices
def _on_desk(user: Any, today: date) -> list[noticing.Line]:
    """What this person answers for and nobody has answered."""
    held = policy.standing(user, today)
    rows = (
        Notice.objects.answered_by(held)
        .filter(status=Notice.Status.OPEN)
        .order_by("opened_on", "id")[:ON_DESK]
    )
    return [
        noticing.Line(_tone(row), _tag(row), row.text, row.opened_on, reverse("watch_one", args=[row.pk]))
        for row in rows
    ]


def _tone(row: Notice) -> str:
    rule = rules().get(row.rule)
    return rule.tone if rule and row.status != Notice.Status.ENDED else ""


def _tag(row: Notice) -> str:
    rule = rules().get(row.rule)
    return rule.tag if rule else row.rule


def visible(held: Standing) -> NoticeQuerySet:
    """Leadership and the district read all, others what they answer for."""
    rows = Notice.objects.select_related("station", "body")
    return rows if policy.route_answer("board", "GET", held) else rows.answered_by(held)


@refusals
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list; the district sets a check going."""
    today = timezone.localdate()
    held = policy.standing(request.user, today)
    if request.method == "POST":
        told = keeping.evaluate(today)
        words = _("已核查：新增 %(opened)d 项，再次提示 %(again)d 项，消除 %(ended)d 项。")
        messages.success(request, words % vars(told))
        return redirect("watch")
    rule, state = request.GET.get("rule", ""), request.GET.get("state", "")
    found = visible(held).filter(Q(rule=rule) if rule in rules() else Q())
    found = found.filter(status=state) if state in Notice.Status.values else found.standing()
    rows = found[: SHOWN + 1]
    if wants_sheet(request):
        return sheet(request, str(_("督办提示")), COLUMNS, [_cells(row) for row in found])
    context = {
        "rows": [_line(row) for row in rows[:SHOWN]], "more": len(rows) > SHOWN, "shown": SHOWN, "rule": rule,
        "rules": rules().values(), "state": state, "download": query(request, download="xlsx"),
        "states": [{"url": query(request, state=key), "label": label, "current": key == state} for key, label in STATES.items()],
        "checks": bool(policy.route_answer("watch", "POST", held)),
    }  # fmt: skip
    return render(request, "reports/watch.html", context)


def _line(row: Notice) -> dict[str, Any]:
    return {"row": row, "tag": _tag(row), "tone": _tone(row), "who": keeping.answerers(row)}


def _cells(row: Notice) -> list[Any]:
    rule = rules().get(row.rule)
    return [
        rule.label if rule else row.rule, row.text, str(row.place or ""), keeping.answerers(row), row.opened_on,
        str(row.get_status_display()), row.answered_on, row.ended_on,
    ]  # fmt: skip


@refusals
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice with what became of it; who answers for it answers here, and having looked is kept."""
    today = timezone.localdate()
    held = policy.standing(request.user, today)
    row = visible(held).filter(pk=pk).first()
    if row is None:
        raise Http404
    mine = Notice.objects.answered_by(held).filter(pk=pk).exists()
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.answer(pk, by=request.user, text=form.cleaned_data["text"], today=today)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已答复；原因未消除的，到期再次提示。"))
            return redirect("watch_one", pk=pk)
    elif request.method == "GET" and mine and row.status == Notice.Status.OPEN:
        keeping.seen(row, by=request.user)
    entries = NoticeEntry.objects.filter(notice=row).select_related("by")
    context = {
        **_line(row), "entries": entries, "form": form, "rule": rules().get(row.rule),
        "answers": mine and row.status == Notice.Status.OPEN,
    }  # fmt: skip
    return render(request, "reports/watch_one.html", context, status=400 if form.errors else 200)
