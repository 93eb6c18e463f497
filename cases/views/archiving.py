"""归档: what a file still lacks, its bound volumes, who read it; lists of files to archive, of seals, of readings."""

import json
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import access, files
from cases import archiving as files_of
from cases.models import Deadline, Document, Event, Outbox, Proceeding, Reading, Volume
from cases.models.filing import RULE
from cases.permissions import can
from cases.queue import words
from cases.sheets import MOST_ROWS
from cases.stepping import steps_of

from .pages import new_key, query, refusals, sheet, wants_sheet
from .papers import PAPER

PAGE = 50
ACTS = ("bind_volumes", "archive", "record_reading", "reopen_archive")
DUE_COLUMNS = ["案号", "登记号", "办理方式", "当事人", "结案日期", "归档期限", "工作站", "承办人"]
SEAL_COLUMNS = ["用印日期", "文书", "文号", "份数", "案号", "登记号", "制发单位", "登记人", "扫描件"]
READING_COLUMNS = ["日期", "查阅人", "身份", "当事人", "查阅内容", "复制", "案号", "登记号", "登记人"]


def _shown(request: HttpRequest, pk: int, today: date) -> Any:
    row = Proceeding.objects.visible_to(request.user, today).select_related("case").filter(pk=pk).first()
    if row is None:
        raise Http404
    concrete = row.concrete()
    concrete.case = row.case
    return concrete


