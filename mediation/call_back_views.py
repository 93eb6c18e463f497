"""Pages of whoever calls back: the drawn mediations, and of one of them the parties, its number and its day of effect.

Nothing else of the case is shown: neither what was asked for nor what was agreed. The steps are the case room's pages.
"""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from cases import access, navigation, queue
from cases.models import Party, Proceeding
from cases.permissions import can, may
from cases.protection import masked_phone
from cases.sheets import MOST_ROWS
from cases.stepping import steps_of
from cases.views.pages import address, query, refusals, sheet, wants_sheet

from .models import Agreement, CallBack
from .models.call_back import TOOK_PART, worked_on

PAGE = 50
UNMASKED_AN_HOUR = 60
COLUMNS = ["抽样月份", "调解案号", "协议生效", "当事人", "环节", "结果", "回访日期", "时限", "回访人"]
CHOICES = {"open": gettext_lazy("待回访"), "done": gettext_lazy("已结束")}
navigation.add("案件", "call_backs", gettext_lazy("抽样回访"), order=38)


def seen(user: Any, today: date) -> QuerySet[CallBack]:
    """The call-backs this person may see, each with the day its agreement took effect."""
    rows = Proceeding.objects.visible_to(user, today).filter(kind="call_back").exclude(state="void")
    effect = Agreement.objects.filter(mediation=OuterRef("parent"), cancelled=False).values("effective_on")
    found = CallBack.objects.filter(pk__in=rows.values("pk")).annotate(effective_on=Subquery(effect[:1]))
    return found.select_related("parent", "sample", "handler").prefetch_related("case__parties")


@refusals
def call_backs(request: HttpRequest) -> HttpResponse:
    """What is to be called back, by its day; `which` shows what is done."""
    today = timezone.localdate()
    which = request.GET.get("which", "open")
    which = which if which in CHOICES else "open"
    rows = seen(request.user, today).filter(is_open=which == "open").order_by("due_on", "pk")
    if which == "done":
        rows = rows.order_by("-pk")
    if wants_sheet(request):
        return sheet(request, "抽样回访", COLUMNS, [_line(row, today) for row in rows[:MOST_ROWS]])
    page = request.GET.get("page", "")
    start = PAGE * (int(page) if page.isdigit() and len(page) < 6 else 0)
    found = list(rows[start : start + PAGE + 1])
    context = {
        "rows": [
            {"row": row, "words": queue.words(row.due_on, today) if row.is_open else ("", "")} for row in found[:PAGE]
        ],
        "which": which,
        "choices": [{"key": k, "label": v, "url": query(request, which=k, page="")} for k, v in CHOICES.items()],
        "next": query(request, page=str(start // PAGE + 1)) if len(found) > PAGE else "",
        "first": query(request, page="") if start else "",
        "download": query(request, download="xlsx", page=""),
    }  # fmt: skip
    return render(request, "mediation/call_backs.html", context)


def _line(row: Any, today: date) -> list[Any]:
    parties = "、".join(f"{p.get_role_display()} {p.name}" for p in row.case.parties.all())
    words = queue.words(row.due_on, today)[0] if row.is_open else ""
    return [
        row.sample.month if row.sample else "", row.parent.number, row.effective_on, parties, str(row.state_label),
        str(row.outcome_label), row.closed_on, words, str(row.handler or ""),
    ]  # fmt: skip


@sensitive_post_parameters()
@refusals
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the sheet of one call; POST shows one telephone number once, with the log written before."""
    today = timezone.localdate()
    row = seen(request.user, today).filter(pk=pk).first()
    if row is None:
        raise Http404
    shown: dict[int, str] = {}
    took_part = worked_on(row.case_id, request.user)
    if request.method == "POST":
        wanted = request.POST.get("party", "")
        party = row.case.parties.filter(pk=int(wanted)).first() if wanted.isdigit() else None
        if party is None or not row.is_open or took_part or not may(request.user, row, "answer", today):
            raise Http404
        if access.reads_lately(request.user) >= UNMASKED_AN_HOUR:
            detail = _("一小时内查看次数过多，请稍后再试。")
            return render(request, "errors/429.html", {"detail": detail}, status=429)
        access.log_read(
            request.user, f"party/{party.pk}/phone", reason=str(_("抽样回访")), address=address(request)
        )
        shown[party.pk] = party.phone
    words, tone = queue.words(row.due_on, today) if row.is_open else ("", "")
    context = {
        "row": row,
        "parties": [_party(party, shown) for party in row.case.parties.all()],
        "words": words,
        "tone": tone,
        "took_part": TOOK_PART if took_part else "",
        "may_unmask": row.is_open and not took_part and bool(may(request.user, row, "answer", today)),
        "actions": [] if took_part else _actions(request.user, row, today),
        "remark": row.remark if row.handler_id == request.user.pk else "",
    }
    return render(request, "mediation/call_back.html", context)


def _party(party: Party, shown: dict[int, str]) -> dict[str, Any]:
    clear = shown.get(party.pk)
    phone = clear if clear is not None else masked_phone(party.phone) if party.phone_sealed else ""
    return {"party": party, "phone": phone, "masked": bool(party.phone_sealed) and clear is None}


def _actions(user: Any, row: CallBack, today: date) -> list[dict[str, Any]]:
    """What this person may do now, the daily steps first."""
    found = [
        {
            "label": meta.label, "url": reverse("step" if meta.kind == "step" else "act", args=[row.pk, name]),
            "daily": meta.daily,
        }
        for name, meta in steps_of(CallBack).items()
        if name not in ("record_history", "add_evidence") and can(user, row, name, today)
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one["daily"])
