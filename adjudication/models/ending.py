"""Ends without a ruling: settled by mediation inside the case, dismissed (办法第三十条、第三十五条、第三十六条)."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime, register
from cases.stepping import step

if TYPE_CHECKING:
    from cases.entry import Entry

# 办法第三十六条、第十九条; ground -> (words, article of the new text)
DISMISSALS = {
    "inadmissible": (_("立案后发现不符合受理条件"), "第三十六条"),
    "withdrawn": (_("请求人撤回处理请求"), "第三十六条"),
    "requester_absent": (_("请求人无正当理由不参加口头审理或者中途退出，按撤回请求处理"), "第二十六条、第三十六条"),
    "requester_gone": (_("请求人死亡或者注销，没有继承人、权利义务承受人，或者其放弃请求"), "第三十六条"),
    "respondent_gone": (_("被请求人死亡或者注销，没有遗产，也没有义务承受人"), "第三十六条"),
    "limitation": (_("被请求人的时效抗辩成立"), "第十九条"),
    "claims_undefined": (_("经释明，请求人仍不明确作为依据的权利要求"), "第三十六条"),
    "other": (_("其他应当撤销案件的情形"), "第三十六条"),
}  # fmt: skip

OUTCOMES = {
    "ruled_established": _("裁决侵权成立"), "ruled_partly": _("裁决部分成立"), "ruled_not_established": _("裁决侵权不成立"),
    "mediated": _("调解结案"), "dismissed": _("撤销案件"), "refused": _("不予立案"), "withdrawn": _("立案前撤回"),
    "transferred": _("移送管辖"),
}  # fmt: skip


class EndingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @step(source=["filed", "deliberating"], target="settled", label=_("调解结案"))
    def close_mediated(self: Any, entry: "Entry") -> None:
        """调解结案: the parties' agreement, signed by both and sealed by the bureau (办法第三十五条)."""
        for mandate in entry.data["by_agents"]:
            self.require_power(mandate, "settle", entry.on)
        self._end(entry, "mediated")
        entry.paper(
            "mediated_in_case", terms=[row["text"] for row in entry.data["terms"]], panel=self._panel_lines(),
            basis=self.cite("mediation"), recent=regime.is_new(self.filed), signers=self._signers(entry),
        )  # fmt: skip

    def _signers(self: Any, entry: "Entry") -> list[dict[str, str]]:
        """Where each party signs; an agent who may settle signs for it by name."""
        agents = {mandate.party_id: mandate.name for mandate in entry.data["by_agents"]}
        return [
            {"role": str(party.role_before_judge) + (f"（委托代理人{agents[party.pk]}）" if party.pk in agents else "")}
            for party in self.case.parties.order_by("position", "pk")
        ]  # fmt: skip

    @step(source=["filed", "deliberating"], target="dismissed", label=_("撤销案件"), grave=True)
    def dismiss(self: Any, entry: "Entry") -> None:
        """撤销案件: on a ground the measures name; suable."""
        if entry.data["ground"] == "withdrawn":
            self.require_power(entry.data["by_agent"], "withdraw", entry.on)
        words, article = DISMISSALS[entry.data["ground"]]
        basis = f"{regime.NEW}第三十条、{article}" if regime.is_new(self.filed) else regime.OLD
        self._end(entry, "dismissed")
        entry.paper(
            "dismissal", ground=entry.data["detail"] or str(words), basis=basis, panel=self._panel_lines()
        )

    def _end(self: Any, entry: "Entry", outcome: str, *, line: bool = True) -> None:
        self.closed_on, self.outcome = entry.on, outcome
        entry.fact("closed", value=outcome)
        entry.finish_all()
        self.start_archiving(entry)
        self._lay_drafts_aside(entry)
        if line and self.number:
            register.line(
                entry, self.number, "closed_without_ruling", entry.on, ground=str(OUTCOMES[outcome])
            )
