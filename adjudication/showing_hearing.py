"""What the case page and the desk show of who sits and helps, of recusal, hearings, and of cases heard together."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.agenda import Engagement, agenda
from cases.models import Evidence, Participation, Party, Proceeding
from cases.panels import Panel, panel
from stations import policy

from .forms.hearing import ATTENDED
from .minutes import may_read_opinions
from .models import Adjudication, Hearing, HearingRecord, ReplySlip
from .models.hearing import defaulting, nobody_requests, openness
from .models.panel import PANEL
from .models.stages import EXAMINED


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """Who sees the proceeding sees who sits, helps and is challenged, and its hearings; opinions are the panel's alone."""
    parts = row.participants()
    links = []
    if may_read_opinions(row, user, today) and row.technicalopinions.exists():
        links.append({"url": reverse("technical_opinions", args=[row.pk]), "label": _("技术调查意见")})
    joined, more = _joined(row, user, today)
    return Panel(
        facts=_team(parts) + _assisting(row) + _recusals(row) + _appraisals(row) + joined,
        links=links + more,
        meetings=_hearings(row),
    )


def _team(parts: list[Participation]) -> list[dict[str, Any]]:
    """合议组 with its leader first, then the recorder."""
    leader, recorder = Participation.Capacity.PANEL_LEADER, Participation.Capacity.RECORDER
    sitting = sorted((p for p in parts if p.capacity in PANEL), key=lambda p: (p.capacity != leader, p.pk))
    found = [
        (
            _("合议组"),
            "、".join(f"{p.user}（组长）" if p.capacity == leader else str(p.user) for p in sitting),
        ),
        (_("书记员"), "、".join(str(p.user) for p in parts if p.capacity == recorder)),
    ]
    return [{"label": label, "value": value} for label, value in found if value]


def _assisting(row: Adjudication) -> list[dict[str, Any]]:
    return [
        {"label": one.get_capacity_display(), "value": f"{one.name}（{one.unit}）" if one.unit else one.name}
        for one in row.assisting()
    ]


def _recusals(row: Adjudication) -> list[dict[str, Any]]:
    found = []
    for one in row.recusals.select_related("officer", "assistant"):
        waiting = one.granted is None
        said = _("尚未决定") if waiting else _("准予回避") if one.granted else _("驳回申请")
        who = one.officer or one.assistant
        day = one.decided_on or one.asked_on
        found.append(
            {"label": _("回避申请"), "value": f"{who}：{said}（{day:%Y-%m-%d}）", "tone": "warn" if waiting else ""}
        )  # fmt: skip
    return found


def _appraisals(row: Adjudication) -> list[dict[str, Any]]:
    return [
        {
            "label": _("检验、鉴定"),
            "value": f"{one.institution}：{one.result or one.matter}（{one.entrusted_on:%Y-%m-%d}"
            + (f" — {one.ended_on:%Y-%m-%d}）" if one.ended_on else f"，{_('正在进行')}）"),
        }
        for one in row.appraisals.all()
    ]


