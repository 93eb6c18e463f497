"""The case workspace: header, way, record, parties, rights, materials, meetings, documents, next steps, deadlines."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import access, batches, kinds, panels, record_words
from cases.calendar import office_calendar
from cases.clock_words import clocks
from cases.models import Case, Document, Event, Evidence, Party, Proceeding
from cases.permissions import can
from cases.protection import masked_id, masked_phone
from stations import policy

from .next_steps import actions, open_approval
from .pages import address, refusals
from .way import way_of

TABS = {"record": _("办案记录"), "parties": _("当事人"), "rights": _("权利"), "files": _("材料"), "meetings": _("会议"),
        "documents": _("文书")}  # fmt: skip
PROTECTED = {
    "id_number": _("证件号"),
    "phone": _("电话"),
    "address": _("地址"),
    "service_address": _("送达地址"),
}
EVENTS = 60
EARLIER = 8  # lines of earlier stages that still stand open
UNMASKED_AN_HOUR = 60
SHOWN_AS_TAB = frozenset({"add_evidence"})


def find_case(user: Any, pk: int, today: date) -> Case:
    """The case if this person may see it, else 404."""
    found = Case.objects.visible_to(user, today).select_related("station", "act_place").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@refusals
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with one of its visible proceedings in front."""
    today = timezone.localdate()
    if (own := _own_page(request, pk, today)) is not None:
        return redirect(own)
    return page(request, find_case(request.user, pk, today), today)


def _own_page(request: HttpRequest, pk: int, today: date) -> str | None:
    """Where a proceeding with a page of its own is shown, if that is the one asked for or all this person sees here."""
    apart = Proceeding.objects.visible_to(request.user, today).filter(case=pk, kind__in=kinds.apart())
    wanted = request.GET.get("p", "")
    rows = {str(row.pk): row for row in apart.order_by("pk")}
    found = rows.get(wanted)
    if found is None and rows and not Case.objects.visible_to(request.user, today).filter(pk=pk).exists():
        found = list(rows.values())[-1]
    return reverse(found.facts.page, args=[found.pk]) if found is not None else None


