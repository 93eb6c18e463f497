"""应诉: what the answer and the list of evidence take from the adjudication, and whether they were made.

Only the open volume goes to the court; deliberation, opinions and approvals of the closed one never do. Everything here
reads; the drafts are made and issued as any other (cases/drafting.py).
"""

import json
import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime
from cases import binding
from cases.documents.blocks import Facts, Table, from_json
from cases.documents.template import load
from cases.models import Evidence
from cases.models.papers import OUT

PAPERS = ("answer_statement", "court_evidence_list")
DECISIONS = ("dismissal", "filing_refusal")  # suable beside a ruling (law.md 10)
LAW = re.compile(
    r"《[^》]+》(?:第[一二三四五六七八九十百零〇]+条(?:之一)?(?:第[一二三四五六七八九十]+[款项])*[、和及]?)*"
)


def lacking(suit: Any) -> list[str]:
    """Kinds of papers that go to the court within fifteen days and were not issued here (行政诉讼法第六十七条)."""
    made = set(suit.documents.filter(kind__in=PAPERS, state__in=OUT).values_list("kind", flat=True))
    return [kind for kind in PAPERS if kind not in made]


def missing(suit: Any) -> list[str]:
    """Their titles."""
    return [load(kind).title for kind in lacking(suit)]


def paper_data(suit: Any, kind: str) -> dict[str, Any]:
    """The fields of one of the two papers; nothing of any other."""
    if kind not in PAPERS:
        return {}
    said = {
        "addressee": suit.court, "court_case_no": suit.court_case_no, **_decided(suit),
        "plaintiff": suit.plaintiff.name if suit.plaintiff else None,
    }  # fmt: skip
    if kind == "court_evidence_list":
        return said | {"items": evidence(suit), "laws": laws(suit)}
    return said | {
        "plaintiff_address": suit.plaintiff.address if suit.plaintiff else None, "agents": suit.agents,
        "course": suit.parent.concrete().paper_data(kind)["course"], "attachments": [load(PAPERS[1]).title],
    }  # fmt: skip


def _decided(suit: Any) -> dict[str, Any]:
    """What was done that is sued about: the ruling with what it found and ordered, or the refusal, the dismissal."""
    if suit.ruling is not None:
        said = suit.ruling.data()
        return {
            "decision": f"{suit.ruling.number}{_named(suit.ruling)}", "decided_on": suit.ruling.made_on,
            "facts": said.get("facts"), "evidence": said.get("evidence"), "reasoning": said.get("reasoning"),
            "basis": said.get("basis"), "orders": said.get("orders"),
        }  # fmt: skip
    papers = suit.parent.documents.filter(kind__in=DECISIONS, state__in=OUT).order_by("pk")
    paper = papers.last()
    return {
        "decision": f"{paper.number}{paper.title}" if paper else None,
        "decided_on": paper.issued_on if paper else None,
    }


def _named(ruling: Any) -> str:
    return str(_("行政裁决书")) if ruling.paper == ruling.PAPER else load(ruling.paper).title


def laws(suit: Any) -> list[str]:
    """规范性文件: what the ruling cites, and the law and the measures that govern the adjudication."""
    filed = suit.parent.concrete().filed
    cited = LAW.findall(str((suit.ruling.data() if suit.ruling else {}).get("basis") or ""))
    found = [one.rstrip("、和及") for one in cited]
    for always in (regime.patent_law(filed), regime.measures(filed)):
        title = always[: always.index("》") + 1]
        if not any(one.startswith(title) for one in found):
            found.append(always)
    return list(dict.fromkeys(found))


def evidence(suit: Any) -> list[dict[str, str]]:
    """The open volume of the adjudication, entry by entry, with its pages once it is bound."""
    row = suit.parent
    pages = _pages(row)
    proves = dict(Evidence.objects.filter(case=row.case_id).values_list("pk", "proves"))
    whose = _reached(row)
    found = []
    for one in binding.planned(row, binding.OPEN):
        what, _colon, pk = one.ref.partition(":")
        said = proves.get(int(pk), "") if what == "file" else ""
        about = "，".join(filter(None, [one.number, whose.get(":".join(one.ref.split(":")[:2]), "")]))
        found.append({
            "title": f"{one.title}{f'（{about}）' if about else ''}", "pages": pages.get(one.ref, ""),
            "proves": said or str(_("当事人提交的事实") if what == "file" else _("本局依法办理的经过")),
        })  # fmt: skip
    return found


def _reached(row: Any) -> dict[str, str]:
    """Of each 送达回证, by entry of the volume: whom it reached and with which papers, as printed on it."""
    found = {}
    for proof in row.documents.filter(kind="service_proof"):
        said = []
        for block in from_json(proof.blocks):
            if isinstance(block, Facts):
                said += [value for label, value in block.rows if label == "受送达人"]
            elif isinstance(block, Table):
                said += [line[1] for line in block.rows if line[1]]
        found[f"document:{proof.pk}"] = (
            "：".join(filter(None, [said[0], "、".join(said[1:])])) if said else ""
        )
    return found


def _pages(row: Any) -> dict[str, str]:
    """Pages of the bound open volume, by entry."""
    volume = row.volumes.filter(kind=binding.OPEN, cancelled=False).last()
    if volume is None or volume.pages is None:
        return {}
    lines = [line for line in json.loads(volume.contents) if line.get("first")]
    return {
        line["ref"]: str(line["first"])
        if line["first"] == line["last"]
        else f"{line['first']}–{line['last']}"
        for line in lines
    }
