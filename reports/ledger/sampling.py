"""抽样: n cases of the list behind a figure by a seed, each told masked: what a figure's drill-down tells, and no more.

No name of a party, no minutes, no terms, no free text: only columns, dates and digests. Of a confidential proceeding
neither its course nor its papers.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cases import kinds
from cases.documents import docx, pdf
from cases.documents.blocks import Block, Facts, Note, Table, Title
from cases.errors import Invalid
from cases.models import Proceeding
from cases.models.repair import standing_steps
from cases.names import masked_name, reads_like_organisation
from cases.protection import sm3
from cases.stepping import steps_of
from reports import periods
from reports.indicators import REGISTRY, FactIndicator
from reports.lists import rows as rows_behind

LAYOUT = "form"
MOST = 100


@dataclass(frozen=True)
class Draw:
    """What is drawn from what: the ids in the list's order, and those drawn, in the order of the draw."""

    population: tuple[int, ...]
    drawn: tuple[int, ...]

    @property
    def digest(self) -> str:
        """SM3 of the list drawn from: two draws compare only where it agrees."""
        return sm3(",".join(map(str, self.population)).encode())


def codes() -> list[tuple[str, Any]]:
    """Figures that open to a list of cases."""
    return [(code, one.name) for code, one in REGISTRY.items() if isinstance(one, FactIndicator)]


def draw(code: str, period: str, as_of: date, seed: str, size: int) -> Draw:
    """Draw proceedings from the list behind a figure as known on a day. The same question draws the same."""
    indicator = REGISTRY.get(code)
    if not isinstance(indicator, FactIndicator):
        raise Invalid("no_list", _("该指标没有案件清单，不能抽样。"))
    behind = rows_behind(indicator, "numerator", periods.parse(period), as_of)
    ids = tuple(sorted(set(behind.order_by().values_list("proceeding", flat=True))))
    chosen = random.Random(f"{seed}/{code}/{period}/{as_of}").sample(ids, min(size, len(ids)))
    return Draw(ids, tuple(chosen))


def masked_party(name: str, kind: str) -> str:
    """A person by surname; an organisation not at all."""
    whole = kind in ("legal_person", "unincorporated") or (kind != "person" and reads_like_organisation(name))
    return _("某单位") if whole else masked_name(name, "person")


def told(row: Proceeding, number: int) -> list[Block]:
    """One case as its file tells it."""
    case, silent = row.case, row.kind in kinds.confidential()
    parties = [
        f"{party.get_role_display()}：{masked_party(party.name, party.kind)}" for party in case.parties.all()
    ]
    station = row.station or case.station
    blocks: list[Block] = [
        Title(_("抽样案件 %s") % number),
        Facts((
            (_("案号（登记号）"), row.number or str(case)), (_("办理方式"), str(row.kind_label)),
            (_("权利类型"), "、".join(dict.fromkeys(str(r.get_kind_display()) for r in case.rights.all())) or "—"),
            (_("工作站"), station.name if station else "—"), (_("收到"), _day(row.received_on)),
            (_("受理（立案）"), _day(row.accepted_on)), (_("结案"), _day(row.closed_on)),
            (_("当前环节"), str(row.outcome_label or row.state_label)),
            (_("当事人"), _("不予显示") if silent else "；".join(parties) or "—"),
        )),
    ]  # fmt: skip
    if not silent:
        blocks += _course(row)
    blocks.append(Note(_("当事人已作处理；不含笔录、协议条款和证据内容。")))
    return blocks


def _course(row: Proceeding) -> list[Block]:
    names = steps_of(row.facts.model)
    steps = tuple(
        (_day(event.occurred_on or event.known_on), str(names[event.name].label))
        for event in standing_steps(row)
        if event.name in names
    )
    papers = tuple(
        (_day(one.issued_on), one.title, one.digest[:16])
        for one in row.documents.filter(audience__in=("case", "proceeding"), volume="open").exclude(
            state="void"
        )
    )
    found: list[Block] = []
    if steps:
        found.append(Table((_("日期"), _("步骤")), steps, (30, 70)))
    if papers:
        found.append(Table((_("日期"), _("文书"), _("SM3（前 16 位）")), papers, (20, 50, 30)))
    return found


def _day(day: date | None) -> str:
    return day.isoformat() if day else "—"


def files(drawn: Sequence[int], done: Callable[[int], None]) -> dict[str, bytes]:
    """The masked files by name, PDF and docx of each."""
    rows = Proceeding.objects.filter(pk__in=drawn).select_related("case__station", "station", "body")
    found = {row.pk: row for row in rows.prefetch_related("case__parties", "case__rights")}
    made: dict[str, bytes] = {}
    for number, pk in enumerate(drawn, start=1):
        blocks = told(found[pk], number)
        made[f"{number:03d}.pdf"] = pdf.render(blocks, LAYOUT)
        made[f"{number:03d}.docx"] = docx.render(blocks, LAYOUT)
        done(number)
    return made


def manifest(sample: Any, found: Draw, made: dict[str, bytes]) -> bytes:
    """What was drawn from what, so that anybody may draw it again and compare."""
    numbers = dict(Proceeding.objects.filter(pk__in=found.drawn).values_list("pk", "number"))
    said = {
        "code": sample.code, "name": str(REGISTRY[sample.code].name), "period": sample.period,
        "as_of": sample.as_of.isoformat(), "seed": sample.seed, "asked": sample.size, "drawn": len(found.drawn),
        "population": len(found.population), "population_sm3": found.digest,
        "cases": [{"file": f"{n:03d}.pdf", "number": numbers[pk]} for n, pk in enumerate(found.drawn, start=1)],
        "files": {name: sm3(content) for name, content in sorted(made.items())},
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
