"""What the case page shows after the ruling: the time to sue of each recipient, the lawsuit, enforcement; court days."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from adjudication import answering_suit
from cases import deadlines
from cases.agenda import Engagement, agenda
from cases.calendar import office_calendar
from cases.models import Deadline, Participation, Proceeding
from cases.panels import Panel, Table, panel
from cases.permissions import can
from stations import policy

from .models import Adjudication, CourtHearing, Enforcement, Litigation

LATE = _("答辩、举证期限已届满")
LATE_EVIDENCE = _(
    "不提供或者无正当理由逾期提供证据的，视为没有相应证据（行政诉讼法第三十四条）；"
    "因不可抗力等正当事由不能提供的，经人民法院准许可以延期提供（第三十六条）"
)


# the time to sue ------------------------------------------------------------------------------------------------


@panel("adjudication")
def suing(row: Adjudication, user: Any, today: date) -> Panel:
    """Each recipient's fifteen days and what came of them; then until when the court can be asked to enforce."""
    periods = {one.subject: one for one in row.deadlines.filter(rule="T-21", cancelled=False).order_by("pk")}
    if not periods:
        return Panel()
    sued = set(_standing(row, "litigation").values_list("litigation__plaintiff", flat=True))
    parties = [party for party in row.case.parties.all() if f"party:{party.pk}" in periods]
    lines: list[list[dict[str, Any]]] = []
    for party in parties:
        period = periods[f"party:{party.pk}"]
        words, tone = _came_of(period, party.pk in sued, today)
        lines.append([
            {"text": f"{party.role_before_judge}　{party.name}"}, {"text": f"{period.starts_on:%Y-%m-%d}", "num": True},
            {"text": f"{period.due_on:%Y-%m-%d}", "num": True}, {"text": words, "tone": tone},
        ])  # fmt: skip
    columns = [str(_("受送达人")), str(_("收到裁决书")), str(_("起诉期限至")), str(_("情况"))]
    return Panel(
        facts=_to_enforce(row, list(periods.values())), tables=[Table(str(_("起诉期限")), columns, lines)]
    )


def _standing(row: Proceeding, kind: str) -> Any:
    return row.children.filter(kind=kind).exclude(state="void")


def _came_of(period: Deadline, sued: bool, today: date) -> tuple[str, str]:
    if sued:
        return str(_("已起诉")), "warn"
    if period.met_on is not None:
        return str(_("期满未起诉")), "brand"
    if period.due_on < today:
        return str(_("期限已满，请登记是否起诉")), "warn"
    return str(_("期限内")), ""


def _to_enforce(row: Adjudication, periods: list[Deadline]) -> list[dict[str, Any]]:
    """Nobody sued, a stop was ordered, no enforcement has begun: three months and no longer (T-23)."""
    ruling = row.rulings.filter(void=False).first()
    if ruling is None or not ruling.data().get("stop_ordered") or any(one.met_on is None for one in periods):
        return []
    if _standing(row, "litigation").exists() or _standing(row, "enforcement").exists():
        return []
    ended = max(one.due_on for one in periods)
    until = deadlines.due("T-23b", ended, filed=row.filed, calendar=office_calendar()).due
    words = _("至 %(day)s（起诉期限届满起三个月），被请求人不履行的请启动")
    return [{"label": _("申请强制执行"), "value": words % {"day": until}, "tone": "warn"}]


# the lawsuit ----------------------------------------------------------------------------------------------------


@panel("litigation")
def lawsuit(row: Litigation, user: Any, today: date) -> Panel:
    """Parties to it, what was answered, what each instance held."""
    names = dict(row.facts.outcomes)
    facts = [
        _fact(_("受诉法院"), "，".join(filter(None, [row.court, row.court_case_no]))),
        _fact(_("原告"), row.plaintiff.name if row.plaintiff else ""),
        _fact(_("被诉行政行为"), str(row.ruling) if row.ruling else str(_("不予立案或者撤销案件的决定"))),
        _fact(_("承办法官"), row.judge), _fact(_("诉讼代理人"), row.agents),
    ]  # fmt: skip
    facts += _answered(row, today)
    if row.remanded:
        facts.append(_fact(_("发回重审"), str(_("二审撤销原判，由一审法院重新审判"))))
    if row.first_outcome:
        facts.append(_fact(_("一审"), f"{names[row.first_outcome]}（{row.judged_on:%Y-%m-%d}）"))
    if row.appealed_on:
        by = _("本局上诉") if row.appellant == "bureau" else _("当事人上诉")
        facts.append(_fact(_("上诉"), f"{by}（{row.appealed_on:%Y-%m-%d}）"))
    if row.second_outcome:
        facts.append(_fact(_("二审后"), f"{names[row.second_outcome]}（{row.second_on:%Y-%m-%d}）"))
    hearings = [_sitting(one) for one in row.hearings.filter(dropped=False)]
    return Panel(facts=facts, meetings=hearings, tables=_items(row), links=_to_draft(row, user, today))


def _to_draft(row: Litigation, user: Any, today: date) -> list[dict[str, Any]]:
    """The answer's fifteen days run: what is to be written first stands in front of whoever writes it."""
    if row.state != "received" or not answering_suit.missing(row) or not can(user, row, "draft_paper", today):
        return []
    return [{"url": reverse("act", args=[row.pk, "draft_paper"]), "label": _("拟制应诉材料")}]