def _joined(row: Adjudication, user: Any, today: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The cases heard with this one; a link to each that this person sees. Three queries, however many they are."""
    rows = list(row.joinedcases.filter(to_on__isnull=True).select_related("other"))
    if not rows:
        return [], []
    others = [one.other_id for one in rows]
    seen = set(Proceeding.objects.visible_to(user, today).filter(pk__in=others).values_list("pk", flat=True))
    numbers = "、".join(str(one.other.number) for one in rows)
    label = _("合并审理（本案为主案）") if rows[0].leads else _("合并审理（主案）")
    links = [
        {"url": f"{reverse('case', args=[one.other.case_id])}?p={one.other_id}", "label": one.other.number}
        for one in rows
        if one.other_id in seen
    ]
    return [{"label": label, "value": numbers}], links


def _hearings(row: Adjudication) -> list[dict[str, Any]]:
    """Hearings told and held, each with the slips that came back and its minutes."""
    parties = {party.pk: party for party in row.case.parties.all()}
    hearings = row.hearings.filter(audience=Evidence.Audience.PROCEEDING, dropped=False).prefetch_related(
        Prefetch("replies", ReplySlip.objects.order_by("pk")), Prefetch("records", HearingRecord.objects.order_by("pk"))
    )  # fmt: skip
    return [_hearing(row, one, parties) for one in hearings]


def _hearing(row: Adjudication, hearing: Hearing, parties: dict[int, Party]) -> dict[str, Any]:
    said, words = [hearing.place, openness(hearing)], dict(ATTENDED)
    if hearing.shared_with:
        said.append(str(_("与%(numbers)s一并进行") % {"numbers": hearing.shared_with}))
    if hearing.held_on is None:
        said.append(str(_("尚未举行")))
        said += [_reply(one, parties) for one in hearing.replies.all()]
    for line in json.loads(hearing.attendance or "[]"):
        people = f"（{line['people']}）" if line.get("people") else ""
        said.append(f"{parties[line['party']].name}{words[line['attended']]}{people}")
    links = []
    if hearing.held_on is None:
        links.append({"url": reverse("hearing_calendar", args=[hearing.pk]), "label": _("加入日历")})
    else:
        links += _after(row, hearing, said)
    return {
        "when": f"{hearing.day:%Y-%m-%d} {hearing.time:%H:%M}",
        "title": _("口头审理（%(mode)s）") % {"mode": hearing.get_mode_display()},
        "text": "；".join(said),
        "links": links,
    }


def _after(row: Adjudication, hearing: Hearing, said: list[str]) -> list[dict[str, Any]]:
    """What follows from who stayed away, and the minutes. An absent requester is taken to have withdrawn at once."""
    links: list[dict[str, Any]] = []
    if nobody_requests(row, hearing):
        said.append(str(_("请求人无正当理由不参加，按撤回请求处理")))
        if row.state in EXAMINED:
            links.append({"url": reverse("step", args=[row.pk, "dismiss"]), "label": _("撤销案件")})
    elif defaulting(row, hearing):
        said.append(str(_("被请求人缺席审理")))
    records = list(hearing.records.all())
    typed = [one for one in records if one.text_sealed]
    if typed:
        links.append({"url": reverse("hearing_minutes", args=[typed[-1].pk]), "label": _("口头审理笔录")})
    links += [
        {"url": reverse("file", args=[one.scan_id]), "label": _("签名笔录")} for one in records if one.scan_id
    ]
    return links


def _reply(slip: ReplySlip, parties: dict[int, Party]) -> str:
    answer = _("参加") if slip.attends else _("不参加")
    text = str(_("%(name)s回执：%(answer)s") % {"name": parties[slip.party_id].name, "answer": answer})
    if slip.asks_later:
        asked = {None: _("申请延期，尚未决定"), True: _("准许延期"), False: _("不准许延期")}[slip.granted]
        text += f"（{asked}）"
    return text


@agenda
def hearings_to_come(user: Any, first: date, last: date) -> Iterable[Engagement]:
    """The planned hearings of the adjudications this person takes part in; one that nobody has entered as held stays."""
    users = policy.standing(user, first).users
    part = Participation.objects.filter(
        proceeding=OuterRef("proceeding"), user__in=users, cancelled=False, to_on__isnull=True
    )
    put_off = ReplySlip.objects.filter(hearing=OuterRef("pk"), granted=True)
    planned = Hearing.objects.visible_to(user, first).filter(
        Q(proceeding__handler__in=users) | Exists(part), ~Exists(put_off), held_on__isnull=True, dropped=False,
        day__lte=last, proceeding__is_open=True,
    )  # fmt: skip
    for one in planned.select_related("proceeding__case").order_by("day", "time", "pk")[:50]:
        yield Engagement(
            one.day, one.time, str(_("口头审理（%(mode)s）") % {"mode": one.get_mode_display()}), one.place,
            one.proceeding, reverse("hearing_calendar", args=[one.pk]),
        )  # fmt: skip
