"""What the page of a task, a policy or a notice tells beside way, steps and record."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.panels import Panel, Table, panel

from . import standing
from .evidence import Answers
from .models import LedgerNotice, LedgerTask, SupportPolicy


@panel("ledger_task")
def task(row: LedgerTask, user: Any, today: date) -> Panel:
    """Standing, the plan's own words, who answers now, what proves it, what was done."""
    lines = standing.tasks(today, LedgerTask.objects.filter(pk=row.pk))
    facts = [
        {"label": _("方案"), "value": row.plan.name},
        {"label": _("类别"), "value": row.special_words},
        {"label": _("责任单位（方案）"), "value": row.units_text},
        {"label": _("负责人（方案）"), "value": row.leaders_text},
        {"label": _("完成时限（方案）"), "value": row.deadline_text},
        {"label": _("重点工程"), "value": row.get_project_display() or "—"},
    ]
    if row.showcase:
        facts.append({"label": _("标注"), "value": _("标志性成果"), "tone": "brand"})
    for line in lines:
        now = line.standing
        facts.insert(0, {"label": _("现状"), "value": words_of(line), "tone": now.tone})
        facts.append({"label": _("最近佐证"), "value": line.proved, "num": True, "missing": _("尚无")})
    return Panel(facts=facts, tables=[_units(row), *_proofs(row, today)])


def words_of(line: standing.Line) -> str:
    """现状 in words: late ones with for how long, doubtful ones with why."""
    if line.standing.code == standing.LATE:
        return str(_("逾期 %s 个月") % line.standing.late_months)
    if line.task.deadline_doubtful:
        return str(_("时限需核实"))
    return str(line.standing.words)


@panel("support_policy")
def policy(row: SupportPolicy, user: Any, today: date) -> Panel:
    facts = [
        {"label": _("方案"), "value": row.plan.name}, {"label": _("落实单位"), "value": row.department},
        {"label": _("负责人（方案）"), "value": row.leader_text},
    ]  # fmt: skip
    return Panel(facts=facts, tables=_proofs(row, today))


@panel("ledger_notice")
def notice(row: LedgerNotice, user: Any, today: date) -> Panel:
    """What is or will be said, and what came of it."""
    facts = [
        {"label": _("形式"), "value": row.get_form_display()},
        {"label": _("责任单位"), "value": row.unit.name, "url": _opening(row.unit)["url"]},
        {"label": _("发文字号"), "value": row.letter_no}, {"label": _("回复期限"), "value": row.reply_by, "num": True},
        {"label": _("送达日期"), "value": row.served_on, "num": True},
    ]  # fmt: skip
    words = [
        [{"text": str(label)}, {"text": text}]
        for label, text in (
            (_("所涉任务"), row.items), (_("存在问题"), row.problems), (_("工作要求"), row.demand),
            (_("约谈记录"), row.talk), (_("回复"), row.reply),
        )
        if text
    ]  # fmt: skip
    title = _("文稿（未签发，不对外生效）") if row.state == "received" else _("内容")
    return Panel(facts=facts, tables=[Table(str(title), [str(_("项目")), str(_("内容"))], words)])


def _units(row: LedgerTask) -> Table:
    rows = [
        [
            {"text": one.name.text}, {"text": one.name.unit.name, "links": [_opening(one.name.unit)]},
            {"text": f"{one.valid_from:%Y-%m-%d}" if one.valid_from else str(_("方案印发")), "num": True},
            {"text": f"{one.valid_to:%Y-%m-%d}" if one.valid_to else "", "num": True}, {"text": one.document},
        ]
        for one in row.task_units.filter(cancelled=False).select_related("name__unit")
    ]  # fmt: skip
    columns = [str(one) for one in (_("写法"), _("责任单位"), _("起"), _("止"), _("依据"))]
    return Table(str(_("责任单位")), columns, rows)


def _opening(unit: Any) -> dict[str, str]:
    return {"url": reverse("unit", args=[unit.pk]), "label": str(_("查看"))}


def _proofs(row: Any, today: date) -> list[Table]:
    answers = Answers(today)
    rows = [
        [
            {"text": told.label}, {"text": told.words, "tone": "" if told.proves else "warn"},
            {"text": tie.said or (str(_("方案常用佐证")) if tie.preset else "")},
            {"text": "", "links": [{"url": told.url, "label": str(_("打开"))}] if told.url else []},
        ]
        for tie, told in answers.of(row.ties.filter(cancelled=False))
    ]  # fmt: skip
    notes = [
        [{"text": f"{one.on:%Y-%m-%d}", "num": True}, {"text": one.text}, {"text": str(one.by or "")}]
        for one in row.progress.filter(cancelled=False).select_related("by")
    ]
    columns = [str(one) for one in (_("佐证"), _("现在的内容"), _("说明"), _("原记录"))]
    found = [Table(str(_("佐证（随原记录更新）")), columns, rows)]
    if notes:
        found.append(Table(str(_("进展")), [str(_("日期")), str(_("内容")), str(_("登记人"))], notes))
    return found