@refusals
def archiving(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: checklist, volumes with how far the binding is, readings."""
    today = timezone.localdate()
    row = _shown(request, pk, today)
    mine = {volume.pk for volume in Volume.objects.visible_to(request.user, today).filter(proceeding=row.pk)}
    volumes = row.volumes.filter(cancelled=False).select_related("pdf", "by")
    metas = steps_of(type(row))
    actions = []
    for name in ACTS:
        answer = can(request.user, row, name, today)
        if answer:
            url = reverse("act", args=[row.pk, name])
            actions.append({"label": metas[name].label, "url": url, "grave": metas[name].grave})
    due = Deadline.objects.filter(proceeding=row.pk, rule=RULE, met_on__isnull=True, cancelled=False).first()
    context = {
        "case": row.case, "row": row, "items": _items(request, row, today) if not row.is_open else [], "key": new_key(),
        "volumes": [_volume(one, readable=one.pk in mine) for one in volumes], "actions": actions,
        "readings": list(row.readings.select_related("party", "by")), "due": due,
        "due_words": words(due.due_on, today)[0] if due else "",
        "back": f"{reverse('case', args=[row.case_id])}?p={row.pk}",
    }  # fmt: skip
    return render(request, "cases/archiving.html", context)


def _items(request: HttpRequest, row: Any, today: date) -> list[dict[str, Any]]:
    """The checklist; what is written by hand and missing can be drafted from here, then issued."""
    found = files_of.checklist(row)
    wanted = [one.draft for one in found if one.draft]
    drafts = set(row.documents.filter(state="draft", kind__in=wanted).values_list("kind", flat=True))
    may = {
        name: bool(wanted and can(request.user, row, name, today)) for name in ("draft_paper", "issue_paper")
    }
    return [
        {
            "item": one, "drafted": one.draft in drafts,
            "draft": one.draft if may["draft_paper"] and one.draft not in drafts else "",
            "issue": reverse("act", args=[row.pk, "issue_paper"]) if may["issue_paper"] and one.draft in drafts else "",
        }
        for one in found
    ]  # fmt: skip


def _volume(volume: Volume, *, readable: bool) -> dict[str, Any]:
    lines = json.loads(volume.contents)
    done = sum(1 for line in lines if "first" in line)
    failed = False
    if volume.pdf_id is None:
        failed = Outbox.objects.filter(
            name="bind_volume", payload=json.dumps({"volume": str(volume.uid)}), state=Outbox.State.DEAD
        ).exists()
    return {"volume": volume, "lines": lines if readable else [], "count": len(lines), "done": done, "failed": failed,
            "readable": readable}  # fmt: skip


@refusals
def volume(request: HttpRequest, uid: Any) -> HttpResponseBase:
    """A bound volume, logged before it is given. 正卷 to whoever sees the proceeding, 副卷 to those who take part."""
    today = timezone.localdate()
    found = (
        Volume.objects.visible_to(request.user, today)
        .select_related("pdf", "proceeding")
        .filter(uid=uid, pdf__isnull=False)
        .first()
    )
    if found is None or found.pdf is None:
        raise Http404
    access.log_read(request.user, f"volume/{found.pk}", reason=found.kind)
    name = f"{found.get_kind_display()}-{found.proceeding.number or found.proceeding_id}.pdf"
    response = FileResponse(files.open(found.pdf.sm3), filename=name, content_type="application/pdf")
    response["Content-Security-Policy"] = PAPER
    response["X-Content-Type-Options"] = "nosniff"
    return response


# lists -------------------------------------------------------------------------------------------------------


@refusals
def to_archive(request: HttpRequest) -> HttpResponse:
    """Closed and not archived, by the house's own limit; one page by key."""
    today = timezone.localdate()
    limits = Deadline.objects.filter(rule=RULE, met_on__isnull=True, cancelled=False)
    seen = Proceeding.objects.visible_to(request.user, today).filter(is_open=False, archived_on__isnull=True)
    late = request.GET.get("late") == "1"
    if late:
        limits = limits.filter(due_on__lt=today)
    rows = limits.filter(proceeding__in=seen).order_by("due_on", "id")
    whole = ("proceeding__case", "proceeding__station", "proceeding__handler")
    if wants_sheet(request):
        found = rows.select_related(*whole).prefetch_related("proceeding__case__parties")[:MOST_ROWS]
        return sheet(request, "待归档", DUE_COLUMNS, [_due_line(one) for one in found])
    due, _dot, pk = request.GET.get("after", "").partition(".")
    if pk.isdigit() and (begin := _day(due)) is not None:
        rows = rows.filter(due_on__gte=begin).exclude(due_on=begin, id__lte=int(pk))
    listed = list(rows.select_related(*whole).prefetch_related("proceeding__case__parties")[: PAGE + 1])
    last = listed[PAGE - 1] if len(listed) > PAGE else None
    context = {
        "rows": [{"limit": one, "row": one.proceeding, "words": words(one.due_on, today)} for one in listed[:PAGE]],
        "late": late, "next": query(request, after=f"{last.due_on}.{last.pk}") if last else "",
        "first": query(request, after="") if pk else "", "download": query(request, download="xlsx", after=""),
    }  # fmt: skip
    return render(request, "cases/to_archive.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _due_line(limit: Deadline) -> list[Any]:
    row = limit.proceeding
    parties = "、".join(party.name for party in row.case.parties.all())
    return [row.number or "", row.case.registration_no or "", str(row.kind_label), parties, row.closed_on, limit.due_on,
            str(row.station or ""), str(row.handler or "")]  # fmt: skip


def _period(request: HttpRequest, today: date) -> tuple[date, date]:
    """`from` and `to` of a list; the last twelve months if not said."""
    return _day(request.GET.get("from", "")) or today - timedelta(days=365), _day(
        request.GET.get("to", "")
    ) or today


@refusals
def seals(request: HttpRequest) -> HttpResponse:
    """用印登记表: which paper was stamped when, how many copies, who registered it."""
    today = timezone.localdate()
    begin, end = _period(request, today)
    events = Event.objects.visible_to(request.user, today).filter(
        name="register_seal", occurred_on__gte=begin, occurred_on__lte=end
    )
    events = events.select_related("by", "case", "proceeding").order_by("-occurred_on", "-pk")
    download = wants_sheet(request)
    place = int(request.GET["after"]) if request.GET.get("after", "").isdigit() and not download else 0
    found = list(events[place : place + (MOST_ROWS if download else PAGE + 1)])
    notes = [json.loads(event.body)["notes"] for event in found]
    papers = Document.objects.visible_to(request.user, today).select_related("body")
    by_id = {paper.pk: paper for paper in papers.filter(pk__in=[note["document"] for note in notes])}
    rows = [
        {"event": event, "copies": note["copies"], "paper": by_id[note["document"]], "scan": note.get("scan")}
        for event, note in zip(found, notes, strict=True)
        if note["document"] in by_id
    ]
    if download:
        return sheet(request, "用印登记表", SEAL_COLUMNS, [_seal_line(row) for row in rows])
    context = {
        "rows": rows[:PAGE], "from": begin, "to": end, "download": query(request, download="xlsx", after=""),
        "next": query(request, after=str(place + PAGE)) if len(found) > PAGE else "",
        "first": query(request, after="") if place else "",
    }  # fmt: skip
    return render(request, "cases/seals.html", context)


def _seal_line(row: dict[str, Any]) -> list[Any]:
    event, paper = row["event"], row["paper"]
    number = event.proceeding.number if event.proceeding else ""
    return [event.occurred_on, paper.title, paper.number, row["copies"], number or "", event.case.registration_no or "",
            str(paper.body or ""), str(event.by or ""), _("有") if row["scan"] else ""]  # fmt: skip


@refusals
def readings(request: HttpRequest) -> HttpResponse:
    """阅卷登记表: who read or copied which file."""
    today = timezone.localdate()
    begin, end = _period(request, today)
    seen = Proceeding.objects.visible_to(request.user, today)
    rows = Reading.objects.filter(
        Exists(seen.filter(pk=OuterRef("proceeding"))), on__gte=begin, on__lte=end
    ).order_by("-on", "-id")  # fmt: skip
    rows = rows.select_related("proceeding__case", "party", "by")
    if wants_sheet(request):
        return sheet(request, "阅卷登记表", READING_COLUMNS, [_reading_line(one) for one in rows[:MOST_ROWS]])
    place = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    listed = list(rows[place : place + PAGE + 1])
    context = {
        "rows": listed[:PAGE], "from": begin, "to": end, "download": query(request, download="xlsx", after=""),
        "next": query(request, after=str(place + PAGE)) if len(listed) > PAGE else "",
        "first": query(request, after="") if place else "",
    }  # fmt: skip
    return render(request, "cases/readings.html", context)


def _reading_line(one: Reading) -> list[Any]:
    row = one.proceeding
    return [one.on, one.reader, one.capacity, str(one.party or ""), one.what, _("是") if one.copied else _("否"),
            row.number or "", row.case.registration_no or "", str(one.by)]  # fmt: skip
