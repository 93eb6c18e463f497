"""Batches: the list of them, one batch with its cases, one step for the chosen ones, and deciding what it asked for."""

from collections.abc import Sequence
from datetime import date
from time import monotonic
from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from cases import approvals as deciding
from cases import batches as many
from cases import kinds, queue, record_words
from cases.errors import DomainError, Invalid
from cases.forms import form_of
from cases.models import Approval, Case, Proceeding
from cases.permissions import approvers_of, can, role_names
from cases.stepping import Meta, steps_of
from stations import policy

from .approving import DONE as DECIDED
from .approving import DecisionForm, entered
from .pages import key_of, messages_of, new_key, posted, query, refusals, sheet, wants_sheet

PAGE = 200
SHOWN = 30
COLUMNS = ["登记号", "主案", "案号", "办理方式", "当事人", "权利", "环节", "结果", "收到日期", "受理（立案）日期", "结案日期", "时限",
           "工作站", "承办人"]  # fmt: skip
LATE = ("on", "late_reason")
TONES = {many.DONE: "good", many.WAITING: "warn", many.STALE: "hot", many.REFUSED: "hot", many.LATER: "warn"}
WORDS = {
    many.DONE: gettext_lazy("已办理"),
    many.WAITING: gettext_lazy("待审批"),
    many.ALREADY: gettext_lazy("此前已办"),
    many.STALE: gettext_lazy("已有变化"),
    many.REFUSED: gettext_lazy("未办理"),
    many.LATER: gettext_lazy("尚未办理"),
}


def batches(request: HttpRequest) -> HttpResponse:
    """The batches of the cases this person sees, newest first."""
    today = timezone.localdate()
    seen = Case.objects.visible_to(request.user, today).exclude(batch="").order_by()
    found = seen.values("batch").annotate(n=Count("pk"), first=Min("pk")).order_by("-first")
    listed = list(found[: 5000 if wants_sheet(request) else SHOWN + 1])
    after = request.GET.get("after", "")
    if after.isdigit() and not wants_sheet(request):
        listed = list(found.filter(first__lt=int(after))[: SHOWN + 1])
    leads = Case.objects.filter(pk__in=[one["first"] for one in listed]).select_related("station")
    by_id = {case.pk: case for case in leads.prefetch_related("parties", "rights")}
    rows = [
        {"code": one["batch"], "n": one["n"], "lead": by_id[one["first"]], "url": many.address(one["batch"])}
        for one in listed
    ]
    if wants_sheet(request):
        names = ["批号", "件数", "主案", "申请人", "权利", "收件日期", "工作站"]
        lines = [
            [r["code"], r["n"], str(r["lead"]), _applicants(r["lead"]), "、".join(map(str, r["lead"].rights.all())),
             r["lead"].received_on, str(r["lead"].station or "")]
            for r in rows
        ]  # fmt: skip
        return sheet(request, "批量案件", names, lines)
    context = {
        "rows": rows[:SHOWN],
        "next": query(request, after=str(listed[SHOWN - 1]["first"])) if len(listed) > SHOWN else "",
        "download": query(request, download="xlsx", after=""),
        "may_register": policy.route_answer("batch_new", "GET", policy.standing(request.user, today)),
    }
    return render(request, "cases/batches.html", context)


def _applicants(case: Case) -> str:
    return "、".join(p.name for p in case.parties.all() if p.role == "applicant")


@refusals
def batch(request: HttpRequest, code: str) -> HttpResponse:
    """One batch: its cases with their proceedings and states, totals by state, and what may be done for many."""
    today = timezone.localdate()
    total = many.cases_of(code, request.user, today).count()
    if not total:
        raise Http404
    rows = many.rows_of(code, request.user, today)
    if wants_sheet(request):
        return sheet(request, f"批量案件-{code}", COLUMNS, [_line(row, code, today) for row in rows])
    after = request.GET.get("after", "")
    shown = list(rows.filter(pk__gt=int(after))[: PAGE + 1] if after.isdigit() else rows[: PAGE + 1])
    listed = shown[:PAGE]
    states = rows.order_by().values("kind", "state").annotate(n=Count("pk")).order_by("kind", "-n")
    lead = (
        many.cases_of(code, request.user, today).prefetch_related("parties", "rights").order_by("pk").first()
    )
    offered = many.offers(listed, request.user, today)
    waiting = deciding.waiting_for(request.user, today).filter(case__batch=code).count()
    context = {
        "code": code,
        "total": total,
        "lead": lead,
        "applicants": _applicants(lead) if lead else "",
        "rows": [{"row": r, "lead": r.case.registration_no == code, "words": _due(r, today)} for r in listed],
        "totals": [_total(one) for one in states],
        "groups": _grouped(offered),
        "waiting": waiting,
        "next": query(request, after=str(listed[-1].pk)) if len(shown) > PAGE else "",
        "download": query(request, download="xlsx", after=""),
        "most": many.MOST,
    }
    return render(request, "cases/batch.html", context)


