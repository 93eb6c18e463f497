"""What the page of an evaluation shows: the score sheet, and the appeal with its answer."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.panels import Panel, Table, panel


@panel("evaluation")
def evaluated(row: Any, user: Any, today: date) -> Panel:
    """Facts, scores, appeal."""
    shown = row.state == "published"
    facts = [
        {"label": _("年度"), "value": row.year, "num": True},
        {"label": _("评价依据"), "value": row.criteria.document},
        {"label": _("得分"), "value": row.total, "num": True} if row.total is not None else None,
        {"label": _("等次"), "value": row.outcome_label} if shown else None,
        {"label": _("公布日期"), "value": row.published_on, "num": True} if shown else None,
        {"label": _("工作站认可"), "value": _("是")} if row.accepted else None,
    ]
    links = [{"url": f"{reverse('evaluations')}?year={row.year}", "label": _("本年度结果")}]
    tables = [_scores(row)]
    if row.appealed_on:
        said = [
            [
                {"text": str(row.appealed_on), "num": True},
                {"text": row.appeal_reason},
                {"text": row.appeal_answer or _("待答复")},
            ]
        ]
        tables.append(Table(_("申诉"), [_("日期"), _("理由"), _("答复")], said))
    return Panel(facts=[one for one in facts if one], links=links, tables=tables)


def _scores(row: Any) -> Table:
    rows = [
        [{"text": one.name}, {"text": str(one.most), "num": True}, {"text": str(one.self_points), "num": True},
         {"text": "—" if one.points is None else str(one.points), "num": True}, {"text": one.evidence or "—"},
         {"text": "；".join(filter(None, (one.self_words, one.words))) or "—"}]
        for one in row.scores.all()
    ]  # fmt: skip
    if not rows:
        rows = [
            [{"text": one.name}, {"text": str(one.points), "num": True}, {"text": "—"}, {"text": "—"}, {"text": "—"}, {"text": one.guide}]
            for one in row.criteria.criteria
        ]  # fmt: skip
    return Table(_("评分"), [_("项目"), _("满分"), _("自评"), _("审核"), _("系统记录"), _("说明")], rows)