def _fact(label: Any, value: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "tone": tone}


def _answered(row: Litigation, today: date) -> list[dict[str, Any]]:
    limit = row.deadlines.filter(rule="T-31", cancelled=False).first()
    late = limit is not None and (limit.met_on or today) > limit.due_on
    found = (
        [_fact(_("举证"), str(LATE), "hot"), _fact(_("逾期举证的后果"), str(LATE_EVIDENCE))] if late else []
    )
    if row.state == "received" and (lacking := answering_suit.missing(row)):
        found.append(_fact(_("应诉材料"), _("尚未签发：%s") % "、".join(lacking), "warn"))
    return found


def _items(row: Litigation) -> list[Table]:
    items = row.effective_items()
    if not items:
        return []
    lines = [
        [{"text": one.respondent.name if one.respondent else "—"}, {"text": one.claim or "—"},
         {"text": one.get_outcome_display()}]
        for one in items
    ]  # fmt: skip
    columns = [str(_("被请求人")), str(_("权利要求或者裁决项")), str(_("结果"))]
    return [Table(str(_("逐项裁判结果")), columns, lines)]


def _sitting(row: CourtHearing) -> dict[str, Any]:
    said = [row.place]
    if row.head:
        said.append(str(_("负责人出庭：%s") % row.head))
    elif row.reason:
        said.append(
            str(_("负责人不能出庭（%(why)s），由%(who)s出庭") % {"why": row.reason, "who": row.staff})
        )
    elif not row.held:
        said.append(str(_("请确定出庭负责人；不能出庭的，书面说明理由并委托工作人员出庭")))
    return {
        "when": f"{row.day:%Y-%m-%d} {row.time:%H:%M}",
        "title": _("开庭") if row.held else _("开庭（尚未举行）"), "text": "；".join(filter(None, said)),
    }  # fmt: skip


@agenda
def court_days(user: Any, first: date, last: date) -> Iterable[Engagement]:
    """The sittings of the lawsuits this person handles or takes part in; one that nobody has entered as held stays."""
    users = policy.standing(user, first).users
    part = Participation.objects.filter(
        proceeding=OuterRef("litigation"), user__in=users, cancelled=False, to_on__isnull=True
    )
    planned = CourtHearing.objects.filter(
        Q(litigation__handler__in=users) | Exists(part), held=False, dropped=False, day__lte=last,
        litigation__is_open=True, litigation__in=Litigation.objects.visible_to(user, first).values("pk"),
    )  # fmt: skip
    for one in planned.select_related("litigation__case").order_by("day", "time", "pk")[:50]:
        where = "，".join(filter(None, [one.litigation.court, one.place]))
        yield Engagement(one.day, one.time, str(_("行政诉讼开庭")), where, one.litigation)


# enforcement ----------------------------------------------------------------------------------------------------


@panel("enforcement")
def enforced(row: Enforcement, user: Any, today: date) -> Panel:
    """Until when the bureau may apply by either reading, from when the right holder may, each debtor's demand."""
    windows = {one.rule: one for one in row.deadlines.filter(rule__startswith="T-23", cancelled=False)}
    labels = {"T-23a": _("申请期限（自履行期限届满）"), "T-23b": _("申请期限（自起诉期限届满）")}
    facts = [
        {"label": labels[rule], "value": f"{windows[rule].due_on:%Y-%m-%d}", "num": True}
        for rule in labels
        if rule in windows
    ]
    facts.append(_fact(_("申请法院"), row.court))
    if row.state in ("received", "demanded") and windows:
        facts += _right_holder(row, today)
    waits = {one.subject: one for one in row.deadlines.filter(rule="T-24", cancelled=False)}
    lines: list[list[dict[str, Any]]] = []
    for one in row.demands.select_related("party"):
        wait = waits.get(f"party:{one.party_id}")
        lines.append([
            {"text": one.party.name}, {"text": f"{one.served_on:%Y-%m-%d}（{one.get_method_display()}）"},
            {"text": f"{wait.due_on:%Y-%m-%d}" if wait else "—", "num": True}, {"text": _said(one)},
        ])  # fmt: skip
    columns = [str(_("被催告人")), str(_("催告书送达")), str(_("十个工作日届满")), str(_("当事人意见"))]
    return Panel(facts=facts, tables=[Table(str(_("催告")), columns, lines)] if lines else [])


def _right_holder(row: Enforcement, today: date) -> list[dict[str, Any]]:
    """权利人自行申请: six months once the bureau's own time has passed unused (T-25)."""
    ends = row.window_ends()
    until = deadlines.due("T-25", ends, filed=row.ruling.made_on, calendar=office_calendar()).due
    passed = today > ends
    words = (
        _("本局的申请期限已于 %(ends)s 届满，权利人可以自行申请，至 %(until)s")
        if passed
        else _("本局至 %(ends)s 未申请的，权利人可以自行申请，至 %(until)s")
    )
    return [_fact(_("权利人自行申请"), words % {"ends": ends, "until": until}, "warn" if passed else "")]


def _said(row: Any) -> str:
    if row.objected_on is None:
        return str(_("未提出"))
    found = _("成立") if row.heeded else _("不成立")
    return f"{row.objected_on:%Y-%m-%d} {_('提出')}，{found}"
