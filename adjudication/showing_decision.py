"""What the case page shows of the decision: findings once ruled, and to the panel its deliberations and drafts."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.panels import Panel, Table, panel
from stations import policy
from stations.models import User

from . import catalogue, ruling_text
from .forms.deciding import VOTES
from .models import Adjudication
from .models.rows import Deliberation
from .models.rows_decision import Finding, RulingDraft
from .models.ruling import Ruling

COLUMNS = [_("被请求人"), _("权利要求"), _("认定"), _("侵权行为")]


@panel("adjudication")
def decided(row: Adjudication, user: Any, today: date) -> Panel:
    """Findings of the rulings in being, for whoever sees the case; what the panel weighed, for those who take part."""
    shown = Panel(tables=_findings(row))
    for ruling in row.rulings.filter(void=False, kind__in=KINDS_SAID):
        shown.facts.append({"label": _("裁决种类"), "value": ruling.get_kind_display()})
    if {part.user_id for part in row.participants()} & policy.standing(user, today).users:
        shown.meetings = _deliberations(list(row.deliberations.prefetch_related("findings__respondent")))
        shown.meetings += _drafts(row)
    return shown


KINDS_SAID = (
    Ruling.Kind.DISMISSED_FIRST, Ruling.Kind.DIRECT_ORDER, Ruling.Kind.CHANGE, Ruling.Kind.ANNULMENT,
)  # fmt: skip


def _findings(row: Adjudication) -> list[Table]:
    """One table for each ruling that carries findings, the last first."""
    held = row.findings.filter(ruling__void=False).select_related("respondent", "ruling")
    tables = []
    for ruling in dict.fromkeys(one.ruling for one in held.order_by("-ruling", "pk")):
        mine = [one for one in held if one.ruling_id == ruling.pk]
        title = _("逐项认定（%(kind)s，%(day)s）") % {
            "kind": ruling.get_kind_display(),
            "day": ruling.made_on,
        }
        tables.append(Table(str(title), [str(one) for one in COLUMNS], _rows(mine)))
    return tables


def _rows(findings: Sequence[Finding]) -> list[list[dict[str, Any]]]:
    return [
        [{"text": one.respondent.name}, {"text": one.claim or "—"}, {"text": one.get_outcome_display()},
         {"text": catalogue.said(one.acts.split(",")) or "—"}]
        for one in findings
    ]  # fmt: skip


def _deliberations(rows: list[Deliberation]) -> list[dict[str, Any]]:
    words, votes = dict(VOTES), [json.loads(row.votes) for row in rows]
    names = User.objects.in_bulk({vote["member"] for one in votes for vote in one}) if votes else {}
    found = []
    for row, one in zip(rows, votes, strict=True):
        said = [
            f"{names[v['member']]}：{words[v['vote']]}{'，' + v['words'] if v['words'] else ''}" for v in one
        ]
        said += [line.rstrip("。") for line in catalogue.lines([
            {"name": f.respondent.name, "claim": f.claim, "outcome": f.outcome, "acts": f.acts.split(",")}
            for f in row.findings.all()
        ])]  # fmt: skip
        found.append(
            {"when": f"{row.on:%Y-%m-%d}", "title": _("合议（%(end)s）") % {"end": words[row.conclusion]},
             "text": "；".join([*said, *filter(None, [row.minutes])])}
        )  # fmt: skip
    return found


def _drafts(row: Adjudication) -> list[dict[str, Any]]:
    """The last draft of the ruling: whose, what it lacks, and where it is edited."""
    last: RulingDraft | None = row.rulingdrafts.select_related("by").last()
    if last is None:
        return []
    lacks = ruling_text.missing(json.loads(last.sections), row.ruling_case())
    said = [
        str(_("还缺少：%(what)s") % {"what": "、".join(lacks)}) if lacks else str(_("应当写明的内容齐全"))
    ]
    paper = row.ruling_paper()
    links = [
        {"url": reverse("document", args=[paper.pk, ending]), "label": label}
        for ending, label in (("docx", _("下载 Word 修改")), ("pdf", "PDF"))
        if paper is not None
    ]
    title = _("行政裁决书稿（第%(n)s稿，%(by)s）") % {"n": last.revision, "by": last.by}
    return [{"when": f"{last.on:%Y-%m-%d}", "title": title, "text": "；".join(said), "links": links}]