def page(
    request: HttpRequest, case: Case, today: date, *, tab: str = "", shown: dict[tuple[int, str], str] | None = None,
    upload: Any = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The workspace as a response; `shown` are protected values unmasked for this one answer."""
    user = request.user
    rows = list(
        Proceeding.objects.visible_to(user, today)
        .filter(case=case)
        .exclude(kind__in=kinds.apart())
        .select_related("station", "handler", "body", "parent")
        .order_by("pk")
    )
    for row in rows:
        row.case = case
    chosen = _chosen(rows, request.GET.get("p", ""))
    tab = tab or (request.GET.get("tab", "") if request.GET.get("tab", "") in TABS else "record")
    parties, rights = list(case.parties.all()), list(case.rights.all())
    documents = _of(Document.objects.visible_to(user, today, case.pk), chosen)
    files = _of(Evidence.objects.visible_to(user, today, case.pk), chosen).select_related(
        "file", "party", "uploaded_by"
    )
    panel = panels.of(chosen, user, today) if chosen is not None else panels.Panel()
    counts = {"parties": len(parties), "rights": len(rights), "files": files.count(), "documents": documents.count(),
              "meetings": len(panel.meetings)}  # fmt: skip
    asked = open_approval(chosen, user)
    limits = clocks(chosen, today, office_calendar()) if chosen else []
    base = f"{reverse('case', args=[case.pk])}?p={chosen.pk if chosen else ''}"
    context: dict[str, Any] = {
        "case": case, "row": chosen, "rows": rows, "tab": tab, "base": base, "parties": parties, "rights": rights,
        "tabs": [{"key": k, "label": v, "n": counts.get(k), "url": f"{base}&tab={k}"} for k, v in TABS.items()],
        "steps": way_of(chosen) if chosen else [],
        "facts": _facts(case, chosen, user, today) + panel.facts,
        "links": panel.links,
        "tables": panel.tables,
        "clocks": [one for one in limits if not one.get("met")],
        "met": [one for one in limits if one.get("met")],
        "met_late": sum(bool(one.get("late")) for one in limits),
        "actions": actions(user, case, chosen, today, asked, SHOWN_AS_TAB),
        "approval": asked,
        "may": {
            name: can(user, case, name, today).allowed
            for name in ("correct_party", "add_party", "correct_right")
        },
        "amount": f"{case.claim_amount:,.2f}".removesuffix(".00") if case.claim_amount is not None else "",
        "today": today,
    }  # fmt: skip
    match tab:
        case "record":
            context |= record_of(request, case, chosen, documents, files, today)
        case "parties":
            context["people"] = [_party(party, shown or {}) for party in parties]
        case "files":
            context["files"] = list(files)
            context["may_upload"] = may_upload(user, case, chosen, today)
            context["upload"] = upload or UploadForm(case=case, row=chosen)
        case "meetings":
            context["meetings"] = panel.meetings
        case "documents":
            context["documents"] = list(documents.select_related("body"))
    return render(request, "cases/case.html", context, status=status)


def _chosen(rows: list[Proceeding], wanted: str) -> Any:
    """The proceeding in front: the one asked for, else the first open one, else the last."""
    by_id = {str(row.pk): row for row in rows}
    row = by_id.get(wanted) or next((r for r in rows if r.is_open), rows[-1] if rows else None)
    if row is None:
        return None
    concrete = row.concrete()
    for name in ("case", "station", "handler", "body", "parent"):
        setattr(concrete, name, getattr(row, name))
    return concrete


def _of(rows: Any, chosen: Any) -> Any:
    """What belongs to the proceeding in front, or to the case as a whole."""
    of_case = Q(proceeding__isnull=True)
    return rows.filter(of_case if chosen is None else of_case | Q(proceeding=chosen.pk))


def iso(day: date | None) -> str:
    """A day as lists and facts show it."""
    return f"{day:%Y-%m-%d}" if day else ""


def _facts(case: Case, row: Any, user: Any, today: date) -> list[dict[str, Any]]:
    found = [
        {"label": _("登记号"), "value": case.registration_no or case.source_no, "num": True},
        {"label": _("工作站"), "value": case.station},
        {"label": _("案源"), "value": case.get_source_display()},
        {"label": _("案由"), "value": case.cause, "missing": _("待补充")},
        {
            "label": _("标的额"),
            "value": f"{case.claim_amount:,.2f} 元" if case.claim_amount is not None else "",
        },
        {"label": _("收件日期"), "value": iso(case.received_on), "num": True},
    ]
    if row is not None:
        found += [
            {"label": _("办案单位"), "value": row.body},
            {"label": _("承办人"), "value": row.handler, "missing": _("未分配")},
        ]
        if row.facts.accepting:
            label = _("立案") if row.facts.judging else _("受理")
            found.append({"label": label, "value": iso(row.accepted_on), "num": True})
        if row.closed_on or row.outcome:
            found.append({"label": _("结案"), "value": iso(row.closed_on), "num": True})
            found.append({"label": _("结果"), "value": row.outcome_label})
        if row.parent_id:
            found.append({"label": _("来自"), "value": str(row.parent), "url": f"?p={row.parent_id}"})
    for label, value in (
        (_("法院案号"), case.court_case_no), (_("侵权行为地"), case.act_place or case.act_place_text),
        (_("电商平台"), case.act_platform), (_("外部编号"), case.external_no),
    ):  # fmt: skip
        if value:
            found.append({"label": label, "value": value})
    if case.batch:
        n = batches.cases_of(case.batch, user, today).count()
        words = _("%(code)s，批量 %(n)d 件") % {"code": case.batch, "n": n}
        found.append({"label": _("批量"), "value": words, "url": batches.address(case.batch)})
    if case.foreign and case.foreign != Case.Foreign.NONE:
        found.append({"label": _("涉外"), "value": case.get_foreign_display(), "tone": "brand"})
    if case.handled_elsewhere:
        found.append({"label": _("其他途径"), "value": _("已起诉、仲裁或由其他机关处理"), "tone": "warn"})
    if not case.counted:
        found.append({"label": _("统计"), "value": _("不计入"), "tone": "warn"})
    return found


def record_of(
    request: HttpRequest, case: Case, row: Any, documents: Any, files: Any, today: date
) -> dict[str, Any]:
    """What happened, newest first, as far as this person may see it; a page of it."""
    events = _of(Event.objects.visible_to(request.user, today, case.pk), row)
    before = request.GET.get("before", "")
    if before.isdigit():
        events = events.filter(pk__lt=int(before))
    found = list(events.select_related("by", "approved_by", "proceeding").order_by("-seq")[: EVENTS + 1])
    listed = found[:EVENTS]
    papers = documents.filter(event__in=[e.pk for e in listed])
    lines = record_words.shown(listed, papers, today, files, closed=_reads_closed(request.user, row, today))
    turn = next((n for n, one in enumerate(lines, 1) if one["turn"]), len(lines))
    cut = turn if not before and len(lines) - turn > EARLIER else len(lines)
    return {
        "events": lines[:cut],
        "earlier": lines[cut:],
        "older": f"&before={listed[-1].pk}" if len(found) > EVENTS else "",
    }


def _reads_closed(user: Any, row: Any, today: date) -> bool:
    """Does the closed volume of this proceeding stand open to him? Few kinds ask more for it than for the rest."""
    if row is None or policy.step_rule(row.kind, "view_closed") is None:
        return True
    return bool(Proceeding.objects.visible_to(user, today, "view_closed").filter(pk=row.pk).exists())


def _party(party: Party, shown: dict[tuple[int, str], str]) -> dict[str, Any]:
    """A party with its protected values masked, but for those unmasked for this answer."""
    masked = {"id_number": masked_id, "phone": masked_phone}
    values = []
    for name, label in PROTECTED.items():
        sealed = getattr(party, f"{name}_sealed")
        clear = shown.get((party.pk, name))
        if clear is None and sealed:
            clear_text = (
                masked[name](getattr(party, name)) if name in masked else str(_("已登记，不直接显示"))
            )
        else:
            clear_text = clear or ""
        values.append(
            {"name": name, "label": label, "text": clear_text, "masked": bool(sealed) and clear is None}
        )
    return {"party": party, "values": values}


def may_upload(user: Any, case: Case, row: Any, today: date) -> bool:
    """By the act of the proceeding where its kind has one, else by the act of the case."""
    return bool(
        (row is not None and can(user, row, "add_evidence", today)) or can(user, case, "add_evidence", today)
    )


class UploadForm(forms.Form):
    """A file for a case: what it is, who handed it in, who may see it."""

    upload = forms.FileField(
        label=_("文件"), help_text=_("PDF、图片、Word、Excel、WPS，每个不超过 50 MB，可把文件拖到这里")
    )
    title = forms.CharField(label=_("名称"), max_length=200, required=False)
    proves = forms.CharField(label=_("证明事项"), max_length=300, required=False)
    party = forms.ModelChoiceField(Party.objects.none(), label=_("提交人"), required=False, empty_label="—")
    audience = forms.ChoiceField(label=_("谁可以看"), choices=[])

    def __init__(self, *args: Any, case: Case, row: Any, **kwargs: Any):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["party"].queryset = case.parties.all()  # type: ignore[attr-defined]
        choices = [(Evidence.Audience.CASE, _("本案各程序"))]
        if row is not None:
            choices.append((Evidence.Audience.PROCEEDING, _("仅本程序")))
            choices.append((Evidence.Audience.SEALED, _("密封，仅本程序承办人员")))
            if kinds.get(row.kind).confidential:
                choices = choices[1:]
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]


@refusals
def unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one protected value once, with a reason; the log is written before the value is read."""
    today = timezone.localdate()
    case = find_case(request.user, pk, today)
    wanted, column = request.POST.get("party", ""), request.POST.get("column", "")
    party = case.parties.filter(pk=int(wanted)).first() if wanted.isdigit() else None
    reason = request.POST.get("reason", "").strip()[:200]
    if party is None or column not in PROTECTED:
        raise Http404
    if not reason:
        return render(request, "errors/400.html", {"detail": _("请填写查看原因。")}, status=400)
    if access.reads_lately(request.user) >= UNMASKED_AN_HOUR:
        return render(
            request, "errors/429.html", {"detail": _("一小时内查看次数过多，请稍后再试。")}, status=429
        )
    access.log_read(request.user, f"party/{party.pk}/{column}", reason=reason, address=address(request))
    return page(request, case, today, tab="parties", shown={(party.pk, column): getattr(party, column)})
