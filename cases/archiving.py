"""What a file must hold before it is archived, as data per kind, and which of it is missing.

When it is archived, and what may still be done afterwards, stands in models/filing.py and permissions.py.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import binding, drafting
from .models.repair import undone_acts


@dataclass(frozen=True)
class Item:
    """One thing that belongs in the file; any of what it names is enough.

    `papers`: kinds of document issued here; `sealed`: with the scan of the stamped paper. `acts`: registered at least
    `times` times. `files`: at least so many files handed in. `outcomes`, `once_accepted`, `states` say when it is asked.
    """

    code: str
    label: Any
    papers: tuple[str, ...] = ()
    sealed: bool = False
    acts: tuple[str, ...] = ()
    times: int = 1
    files: int = 0
    bound: bool = False
    outcomes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    once_accepted: bool = False


@dataclass(frozen=True)
class Found:
    """An item with the answer; `draft` is the kind of paper that would fill it and is written by hand, if one is."""

    code: str
    label: Any
    there: bool
    draft: str = ""


APPLICATION = Item("application", _("申请材料"), files=1)
BOUND = Item("bound", _("装订的卷宗"), bound=True)
CHECKLISTS: Mapping[str, tuple[Item, ...]] = {
    "assistance": (
        APPLICATION,
        Item("acceptance", _("受理通知书"), papers=("assistance_acceptance",), once_accepted=True),
        Item("refusal", _("不予受理通知书"), papers=("assistance_refusal",), outcomes=("refused",)),
        Item("closing_report", _("结案报告"), papers=("closing_report", "assistance_closing_report"), once_accepted=True),
        Item("visit", _("回访记录"), acts=("return_visit",), outcomes=("completed",)),
        BOUND,
    ),
    "mediation": (
        APPLICATION,
        Item("consents", _("双方同意调解的记录"), acts=("record_consent", "answer_invitation"), times=2, once_accepted=True),
        Item("acceptance", _("受理登记表（通知书）"), papers=("mediation_acceptance", "mediation_notice"), once_accepted=True),
        Item("minutes", _("调解笔录"), papers=("mediation_minutes",), acts=("session",), once_accepted=True),
        Item("agreement", _("盖章的调解协议书（扫描件）"), papers=("mediation_agreement", "administrative_agreement",
             "commercial_agreement"), sealed=True, outcomes=("written_agreement",)),
        Item("oral", _("口头协议登记表"), papers=("oral_agreement",), outcomes=("oral_agreement",)),
        Item("termination", _("终止调解通知书"), papers=("mediation_termination",), outcomes=("failed", "terminated")),
        Item("visit", _("履行情况回访记录"), acts=("return_visit", "record_performance"),
             outcomes=("written_agreement", "oral_agreement")),
        Item("closing_report", _("结案报告"), papers=("mediation_closing_report",), once_accepted=True),
        BOUND,
    ),
    "adjudication": (
        Item("application", _("请求书及其附件"), files=1),
        Item("filing", _("立案通知书"), papers=("filing_notice",), once_accepted=True),
        Item("refusal", _("不予立案通知书"), papers=("filing_refusal",), outcomes=("refused",)),
        Item("service", _("送达记录"), acts=("serve",), once_accepted=True),
        Item("ruling", _("盖章的行政裁决书（扫描件）"), papers=("ruling",), sealed=True, states=("ruled",)),
        Item("dismissal", _("撤销案件决定书"), papers=("dismissal",), states=("dismissed",)),
        Item("settlement", _("调解协议书"), papers=("mediated_in_case",), states=("settled",)),
        Item("closing_report", _("结案审批表"), papers=("adjudication_closing_report",), once_accepted=True),
        BOUND,
    ),
}  # fmt: skip


Asker = Callable[[Any], list[Found]]
_askers: dict[str, Asker] = {}


def asks(kind: str) -> Callable[[Asker], Asker]:
    """Register what a room asks of a kind beside the papers of the file: (concrete proceeding) -> items found."""

    def mark(ask: Asker) -> Asker:
        _askers[kind] = ask
        return ask

    return mark


def checklist(row: Any) -> list[Found]:
    """What the file of this proceeding must hold as it stands, each with whether it is there; then what its room asks."""
    return [*in_file(row), *(_askers[row.kind](row) if row.kind in _askers else [])]


def in_file(row: Any) -> list[Found]:
    """What the file of this proceeding must hold as it stands, each with whether it is there."""
    papers = list(row.documents.exclude(state__in=("draft", "void")).values_list("kind", "scan", "sealed_on"))
    undone = undone_acts(row)
    acts = [name for pk, name in row.events.filter(kind="act").values_list("pk", "name") if pk not in undone]
    files = len(binding.handed_in(row))
    drafted = [one.kind for one in drafting.drafted_for(row.kind) if not one.final_step]
    found = []
    for item in CHECKLISTS.get(row.kind, (BOUND,)):
        if (
            (item.once_accepted and row.accepted_on is None)
            or (item.outcomes and row.outcome not in item.outcomes)
            or (item.states and row.state not in item.states)
        ):
            continue
        there = (
            any(kind in item.papers and (scan or not item.sealed) for kind, scan, _on in papers)
            or (bool(item.acts) and sum(acts.count(name) for name in item.acts) >= item.times)
            or (bool(item.files) and files >= item.files)
            or (item.bound and is_bound(row))
        )
        draft = next((kind for kind in drafted if kind in item.papers), "") if not there else ""
        found.append(Found(item.code, item.label, there, draft))
    return found


def missing(row: Any) -> list[Found]:
    """What is still missing."""
    return [item for item in checklist(row) if not item.there]


def is_bound(row: Any) -> bool:
    """Are the volumes bound and is nothing filed since that they lack?"""
    for kind in ("open", "closed"):
        wanted = [one.ref for one in binding.planned(row, kind)]
        volume = row.volumes.filter(kind=kind, cancelled=False).last()
        if kind == "closed" and not wanted:
            continue
        if volume is None or [line["ref"] for line in json.loads(volume.contents)] != wanted:
            return False
    return True
