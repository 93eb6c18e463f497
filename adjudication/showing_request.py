"""What the case page shows of the request: what was examined, agents, evaluation report, earlier cases, reports up."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.panels import Panel, Table, panel

from . import regime
from .models import Adjudication, EvaluationReport, Examination, MajorReport
from .models.examining import limitation_passed
from .models.mandates import said

Fact = dict[str, Any]


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """Facts of the request for whoever sees the proceeding; of another case only the number of one he sees too."""
    facts = [*_examined(row), *_report(row, today), *_earlier(row, user, today), *_reported_up(row)]
    return Panel(facts=facts, tables=_agents(row, today))


def _examined(row: Adjudication) -> list[Fact]:
    found: list[Fact] = []
    if row.claims_relied:
        found.append({"label": _("作为依据的权利要求"), "value": row.claims_relied})
    one: Examination | None = row.examinations.last()
    if one is None:
        return found
    standing = "，".join(filter(None, [one.get_standing_display(), one.get_licence_ground_display()]))
    said_of = [(_("请求人资格"), standing), (_("管辖依据"), one.get_competence_display())]
    found += [{"label": label, "value": value} for label, value in said_of if value]
    if one.earlier_body:
        on = f"（{one.earlier_on:%Y-%m-%d}）" if one.earlier_on else ""
        found.append({"label": _("先受理的部门"), "value": f"{one.earlier_body}{on}", "tone": "warn"})
    late = one.knew_on and row.received_on and limitation_passed(one.knew_on, row.received_on)
    if late and not one.continuing and regime.is_new(row.filed):
        words = _("自得知侵权之日（%(day)s）起已超过三年，被请求人可以提出时效抗辩") % {"day": one.knew_on}
        found.append({"label": _("时效"), "value": words, "tone": "warn"})
    return found


def _report(row: Adjudication, today: date) -> list[Fact]:
    one: EvaluationReport | None = row.evaluationreports.last()
    if one is None:
        return []
    if one.result:
        on = f"（{one.received_on:%Y-%m-%d}）" if one.received_on else ""
        return [{"label": _("专利权评价报告"), "value": f"{one.get_result_display()}{on}"}]
    over = one.due_on < today
    words = _("期限 %(day)s 已届满，请登记结果") if over else _("已通知，%(day)s 前提交")
    return [
        {"label": _("专利权评价报告"), "value": words % {"day": one.due_on}, "tone": "warn" if over else ""}
    ]


def _earlier(row: Adjudication, user: Any, today: date) -> list[Fact]:
    """The request this one renews, those that renew it, the ruling it repeats: what this person may see of them."""
    found: list[Fact] = []
    seen = Adjudication.objects.visible_to(user, today)
    for one in seen.filter(pk=row.refiled_of_id) if row.refiled_of_id else ():
        found.append(_linked(_("另行请求的原案"), one))
    found += [_linked(_("另行请求"), one) for one in seen.filter(refiled_of=row.pk).order_by("pk")]
    if row.repeats is not None:
        found.append({"label": _("重复侵权的原裁决"), "value": row.repeats.number, "tone": "warn"})
    return found


def _linked(label: Any, one: Adjudication) -> Fact:
    return {"label": label, "value": str(one), "url": f"{reverse('case', args=[one.case_id])}?p={one.pk}"}


def _reported_up(row: Adjudication) -> list[Fact]:
    found: list[Fact] = []
    for one in row.majorreports.all():
        said_on = f"{one.to}（{one.letter_no}，{one.reported_on:%Y-%m-%d}）"
        if one.answer:
            number = f"，{one.answer_no}" if one.answer_no else ""
            said_on += f"：{one.get_answer_display()}（{one.answered_on:%Y-%m-%d}{number}）"
        taken = one.answer == MajorReport.Answer.TAKEN and row.is_open
        if taken:
            said_on += str(_("，请办理移送"))
        found.append(
            {"label": _("重大案件上报"), "value": said_on, "tone": "warn" if taken or not one.answer else ""}
        )
    return found


def _agents(row: Adjudication, today: date) -> list[Table]:
    """Who acts for whom, with which powers, since when; those whose mandate ended stay on the list."""
    rows = []
    for one in row.mandates.select_related("party"):
        until = f"{one.to_on:%Y-%m-%d} {_('终止')}" if one.to_on else ""
        rows.append([
            {"text": f"{one.party.role_before_judge} {one.party.name}"},
            {"text": "，".join(filter(None, [one.name, one.firm, one.licence_no]))},
            {"text": said(one.powers)},
            {"text": f"{one.from_on:%Y-%m-%d}", "num": True},
            {"text": until or (_("有效") if one.proof_id else _("有效，授权委托书未归入")),
             "tone": "" if until or one.proof_id else "warn"},
        ])  # fmt: skip
    if not rows:
        return []
    columns = [_("委托人"), _("委托代理人"), _("权限"), _("自"), _("状态")]
    return [Table(_("委托代理人"), [str(one) for one in columns], rows)]