def _due(row: Proceeding, today: date) -> tuple[str, str]:
    return queue.words(row.due_on, today) if row.is_open else ("", "")


def _total(one: dict[str, Any]) -> dict[str, Any]:
    known = kinds.get(one["kind"])
    return {"kind": known.label, "state": record_words.state_of(one["kind"], one["state"]), "n": one["n"]}


def _grouped(offered: Sequence[many.Offer]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Steps, acts and repairs as groups of one list of choices."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in offered:
        kind = kinds.get(one.kind).label
        group = _("步骤") if one.meta.kind == "step" else _("事项")
        if not one.meta.daily:
            group = _("更正与移交")
        words = {"key": one.key, "label": one.meta.label, "n": len(one.rows)}
        groups.setdefault(f"{kind}　{group}", []).append(words)
    order = {_("步骤"): 0, _("事项"): 1}
    return sorted(
        groups.items(), key=lambda item: (item[0].split("　")[0], order.get(item[0].split("　")[1], 2))
    )


def _line(row: Proceeding, code: str, today: date) -> list[Any]:
    case = row.case
    return [
        str(case), "是" if case.registration_no == code else "", row.number or "", str(row.kind_label),
        "、".join(f"{p.role_in(row)} {p.name}" for p in case.parties.all()),
        "、".join(str(r) for r in case.rights.all()), str(row.state_label), str(row.outcome_label), row.received_on,
        row.accepted_on, row.closed_on, _due(row, today)[0], str(row.station or ""), str(row.handler or ""),
    ]  # fmt: skip


# one step for many -------------------------------------------------------------------------------------------------


@sensitive_post_parameters()
@refusals
def batch_do(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a step for the chosen proceedings, and the result of each."""
    today = timezone.localdate()
    asked = request.POST if request.method == "POST" else request.GET
    if not many.cases_of(code, request.user, today).exists():
        raise Http404
    seen = {pk: version for pk, version in map(_chosen, asked.getlist("row")[: many.MOST])}
    rows = list(many.rows_of(code, request.user, today).filter(pk__in=[pk for pk in seen if pk]))
    kind, _dot, name = asked.get("what", "").partition(".")
    if not rows or not name:
        messages.warning(request, _("请先勾选案件，再选择要办理的事项。"))
        return redirect("batch", code)
    if request.method == "POST" and request.POST.get("key"):
        return _press(request, code, kind, name, rows, seen, today)
    offer = next((one for one in many.offers(rows, request.user, today) if one.key == f"{kind}.{name}"), None)
    if offer is None:
        messages.warning(request, _("选中的案件现在都不能办理该事项，请重新选择。"))
        return redirect("batch", code)
    form = _form(request, offer.meta, offer.rows[0], today)
    return _page(
        request, code, offer.meta, offer.rows, form, left_out=_left_out(rows, offer, request.user, today)
    )


def _chosen(said: str) -> tuple[int, int | None]:
    """`17` or `17:3`: the id and the version seen."""
    pk, _colon, version = said.partition(":")
    return (int(pk) if pk.isdigit() and len(pk) < 16 else 0), (int(version) if version.isdigit() else None)


def _left_out(rows: list[Proceeding], offer: many.Offer, user: Any, today: date) -> list[dict[str, Any]]:
    inside = {row.pk for row in offer.rows}
    found = []
    for row in rows:
        if row.pk not in inside:
            reason = can(user, row, offer.meta.name, today).reason if row.kind == offer.kind else ""
            found.append({"row": row, "reason": reason or _("现在不能办理该事项（可能正在审批）。")})
    return found


def _form(request: HttpRequest, meta: Meta, row: Proceeding, today: date, data: Any = None) -> Any:
    concrete = row.concrete()
    concrete.case = row.case
    form = many.pattern(type(concrete), meta.name, concrete, by=request.user, today=today, data=data)
    last = [name for name in ("reason", *LATE) if name in form.fields]
    form.order_fields([name for name in form.fields if name not in last])
    return form


def _press(
    request: HttpRequest, code: str, kind: str, name: str, rows: list[Proceeding], seen: dict[int, int | None],
    today: date,
) -> HttpResponse:  # fmt: skip
    """Take it for each; what was refused stands again in the form with all that was typed."""
    if kind not in kinds.all_kinds():
        raise Http404
    model = kinds.get(kind).model
    meta = steps_of(model).get(name)
    mine = [row for row in rows if row.kind == kind]
    if meta is None or not mine or not many.batchable(model, meta):
        raise Http404
    data = posted(request, form_of(model, name))
    for other in ("what", "row", *many.files_asked(model, name)):
        data.pop(other, None)
    form = _form(request, meta, mine[0], today, data)
    if request.POST.get("add"):
        return _page(request, code, meta, mine, _again(request, meta, mine[0], today, data), seen=seen)
    uploads = {n: request.FILES[n] for n in many.files_asked(model, name) if n in request.FILES}
    for one in many.files_asked(model, name):
        if form.fields[one].required and one not in uploads:
            form.add_error(one, _("请选择文件。"))
    for one in many.parties_asked(model, name):
        if form.fields[one].required and not data.get(one):
            form.add_error(one, _("请选择当事人的地位。"))
    if form.errors:
        return _page(request, code, meta, mine, form, seen=seen, status=400)
    chosen = [(row, seen[row.pk]) for row in mine]
    try:
        results = many.apply(
            meta, chosen, data, by=request.user, today=today, key=key_of(request), uploads=uploads
        )
    except DomainError as refusal:  # the file itself
        messages_of(refusal, form)
        return _page(request, code, meta, mine, form, seen=seen, status=refusal.status)
    left = [one for one in results if not one.settled]
    if left and len(left) == len(results) and all(one.fields for one in left):
        messages_of(Invalid("invalid", "", fields=left[0].fields), form)
    fresh = {
        row.pk: row
        for row in many.rows_of(code, request.user, today).filter(pk__in=[r.row.pk for r in results])
    }
    again = [
        fresh[one.row.pk] for one in left if one.row.pk in fresh and meta.open_in(fresh[one.row.pk].state)
    ]
    told = [
        {
            "row": fresh.get(r.row.pk, r.row),
            "text": r.text,
            "tone": TONES.get(r.end, ""),
            "end": str(WORDS[r.end]),
        }
        for r in results
    ]
    status = 200 if len(left) < len(results) else 409
    return _page(request, code, meta, again, form, results=told, status=status)


def _again(request: HttpRequest, meta: Meta, row: Proceeding, today: date, data: Any) -> Any:
    form = _form(request, meta, row, today)
    form.initial = data
    return form


def _page(
    request: HttpRequest,
    code: str,
    meta: Meta,
    rows: list[Proceeding],
    form: Any,
    *,
    left_out: Sequence[dict[str, Any]] = (),
    results: Sequence[dict[str, Any]] = (),
    seen: dict[int, int | None] | None = None,
    status: int = 200,
) -> HttpResponse:
    ends = [one["end"] for one in results]
    needed = approvers_of(rows[0], meta.name) if rows else ()
    context = {
        "code": code,
        "meta": meta,
        "form": form,
        "what": request.POST.get("what") or request.GET.get("what", ""),
        "rows": [{"row": row, "said": f"{row.pk}:{_version(row, seen)}"} for row in rows],
        "left_out": left_out,
        "results": results,
        "counts": [(word, ends.count(word)) for word in dict.fromkeys(ends)],
        "late": [form[name] for name in LATE if name in form.fields],
        "late_open": any(form[name].errors or form[name].value() for name in LATE if name in form.fields),
        "approvers": role_names(needed),
        "key": request.POST.get("key", "") or new_key(),
        "multipart": form.is_multipart(),
        "back": reverse("batch", args=[code]),
    }
    return render(request, "cases/batch_do.html", context, status=status)


def _version(row: Proceeding, seen: dict[int, int | None] | None) -> int:
    """The version this page has seen: the one it came with, else the row's as drawn now."""
    known = (seen or {}).get(row.pk)
    return row.version if known is None else known


# deciding what a batch asked for -------------------------------------------------------------------------------------


@refusals
def batch_approvals(request: HttpRequest, code: str) -> HttpResponse:
    """What waits for me in a batch, by what is asked and by whom; the chosen ones decided each for itself."""
    today = timezone.localdate()
    waiting = deciding.waiting_for(request.user, today).filter(case__batch=code).exclude(case__batch="")
    form = DecisionForm(request.POST if request.method == "POST" else None, label_suffix="")
    results: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST":
        wanted = [
            int(pk) for pk in request.POST.getlist("approval")[: many.MOST] if pk.isdigit() and len(pk) < 16
        ]
        if not wanted:
            form.add_error(None, _("请勾选要审批的事项。"))
        if form.is_valid():
            results = _decide(request, code, wanted, form.cleaned_data, today)
            if any(one["ok"] for one in results):
                form = DecisionForm(label_suffix="")
        status = 400 if form.errors else 200
    found = list(waiting.prefetch_related("case__parties")[: many.MOST])
    if not found and not results and not many.cases_of(code, request.user, today).exists():
        raise Http404
    context = {
        "code": code, "groups": _groups(found, request.user, today), "form": form, "results": results,
        "done": sum(one["ok"] for one in results), "url": many.address(code),
        "visible": many.cases_of(code, request.user, today).exists(),
    }  # fmt: skip
    return render(request, "cases/batch_approvals.html", context, status=status)


def _groups(found: list[Approval], user: Any, today: date) -> list[dict[str, Any]]:
    """Approvals that ask the same in the same words, with those words once and parties by what they are."""
    groups: dict[tuple[str, str, int, str], list[Approval]] = {}
    for one in found:
        key = (one.proceeding.kind, one.name, one.proposer_id, many.in_general(one.data, one.case))
        groups.setdefault(key, []).append(one)
    listed = []
    for (kind, name, _by, general), several in groups.items():
        if len(several) > 1:
            several[0].data = general  # to be read here, never saved
        row = several[0].proceeding.concrete()
        row.case = several[0].case
        listed.append({
            "label": record_words.label_of(kinds.get(kind).model, name), "proposer": several[0].proposer,
            "entered": entered(several[0], row, user, today), "approvals": several,
        })  # fmt: skip
    return listed


def _decide(
    request: HttpRequest, code: str, wanted: list[int], said: dict[str, Any], today: date
) -> list[dict[str, Any]]:
    """Each decision through its own door; only what belongs to the batch, the foreign reads as missing."""
    inside = Approval.objects.filter(pk__in=wanted, case__batch=code, proceeding__isnull=False)
    by_id = {one.pk: one for one in inside.select_related("case", "proceeding").order_by("pk")}
    seen = set(
        Proceeding.objects.visible_to(request.user, today)
        .filter(approvals__in=by_id)
        .values_list("pk", flat=True)
    )
    mine = set(deciding.waiting_for(request.user, today).filter(pk__in=by_id).values_list("pk", flat=True))
    results: list[dict[str, Any]] = []
    begun = monotonic()
    for pk, found in sorted(by_id.items()):
        if pk not in mine and found.proceeding_id not in seen:
            continue
        if monotonic() - begun > many.SECONDS:
            results.append({"approval": found, "ok": False, "text": _("本次时间已到，请再次提交，接着审批")})
            continue
        try:
            decision = said["decision"]
            ended = deciding.decide(
                pk, decision, by=request.user, reason=said["reason"], today=today,
                on=said["on"] if decision == "approve" else None,
            )  # fmt: skip
            back = decision == "approve" and ended.state == Approval.State.RETURNED
            text = (
                _("条件已变化，已退回拟办人：%(why)s") % {"why": ended.reason}
                if back
                else str(DECIDED[decision])
            )
            results.append({"approval": found, "ok": not back, "text": text})
        except DomainError as refusal:
            texts = [t for several in refusal.fields.values() for t in several] or [str(refusal.message)]
            results.append({"approval": found, "ok": False, "text": "；".join(texts)})
    return results
