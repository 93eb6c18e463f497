"""The decision: deliberation of the panel, its majority, the ruling as it is signed (办法第二十五条、第三十一条)."""

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import register
from cases.documents import making
from cases.errors import DomainError
from cases.models import Event
from cases.readiness import all_of, runs_not
from cases.stepping import act, step

from .panel import panel_lines
from .rows import Deliberation
from .ruling import Ruling
from .stages import DEFENCE, NOT_STAYED

if TYPE_CHECKING:
    from cases.entry import Entry


class DecidingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @step(
        source="filed",
        target="deliberating",
        label=_("审理终结，进入合议"),
        ready=all_of(
            NOT_STAYED,
            runs_not("T-05", code="not_served", words=_("请求书副本尚未送达全部被请求人，请先登记送达。")),
        ),
    )
    def deliberate(self: Any, entry: "Entry") -> None:
        """合议: the respondents have been served and heard, or their time has run out."""
        self.refuse_while_stopped(entry)
        running = self.open_deadline(*DEFENCE)
        if running is not None and entry.on <= running.due_on:
            raise DomainError(
                "defence_period_runs",
                _("答辩期至 %(day)s 届满，期满或者收到答辩书后再合议。") % {"day": running.due_on},
            )
        for rule in (*DEFENCE, "T-13"):
            entry.finish(rule)

    @act(open_in="deliberating", label=_("登记合议"), ready=NOT_STAYED)
    def record_deliberation(self: Any, entry: "Entry") -> None:
        """合议: every member of the panel votes, the majority decides, dissent stays in the minutes (办法第二十五条)."""
        votes = entry.data["votes"]
        members = {part.user_id for part in self.panel()}
        if {v["member"].pk for v in votes} != members or len(votes) != len(members):
            raise DomainError("not_whole_panel", _("合议由合议组全体成员参加，请逐人登记意见，每人一次。"))
        self.refuse_while_stopped(entry)
        conclusion, most = Counter(v["vote"] for v in votes).most_common(1)[0]
        if most * 2 <= len(members):
            raise DomainError("no_majority", _("没有形成过半数意见，请继续合议。"))
        entry.audience = Event.Audience.SEALED
        entry.save(Deliberation(
            case=self.case, proceeding=self, audience="sealed", on=entry.on, conclusion=conclusion,
            minutes=entry.data["minutes"],
            votes=json.dumps([{"member": v["member"].pk, "vote": v["vote"], "words": v["words"]} for v in votes],
                             ensure_ascii=False),
        ))  # fmt: skip

    @step(source="deliberating", target="ruled", label=_("签发行政裁决书"), ready=NOT_STAYED)
    def sign_ruling(self: Any, entry: "Entry") -> None:
        """行政裁决: made on this day, in the panel's majority; its paper states what 办法第三十一条 demands."""
        data = entry.data
        self.refuse_while_stopped(entry)
        self._require_panel_decision(data["outcome"])
        team = [(part.user, part.capacity) for part in self.team()]
        recorder = next((user.display_name for user, capacity in team if capacity == "recorder"), "")
        paper = {
            **{name: data[name] for name in ("procedure", "claims", "defence", "evidence", "basis")},
            "facts": [row["text"] for row in data["facts"]],
            "reasoning": [row["text"] for row in data["reasoning"]],
            "orders": [row["text"] for row in data["orders"]],
            "stop_ordered": any(row["kind"] == "stop" for row in data["orders"]),
            "sue_within": str(_("十五日")), "clerk": recorder, "panel": panel_lines(team),
        }  # fmt: skip
        filled = {**making.context(self.case, self, entry, self.body), **paper}
        self._require_contents(filled)
        ruling = Ruling(
            number=self.number or "",
            made_on=entry.on,
            outcome=data["outcome"],
            sections=Ruling.sections_of(filled),
        )
        ruling.save()  # its id names it in the facts
        ruling.adjudications.add(self.pk)
        entry.save(ruling)
        entry.fact("ruled", value=ruling.outcome, subject=ruling.subject)
        self._end(entry, f"ruled_{ruling.outcome}", line=False)
        entry.start("T-20")
        entry.paper(Ruling.PAPER, **paper)
        register.line(entry, self.number, "due", entry.on, due_on=register.publish_by(entry.on))
        entry.open("disclosure", ruling=ruling)

    def _require_panel_decision(self: Any, outcome: str) -> None:
        last = self.deliberations.last()
        if last is None:
            raise DomainError(
                "no_deliberation", _("请先登记合议（%(source)s）。") % {"source": self.cite("panel")}
            )
        if last.conclusion != outcome:
            raise DomainError("against_majority", _("裁决结果与合议结论不一致，请核对。"))

    def _require_contents(self: Any, filled: dict[str, Any]) -> None:
        """Parties with their addresses; the form sees to facts, reasons, basis and orders (办法第三十一条)."""
        nowhere = [p["name"] for p in filled["parties"] if not p["address"]]
        if nowhere:
            raise DomainError(
                "party_address_missing",
                _("裁决书须写明当事人的名称和地址（%(source)s），请补充地址：%(names)s。")
                % {"source": self.cite("contents"), "names": "、".join(nowhere)},
            )
